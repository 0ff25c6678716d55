"""claims.xlsx: the tables for people. No text is ever more than a text, and the same content makes the same bytes."""

import hashlib
import io
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from claims.releases.content import Content
from claims.releases.formats import sheets, workbook
from claims.releases.formats.cells import LONGEST, fitting, shown
from claims.releases.formats.columns import Column, Kind
from tests.releases import contents

ROOT = Path(__file__).resolve().parents[2]
BUILD = (
    "import hashlib, django; django.setup(); from claims.releases.formats import workbook; "
    "from tests.releases.contents import hostile; "
    "print(hashlib.sha256(b''.join(workbook.pieces(hostile()))).hexdigest())"
)
MARKUP = '<r></r></is></c><c r="Z9" t="str"><f>HYPERLINK("https://evil.example.org")</f><v>1</v></c><r></r>'


def built(content: Content) -> bytes:
    return b"".join(workbook.pieces(content))


def opened(content: Content) -> Any:
    return load_workbook(io.BytesIO(built(content)))


def rows_of(book: Any, sheet: str) -> list[dict[str, Any]]:
    heading, *rows = book[sheet].iter_rows()
    return [dict(zip((cell.value for cell in heading), row, strict=True)) for row in rows]


def parts_of(data: bytes) -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        yield from ((name, archive.read(name).decode()) for name in archive.namelist())


def test_there_is_a_sheet_for_what_the_release_is_and_one_for_each_table() -> None:
    book = opened(contents.content(with_comments=True))

    assert book.sheetnames == ["About", "Claims", "Evidence", "Appearances", "Assessments", "Comments", "History"]
    assert "Comments" not in opened(contents.content()).sheetnames
    assert book["About"]["A1"].value == "Japan and NATO"


def test_headings_stay_in_sight_and_every_column_can_be_filtered() -> None:
    sheet = opened(contents.content([contents.claim(1), contents.claim(2)]))["Claims"]

    assert sheet.freeze_panes == "B2"
    assert re.fullmatch(r"A1:[A-Z]+3", sheet.auto_filter.ref)


def test_whole_dates_and_moments_are_dates_and_dates_in_part_are_text() -> None:
    (row,) = rows_of(opened(contents.content()), "Evidence")

    assert row["Accessed on"].value == datetime(2023, 5, 2)
    assert row["Published on"].value == datetime(2023, 4, 24)
    assert row["Capture at (UTC)"].value == datetime(2023, 5, 2, 9)
    (claim,) = rows_of(opened(contents.content()), "Claims")
    assert claim["As of"].value == "2023-05"
    assert claim["Position"].value == 1


@pytest.mark.parametrize("text", ["1899-12-31", "1900-02-28", "2023", "2023-02-30", "0001-01-01"])
def test_a_date_of_which_programs_would_make_another_is_text(text: str) -> None:
    assert shown(Column("on", "", Kind.PARTIAL_DATE), text) == text


def test_addresses_of_the_web_are_links_and_nothing_else_is() -> None:
    addresses = [
        "https://www.example.org/a?b=c&d=e#f",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "internal:Claims!A1",
        "external:other.xlsx",
        'https://example.org/" x="',
        "",
    ]
    pieces = [contents.evidence(url=address) for address in addresses]
    content = contents.content([contents.claim(evidence=pieces, captures=[None] * len(pieces))])

    cells = [row["Address"] for row in rows_of(opened(content), "Evidence")]

    assert [cell.value or "" for cell in cells] == addresses
    assert [bool(cell.hyperlink) for cell in cells] == [True] + [False] * 6
    assert (cells[0].hyperlink.target, cells[0].hyperlink.location) == ("https://www.example.org/a?b=c&d=e", "f")


def test_beyond_the_links_that_a_sheet_takes_addresses_are_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "LINKS", 2)
    content = contents.content([contents.claim(number) for number in range(1, 5)])

    cells = [row["Address"] for row in rows_of(opened(content), "Claims")]

    assert [bool(cell.hyperlink) for cell in cells] == [True, True, False, False]
    assert all(cell.value for cell in cells)


def test_rows_beyond_those_of_a_sheet_go_on_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "ROWS", 4)
    book = opened(contents.content([contents.claim(number) for number in range(1, 5)]))

    numbers = [row["Reference"].value for name in ("Claims", "Claims 2") for row in rows_of(book, name)]
    assert numbers == ["CW-1", "CW-2", "CW-3", "CW-4"]
    assert sum(name.startswith("History") for name in book.sheetnames) == 3


@pytest.mark.parametrize("text", [*contents.HOSTILE, MARKUP, "<r>=1+1</r>", "\ufffe\uffff", "tab\tcr\rlf\n"])
def test_no_text_becomes_anything_but_itself(text: str) -> None:
    content = contents.content([contents.claim(assertion=text)], title=text[:200], description=text)
    data = built(content)

    assert not [name for name, xml in parts_of(data) if "<f>" in xml or "<f " in xml]
    (row,) = rows_of(load_workbook(io.BytesIO(data)), "Claims")
    assert row["Assertion"].data_type == "s"
    assert unescape(row["Assertion"].value) == fitting(text, "CW-1")


def test_text_that_looks_like_a_formula_stays_text_when_somebody_edits_it() -> None:
    (row,) = rows_of(opened(contents.content([contents.claim(assertion="=1+1", speaker="NATO")])), "Claims")

    assert row["Assertion"].quotePrefix
    assert not row["Speaker"].quotePrefix


@pytest.mark.parametrize("text", ["x" * (LONGEST + 1), "\U0001f600" * LONGEST, "=" + "1" * 40_000])
def test_what_a_cell_cannot_hold_is_cut_and_says_where_the_rest_is(text: str) -> None:
    cut = fitting(text, "CW-7")

    assert len(cut.encode("utf-16-le")) // 2 <= LONGEST
    assert text.startswith(cut.partition("… [Cut")[0])
    assert cut.endswith("claims.jsonl has the whole text, at CW-7.]")
    assert fitting("x" * LONGEST, "CW-7") == "x" * LONGEST


def test_what_was_left_out_is_told_with_the_reason() -> None:
    left_out = {
        **{"reference": "CW-77", "findings": ["not_verified"], "reason": "=No answer yet.", "by": "Rev Iewer"},
        "at": "2023-05-30T09:00:00Z",
    }
    *_, last = opened(contents.content(left_out=[left_out]))["About"].iter_rows(values_only=True)

    assert last == ("CW-77", "not verified", "=No answer yet.", "Rev Iewer", datetime(2023, 5, 30, 9))


def test_it_is_built_the_same_in_another_process_with_another_locale_time_zone_and_hash_seed() -> None:
    found = {
        hashlib.sha256(built(contents.hostile())).hexdigest(),
        *(
            subprocess.run(
                [sys.executable, "-W", "error", "-c", BUILD],
                env={
                    **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
                    **{"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": place},
                },
                cwd=ROOT,
                umask=mask,
                check=True,
                capture_output=True,
                text=True,
            ).stdout.strip()
            for seed, zone, place, mask in (("1", "Asia/Kathmandu", "C", 0o77), ("2", "America/St_Johns", "C.UTF-8", 0))
        ),
    }

    assert len(found) == 1


def test_nothing_of_the_machine_is_in_it() -> None:
    text = "".join(f"{name}{xml}" for name, xml in parts_of(built(contents.content())))

    assert "2023-06-01T12:00:00Z" in text
    assert "/tmp" not in text  # noqa: S108
    with zipfile.ZipFile(io.BytesIO(built(contents.content()))) as archive:
        assert {part.date_time for part in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
