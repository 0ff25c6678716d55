"""csv-metadata.json: the tables of a release described as CSV on the Web (W3C), for programs that know it."""

import json
from collections.abc import Iterator
from typing import Any

from claims.releases.archive import Member
from claims.releases.content import Content, Header
from claims.releases.formats.columns import Column, Kind, Table
from claims.releases.formats.schema import tables_of

NAME = "csv-metadata.json"
TYPES = {
    Kind.DATE: "date",
    Kind.MOMENT: "dateTime",
    Kind.INTEGER: "nonNegativeInteger",
    Kind.KEY: "nonNegativeInteger",
    Kind.BOOLEAN: "boolean",
    Kind.LIST: "json",
    Kind.OBJECT: "json",
}


def members(content: Content) -> Iterator[Member]:
    yield Member(NAME, lambda: [_group(content.header)])


def _group(header: Header) -> bytes:
    group = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": header["title"],
        "dialect": {"encoding": "utf-8", "header": True, "delimiter": ",", "quoteChar": '"', "doubleQuote": True},
        "tables": [_table(table) for table in tables_of(header)],
    }
    return json.dumps(group, ensure_ascii=False, indent=1).encode() + b"\n"


def _table(table: Table) -> dict[str, Any]:
    to_claims = {
        "columnReference": "reference",
        "reference": {"resource": "claims.csv", "columnReference": "reference"},
    }
    return {
        "url": table.file,
        "dc:description": table.about,
        "tableSchema": {
            "columns": [_column(column) for column in table.columns],
            "primaryKey": list(table.key),
            **({"foreignKeys": [to_claims]} if table.name != "claims" else {}),
        },
    }


def _column(column: Column) -> dict[str, Any]:
    """Text that is never missing may be empty: `null` is taken away from the empty cell there."""
    return {
        "name": column.name,
        "titles": column.name,
        "dc:description": column.about,
        "datatype": TYPES.get(column.kind, "string"),
        "required": not column.nullable,
        **({"null": []} if column.is_text and not column.nullable else {}),
    }
