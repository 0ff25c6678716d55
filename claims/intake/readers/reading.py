"""What reading a file gives, may take, and may end in. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class Format(StrEnum):
    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    DOCX = "docx"
    PDF = "pdf"
    XLSX = "xlsx"
    ODS = "ods"

    @property
    def label(self) -> str:
        """The format in a sentence: "This is … file"."""
        names = {Format.TEXT: "a plain text", Format.MARKDOWN: "a Markdown"}
        return names.get(self, f"{'a' if self in (Format.DOCX, Format.PDF) else 'an'} {self.name}")


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How large a file may be, and how much of the machine reading it may take."""

    bytes: int = 20_000_000
    characters: int = 2_000_000
    seconds: float = 20.0
    memory: int = 1_000_000_000  # bytes
    expanded: int = 100_000_000  # bytes of all parts of an archive, such as a DOCX is


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The text of a file with what the file says about it; "" and () where it says nothing."""

    text: str  # newlines are LF; a blank line between paragraphs
    format: Format
    title: str = ""
    authors: tuple[str, ...] = ()
    published_on: str = ""  # a partial date: "2023", "2023-05" or "2023-05-24"
    language: str = ""  # BCP 47
    warnings: tuple[str, ...] = ()  # sentences for the person who imports


class Unreadable(ValueError):
    """Nothing was read; `str()` of it says why, in words for the person who gave the file."""
