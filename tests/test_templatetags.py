"""The small parts of every page: what they say to the eye, and to those who do not see it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone

from claims.choices import Mark, Stage, Stance
from claims.models import User, Verdict
from claims.templatetags import workbench


def render(source, **context):
    return Template(source).render(Context(context))


@pytest.mark.parametrize("value", [*Stage.values, "undecided", "due"])
def test_a_stage_carries_its_value_and_its_word(value):
    assert render("{% stage value %}", value=value).startswith(f'<span class="stage" data-stage="{value}">')
    assert workbench.STAGE_LABELS[value] in render("{% stage value %}", value=value)


def test_a_verdict_is_drawn_by_its_mark_and_named_by_the_desk():
    verdict = Verdict(name="Holds <mostly>", mark=Mark.MOSTLY)

    html = render("{% verdict verdict %}", verdict=verdict)

    assert html == '<span class="verdict" data-verdict="mostly_supported">Holds &lt;mostly&gt;</span>'


def test_the_state_of_a_claim_is_its_verdict_once_verified():
    open_claim = type("Claim", (), {"stage": Stage.OPEN, "verdict": None})()
    verified = type("Claim", (), {"stage": Stage.VERIFIED, "verdict": Verdict(name="Refuted", mark=Mark.REFUTED)})()

    assert 'data-stage="open"' in render("{% state claim %}", claim=open_claim)
    assert 'data-verdict="refuted"' in render("{% state claim %}", claim=verified)


@pytest.mark.parametrize("value", Stance.values)
def test_a_stance_carries_its_value_and_its_word(value):
    html = render("{% stance value %}", value=value)
    assert html == f'<span class="stance" data-stance="{value}">{Stance(value).label}</span>'


def test_a_balance_says_in_words_what_its_signs_mean():
    html = render("{% balance 2 1 %}")
    assert '<span class="vh">supports </span>2' in html
    assert '<span class="vh">refutes </span>1' in html


def test_a_balance_of_nothing_is_nothing():
    assert render("{% balance 0 0 %}") == ""


@pytest.mark.parametrize(
    ("letter", "digit", "shown", "words"),
    [
        ("B", 2, "B2", "source usually reliable, information probably true"),
        ("B", None, "B", "source usually reliable"),
        ("", 6, "6", "information truth cannot be judged"),
    ],
)
def test_a_grade_is_spelled_out(letter, digit, shown, words):
    html = render("{% grade letter digit %}", letter=letter, digit=digit)
    assert f'<span aria-hidden="true">{shown}</span>' in html
    assert f'<span class="vh">Grade {shown}: {words}.</span>' in html


def test_no_grade_is_nothing():
    assert render("{% grade '' None %}") == ""


def test_a_person_is_initials_with_the_name_at_hand():
    user = User(username="mara", first_name="Mara", last_name="Lindqvist")
    assert 'title="Mara Lindqvist"' in render("{% person user %}", user=user)
    assert "ML" in render("{% person user %}", user=user)
    assert render("{% person user name=True %}", user=user).endswith("</span> Mara Lindqvist")


def test_nobody_is_shown_as_nobody():
    assert 'title="Nobody"' in render("{% person user %}", user=None)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2025, 11, 18, 11, 59, 30, tzinfo=UTC), "now"),
        (datetime(2025, 11, 18, 11, 48, tzinfo=UTC), "12 min"),
        (datetime(2025, 11, 18, 9, 0, tzinfo=UTC), "3 h"),
        (datetime(2025, 11, 17, 23, 59, tzinfo=UTC), "yesterday"),
        (datetime(2025, 11, 16, 12, 0, tzinfo=UTC), "16 Nov"),
        (datetime(2024, 11, 18, 12, 0, tzinfo=UTC), "18 Nov 2024"),
        (datetime(2025, 11, 20, 12, 0, tzinfo=UTC), "20 Nov"),
    ],
)
def test_how_long_ago_is_told_as_shortly_as_it_can_be(monkeypatch, moment, words):
    now = datetime(2025, 11, 18, 12, 0, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)
    assert workbench.elapsed(timezone.localtime(moment)) == words


def test_a_moment_of_last_night_is_told_in_minutes_until_the_hour_is_over(monkeypatch):
    now = datetime(2025, 11, 18, 0, 20, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)
    assert workbench.elapsed(timezone.localtime(now - timedelta(minutes=40))) == "40 min"
    assert workbench.elapsed(timezone.localtime(now - timedelta(minutes=80))) == "yesterday"


def test_the_exact_moment_is_at_hand():
    html = render("{% ago moment %}", moment=datetime(2024, 2, 29, 23, 5, tzinfo=UTC))
    assert html == '<time datetime="2024-02-29T23:05:00+00:00" title="29 Feb 2024, 23:05 UTC">29 Feb 2024</time>'


def test_no_moment_is_nothing():
    assert render("{% ago None %}") == ""


@pytest.mark.parametrize(
    ("value", "shown"),
    [("2023-05-24", "24 May 2023"), ("2023-05", "May 2023"), ("2023", "2023"), ("", ""), ("soon", "soon")],
)
def test_a_partial_date_is_shown_as_precisely_as_it_is_known(value, shown):
    assert render("{{ value|partial_date }}", value=value) == shown


@pytest.mark.parametrize("url", ["https://example.org/a?b=c", "http://example.org"])
def test_a_web_address_may_be_linked(url):
    assert workbench.safe_href(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        " JavaScript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "//x",
        "x",
        "",
        "http://[",
        "file:///etc",
    ],
)
def test_no_other_address_may_be_linked(url):
    assert workbench.safe_href(url) == ""


def link_with(query, **changes):
    request = RequestFactory().get(f"/claims/?{query}")
    return workbench.link_with(Context({"request": request}), **changes)


def test_a_link_changes_one_parameter_and_keeps_the_others():
    assert link_with("q=nato&stage=open", stage="in_review") == "?q=nato&stage=in_review"


def test_a_link_keeps_every_value_of_the_others():
    assert link_with("stage=open&stage=in_review", q="a b") == "?stage=open&stage=in_review&q=a+b"


@pytest.mark.parametrize("nothing", [None, ""])
def test_a_link_removes_a_parameter_that_is_set_to_nothing(nothing):
    assert link_with("q=nato&stage=open", q=nothing) == "?stage=open"


def test_a_link_that_filters_anew_starts_at_the_first_page():
    assert link_with("after=abc&q=nato") == "?q=nato"
    assert link_with("before=abc&q=nato", after="def") == "?q=nato&after=def"


def test_a_link_is_escaped_in_the_page():
    request = RequestFactory().get("/claims/?q=%22%3E%3Cscript%3E&stage=open")
    assert (
        render("{% link_with kind='date' %}", request=request) == "?q=%22%3E%3Cscript%3E&amp;stage=open&amp;kind=date"
    )


def test_a_toast_is_read_back_with_its_undo():
    message = Message(constants.INFO, '{"text": "Saved.", "tone": "ok", "undo_url": "/undo/"}', extra_tags="toast")
    assert workbench.toast(message) == {"text": "Saved.", "tone": "ok", "undo_url": "/undo/"}


@pytest.mark.parametrize(
    ("level", "tone"), [(constants.SUCCESS, "ok"), (constants.WARNING, "warn"), (constants.ERROR, "error")]
)
def test_a_plain_message_is_a_toast_in_the_tone_of_its_level(level, tone):
    assert workbench.toast(Message(level, "Password changed.")) == {"text": "Password changed.", "tone": tone}


def test_the_masthead_marks_the_current_section_only():
    html = render("{% main_nav %} claims {% endmain_nav %}")
    assert html.count("aria-current") == 1
    assert '<a href="/claims/" data-go="c" aria-current="page">Claims</a>' in html
