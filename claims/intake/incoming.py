"""A text on its way in, with what is known of it before it is stored: from a page, a file, or a paste."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import TypedDict
from urllib.parse import urlsplit

from claims.choices import Origin
from claims.detection.weights import Weights
from claims.fetching import Fetched, fetch
from claims.intake.readers import Format, Reading, read
from claims.intake.scoring import ScoredSentence, scored_sentences
from claims.partial_dates import PartialDate
from claims.text import clean_line

FETCHING, READING, SCORING, STORING = "Fetching the page", "Reading it", "Looking at its sentences", "Storing it"

Report = Callable[[str, int, int], None]
"""Says which step is being done, and how much of it of how much; 0 of 0 when the step cannot say."""

_HEADING = re.compile(r"^[ ]{0,3}#{1,6}[ \t]+(\S.*)$", re.MULTILINE)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_LINE = 300


class Found(TypedDict):
    """What a text says about itself, as a document's columns take it; "" where it says nothing."""

    title: str
    authors: str
    published_on: str
    language: str


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """A text as it came in. `raw` is None when it was typed or pasted: it is what came in."""

    reading: Reading
    origin: Origin
    raw: bytes | None = None
    name: str = ""  # of the file or the site
    url: str = ""  # where the page was found in the end
    fetched_on: date | None = None
    warnings: tuple[str, ...] = ()

    def found(self) -> Found:
        """What the text says of itself, as far as it can be believed; files may say anything."""
        reading = self.reading
        return Found(
            title=_line(reading.title) or _line(_heading(reading.text)) or _line(self.name),
            authors=_line(", ".join(reading.authors)),
            published_on=_date(reading.published_on),
            language=reading.language if _LANGUAGE.fullmatch(reading.language[:36]) else "",
        )


def silently(step: str, done: int, total: int) -> None:
    """A Report for work that nobody watches."""


def from_page(url: str, report: Report) -> Incoming:
    """The text of the page at this address. Raises FetchError and Unreadable."""
    report(FETCHING, 0, 0)
    page = fetch(url)
    report(READING, 0, 0)
    return from_fetched(page)


def from_fetched(page: Fetched) -> Incoming:
    """The text of a page that was fetched. Raises Unreadable."""
    reading = read(page.body, filename=urlsplit(page.final_url).path, content_type=page.content_type)
    return Incoming(
        reading=reading,
        origin=Origin.FETCHED,
        raw=page.body,
        name=site_of(page.final_url),
        url=page.final_url,
        fetched_on=page.fetched_at.date(),
        warnings=(*_led_elsewhere(page.url, page.final_url), *reading.warnings),
    )


def from_file(data: bytes, report: Report, *, filename: str, content_type: str = "") -> Incoming:
    """The text of a file. Raises Unreadable."""
    report(READING, 0, 0)
    reading = read(data, filename=filename, content_type=content_type)
    name = PurePath(filename).stem.encode(errors="replace").decode()  # file systems allow names that are no text
    return Incoming(reading=reading, origin=Origin.UPLOADED, raw=data, name=name, warnings=reading.warnings)


def from_paste(text: str) -> Incoming:
    return Incoming(reading=Reading(text=text, format=Format.TEXT), origin=Origin.PASTED)


def sentences_of(text: str, code: str | None, weights: Weights | None, report: Report) -> list[ScoredSentence]:
    """The scored sentences of a text as a snapshot keeps it, reporting by characters."""
    found = []
    for sentence in scored_sentences(text, code, weights):
        report(SCORING, sentence.end, len(text))
        found.append(sentence)
    return found


def site_of(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _led_elsewhere(asked: str, found: str) -> tuple[str, ...]:
    if site_of(asked) == site_of(found):
        return ()
    return (f"The address led on to another site, {site_of(found)}; what is there was read.",)


def _heading(text: str) -> str:
    found = _HEADING.search(text)
    return found[1] if found else ""


def _line(text: str) -> str:
    """As one line that fits its column; "" for what cannot be one."""
    try:
        line = clean_line(text)
    except ValueError:
        return ""
    return line if len(line) <= _LINE else line[: _LINE - 1].rstrip() + "…"


def _date(text: str) -> str:
    try:
        return str(PartialDate.parse(text))
    except ValueError:
        return ""
