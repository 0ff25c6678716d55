"""Hygiene of typed text, and the form fields that apply it."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from claims.forms.fields import LineField, LinkField, PartialDateField, TextField
from claims.text import BIDI_CONTROLS, clean_line, clean_text, show_bidi


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("  Japan  has\ta\r\nbudget ", "Japan has a budget"),
        ("cafe\u0301", "caf\u00e9"),
        ("safe\u202egpj.exe", "safegpj.exe"),
        ("\ufeffTo\u200bkyo", "Tokyo"),
        ("a\u2028b\u00a0c\u3000d", "a b c d"),
        ("bell\x07", "bell"),
        ("\U0001f468\u200d\U0001f469", "\U0001f468\u200d\U0001f469"),
        ("=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
        ("<script>", "<script>"),
        ("\u202e \u200f", ""),
    ],
)
def test_a_line_is_composed_and_holds_nothing_unseen(typed, cleaned):
    assert clean_line(typed) == cleaned


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("one\r\ntwo\rthree\n", "one\ntwo\nthree\n"),
        ("\x01a\x0b\x0c\x1b[31mb\x7f\t", "a[31mb\t"),
        ("cafe\u0301  \u202eabc\u202c", "cafe\u0301  \u202eabc\u202c"),
        (" \u00a0kept ", " \u00a0kept "),
    ],
)
def test_a_text_keeps_everything_but_control_characters(typed, cleaned):
    assert clean_text(typed) == cleaned


@pytest.mark.parametrize("clean", [clean_line, clean_text])
@pytest.mark.parametrize(("typed", "message"), [("a\x00b", "a NUL character"), ("a\ud83d", "half a surrogate pair")])
def test_what_cannot_be_stored_is_refused(clean, typed, message):
    with pytest.raises(ValueError, match=message):
        clean(typed)


@given(st.text().filter(lambda text: "\x00" not in text))
def test_cleaning_twice_changes_nothing_more(text):
    assert clean_text(clean_text(text)) == clean_text(text)
    assert clean_line(clean_line(text)) == clean_line(text)
    assert not set(clean_line(text)) & set(BIDI_CONTROLS)


def test_direction_controls_can_be_shown():
    assert show_bidi("safe\u202egpj.exe\u202c") == "safe⟦RLO⟧gpj.exe⟦PDF⟧"


def test_a_field_names_its_limit_and_the_actual_length():
    with pytest.raises(ValidationError, match="At most 500 characters are allowed; this has 10000"):
        LineField(max_length=500).clean("a" * 10_000)


def test_a_length_counts_code_points_after_cleaning():
    assert LineField(max_length=4).clean(" \U0001f600\U0001f600   ok"[:-1]) == "\U0001f600\U0001f600 o"
    assert TextField(max_length=3).clean("a\r\nb") == "a\nb"


def test_the_browser_is_not_told_to_cut_off_what_is_too_long():
    assert "maxlength" not in LineField(max_length=5).widget.attrs
    assert "maxlength" not in TextField(max_length=5).widget.attrs


@pytest.mark.parametrize("field", [LineField(), TextField(), LinkField(), PartialDateField()])
@pytest.mark.parametrize("blank", ["", "  \n ", None])
def test_a_blank_in_a_required_field_is_refused(field, blank):
    with pytest.raises(ValidationError, match="This field is required"):
        field.clean(blank)


def test_a_line_of_direction_marks_alone_is_blank():
    with pytest.raises(ValidationError, match="This field is required"):
        LineField().clean("\u202e\u200f")


@pytest.mark.parametrize("field", [LineField, TextField, LinkField, PartialDateField])
def test_an_optional_field_may_stay_empty(field):
    assert field(required=False).clean("  ") == ""


def test_a_document_keeps_the_blanks_at_its_ends():
    assert TextField(strip=False).clean("  a\r\n") == "  a\n"
    assert TextField().clean("  a\r\n") == "a"


@pytest.mark.parametrize("field", [LineField(), TextField()])
def test_a_nul_is_a_form_error_not_a_crash(field):
    with pytest.raises(ValidationError, match="contains a NUL character"):
        field.clean("a\x00b")


def test_an_address_is_cleaned_to_its_one_spelling():
    assert LinkField().clean(" HTTPS://Example.org/a?utm_source=x#b ") == "https://example.org/a"
    with pytest.raises(ValidationError, match="begin with https"):
        LinkField().clean("javascript:alert(1)")


def test_a_typed_date_is_cleaned_to_iso():
    assert PartialDateField().clean("24 May 2023") == "2023-05-24"
    with pytest.raises(ValidationError, match="There is no month 13"):
        PartialDateField().clean("2023-13")
