"""What a file is, by its bytes. Pure."""

import re
import zipfile
import zlib
from io import BytesIO
from pathlib import PurePosixPath

from claims.intake.readers.reading import Format, Unreadable

_REFUSED: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"BM", "a BMP picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"RIFF", "a sound, video or WebP file"),
    (b"OggS", "a sound or video file"),
    (b"ID3", "a sound file"),
    (b"\x1aE\xdf\xa3", "a video file"),
    (b"\x1f\x8b", "a gzip archive; unpack it first"),
    (b"BZh", "a bzip2 archive; unpack it first"),
    (b"\xfd7zXZ\x00", "an xz archive; unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive; unpack it first"),
    (b"Rar!\x1a\x07", "a RAR archive; unpack it first"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive; unpack it first"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"\xcf\xfa\xed\xfe", "a program"),
    (b"SQLite format 3\x00", "a database"),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "an old Office file, or one with a password; save it anew, without one",
    ),
    (b"{\\rtf", "an RTF file; save it as DOCX"),
    (b"%!PS", "a PostScript file; save it as PDF"),
)
_OURS = "Text, Markdown, HTML, DOCX, PDF, XLSX and ODS are read."
_TEXTUAL = (b"BM", b"BZh", b"GIF8", b"ID3", b"MZ", b"OggS", b"RIFF")
"""Signatures that a text may begin with as well: they count only before bytes that no text has."""

_READ = {"word/document.xml": Format.DOCX, "xl/workbook.xml": Format.XLSX}
_SHEET = b"application/vnd.oasis.opendocument.spreadsheet"
_PACKED = {
    "ppt/presentation.xml": "a presentation; save it as PDF",
    "content.xml": "an OpenDocument file; save it as DOCX",
    "META-INF/container.xml": "an e-book; save it as HTML",
}
_MARKED_UP = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+)?(?P<name>[a-z][\w:-]*)", re.IGNORECASE | re.DOTALL
)
_HTML_TAG = re.compile(r"<(?:p|div|body|article|table|h[1-6]|ul|ol|span|br|title)\b[^<>]*>", re.IGNORECASE)
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_BOMS = (b"\xff\xfe", b"\xfe\xff")

_SUFFIXES = {
    **{".txt": Format.TEXT, ".text": Format.TEXT, ".md": Format.MARKDOWN, ".markdown": Format.MARKDOWN},
    **{".html": Format.HTML, ".htm": Format.HTML, ".xhtml": Format.HTML, ".docx": Format.DOCX, ".pdf": Format.PDF},
    **{".csv": Format.TEXT, ".tsv": Format.TEXT, ".xlsx": Format.XLSX, ".xlsm": Format.XLSX, ".ods": Format.ODS},
}
_TYPES = {
    "text/markdown": Format.MARKDOWN,
    "text/html": Format.HTML,
    "application/xhtml+xml": Format.HTML,
    "application/pdf": Format.PDF,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": Format.DOCX,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": Format.XLSX,
    "application/vnd.oasis.opendocument.spreadsheet": Format.ODS,
}
_START = 4_096


def recognise(data: bytes, *, filename: str = "", content_type: str = "") -> Format:
    """The format of `data`. Raises Unreadable, naming what it is, when that is none of ours."""
    start = data[:_START]
    if b"%PDF-" in start[:1024]:  # readers of PDF allow for something before it
        return Format.PDF
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _packed(data)
    binary = not start.startswith(_BOMS) and bool(_CONTROLS.search(start))
    for signature, name in _REFUSED:
        if start.startswith(signature) and (binary or signature not in _TEXTUAL):
            raise Unreadable(f"This is {name}. {_OURS}")
    if binary:
        raise Unreadable(f"This is not a text file. {_OURS}")
    return _textual(start, _said(filename, content_type))


def mismatch(found: Format, filename: str, content_type: str) -> tuple[str, ...]:
    """A warning when a file is something else than its name says; the name is not repeated, it may be hostile."""
    said = _said(filename, "")
    plain = {Format.TEXT, Format.MARKDOWN}
    if said is None or said is found or {said, found} <= plain:
        return ()
    return (f"By its name this is {said.label} file, but it is {found.label} file and was read as one.",)


def _said(filename: str, content_type: str) -> Format | None:
    """What name and type claim; the type counts only where there is no telling name."""
    suffix = PurePosixPath(filename.strip().lower()).suffix
    return _SUFFIXES.get(suffix) or _TYPES.get(content_type.partition(";")[0].strip().lower())


def _packed(data: bytes) -> Format:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = set(archive.namelist())
            is_sheet = "mimetype" in names and archive.open("mimetype").read(len(_SHEET)) == _SHEET
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, OSError, EOFError, RuntimeError):
        raise Unreadable("This is a DOCX file or another archive that is cut off or damaged.") from None
    for name, found in _READ.items():
        if name in names:
            return found
    if is_sheet and "content.xml" in names:
        return Format.ODS
    for name, what in _PACKED.items():
        if name in names:
            raise Unreadable(f"This is {what}.")
    raise Unreadable("This is an archive. Unpack it first, and import what is in it.")


def _textual(start: bytes, said: Format | None) -> Format:
    """Which kind of text begins like this; only its ASCII is looked at, which reads the same in nearly any encoding."""
    encoding = "utf-16" if start.startswith(_BOMS) else "utf-8-sig"
    text = start.decode(encoding, errors="ignore")
    markup = _MARKED_UP.match(text)
    name = markup["name"].lower() if markup else ""
    if name in ("html", "head", "body") or (said is Format.HTML and _HTML_TAG.search(text)):
        return Format.HTML
    if name == "svg" or (markup and name not in ("!--",) and text.lstrip().startswith("<?xml")):
        raise Unreadable(f"This is {'an SVG picture' if name == 'svg' else 'an XML file'}, not a text.")
    if markup and _HTML_TAG.match(text.lstrip()):
        return Format.HTML
    return Format.MARKDOWN if said is Format.MARKDOWN else Format.TEXT
