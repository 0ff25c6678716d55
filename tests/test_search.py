"""Search, the same on both databases: run with DATABASE_URL=postgres://… for the other one."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from claims import search
from claims.actions.claims import edit_claim
from claims.models import Claim, SearchEntry, User
from claims.search.query import Query, Term, parse
from claims.search.words import tokens
from tests import factories

BUDGET = "Japan has the world's ninth-largest military budget."
TREATY = "NATO's treaty was signed in Washington, D.C. on 4 April 1949."
OTA = "Ōta Kōzō met the café owners' naïve Straße lobby."
KANJI = "防衛省は2023年に予算を発表した。"
PUNCTUATION = (
    """ "  ""  \"""  '  ''  \\  (  )  ()  [  NEAR(  NEAR(a b, 2)  a NEAR b  *  **  a**  ^a  a^2  a AND  AND"""
    """  OR  NOT  a NOT  NOT b  a:b  words:a  rowid:1  {a b}:c  +a  a + b  a & b  a | b  !a  a <-> b"""
    """  <2>  a:*  a:A  'a':1  %  _  a%b  a;DROP TABLE claims_claim;--  -  --  - a  a -  a -*  -""  -"  @  @ a  #"""
    """  🙂  👩‍👩‍👧  ﷺ  ²³  ½  Ⅷ  ١٢٣  ไทย  हिन्दी  한국어"""
)


@pytest.fixture
def four(db: None) -> list[Claim]:
    return [factories.claim(assertion=assertion) for assertion in (BUDGET, TREATY, OTA, KANJI)]


def found(text: str) -> list[str]:
    claims = search.matching(Claim.objects.all(), parse(text))
    return [claim.assertion for claim in claims.order_by("pk")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("japan", [BUDGET]),
        ("JAPAN budget", [BUDGET]),
        ("japan treaty", []),
        ("military japan", [BUDGET]),
        ('"military budget"', [BUDGET]),
        ('"budget military"', []),
        ("“military budget”", [BUDGET]),
        ('"military budget', [BUDGET]),
        ("ninth-largest", [BUDGET]),
        ("largest-ninth", []),
        ("milit*", [BUDGET]),
        ("milit", []),
        ("j*", [BUDGET]),
        ("in -japan", [TREATY]),
        ('4 -"april 1949"', []),
        ("nato's", [TREATY]),
        ("d.c.", [TREATY]),
        ("1949", [TREATY]),
        ("ota", [OTA]),
        ("kozo OTA", [OTA]),
        ("cafe naive strasse", [OTA]),
        ("CAFÉ", [OTA]),
        ("防衛", [KANJI]),
        ("衛防", []),
        ("2023", [KANJI]),
        ("", [BUDGET, TREATY, OTA, KANJI]),
        ("🙂", []),
        ("*", []),
        ("japan 🙂 !", [BUDGET]),
    ],
)
@pytest.mark.usefixtures("four")
def test_the_query_language(text: str, expected: list[str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *PUNCTUATION.split("  "),
        *("a\tb\nc", "\u202eabc", "e\u0301", "\u3099", "\ufeff", "\ue000", "\U0010ffff", "a" * 200),
        *("abcdefgh " * 20, "(" * 200, '"a' * 100, "a " + "-b " * 60),
    ],
)
@pytest.mark.usefixtures("four")
def test_no_text_breaks_the_search(text: str) -> None:
    found(text)


class AnyText(TestCase):
    @settings(max_examples=200, deadline=None)
    @given(st.text(max_size=150))
    def test_whatever_is_typed_is_found_or_refused_in_words(self, text: str) -> None:
        try:
            found(text)
        except ValueError as error:
            assert str(error).endswith(".")  # noqa: PT017

    @settings(max_examples=100, deadline=None)
    @given(st.text(min_size=1, max_size=60))
    def test_a_claim_is_found_by_its_own_words_as_a_phrase(self, text: str) -> None:
        if "\x00" in text or any("\ud800" <= char <= "\udfff" for char in text) or not tokens(text):
            return
        claim = factories.claim(assertion=text)
        term = Term(tuple(tokens(text)))
        assert claim in search.matching(Claim.objects.all(), Query(wanted=(term,)))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a" * 10_000, "at most 200 characters; this has 10,000"),
        ("a\x00b", "NUL"),
        ("a\ud800", "surrogate"),
        ("-japan", "a minus only says"),
        ('-"a b" -c', "a minus only says"),
    ],
)
def test_what_cannot_be_searched_for_is_refused_in_words(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse(text)


def test_people_are_told_from_words() -> None:
    query = parse("@mara budget @teo.m mail@example.org")
    assert query.people == ("mara", "teo.m")
    assert query.wanted == (Term(("budget",)), Term(("mail", "example", "org")))


def test_a_word_may_be_long(db: None) -> None:
    claim = factories.claim(assertion="ü" * 1000)
    assert search.matching(Claim.objects.all(), parse("ü" * 200)).get() == claim


def test_an_edited_assertion_is_found_by_its_new_words_only(analyst: User) -> None:
    claim = factories.claim(assertion="Old words.")
    edit_claim(claim, by=analyst, version=claim.version, assertion="Other terms.")
    assert found("old") == []
    assert found("terms") == ["Other terms."]


def test_matches_can_be_filtered_and_come_newest_first_from_the_index(db: None) -> None:
    first, second = factories.claim(assertion="Same word."), factories.claim(assertion="Same word.", priority=4)
    matches = search.matching(Claim.objects.all(), parse("same"))
    assert list(matches.order_by(*search.NEWEST_FIRST)) == [second, first]
    assert list(matches.filter(priority=4)) == [second]
    if connection.vendor == "sqlite":
        assert "TEMP B-TREE" not in matches.order_by(*search.NEWEST_FIRST)[:10].explain()


def test_rebuilding_finds_what_was_written_past_the_workbench(four: list[Claim]) -> None:
    Claim.objects.filter(pk=four[0].pk).update(assertion="Changed by hand.")
    SearchEntry.objects.filter(pk=four[1].pk).delete()
    out = StringIO()
    call_command("rebuild_search", stdout=out)
    assert found("hand") == ["Changed by hand."]
    assert found("treaty") == [TREATY]
    assert "Indexed 4 claims." in out.getvalue()
