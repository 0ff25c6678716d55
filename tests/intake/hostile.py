"""Files made to do damage, or that are not what they say. Built here: none of them lies in the repository."""

import gzip
import struct
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import NamedTuple

from tests.intake.samples import PROSE, Typed, archive, docx, html, paragraph, pdf, pdf_of_streams
from tests.intake.sheets import ods, ods_row, sheet_xml, with_part, with_sheet, xlsx

MEGABYTE = 1_000_000
_BOMB = "<!DOCTYPE a [<!ENTITY a0 'lol'>" + "".join(
    f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12)
)  # 3 × 10¹¹ letters
_FILE = "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
_BODY = (
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>{}</w:t>'
    "</w:r></w:p></w:body></w:document>"
)


_CELL = '<row><c t="inlineStr"><is><t>{}</t></is></c></row>'
_ROW = _CELL.format(PROSE)
_ENDLESS = 'table:number-rows-repeated="1048576"'


class Refused(NamedTuple):
    name: str
    make: Callable[[], bytes]
    message: str  # a part of what the person is told
    content_type: str = ""


def _with_document(xml: str | bytes) -> bytes:
    return docx("", parts={"word/document.xml": xml})


def _entities_in_utf_16() -> bytes:
    xml = sheet_xml(_CELL.format("&a11;"), before=f"{_BOMB}]>").encode("utf-16")
    return with_part(xlsx([["a"]]), "xl/worksheets/sheet1.xml", xml)


def _lying_about_sizes() -> bytes:
    """A part of 200 MB that says it has 20 bytes."""
    data = bytearray(docx("", parts={"word/big.xml": bytes(200 * MEGABYTE)}))
    for signature, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = data.rindex(b"word/big.xml", 0, len(data) if signature == b"PK\x01\x02" else data.index(b"PK\x01\x02"))
        start = data.rindex(signature, 0, at)
        data[start + offset : start + offset + 4] = struct.pack("<I", 20)
    return bytes(data)


def _overlapping() -> bytes:
    """One part of 1 MB, listed 200 times."""
    packed = archive({"word/document.xml": bytes(MEGABYTE)})
    start, end = packed.index(b"PK\x01\x02"), packed.index(b"PK\x05\x06")
    record = packed[start:end]
    listed = b"".join(record.replace(b"word/document.xml", b"word/document.%03d" % n) for n in range(200))
    last = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 201, 201, len(listed) + len(record), start, 0)
    return packed[:start] + record + listed + last


def _with_password() -> bytes:
    data = bytearray(docx(paragraph(PROSE)))
    for signature, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = -1
        while (at := data.find(signature, at + 1)) >= 0:
            data[at + offset] |= 1
    return bytes(data)


def _corrupted() -> bytes:
    """One bit turned over in the packed document."""
    data = bytearray(docx(paragraph(PROSE)))
    data[data.index(b"word/document.xml") + 60] ^= 0x10
    return bytes(data)


def _many_parts() -> bytes:
    file = BytesIO(docx(paragraph(PROSE)))
    with zipfile.ZipFile(file, "a") as packed:
        for number in range(10_001):
            packed.writestr(f"customXml/{number}", "")
    return file.getvalue()


def _nested_tables() -> bytes:
    depth = 5_000
    return docx("<w:tbl><w:tr><w:tc>" * depth + paragraph("deep") + "</w:tc></w:tr></w:tbl>" * depth)


def _drawn_page() -> bytes:
    return pdf_of_streams([b"0 0 595 842 re f"])


def _inflating_pdf() -> bytes:
    """A page whose content unpacks to 800 MB."""
    packer = zlib.compressobj(1)
    block = bytes(10 * MEGABYTE)
    content = b"".join(packer.compress(block) for _ in range(80)) + packer.flush()
    return pdf_of_streams([content], stream="/Filter /FlateDecode")


def _looping_pages() -> bytes:
    return pdf([Typed("x", 700)]).replace(b"/Kids [5 0 R]", b"/Kids [2 0 R]")


def _unmapped() -> bytes:
    """Letters of a font without names for them."""
    letters = "".join(f"<{n:02x}> <{0xE000 + n:04x}>\n" for n in range(33, 123))
    codes = f"/CIDInit /ProcSet findresource begin begincmap 90 beginbfchar\n{letters}endbfchar endcmap end".encode()
    data = pdf([Typed(PROSE[:90].replace("’", "'"), 700)], [])
    return data.replace(b"/WinAnsiEncoding >>", b"/WinAnsiEncoding /ToUnicode 8 0 R >>").replace(
        b"<< /Length 0  >>\nstream\n\nendstream", b"<< /Length %d >>\nstream\n%s\nendstream" % (len(codes), codes)
    )


ENCRYPTED = f"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{'ab' * 32}> /U <{'cd' * 32}> >> /ID [<00> <00>]"

REFUSED = [
    # Too much, or nothing.
    Refused("nothing.txt", lambda: b"", "is empty"),
    Refused("blank.txt", lambda: b" \n\t\r\n \xc2\xa0", "no text in the file"),
    Refused("mark-only.txt", lambda: b"\xef\xbb\xbf", "no text in the file"),
    Refused("large.txt", lambda: b"a. " * 7 * MEGABYTE, "has 21.0 MB; at most 20 MB"),
    Refused("one-line.txt", lambda: b"a" * 50 * MEGABYTE, "has 50.0 MB; at most 20 MB"),
    Refused("one-line-within.txt", lambda: b"word " * 500_000, "2,500,000 characters; at most 2,000,000"),
    Refused("long.html", lambda: html(f"<p>{PROSE}</p>" * 12_000), "characters; at most 2,000,000"),
    # Something else than its name says.
    Refused("picture.txt", lambda: b"\x89PNG\r\n\x1a\n" + bytes(100), "PNG picture"),
    Refused("picture.pdf", lambda: b"\xff\xd8\xff\xe0" + bytes(100), "JPEG picture"),
    Refused("picture.docx", lambda: b"GIF89a" + bytes(100), "GIF picture"),
    Refused("picture.html", lambda: b"RIFF\x00\x00\x00\x00WEBPVP8 " + bytes(50), "sound, video or WebP"),
    Refused("program.md", lambda: b"\x7fELF\x02\x01\x01" + bytes(100), "a program"),
    Refused("program.docx", lambda: b"MZ\x90\x00\x03" + bytes(100), "a program"),
    Refused("database.txt", lambda: b"SQLite format 3\x00" + bytes(100), "a database"),
    Refused("password.docx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "with a password"),
    Refused("report.doc", lambda: rb"{\rtf1\ansi Japan\par}", "RTF file; save it as DOCX"),
    Refused("report.ps", lambda: b"%!PS-Adobe-3.0\nshowpage", "PostScript"),
    Refused("packed.txt", lambda: gzip.compress(bytes(50 * MEGABYTE)), "gzip archive"),
    Refused("packed.7z", lambda: b"7z\xbc\xaf\x27\x1c\x00\x04" + bytes(50), "7-Zip archive"),
    Refused("packed.rar", lambda: b"Rar!\x1a\x07\x01\x00" + bytes(50), "RAR archive"),
    Refused("packed.zip", lambda: archive({"a.txt": PROSE}), "an archive. Unpack it first"),
    Refused("sheet.docx", lambda: archive({"xl/workbook.xml": "<a/>"}), "This XLSX file is cut off or damaged"),
    Refused("slides.docx", lambda: archive({"ppt/presentation.xml": "<a/>"}), "a presentation"),
    Refused("text.odt", lambda: archive({"content.xml": "<a/>"}), "OpenDocument file; save it as DOCX"),
    Refused("book.epub", lambda: archive({"META-INF/container.xml": "<a/>"}), "an e-book"),
    Refused("script.svg", lambda: b'<svg onload="alert(1)"><script>alert(1)</script></svg>', "SVG picture"),
    Refused(
        "script.html", lambda: b'<?xml version="1.0"?>\n<!-- a --><svg><script/></svg>', "SVG picture", "text/html"
    ),
    Refused("feed.txt", lambda: b'<?xml version="1.0"?><rss><item>Japan</item></rss>', "an XML file"),
    Refused("entities.xml", lambda: f'<?xml version="1.0"?>{_BOMB}]><a>&a11;</a>'.encode(), "an XML file"),
    # Bytes that are no text.
    Refused("noise.txt", lambda: bytes(range(256)) * 40, "not a text file"),
    Refused("noise-later.txt", lambda: PROSE.encode() * 40 + bytes(range(32)), "characters that no text has"),
    Refused("half-pair.txt", lambda: b"\xff\xfe" + "Japan".encode("utf-16-le") + b"\x00\xd8", "says it is UTF-16-LE"),
    Refused("odd-bytes.txt", lambda: b"\xff\xfe" + "Japan".encode("utf-16-le") + b"a", "cut off or damaged"),
    Refused("beyond.txt", lambda: b"\x00\x00\xfe\xff\x7f\xff\xff\xff" * 9, "not a text file"),
    # DOCX.
    Refused("bomb.docx", lambda: docx("", parts={"word/a.xml": bytes(200 * MEGABYTE)}), "larger than 100 MB"),
    Refused("liar.docx", _lying_about_sizes, "cut off or damaged"),
    Refused("overlapping.docx", _overlapping, "larger than 100 MB"),
    Refused("many.docx", _many_parts, "larger than 100 MB"),
    Refused("truncated.docx", lambda: docx(paragraph(PROSE))[:-400], "cut off or damaged"),
    Refused("first-bytes.docx", lambda: b"PK\x03\x04", "cut off or damaged"),
    Refused("corrupted.docx", _corrupted, "cut off or damaged"),
    Refused("locked.docx", _with_password, "has a password"),
    Refused("no-xml.docx", lambda: _with_document("Japan"), "cut off or damaged"),
    Refused("entities.docx", lambda: _with_document(f"{_BOMB}]>{_BODY.format('&a11;')}"), "defines XML entities"),
    Refused("outside.docx", lambda: _with_document(_FILE + _BODY.format("&x;")), "defines XML entities"),
    Refused(
        "entities-16.docx",
        lambda: _with_document(f"{_BOMB}]>{_BODY.format('&a11;')}".encode("utf-16")),
        "defines XML entities",
    ),
    Refused("deep.docx", _nested_tables, "cut off or damaged"),
    Refused("empty.docx", lambda: docx(""), "no text in the file"),
    # Spreadsheets.
    Refused("bomb.xlsx", lambda: with_part(xlsx([["a"]]), "xl/b.xml", bytes(200 * MEGABYTE)), "larger than 100 MB"),
    Refused("long.xlsx", lambda: with_sheet(_ROW * 30_000), "longer than 2,000,000 characters"),
    Refused("truncated.xlsx", lambda: xlsx([["Japan", 46]])[:-300], "cut off or damaged"),
    Refused("empty.xlsx", lambda: xlsx([]), "no text in the file"),
    Refused("no-xml.xlsx", lambda: with_part(xlsx([["a"]]), "xl/worksheets/sheet1.xml", "a"), "cut off or damaged"),
    Refused("entities.xlsx", lambda: with_sheet(_CELL.format("&a11;"), before=f"{_BOMB}]>"), "defines XML entities"),
    Refused("outside.xlsx", lambda: with_sheet(_CELL.format("&x;"), before=_FILE), "defines XML entities"),
    Refused("entities-16.xlsx", _entities_in_utf_16, "defines XML entities"),
    Refused("entities-behind.xlsx", lambda: with_sheet("", before=f"<!--{'a' * 20_000}-->{_FILE}"), "XML entities"),
    Refused("endless.ods", lambda: ods(ods_row("Japan", repeated=_ENDLESS)), "longer than 2,000,000 characters"),
    Refused("entities.ods", lambda: ods(ods_row("&a11;"), before=f"{_BOMB}]>"), "defines XML entities"),
    Refused("odd.ods", lambda: ods(ods_row("Japan", repeated='table:number-rows-repeated="x"')), "damaged"),
    Refused("cut.ods", lambda: ods("<table:table-row>"), "cut off or damaged"),
    # PDF.
    Refused("encrypted.pdf", lambda: pdf([Typed(PROSE[:60], 700)], trailer=ENCRYPTED), "is encrypted"),
    Refused("scan.pdf", _drawn_page, "has no text layer"),
    Refused("header.pdf", lambda: b"%PDF-1.7\n", "cut off or damaged"),
    Refused("noise.pdf", lambda: b"%PDF-1.7\n" + bytes(range(256)) * 100, "cut off or damaged"),
    Refused("truncated.pdf", lambda: pdf([Typed("x", 700)])[:120], "cut off or damaged"),
    Refused("loop.pdf", _looping_pages, "PDF"),
    Refused("inflating.pdf", _inflating_pdf, ""),
    Refused("unmapped.pdf", _unmapped, "does not say which letters"),
    # HTML.
    Refused("empty.html", lambda: b"<!DOCTYPE html><html></html>", "no text"),
    Refused("script-only.html", lambda: html("<script>document.write('Japan')</script>"), "no text"),
    Refused("nul.html", lambda: html("<p>Japan\x00</p>"), "not a text file"),
]
