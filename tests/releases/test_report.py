"""report.html: one file that is read, printed, and the same on every machine."""

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from itertools import count, islice
from pathlib import Path

import pytest

from claims.choices import Mark
from claims.releases.content import Content
from claims.releases.formats.report import report
from claims.releases.formats.report.words import day, grade, html, moment
from tests.releases.contents import appearance, claim, comment, content, evidence, header, hostile

ORIGIN = {"title": "SIPRI fact sheet", "url": "https://www.example.org/sipri", "source": "SIPRI", "derivation": "wire"}


class Page(HTMLParser):
    """What a browser would make of a page: its elements in order, their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())

    def all(self, *tags: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.elements if tag in tags]


def page_of(told: Content) -> Page:
    return Page(b"".join(report(told)).decode())


def test_it_says_what_the_release_is():
    left = {"reference": "CW-9", "findings": ["due"], "reason": "Figures come in May.", "by": "Rev Iewer", "at": ""}
    page = page_of(content([claim(1), claim(2)], left_out=[left]))

    for words in (
        "Japan and NATO",
        "2 verified claims, as of 1 June 2023, 12:00 UTC",
        "LicenceCC-BY-4.0",
        "Left out1 claim, with the reasons",
        "CW-9: Due to be checked again. Figures come in May.",
        "python3 verify.py japan-and-nato-1.zip --key KEY",
        "minisign -Vm SHA256SUMS -P KEY",
        "manage.py verify_release japan-and-nato-1.zip",
        "minisign.pub",
    ):
        assert words in page.text


def test_it_says_of_a_claim_all_that_a_reader_needs_to_check_it():
    page = page_of(content([claim()]))

    for words in (
        "said by NATO",
        "The verdict holds as of May 2023.",
        "It was ninth in 2021 and tenth in 2022.",
        "…It is said that Japan has the ninth-largest military budget in the world. Only four…",
        "Refutes: Trends in military expenditure",
        "Grade B2: source usually reliable; information probably true",
        "Quote found in the capture",
        "SIPRI, 2 May 2023, with the words Japan rank 2022",
        "Assessed by Ana Lyst, 2 May 2023, 10:00 UTC; approved by Rev Iewer, 3 May 2023, 11:30 UTC.",
        f"2 events in its history, the newest with the hash {claim()['head']['hash']}",
        "To be checked again April 2024.",
    ):
        assert words in page.text


def test_confidence_is_told_in_a_sentence_of_its_own():
    sentences = page_of(content([claim()])).text.split(".")

    assert " The quality of the evidence gives high confidence" in sentences


@pytest.mark.parametrize("mark", Mark.values)
def test_a_verdict_is_told_by_colour_line_icon_and_word(mark):
    told = b"".join(report(content([claim(verdict={"key": mark, "name": "Its name", "rating": 3})]))).decode()

    assert f'<span class="said" data-verdict="{mark}">' in told
    assert re.search(f'<span class="verdict" data-verdict="{mark}"><svg class="icon".*?</svg> Its name</span>', told)
    assert re.search(rf"\[data-verdict={mark}\] {{ --tone: \S+; --line: \w+; --weight: \S+; }}", told)


def test_a_verdict_of_the_desks_own_is_drawn_too():
    page = page_of(content([claim(verdict={"key": "satire", "name": "Satire", "rating": None})]))

    assert {"class": "verdict", "data-verdict": "other"} in page.all("span")
    assert "Satire" in page.text


def test_verdicts_are_counted_in_the_order_of_the_scale():
    verdicts = [{"key": key, "name": key.title(), "rating": 1} for key in ("refuted", "supported", "refuted", "satire")]
    page = page_of(content([claim(number, verdict=verdict) for number, verdict in enumerate(verdicts, start=1)]))

    assert "Supported1 Refuted2 Satire1" in re.sub(r" +(?=\d)", "", page.text)


def test_pieces_of_one_origin_count_as_one_source():
    pieces = [evidence(stance="supports"), evidence(stance="supports", source="A wire", url="", derived_from=ORIGIN)]
    page = page_of(content([claim(evidence=pieces, captures=[None, None])]))

    assert "For: 2 links, 1 independent source. Numbers 1, 2 count as one" in page.text


def test_evidence_of_those_who_make_the_claim_is_named():
    page = page_of(content([claim(appearances=[appearance(source="SIPRI")])]))

    assert "Number 1 comes from those who make the claim." in page.text


def test_a_quote_that_is_not_in_the_capture_stands_out():
    told = b"".join(report(content([claim(evidence=[evidence(quote_status="not_found", was_read=False)])]))).decode()

    assert "<b>Quote not found in the capture</b>" in told
    assert "<b>Not read</b>" in told


def test_the_working_shows_its_figures_and_their_evidence():
    working = {
        **{"kind": "formula", "expected": "12", "formula": "a / b", "unit": "%", "tolerance": "", "tolerance_in": ""},
        **{"subject": "", "order": "", "note": "Rounded.", "rows": []},
        "inputs": [{"name": "a", "value": "6", "unit": "USD", "year": 2022, "evidence": 0}],
        "result": {"agrees": True, "value": "12", "says": "the figures give 12 %", "notes": []},
    }
    page = page_of(content([claim(working=working)]))

    assert "The figures give 12 %." in page.text
    assert "a6USD2022No. 1" in page.text


def test_comments_are_there_when_the_release_has_them():
    page = page_of(content([claim(comments=[comment(), comment(2, reply_to=1)])], with_comments=True))

    assert "Ninth by whose count?" in page.text


def test_every_claim_is_reached_from_the_contents_and_headings_leave_no_level_out():
    page = page_of(content([claim(number) for number in range(1, 6)]))
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]

    assert len(ids) == len(set(ids))
    assert {f"#claim-{number}" for number in range(1, 6)} <= {link["href"] for link in page.all("a")}
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))


def test_nothing_is_loaded_or_run_whatever_the_texts_hold():
    page = page_of(hostile())

    assert not page.all("script", "link", "img", "iframe", "object", "embed", "form", "base", "video", "audio")
    assert not [1 for _, attributes in page.elements for name in attributes if name in {"src", "style", "srcset"}]
    assert not [1 for _, attributes in page.elements for name in attributes if name.startswith("on")]
    assert all(re.match("https?://|#", link["href"] or "") for link in page.all("a"))
    assert "<script>alert(1)</script>" in page.text


def test_a_title_cannot_end_the_style():
    told = b"".join(report(content(title="</style><script>alert(1)</script>", desk={"name": '";}', "url": ""})))

    assert told.count(b"</style>") == 1
    assert b"<script>" not in told


def test_an_address_that_no_page_may_open_is_no_link():
    page = page_of(content([claim(evidence=[evidence(url="javascript:alert(1)")])]))

    assert not [link for link in page.all("a") if "javascript" in (link["href"] or "")]


def test_claims_are_written_as_they_come():
    endless = Content(header(), lambda: (claim(number) for number in count(1)))
    counted = Content(header(claims=3), lambda: islice(endless.claims(), 3))
    seen: list[int] = []

    def claims():
        for one in counted.claims():
            seen.append(one["position"])
            yield one

    for piece in report(Content(counted.header, claims)):
        if b'<article class="claim" id="claim-1"' in piece:
            break
    assert seen == [1, 2, 3, 1, 2, 3, 1]


@pytest.mark.parametrize(
    ("value", "said"),
    [("2023-05-24", "24 May 2023"), ("2023-05", "May 2023"), ("2023", "2023"), ("<b>", "&lt;b&gt;"), ("", "")],
)
def test_a_date_is_told_as_far_as_it_is_known(value, said):
    assert day(value) == said


def test_a_moment_is_told_in_utc_wherever_it_was_written():
    assert ">2 May 2023, 08:30 UTC<" in moment("2023-05-02T10:30:00+02:00")
    assert moment("soon") == "soon"
    assert moment("0001-01-01T00:00:00+14:00") == "0001-01-01T00:00:00+14:00"


@pytest.mark.parametrize("value", ["", "Z", "B9", "²", "B²", "<i>"])
def test_a_grade_that_is_none_breaks_nothing(value):
    assert "<i>" not in grade(value)


def test_what_html_has_no_place_for_is_named():
    assert html("a\x85b\ufffe\u202e") == "a⟦U+0085⟧b⟦U+FFFE⟧⟦RLO⟧"


SCRIPT = """
import sys, hashlib, django
django.setup()
from claims.releases.formats.report import report
from tests.releases.contents import hostile
print(hashlib.sha256(b"".join(report(hostile()))).hexdigest())
"""


def test_another_locale_time_zone_and_hash_seed_make_the_same_bytes():
    found = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", **named},
            cwd=Path(__file__).parents[2],
            capture_output=True,
            check=True,
        ).stdout
        for named in (
            {"LC_ALL": "C", "TZ": "Asia/Tokyo", "PYTHONHASHSEED": "1"},
            {"LC_ALL": "de_DE.UTF-8", "TZ": "America/New_York", "PYTHONHASHSEED": "2"},
        )
    }
    assert len(found) == 1
