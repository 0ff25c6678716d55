"""Hostile files: a clear refusal, or the text and nothing else; never an error of ours."""

import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.intake.readers import Format, Limits, Unreadable, read
from claims.intake.readers.parse import parse
from tests.intake.hostile import REFUSED, Refused
from tests.intake.samples import PROSE, Typed, archive, docx, html, paragraph, pdf

PATIENT = Limits(seconds=120, memory=600_000_000)
"""The desk's limits, except that a busy machine may take its time, and is spared some of the work."""


@pytest.mark.parametrize("hostile", [pytest.param(file, id=file.name) for file in REFUSED])
def test_a_hostile_file_is_refused_with_a_reason(hostile: Refused, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Unreadable) as refused:
        read(hostile.make(), filename=hostile.name, content_type=hostile.content_type, limits=PATIENT)
    message = str(refused.value)
    assert hostile.message in message
    assert 15 < len(message) < 200
    assert message.endswith((".", "first."))
    assert list(tmp_path.iterdir()) == []


def test_there_are_enough_of_them():
    assert len({file.name for file in REFUSED}) >= 40


@pytest.mark.parametrize(
    "name",
    [
        *("../../../etc/passwd.txt", "/etc/passwd", "C:\\Windows\\win.ini", "..", ".", "", "a/b\\c.txt", "con.txt"),
        *("report\u202efdp.exe", "report\x00.pdf", "a\nb.txt", "<script>.txt", "a" * 100_000, "\ud800.txt", "'; --"),
    ],
)
def test_no_name_does_harm_or_comes_back(name):
    reading = read(PROSE.encode(), filename=name)
    assert reading.text == PROSE
    assert not any(name in warning for warning in reading.warnings if len(name) > 2)


def test_parts_with_paths_that_lead_elsewhere_are_left_packed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    parts = {
        "../../evil.txt": "evil",
        "/evil.txt": "evil",
        "word/../../../evil.txt": "evil",
        "\u202etxt.exe": "evil",
    }
    assert read(docx(paragraph(PROSE), parts=parts)).text == PROSE
    assert list(tmp_path.parent.glob("**/evil.txt")) == []
    assert not Path("/evil.txt").exists()


def test_a_picture_outside_the_file_is_not_asked_for():
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r9" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" TargetMode="External" '
        'Target="http://192.0.2.1/a.png"/></Relationships>'
    )
    blip = (
        '<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/'
        'wordprocessingDrawing"><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:blip '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:link="r9"/></a:graphic>'
        "</wp:inline></w:drawing></w:r></w:p>"
    )
    assert read(docx(paragraph(PROSE) + blip, parts={"word/_rels/document.xml.rels": relations})).text == PROSE


@pytest.mark.parametrize(
    ("name", "data", "found"),
    [
        ("article.pdf", docx(paragraph(PROSE)), Format.DOCX),
        ("article.docx", html(f"<article><p>{PROSE}</p></article>"), Format.HTML),
        ("article.html", PROSE.encode(), Format.TEXT),
        ("article.txt", pdf([Typed("Japan has a budget.", 700)]), Format.PDF),
    ],
)
def test_a_file_is_read_as_what_it_is_and_the_wrong_name_is_mentioned(name, data, found):
    reading = read(data, filename=name)
    assert reading.format is found
    assert "By its name this is" in reading.warnings[0]


def test_a_page_nested_without_end_gives_its_text_or_a_refusal():
    with pytest.raises(Unreadable):
        read(html("<div>" * 200_000 + "<p>deep</p>"), limits=PATIENT)


def test_composed_and_decomposed_letters_stay_as_they_came():
    for form in ("NFC", "NFD"):
        text = unicodedata.normalize(form, "Élysée \u1e9b\u0323")
        assert read(text.encode()).text == text


def test_characters_that_turn_the_direction_are_kept_and_counted():
    reading = read("Japan \u202eabc\u202c".encode())
    assert reading.text == "Japan \u202eabc\u202c"
    assert "2 characters that change the direction of reading" in reading.warnings[0]


def test_time_and_memory_are_limited():
    with pytest.raises(Unreadable, match="took longer than 0.01 seconds"):
        read(PROSE.encode(), limits=Limits(seconds=0.01))
    with pytest.raises(Unreadable, match="more than 30 MB of memory"):
        read(html(f"<p>{PROSE}</p>"), limits=Limits(memory=30_000_000))


def test_the_reading_process_reaches_no_network_and_starts_nothing():
    for attempt in (
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
    ):
        script = f"from claims.intake.readers.child import _confine, Limits; _confine(Limits()); {attempt}"
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
        assert b"has no place in reading a file" in done.stderr


GOOD = [
    html(f"<article><h1>Japan</h1><p>{PROSE}</p></article>"),
    docx(paragraph(PROSE)),
    pdf([Typed("Japan has a budget.", 700)]),
    PROSE.encode(),
    archive({"a": "b"}),
]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(GOOD), st.integers(0, 5_000), st.binary(max_size=20), st.integers(0, 400))
def test_damage_anywhere_ends_in_text_or_in_a_refusal(data, start, damage, cut):
    start %= len(data)
    damaged = data[:start] + damage + data[start + cut :]
    try:
        reading = parse(damaged, limits=Limits())
    except Unreadable:
        return
    assert reading.text.strip()


@given(st.binary(max_size=300))
def test_any_bytes_end_in_text_or_in_a_refusal(data):
    try:
        reading = parse(data, limits=Limits())
    except Unreadable:
        return
    assert reading.text.strip()
