"""Markdown of comments: what it may become, and whom it mentions."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.markdown import is_blank, mentioned, render
from tests.growth import assert_grows_in_step

PEOPLE = {"ann": "/people/ann/", "bo.b-1": "/people/bo.b-1/", "zoë": "/people/zo%C3%AB/"}
ALLOWED_TAGS = {
    "p",
    "br",
    "hr",
    "em",
    "strong",
    "s",
    "code",
    "pre",
    "blockquote",
    "ul",
    "ol",
    "li",
    "a",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}
FRAGMENTS = st.lists(
    st.sampled_from(
        ["<script>", "</p>", "<img src=x onerror=a()>", "[a](javascript:b)", "](", "![", "`", "```\n", "@ann", "&#106;"]
        + ["<a href='", '" onclick="x', "<!--", "<style>", "|a|\n|-|\n", "> ", "\n\n", "*", "_", "http://x.org", "\x00"]
    )
).map("".join)


class Tags(HTMLParser):
    """Collects the tags and attributes that a browser would see."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[tuple[str, str | None]] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes.update(attrs)


def test_the_usual_marks_become_html():
    html = render("*a* **b** ~~c~~ `d`\nnext\n\n- one\n- two\n\n> said\n\n|x|\n|-|\n|y|")
    assert Tags(html).names >= {"em", "strong", "s", "code", "br", "ul", "li", "blockquote", "table", "td"}


def test_links_carry_no_credit_and_no_referrer():
    html = render("see [here](https://example.org/a) and https://example.org/b")
    assert html.count('rel="nofollow noopener noreferrer"') == 2
    assert 'href="https://example.org/a"' in html
    assert 'href="https://example.org/b"' in html


def test_file_names_and_abbreviations_are_not_links():
    assert "<a" not in render("README.md, ann@example.org, e.g.this, example.org")


def test_headings_and_images_stay_text():
    html = render("# not a heading\n\nnor this\n===\n\n![alt](https://example.org/track.png)")
    assert Tags(html).names <= {"p", "a", "br"}
    assert "# not a heading" in html


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](java\nscript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:msgbox(1))",
        "<javascript:alert(1)>",
        '[x](https://example.org/"onmouseover="alert(1))',
        '[x](https://example.org "title\\" onclick=\\"alert(1)")',
        '![x](x" onerror="alert(1))',
        "<style>*{display:none}</style>",
        "<iframe src=https://example.org></iframe>",
        "`<script>alert(1)</script>`",
        "```<script>\n<script>alert(1)</script>\n```",
        "@ann<script>",
    ],
)
def test_no_script_gets_through(attack):
    tags = Tags(render(attack, PEOPLE))
    assert tags.names <= ALLOWED_TAGS
    assert {name for name, _ in tags.attributes} <= {"href", "title", "rel", "class"}
    assert not [
        value for name, value in tags.attributes if name == "href" and re.match(r"\s*\w*script|data", value or "")
    ]


@given(FRAGMENTS)
def test_nothing_outside_the_allow_list_ever_comes_out(text):
    tags = Tags(render(text, PEOPLE))
    assert tags.names <= ALLOWED_TAGS
    for name, value in tags.attributes:
        assert name in {"href", "title", "rel", "class", "start"}
        assert name != "class" or value == "at"
        assert name != "href" or re.match(r"https?://|mailto:|/|[^:]*$", value or "")


def test_a_known_username_becomes_a_link_to_the_person():
    html = render("ask @ann, @bo.b-1. and **@zoë**", PEOPLE)
    for name, href in PEOPLE.items():
        assert f'<a class="at" href="{href}" rel="nofollow noopener noreferrer">@{name}</a>' in html


@pytest.mark.parametrize("text", ["@nobody", "`@ann`", "mail@ann", "    @ann", "@@ann", "https://example.org/@ann"])
def test_other_words_with_an_at_sign_are_not_linked_to_a_person(text):
    assert 'class="at"' not in render(text, PEOPLE)


def test_a_person_cannot_be_mentioned_inside_a_link():
    assert render("[to @ann](https://example.org)", PEOPLE).count("<a ") == 1


def test_mentions_are_listed_once_in_order():
    assert mentioned("@bob and @ann: see *@bob*.\n\n> (@carl), @ann's") == ["bob", "ann", "carl"]


@pytest.mark.parametrize(
    "text",
    [
        *("", "`@ann`", "```\n@ann\n```", "ann@example.org", "ann+x@example.org", "a.b.@c", "@", "@@ann"),
        *("https://example.org/@ann", "[@ann](https://example.org)", "<ann@example.org>"),
    ],
)
def test_code_links_and_mail_addresses_mention_nobody(text):
    assert mentioned(text) == []


@pytest.mark.parametrize("unit", ["[", "> ", "*a_", "`", "|", "<"])
def test_hostile_nesting_takes_time_in_step_with_its_length(unit):
    assert_grows_in_step(render, unit, 10_000)


@pytest.mark.parametrize("text", ["", " \n", "\u202e", "\u200b", "\u2800", "&nbsp;", "**&nbsp;**", "---"])
def test_a_comment_of_which_nothing_can_be_seen_is_blank(text):
    assert is_blank(text)


@pytest.mark.parametrize("text", ["a", "?", "\U0001f600", "`x`", "日本", "\u202eabc"])
def test_a_comment_of_which_something_can_be_seen_is_not_blank(text):
    assert not is_blank(text)
