"""PDF with a text layer: the lines of each page by PDFium, with the places where they stand."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from claims.intake.readers.blocks import to_text
from claims.intake.readers.layout import Line, paragraphs, without_repeated
from claims.intake.readers.reading import Format, Limits, Reading, Unreadable

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_ERRORS = {
    pdfium.FPDF_ERR_PASSWORD: "This PDF is encrypted. Save it without a password.",
    pdfium.FPDF_ERR_SECURITY: "This PDF is encrypted in a way that is not known. Save it without encryption.",
}
_DAMAGED = "This PDF is cut off or damaged."
_NO_TEXT = "This PDF has no text layer: its pages are pictures. Have the text recognised (OCR) first."
_UNMAPPED = re.compile("[\ufffd\ue000-\uf8ff\x00-\x08]")
_BREAK = re.compile(r"\r\n?|\n")
_SOFT_HYPHEN = re.compile("[\ufffe\x02]")  # what PDFium makes of a hyphen at the end of a line
_MOST_UNMAPPED = 0.2


def reading(data: bytes, content_type: str, limits: Limits) -> Reading:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise Unreadable(_ERRORS.get(getattr(error, "err_code", None) or 0, _DAMAGED)) from error
    about = document.get_metadata_dict()
    pages = [list(lines) for lines in _pages(document, limits)]
    if not any(pages):
        raise Unreadable(_NO_TEXT)
    kept, left_out = without_repeated(pages)
    text = to_text(paragraphs(kept))
    _check(text)
    return Reading(
        text=text,
        format=Format.PDF,
        title=about.get("Title", ""),
        authors=tuple(name.strip() for name in about.get("Author", "").split(";")),
        language=_language(document),
        warnings=(*_empty_pages(pages), *_left_out(left_out)),
    )


def _pages(document: Any, limits: Limits) -> Iterator[Iterator[Line]]:
    characters = 0
    for number in range(len(document)):
        try:
            page = document[number]
            text_page = page.get_textpage()
        except pypdfium2.PdfiumError as error:
            raise Unreadable(f"Page {number + 1:,} of this PDF is damaged.") from error
        text = text_page.get_text_range()
        characters += len(text)
        if characters > 2 * limits.characters:  # repeated headers may still go
            raise Unreadable(f"The text is longer than {limits.characters:,} characters.")
        yield _lines(_Placed(text_page, text))
        text_page.close()
        page.close()


class _Placed:
    """The text of a page, and where its characters stand."""

    def __init__(self, text_page: Any, text: str) -> None:
        self.text = text
        self._page = text_page
        self._pairs = [offset for offset, char in enumerate(text) if char > "\uffff"]

    def box(self, offset: int) -> tuple[float, float, float, float]:
        """Left, bottom, right and top of a character, in points from the lower left corner of the page."""
        # PDFium counts in UTF-16, and does not count the spaces and line breaks that it made up itself.
        units = offset + bisect_left(self._pairs, offset)
        index = pdfium.FPDFText_GetCharIndexFromTextIndex(self._page, units)
        try:
            left, bottom, right, top = self._page.get_charbox(max(index, 0), loose=True)
        except pypdfium2.PdfiumError:
            return 0.0, 0.0, 0.0, 0.0
        return left, bottom, right, top


def _lines(page: _Placed) -> Iterator[Line]:
    start = 0
    breaks = [match.span() for match in _BREAK.finditer(page.text)]
    for end, following in [*breaks, (len(page.text), 0)]:
        words = page.text[start:end]
        if words.strip():
            first = start + len(words) - len(words.lstrip())
            yield _line(page, first, start + len(words.rstrip()) - 1)
        start = following


def _line(page: _Placed, first: int, last: int) -> Line:
    """A line by its first and last character."""
    left, bottom_of_first, right_of_first, top = page.box(first)
    _, bottom, right, _ = page.box(last)
    words = _SOFT_HYPHEN.sub("\u00ad", page.text[first : last + 1])
    return Line(
        words, left=left, right=max(right, right_of_first), top=top, bottom=bottom, height=top - bottom_of_first
    )


def _check(text: str) -> None:
    """Refuses text whose fonts do not say which letters they draw."""
    if len(_UNMAPPED.findall(text)) > _MOST_UNMAPPED * len(text):
        raise Unreadable("The text layer of this PDF does not say which letters it means. Have it recognised (OCR).")


def _language(document: Any) -> str:
    size = pdfium.FPDFCatalog_GetLanguage(document, None, 0)
    buffer = (pdfium.FPDF_WCHAR * (size // 2 + 1))()
    pdfium.FPDFCatalog_GetLanguage(document, buffer, size)
    language = bytes(buffer)[: max(size - 2, 0)].decode("utf-16-le", errors="ignore")
    return language if _LANGUAGE.fullmatch(language) else ""


def _empty_pages(pages: list[list[Line]]) -> tuple[str, ...]:
    empty = [str(number) for number, lines in enumerate(pages, start=1) if not lines]
    if not empty:
        return ()
    numbers = ", ".join(empty[:10]) + (" and more" if len(empty) > 10 else "")
    return (f"Without text, perhaps pictures: page {numbers}.",)


def _left_out(lines: list[str]) -> tuple[str, ...]:
    if not lines:
        return ()
    examples = ", ".join(f"“{line[:60]}”" for line in lines[:3])
    return (f"Left out, as they repeat at the top or bottom of pages: {examples}.",)
