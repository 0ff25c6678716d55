"""report.pdf: the report on paper, the same bytes everywhere, of short releases only."""

from pathlib import Path

import pypdfium2
import pytest

from claims.releases import pdf
from claims.releases.formats import report
from tests.releases.contents import HOSTILE, claim, content

needs_weasyprint = pytest.mark.skipif(not pdf.is_installed(), reason="WeasyPrint or its libraries are not installed.")
SHORT = [text for text in HOSTILE if len(text) < 1_000]


def text_of(data: bytes) -> str:
    with pypdfium2.PdfDocument(data) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


@needs_weasyprint
def test_every_assertion_is_in_it_and_it_is_tagged_and_dated_by_the_release():
    release = content([claim(number, assertion=text) for number, text in enumerate(SHORT, start=1)], with_pdf=True)
    _, member = report.members(release)
    data = b"".join(member.chunks())

    assert member.name == "report.pdf"
    with pypdfium2.PdfDocument(data) as document:
        assert document.is_tagged()
        assert document.get_metadata_value("CreationDate").startswith("D:20230601120000")
    said = "".join(text_of(data).split())
    for text in ("=HYPERLINK(", "日本の防衛費は世界で九番目に大きい。", "<script>alert(1)</script>", "_x000D_"):
        assert text in said


@needs_weasyprint
def test_another_locale_time_zone_hash_seed_and_other_fonts_make_the_same_bytes(monkeypatch):
    page = b"".join(report.report(content([claim(assertion="日本 \U0001f469 \u05d7\u05d9")])))
    first = b"".join(pdf.pdf([page], "t"))
    for name, value in {
        **{"LC_ALL": "de_DE.UTF-8", "TZ": "America/New_York", "PYTHONHASHSEED": "2", "SOURCE_DATE_EPOCH": "1"},
        **{"FONTCONFIG_FILE": "/etc/fonts/fonts.conf", "PYTHONSTARTUP": "x", "HOME": "/"},
    }.items():
        monkeypatch.setenv(name, value)

    assert b"".join(pdf.pdf([page], "t")) == first


@needs_weasyprint
def test_nothing_is_fetched_not_even_a_file(tmp_path):
    (tmp_path / "secret.css").write_text("body::before { content: 'leaked' }")
    asks = f'<link rel="stylesheet" href="file://{tmp_path}/secret.css"><img alt="" src="http://127.0.0.1:9/x.png">'
    page = f'<html lang="en"><head><title>T</title>{asks}</head><body><p>Said</p></body></html>'

    said = text_of(b"".join(pdf.pdf([page.encode()], "t")))

    assert "Said" in said
    assert "leaked" not in said


@pytest.mark.parametrize(("wanted", "there"), [(True, False), (False, True), (True, True)])
def test_a_desk_makes_them_when_it_wants_to_and_can(settings, monkeypatch, wanted, there):
    settings.MAKE_PDF = wanted
    monkeypatch.setattr(pdf, "is_installed", lambda: there)

    assert pdf.can_make_pdf() is (wanted and there)


def test_a_long_release_has_none_and_says_so(monkeypatch):
    monkeypatch.setattr(report, "MOST_CLAIMS", 1)
    release = content([claim(1), claim(2)], with_pdf=True)

    assert [member.name for member in report.members(release)] == ["report.html"]
    assert b"This release has no PDF: one is made of at most 1 claim" in b"".join(report.report(release))


def test_so_has_a_release_of_few_claims_with_much_text():
    release = content([claim(evidence=[], captures=[], assertion="x" * (2 << 20))], with_pdf=True)

    assert not report.has_pdf(release)


def test_where_it_cannot_be_made_there_is_none_and_no_excuse():
    release = content([claim()], with_pdf=False)

    assert [member.name for member in report.members(release)] == ["report.html"]
    assert b"no PDF" not in b"".join(report.report(release))


def test_a_desk_without_the_library_says_what_is_missing(monkeypatch):
    monkeypatch.setattr(pdf, "is_installed", lambda: False)

    with pytest.raises(pdf.NoPdf, match="install the extra"):
        list(pdf.pdf([b""], "t"))


@needs_weasyprint
def test_a_press_that_fails_says_why(monkeypatch):
    monkeypatch.setattr(pdf, "HERE", Path("nowhere"))

    with pytest.raises(pdf.NoPdf, match="could not be made"):
        list(pdf.pdf([b""], "t"))
