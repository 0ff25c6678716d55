"""Small files of each format, written by hand, so that tests say what is in them."""

import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import NamedTuple

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>'
    "</Relationships>"
)
_STYLES = "".join(
    f'<w:style w:type="paragraph" w:styleId="{name.replace(" ", "")}"><w:name w:val="{name}"/></w:style>'
    for name in ("heading 1", "heading 2", "heading 7", "Title")
)
_CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title><dc:creator>{creator}</dc:creator>'
    "</cp:coreProperties>"
)


def archive(parts: Mapping[str, str | bytes]) -> bytes:
    """A ZIP file of these parts."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return file.getvalue()


def paragraph(text: str, style: str = "") -> str:
    """A paragraph of WordprocessingML."""
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f'<w:p>{properties}<w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def docx(body: str, *, title: str = "", creator: str = "", parts: Mapping[str, str | bytes] | None = None) -> bytes:
    """A DOCX file with this body, in WordprocessingML; `parts` are added, or put in the place of its own."""
    return archive(
        {
            "[Content_Types].xml": _TYPES,
            "_rels/.rels": _RELATIONS,
            "word/document.xml": f"<w:document {_W}><w:body>{body}</w:body></w:document>",
            "word/styles.xml": f'<w:styles {_W}><w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val="en-GB"/></w:rPr>'
            f"</w:rPrDefault></w:docDefaults>{_STYLES}</w:styles>",
            "docProps/core.xml": _CORE.format(title=title, creator=creator),
            **(parts or {}),
        }
    )


class Typed(NamedTuple):
    """A line of a page of PDF, from (x, y) in points from the lower left corner."""

    text: str
    y: float
    x: float = 72
    size: float = 10


def pdf(*pages: list[Typed], info: str = "", catalog: str = "", trailer: str = "") -> bytes:
    """A PDF file in Helvetica; the rest is put into the dictionaries of these names, in PDF's own syntax."""
    return pdf_of_streams([_stream(page) for page in pages], info=info, catalog=catalog, trailer=trailer)


def pdf_of_streams(
    streams: list[bytes], *, info: str = "", catalog: str = "", trailer: str = "", stream: str = ""
) -> bytes:
    """A PDF file with a page for each content stream."""
    kids = " ".join(f"{5 + 2 * number} 0 R" for number in range(len(streams)))
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>".encode(),
        f"<< /Type /Pages /Kids [{kids}] /Count {len(streams)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        f"<< {info} >>".encode("cp1252"),
    ]
    for number, content in enumerate(streams):
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F 3 0 R >> >> "
            + f"/Contents {6 + 2 * number} 0 R >>".encode(),
            f"<< /Length {len(content)} {stream} >>\nstream\n".encode() + content + b"\nendstream",
        ]
    return _file(objects, trailer)


def _stream(page: list[Typed]) -> bytes:
    return b"\n".join(
        f"BT /F {line.size} Tf {line.x} {line.y} Td ({_escaped(line.text)}) Tj ET".encode("cp1252") for line in page
    )


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _file(objects: list[bytes], trailer: str) -> bytes:
    data, offsets = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    start = len(data)
    data += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    data += b"".join(f"{offset:010} 00000 n \n".encode() for offset in offsets)
    data += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info 4 0 R {trailer} >>\n".encode()
    return data + f"startxref\n{start}\n%%EOF\n".encode()


def html(body: str, *, head: str = "", language: str = "en-GB") -> bytes:
    return f'<!DOCTYPE html><html lang="{language}"><head>{head}</head><body>{body}</body></html>'.encode()


PROSE = (
    "Japan has the world’s ninth-largest military budget, the institute in Stockholm said in its report for 2022. "
    "It plans to spend two per cent of its output on defence by 2027, which would make it the third-largest spender."
)
