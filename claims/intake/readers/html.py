"""HTML: the main text of a page by trafilatura, without menus, advertisements and footers."""

import re
from typing import Any

import lxml.html
import trafilatura

from claims.intake.readers.blocks import Block, tidy, to_text
from claims.intake.readers.decoding import decode
from claims.intake.readers.markup import blocks
from claims.intake.readers.plain import charset
from claims.intake.readers.reading import Format, Limits, Reading, Unreadable

_META_CHARSET = re.compile(rb"<(?:meta|\?xml)[^>]*(?:charset|encoding)\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*>")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_FEW = 250  # characters: below, the library takes whatever it finds, and cuts it at every tag
_WHOLE = "No main text could be told from the rest of the page, so the whole page was taken."


def reading(data: bytes, content_type: str, limits: Limits) -> Reading:
    declared = _META_CHARSET.search(data[:4_096])
    text, warnings = decode(data, declared=charset(content_type) or (declared[1].decode() if declared else ""))
    tree = _tree(_XML_DECLARATION.sub("", text))  # lxml refuses characters that declare an encoding
    language = tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
    headline = _headline(tree)
    found = _extract(tree)
    parts = blocks(found.body) if found is not None else []
    if sum(len(part.text) for part in parts) < _FEW:
        parts, warnings = blocks(tree), (*warnings, _WHOLE)
    return Reading(
        text=to_text(_with_headline(headline, parts)),
        format=Format.HTML,
        title=(found and found.title) or headline or _title(tree),
        authors=_authors(found),
        published_on=(found and found.date) or "",
        language=language if _LANGUAGE.fullmatch(language) else "",
        warnings=warnings,
    )


def _tree(text: str) -> Any:
    try:
        return lxml.html.document_fromstring(text.replace("\x00", "\ufffd"))
    except (lxml.etree.ParserError, ValueError):
        raise Unreadable("There is no text in the page.") from None


def _extract(tree: Any) -> Any:
    """What trafilatura makes of the page, or None. It works on a copy: the tree stays as it is."""
    return trafilatura.bare_extraction(
        lxml.html.fromstring(lxml.html.tostring(tree, encoding="unicode")),
        include_comments=False,
        include_tables=True,
        include_formatting=True,  # keeps exponents apart from the figures before them
        deduplicate=False,
        with_metadata=True,
        # A date that the page states, not the best guess among all dates in it.
        date_extraction_params={"extensive_search": False, "original_date": True},
    )


def _headline(tree: Any) -> str:
    """The first main heading, if there is just one."""
    found = [tidy(" ".join(heading.itertext())) for heading in tree.iter("h1")]
    return " ".join(found[0].split()) if len(found) == 1 else ""


def _with_headline(headline: str, parts: list[Block]) -> list[Block]:
    """The blocks, led by the headline where it was left out: it makes claims like any sentence."""
    if not headline or any(" ".join(part.text.split()) == headline for part in parts):
        return parts
    return [Block(headline, 1), *parts]


def _title(tree: Any) -> str:
    return str(tree.findtext(".//title") or "")


def _authors(found: Any) -> tuple[str, ...]:
    return tuple(name.strip() for name in (found.author or "").split(";")) if found is not None else ()
