"""datapackage.json: what a release is, each of its files with length and hash, and each column of its tables.

By the Data Package standard, version 2 (https://datapackage.org). Pure: made of the header and of what was written.
"""

import json
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from claims.exports.csv import CALCULATES
from claims.links import is_web_address
from claims.releases.archive import Written
from claims.releases.content import CLAIMS, HEADER, Header
from claims.releases.formats.columns import Column, Kind, Table
from claims.releases.formats.schema import tables_of
from claims.releases.licences import licences

PROFILES = "https://datapackage.org/profiles/2.0/"
DIALECT = {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True, "header": True}

ABOUT = {
    HEADER: "What the release says of itself: title, licence, instant, what was left out.",
    CLAIMS: "Every claim with all that belongs to it, one JSON object on each line; nothing is escaped.",
    "csv-metadata.json": "The tables described once more, as CSV on the Web (W3C).",
    "claims.xlsx": "The tables as a workbook, for people.",
    "claimreview.jsonld": "The claims as schema.org ClaimReview.",
    "datafeed.jsonld": "The same as a schema.org DataFeed.",
    "annotations.jsonld": "Verdicts, evidence and comments as W3C Web Annotations on the texts.",
    "CHANGES.md": "What changed since the release before, to be read.",
    "changes.json": "What changed since the release before, for programs.",
    "report.html": "The release to be read and printed; one file.",
    "report.pdf": "The same report as PDF.",
    "verify.py": "Checks the release: python3 verify.py",
}
MEDIA_TYPES = {
    "csv": "text/csv",
    "gz": "application/gzip",
    "html": "text/html",
    "json": "application/json",
    "jsonl": "application/jsonl",
    "jsonld": "application/ld+json",
    "md": "text/markdown",
    "pdf": "application/pdf",
    "py": "text/x-python",
    "txt": "text/plain",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# Programs take a file of a format that they know as "jsonl" or "xlsx" for one table, and guess its columns. These two
# are more than that; the standard leaves the names of formats open.
FORMATS = {"jsonl": "json-lines", "xlsx": "office-open-xml"}
TYPES = {
    Kind.DATE: "date",
    Kind.MOMENT: "datetime",
    Kind.INTEGER: "integer",
    Kind.KEY: "integer",
    Kind.BOOLEAN: "boolean",
    Kind.LIST: "array",
    Kind.OBJECT: "object",
}
"""Names of the standard for what is no text."""
PATTERNS = {Kind.PARTIAL_DATE: "([0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?)?", Kind.SHA256: "([0-9a-f]{64})?"}

UNDO = (
    "A cell of these fields that a spreadsheet might take for a formula has an apostrophe (U+0027) before it. "
    "To get the value back, take away the first character of a cell if it is an apostrophe and what follows it begins "
    "as the pattern, a regular expression, says. A value that had such an apostrophe from the start was given a second "
    "one, so nothing is lost. claims.jsonl has the same values with nothing escaped."
)
RELEASE = ("number", "serial", "as_of", "licence", "claims", "head", "previous")


def describe(header: Header) -> Callable[[Sequence[Written]], bytes]:
    """What makes the manifest of a release with that header, once its files are written: for archive.Seal."""
    return partial(_manifest, header)


def _manifest(header: Header, files: Sequence[Written]) -> bytes:
    package = {**_package(header), "resources": list(_resources(header, files))}
    return json.dumps(package, ensure_ascii=False, indent=1).encode() + b"\n"


def _package(header: Header) -> dict[str, Any]:
    told = {
        "$schema": f"{PROFILES}datapackage.json",
        "name": header["name"].lower().removesuffix(f"-{header['number']}"),
        "id": f"urn:uuid:{identifier(header)}",
        "title": header["title"],
        "description": header["description"],
        "version": f"{header['number']}.0.0",
        "created": header["as_of"],
        "homepage": header["desk"]["url"] if is_web_address(header["desk"]["url"]) else "",
        "licenses": licences(header["licence"]),
        "contributors": [_publisher(header)],
        "release": {name: value for name, value in header.items() if name in RELEASE},
    }
    return {name: value for name, value in told.items() if value}


def identifier(header: Header) -> uuid.UUID:
    """The same for the same release of the same desk, and no other."""
    desk = header["desk"]["url"]
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{desk}#{header['serial']}/{header['as_of']}/{header['head']}")


def _publisher(header: Header) -> dict[str, Any]:
    address = {"path": header["desk"]["url"]} if is_web_address(header["desk"]["url"]) else {}
    return {"title": header["desk"]["name"], **address, "roles": ["publisher"]}


def _resources(header: Header, files: Sequence[Written]) -> Iterator[dict[str, Any]]:
    tables = {table.file: table for table in tables_of(header)}
    for name, file in zip(_names(files), files, strict=True):
        yield {"name": name, "path": file.name, **_described(file, tables), **_measured(file)}


def _names(files: Sequence[Written]) -> Iterator[str]:
    """A table's is that of its file, without the suffix; every one is there once."""
    taken: set[str] = set()
    for file in files:
        name = file.name.removesuffix(".csv").replace("/", "-").lower()
        if name in taken:
            name = f"{name}-{len(taken)}"
        taken.add(name)
        yield name


def _measured(file: Written) -> dict[str, Any]:
    return {"bytes": file.bytes, "hash": f"sha256:{file.sha256}"}


def _described(file: Written, tables: Mapping[str, Table]) -> dict[str, Any]:
    """What a file is; of a capture, of which there can be many, only what it takes to leave it alone."""
    suffix = file.name.rpartition(".")[2]
    if "/" in file.name:
        return {"format": FORMATS[suffix]} if suffix in FORMATS else {}
    if table := tables.get(file.name):
        return _tabular(table)
    about = {"description": ABOUT[file.name]} if file.name in ABOUT else {}
    media_type = MEDIA_TYPES.get(suffix, "application/octet-stream")
    return {**about, "format": FORMATS.get(suffix, suffix), "mediatype": media_type}


def _tabular(table: Table) -> dict[str, Any]:
    return {
        "description": table.about,
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"$schema": f"{PROFILES}tabledialect.json", **DIALECT},
        "schema": _schema(table),
        "escape": {
            "prefix": "'",
            "pattern": CALCULATES,
            "fields": [column.name for column in table.columns if column.is_text],
            "undo": UNDO,
        },
    }


def _schema(table: Table) -> dict[str, Any]:
    to_claims = {"fields": ["reference"], "reference": {"resource": "claims", "fields": ["reference"]}}
    return {
        "$schema": f"{PROFILES}tableschema.json",
        "fields": [_field(column) for column in table.columns],
        "missingValues": [""],
        "primaryKey": list(table.key),
        **({"foreignKeys": [to_claims]} if table.name != "claims" else {}),
    }


def _field(column: Column) -> dict[str, Any]:
    """Text that is never missing may be empty: there, an empty cell is the empty text."""
    constraints = {
        **({} if column.nullable else {"required": True}),
        **({"enum": list(column.values)} if column.values else {}),
        **({"pattern": PATTERNS[column.kind]} if column.kind in PATTERNS else {}),
    }
    return {
        "name": column.name,
        "type": TYPES.get(column.kind, "string"),
        "description": column.about,
        **({"missingValues": []} if column.is_text and not column.nullable else {}),
        **({"constraints": constraints} if constraints else {}),
    }
