"""Hostile files: the file is refused, or its rows are, each in words; nothing is stored half, nothing is fetched."""

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.db import models

from claims.imports import BadFile
from claims.models import Claim, Document, Event, Evidence, Source, User
from tests.imports.files import as_json, imported, reasons, review

pytestmark = pytest.mark.django_db
TABLES: tuple[type[models.Model], ...] = (Claim, Document, Event, Evidence, Source)


@dataclass(frozen=True)
class Hostile:
    """A file that is refused whole, with what the message says."""

    name: str
    make: Callable[[], bytes]
    message: str
    filename: str = "claims.csv"


def workbook() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", "<worksheet/>")
    return buffer.getvalue()


FILES = [
    Hostile("nothing", lambda: b"", "blank"),
    Hostile("white space", lambda: b" \r\n\t\n", "blank"),
    Hostile("a byte order mark and nothing", lambda: b"\xef\xbb\xbf\n", "blank"),
    Hostile("a zip called .csv", workbook, "ZIP archive or a workbook"),
    Hostile("an old workbook", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 512, "workbook of an old kind"),
    Hostile("a PDF", lambda: b"%PDF-1.7\nclaim\n", "PDF"),
    Hostile("a compressed file", lambda: b"\x1f\x8b\x08\x00" + b"x" * 100, "compressed"),
    Hostile("RTF", lambda: b"{\\rtf1 claim}", "word processor"),
    Hostile("HTML", lambda: b"<!doctype html><script>alert(1)</script>", "HTML or XML"),
    Hostile(
        "XML with an entity",
        lambda: b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        "XML",
    ),
    Hostile("binary", lambda: bytes(range(256)) * 20 + b"\x00" * 2000, "not text"),
    Hostile("UTF-16 without its mark", lambda: "claim\nOne.\n".encode("utf-16-le"), "not text"),
    Hostile("a million columns", lambda: b",".join([b"a"] * 1_000_000) + b"\n1\n", "1,000,000 columns; at most 500"),
    Hostile("a line of 50 MB", lambda: b"claim\n" + b"x" * 50_000_000, "Line 2 has more than 4,000,000 characters"),
    Hostile("a header of 50 MB", lambda: b"x" * 50_000_000, "Line 1 has more than"),
    Hostile("no header", lambda: b"One.,event\nTwo.,event\n", "No column is known to say what is claimed"),
    Hostile("a header of nothing", lambda: b",,,\nOne.,,,\n", "No column is known"),
    Hostile("a quotation mark that opens the header", lambda: b'"claim\nOne.\n', "none closes it"),
    Hostile("arrays a hundred thousand deep", lambda: b"[" * 100_000, "nested too deeply", "c.json"),
    Hostile("objects a hundred thousand deep", lambda: b'{"claim":' * 100_000, "nested too deeply", "c.json"),
    Hostile("JSON cut short", lambda: b'[{"claim": "One."}, {"claim": "Tw', "no JSON", "c.json"),
    Hostile("our JSON cut short", lambda: b'{"claims": [{"claim": "One."}]', "before it is whole", "c.json"),
    Hostile("JSON with a comment", lambda: b'[{"claim": "One."} // so\n]', "comma missing", "c.json"),
    Hostile(
        "a count that is a wild number",
        lambda: json.dumps({"claims": list(range(10)), "count": 10**300}).encode(),
        "holds 10: it is not whole",
        "c.json",
    ),
]


@pytest.mark.parametrize("hostile", [pytest.param(one, id=one.name) for one in FILES])
def test_a_hostile_file_is_refused_whole(analyst: User, hostile: Hostile) -> None:
    before = [table.objects.count() for table in TABLES]  # type: ignore[attr-defined]
    with pytest.raises(BadFile) as refused:
        imported(hostile.make(), analyst, hostile.filename)
    assert hostile.message in str(refused.value)
    assert len(str(refused.value)) < 400
    assert [table.objects.count() for table in TABLES] == before  # type: ignore[attr-defined]


def row(**values: object) -> bytes:
    return json.dumps([{"claim": "One.", **values}]).encode()


def linked(url: object) -> bytes:
    return as_json(review(url=url)).encode()


# A row that is refused, by name: the file, what the reason says, and the name of the file.
ROWS: dict[str, tuple[bytes, str, str]] = {
    "bytes that are no UTF-8": ("claim\nGröße Brücke fünf\n".encode() + b"Gr\xf6\xdfe\n", "no UTF-8", "c.csv"),
    "a NUL": (b"claim\nOne.\x00\n", "NUL", "c.csv"),
    "a NUL in JSON": (row(claim="One.\x00"), "NUL", "c.json"),
    "half a surrogate pair": (b'[{"claim": "One \\ud800"}]', "surrogate", "c.json"),
    "a cell of 300 kB": (b"claim\n" + b"x" * 300_000, "at most 1,000 characters", "c.csv"),
    "a million cells": (b"claim\n" + b",".join([b"x"] * 1_000_000), "1,000,000 cells", "c.csv"),
    "an object for a claim": (row(claim={"$ne": None}), "no text", "c.json"),
    "a list of lists": (row(tags=[["a"], [["b"]]]), "no text", "c.json"),
    "a row that is a number": (b'[{"claim": "One."}, 17]', "no object", "c.json"),
    "a row that is null": (b'[{"claim": "One."}, null]', "no object", "c.json"),
    "NaN": (b'[{"claim": "One.", "as_of": NaN}]', "NaN", "c.json"),
    "Infinity": (b'[{"claim": "One.", "as_of": -Infinity}]', "-Infinity", "c.json"),
    "a number of a million digits": (
        b'[{"claim": "One.", "as_of": ' + b"1" * 1_000_000 + b"}]",
        "As of: at most",
        "c.json",
    ),
    "1e999": (b'[{"claim": "One.", "priority": 1e999}]', "“1e999” is none of", "c.json"),
    "a name twice": (b'[{"claim": "One.", "claim": "Two."}]', "“claim” twice", "c.json"),
    "a name twice, further in": (b'[{"claim": "One.", "x": {"a": 1, "a": 2}}]', "“a” twice", "c.json"),
    "a line that is no JSON": (b'{"claim": "One."}\n{"claim": \n', "no JSON", "c.jsonl"),
    "two documents on a line": (b'{"claim": "One."}\n{"claim": "Two."} {}\n', "more on the line", "c.jsonl"),
    "a line nested too deeply": (b'{"claim": "One."}\n' + b"[" * 100_000 + b"\n", "nested too deeply", "c.jsonl"),
    "a kind that there is not": (row(kind="__class__"), "is none of", "c.json"),
    "a day that there is not": (row(as_of="2023-02-30"), "no day 30", "c.json"),
    "a month that there is not": (row(as_of="2023-13"), "no month 13", "c.json"),
    "a year of five digits": (row(as_of="12023"), "is not a date", "c.json"),
    "digits of another script": (row(as_of="٢٠٢٣"), "is not a date", "c.json"),
    "only what nobody sees": (row(claim="\u200b\u202e\u2066"), "it is empty", "c.json"),
    "a script for an address": (row(link="javascript:alert(1)"), "Only web addresses", "c.json"),
    "a review at loopback": (linked("http://127.0.0.1/admin"), "by number", "r.json"),
    "a review at loopback, in decimal": (linked("http://2130706433/"), "by number", "r.json"),
    "a review at loopback, in IPv6": (linked("http://[::1]/"), "by number", "r.json"),
    "a review inside a network": (linked("http://intranet/"), "only inside a network", "r.json"),
    "a review in a file": (linked("file:///etc/passwd"), "Only web addresses", "r.json"),
    "a review behind a password": (linked("https://me:secret@www.example.org/"), "user name or password", "r.json"),
    "a review at a turned address": (linked("https://www.example.org/\u202egpj.exe"), "invisible character", "r.json"),
    "a review of nothing": (as_json(review(claimReviewed="", itemReviewed=[])).encode(), "it is empty", "r.json"),
    "a review on no day": (
        as_json(review(itemReviewed={"datePublished": "2023-99-99T00:00"})).encode(),
        "is not a date",
        "r.json",
    ),
}


@pytest.mark.parametrize("name", ROWS)
def test_a_hostile_row_is_refused(analyst: User, name: str) -> None:
    data, message, filename = ROWS[name]
    report = imported(data, analyst, filename)
    ((_, reason),) = reasons(report)
    assert message in reason
    assert len(reason) < 1000
    reason.encode()
    assert "\x00" not in reason
    assert Claim.objects.count() == report.new
    assert not Evidence.objects.exists()
    assert not Source.objects.exists()


def test_there_are_enough_of_them() -> None:
    assert len(FILES) + len(ROWS) >= 40


# What looks like an attack and is only text: it comes in as it is.
HARMLESS = {
    "a formula": ('claim\n"=HYPERLINK(""https://evil.example/"",""x"")"\n', '=HYPERLINK("https://evil.example/","x")'),
    "a call of a program": ("claim\n@SUM(1+1)*cmd|' /C calc'!A0\n", "@SUM(1+1)*cmd|' /C calc'!A0"),
    "a script": ("claim\n<script>alert(1)</script>\n", "<script>alert(1)</script>"),
    "SQL": ("claim\n'; DROP TABLE claims_claim; --\n", "'; DROP TABLE claims_claim; --"),
    "a template": ("claim\n{{ settings.SECRET_KEY }}{% debug %}\n", "{{ settings.SECRET_KEY }}{% debug %}"),
    "turned text": ("claim\nA \u202edesrever\u202c word\n", "A desrever word"),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_only_looks_like_an_attack_is_text(analyst: User, name: str) -> None:
    data, stored = HARMLESS[name]
    assert imported(data, analyst).new == 1
    assert Claim.objects.get().assertion == stored


def test_names_that_mean_something_elsewhere_are_names_like_others(analyst: User) -> None:
    data = json.dumps(
        [{"claim": "One.", "__proto__": {"stage": "verified"}, "stage": "verified", "verdict": "refuted"}]
    )
    assert imported(data, analyst, "c.json").new == 1
    assert Claim.objects.get().stage == "open"


def test_keys_that_collide_by_case_are_one_claim(analyst: User) -> None:
    report = imported("key,claim\nJN-1,One.\njn-1,Two.\nJn-1,Three.\n", analyst)
    assert (report.new, [line for line, _ in reasons(report)]) == (1, [3, 4])


def test_no_key_passes_for_one_that_the_desk_derives(analyst: User) -> None:
    imported("claim\nOne.\n", analyst)
    derived = str(Claim.objects.get().key)
    report = imported(f"key,claim\n{derived},Two.\n", analyst)
    assert "is stored with another assertion" in reasons(report)[0][1]


def test_a_name_of_a_file_does_no_harm(analyst: User) -> None:
    imported("claim\nOne.\n", analyst, name="\u202egnp.\x00../../etc/passwd\n.csv" + "x" * 1000)
    reason = Event.objects.get(object_type="claim").reason
    assert "\u202e" not in reason
    assert "\x00" not in reason
    assert len(reason) < 300


def test_a_report_is_bounded(analyst: User) -> None:
    report = imported("claim,kind\n" + "One.,rumour\n" * 3000, analyst)
    assert (report.refused, len(report.refusals)) == (3000, 1000)
