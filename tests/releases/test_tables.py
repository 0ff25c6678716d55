"""The tables of a release: every value of its claims, in CSV that no spreadsheet calculates, by rules stated in it."""

import csv
import io
import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest

from claims.exports.csv import escape
from claims.releases.archive import Written
from claims.releases.content import Content, ReleasedClaim
from claims.releases.formats import rows, tables
from claims.releases.formats.columns import Table
from claims.releases.formats.schema import COMMENTS, tables_of
from claims.releases.manifest import describe
from tests.releases import contents

SIGNS = "=+-@\t\r\n\0\uff1d\uff0b\uff0d\uff20"
Rows = list[dict[str, Any]]
FILLED = contents.content(
    [
        contents.claim(
            1,
            evidence=[
                contents.evidence(derived_from={"title": "Wire", "url": "", "source": "AP", "derivation": "wire"}),
                contents.evidence(quote_start=None, quote_end=None, accessed_on=None, snapshot_sha256=None, finding=""),
            ],
            captures=[contents.capture(), None],
            comments=[contents.comment(), contents.comment(2, reply_to=1, edited_at="2023-05-04T10:00:00Z")],
            working={"kind": "formula", "inputs": [{"name": "a", "value": "1"}], "result": None},
            rests_on=[{"reference": "CW-9", "url": "https://desk.example.org/claims/9/", "note": "=1"}],
        ),
        contents.claim(2, verdict=None, assessment=None, appearances=[], tags=[], stage="open", is_due=True),
        contents.claim(3, history=[contents.event(1, changes=None, reason=None, by=None, by_key=None)]),
    ],
    with_comments=True,
)


def file_of(table: Table, content: Content) -> bytes:
    return b"".join(tables.lines(table, content))


def read(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(), newline=""), strict=True))


def as_stated(content: Content) -> dict[str, Rows]:
    """The rows of each table, with the values that the manifest and nothing else says the cells stand for."""
    files = {table.file: file_of(table, content) for table in tables_of(content.header)}
    written = [Written(name, len(data), "0" * 64) for name, data in files.items()]
    package = json.loads(describe(content.header)(written))
    return {resource["name"]: list(_rows(resource, files[resource["path"]])) for resource in package["resources"]}


def _rows(resource: dict[str, Any], data: bytes) -> Iterator[dict[str, Any]]:
    heading, *lines = read(data)
    fields = resource["schema"]["fields"]
    assert heading == [field["name"] for field in fields]
    for line in lines:
        yield {field["name"]: _value(field, resource, text) for field, text in zip(fields, line, strict=True)}


def _value(field: dict[str, Any], resource: dict[str, Any], text: str) -> Any:
    if text in field.get("missingValues", resource["schema"]["missingValues"]):
        assert not field.get("constraints", {}).get("required")
        return None
    pattern = field.get("constraints", {}).get("pattern")
    assert pattern is None or re.fullmatch(pattern, text)
    assert text in field.get("constraints", {}).get("enum", [text])
    if field["type"] in ("integer", "boolean", "array", "object"):
        return json.loads(text)
    stated = resource["escape"]
    escaped = field["name"] in stated["fields"] and text.startswith(stated["prefix"])
    return text[1:] if escaped and re.match(stated["pattern"], text[1:]) else text


def nested(found: dict[str, Rows]) -> list[Any]:
    """The claims as claims.jsonl has them, of the rows of the tables."""
    return [_claim(row, found) for row in found["claims"]]


def _claim(row: dict[str, Any], found: dict[str, Rows]) -> dict[str, Any]:
    own = {name: [one for one in found[name] if one["reference"] == row["reference"]] for name in found}
    assessment = _record(row, rows.ASSESSMENT, "assessed_by")
    if assessment:
        assessment |= {"decisive": _record(row, rows.DECISIVE, "decisive_title")}
        assessment["approval_note"] = assessment["approval_note"] or ""
    return {
        **{name: row[name] for name in rows.PLAIN},
        "verdict": _record(row, rows.VERDICT, "verdict"),
        "assessment": assessment,
        "head": _record(row, rows.HEAD, "head_claim"),
        "appearances": [_without(place, "reference", "number") for place in own["appearances"]],
        "evidence": [_evidence(piece) for piece in own["evidence"]],
        "captures": [_record(piece, rows.CAPTURE, "capture_sha256") for piece in own["evidence"]],
        "assessments": [_assessment(one) for one in own["assessments"]],
        "comments": [_without(one, "reference") for one in own["comments"]],
        "history": [_event(one) for one in own["history"]],
    }


def _record(row: dict[str, Any], names: dict[str, str], telling: str) -> dict[str, Any] | None:
    return {name: row[column] for name, column in names.items()} if row[telling] is not None else None


def _without(row: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}


def _evidence(piece: dict[str, Any]) -> dict[str, Any]:
    origin = _record(piece, rows.ORIGIN, "derived_title")
    if origin:
        origin = {name: value or "" for name, value in origin.items()}
    plain = _without(piece, "reference", "number", *rows.ORIGIN.values(), *rows.CAPTURE.values())
    return {**plain, "derived_from": origin}


def _assessment(row: dict[str, Any]) -> dict[str, Any]:
    return {**_without(row, "reference", *rows.VERDICT.values()), "verdict": _record(row, rows.VERDICT, "verdict")}


def _event(row: dict[str, Any]) -> dict[str, Any]:
    told = _without(row, "reference", "is_withheld", "subject_type", "subject_key")
    reason = None if row["is_withheld"] else row["reason"] or ""
    return {**told, "subject": [row["subject_type"], row["subject_key"]], "reason": reason}


@pytest.mark.parametrize("content", [FILLED, contents.hostile()], ids=["filled", "hostile"])
def test_the_tables_undone_as_the_manifest_says_give_the_values_of_the_claims(content: Content) -> None:
    assert nested(as_stated(content)) == [json.loads(json.dumps(claim)) for claim in content.claims()]


@pytest.mark.parametrize("table", tables_of(FILLED.header), ids=lambda table: table.name)
def test_a_table_has_a_column_for_every_value_of_its_rows_and_no_other(table: Table) -> None:
    (first, *_) = (row for claim in FILLED.claims() for row in table.rows(claim))
    assert set(first) == {column.name for column in table.columns}


@pytest.mark.parametrize("table", tables_of(contents.hostile().header), ids=lambda table: table.name)
def test_no_cell_begins_as_a_formula_and_none_moves_another(table: Table) -> None:
    heading, *lines = read(file_of(table, contents.hostile()))

    assert lines
    assert all(len(line) == len(heading) for line in lines)
    assert not [cell for line in lines for cell in line if cell.strip(" \ufeff").startswith(tuple(SIGNS))]


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("before", ["", " ", "\xa0", "\ufeff", "'", " '\u3000"])
def test_every_sign_that_calculates_is_escaped_whatever_stands_before_it(sign: str, before: str) -> None:
    assert escape(f"{before}{sign}1") == f"'{before}{sign}1"


def test_the_files_are_utf_8_without_a_mark_and_their_lines_end_as_rfc_4180_has_it() -> None:
    data = file_of(COMMENTS, contents.hostile())

    assert data.startswith(b'"reference","number","reply_to",')
    assert data.endswith(b"\r\n")
    assert "日本の防衛費は世界で九番目に大きい。".encode() in data


def test_comments_are_a_file_only_when_the_release_is_with_comments() -> None:
    def names(content: Content) -> list[str]:
        return [member.name for member in tables.members(content)]

    assert names(FILLED) == [
        *("claims.csv", "evidence.csv", "appearances.csv", "assessments.csv", "comments.csv", "history.csv")
    ]
    assert "comments.csv" not in names(contents.content())


def test_a_table_is_handed_on_while_claims_are_still_to_come() -> None:
    read_so_far = 0

    def claims() -> Iterator[ReleasedClaim]:
        nonlocal read_so_far
        while True:
            read_so_far += 1
            yield contents.claim(read_so_far)

    (table, *_) = tables_of(FILLED.header)
    pieces = list(islice(tables.lines(table, Content(FILLED.header, claims)), 3))

    assert all(len(piece) < 2 * tables.PIECE for piece in pieces)
    assert read_so_far < 1_000
