"""Files that are archives of XML: what they may be, and what they say about themselves."""

import zipfile
from xml.etree import ElementTree

from claims.intake.readers.reading import Limits, Unreadable

_MOST_PARTS = 10_000
_DC = "{http://purl.org/dc/elements/1.1/}"


def check(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Refuses archives that expand without end, have a password, or define entities; no office writes any of these.

    The sizes that an archive states can be relied on: Python reads no part further than that.
    """
    parts = archive.infolist()
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > limits.expanded:
        raise Unreadable(f"Unpacked, the file is larger than {limits.expanded / 1_000_000:,.0f} MB.")
    if any(part.flag_bits & 0x1 for part in parts):
        raise Unreadable("The file has a password. Save it without one.")
    for part in parts:
        if part.filename.endswith((".xml", ".rels")) and _defines_entities(archive.read(part)):
            raise Unreadable("The file defines XML entities, which no office file does.")


def _defines_entities(xml: bytes) -> bool:
    """Whether it has a document type, in UTF-8 or UTF-16; in the text of XML the sign before it is never bare."""
    return b"<!DOCTYPE" in xml or (xml[:2] in (b"\xff\xfe", b"\xfe\xff") and b"<!DOCTYPE" in xml.replace(b"\0", b""))


def part(archive: zipfile.ZipFile, name: str) -> bytes:
    """The part of this name; nothing when there is none."""
    return archive.read(name) if name in archive.namelist() else b""


def properties(archive: zipfile.ZipFile, name: str = "docProps/core.xml") -> dict[str, str]:
    """What the file says about itself: title, creator, language. To be called after `check`."""
    if not (xml := part(archive, name)):
        return {}
    root = ElementTree.fromstring(xml)  # noqa: S314  without entities, see check
    return {name: root.findtext(f".//{_DC}{name}") or "" for name in ("title", "creator", "language")}
