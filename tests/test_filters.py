import pytest
from django.http import QueryDict
from pytest_django import DjangoAssertNumQueries

from claims.actions import claims as actions
from claims.actions import comments
from claims.choices import ClaimKind, Stage
from claims.filters import ClaimFilter
from claims.models import Claim, User
from tests import factories

pytestmark = pytest.mark.django_db


def read(address: str) -> ClaimFilter:
    return ClaimFilter.parse(QueryDict(address))


def selected(address: str, user: User | None = None) -> set[Claim]:
    parsed = read(address)
    assert not parsed.problems
    return set(parsed.apply(Claim.objects.all(), user))


def test_an_empty_filter_selects_all_and_says_nothing() -> None:
    claim = factories.claim()
    assert selected("") == selected("stage=&q=+&source=") == {claim}
    assert read("").describe() == read("").querystring() == ""


def test_values_of_one_field_widen_and_fields_narrow() -> None:
    opened, verified = factories.claim(), factories.verified_claim(kind=ClaimKind.DATE)
    assert selected("stage=open&stage=verified") == {opened, verified}
    assert selected("stage=open&kind=date") == set()
    assert selected("verdict=supported&kind=date") == {verified}


def test_words_and_people_in_the_search() -> None:
    mine = factories.claim(assertion="Japan spends.", assignee=factories.user("mara"))
    other = factories.claim(assertion="Japan saves.")
    assert selected("q=japan") == {mine, other}
    assert selected("q=japan+@mara") == selected("q=@mara") == {mine}


def test_a_reference_selects_its_claim() -> None:
    keyed, plain = factories.claim(key="jn-51"), factories.claim()
    assert selected("q=JN-51") == selected("q=jn-51") == {keyed}
    assert selected(f"q=c-{plain.pk}") == {plain}
    assert selected(f"q=C-{keyed.pk}") == {keyed}


def test_what_only_looks_like_a_reference_is_words() -> None:
    claim = factories.claim(assertion="The covid-19 wave.")
    assert selected("q=covid-19") == {claim}
    assert selected("q=C-999999") == set()


def test_assignees(analyst: User, reviewer: User) -> None:
    mine, nobodys = factories.claim(assignee=analyst), factories.claim()
    assert selected("assignee=me", analyst) == selected("assignee=analyst", reviewer) == {mine}
    assert selected("assignee=none", analyst) == {nobodys}


def test_waiting_for_my_review_leaves_out_my_own(analyst: User, reviewer: User) -> None:
    by_analyst, by_reviewer = factories.claim(), factories.claim()
    factories.submitted(by_analyst, by=analyst)
    factories.submitted(by_reviewer, by=reviewer)
    assert selected("review=me", reviewer) == {by_analyst}


@pytest.mark.parametrize("address", ["assignee=me", "review=me"])
def test_a_command_has_no_me(address: str) -> None:
    with pytest.raises(ValueError, match="“me”"):
        selected(address, None)


def test_documents_sources_and_grades() -> None:
    good, bad = factories.source(reliability="A"), factories.source(reliability="E")
    here, there = (
        factories.claim_in_text(snapshot=factories.snapshot(document=factories.document(source=source)))
        for source in (good, bad)
    )
    document = here.appearances.get().snapshot.document
    assert selected(f"document={document.pk}") == selected(f"source={good.pk}") == selected("grade=A") == {here}
    assert selected("grade=A&grade=E") == {here, there}


def test_a_letter_of_the_documents_own_counts_instead_of_its_sources() -> None:
    source = factories.source(reliability="A")
    document = factories.document(source=source, reliability_override="F", reliability_override_reason="A forgery?")
    claim = factories.claim_in_text(snapshot=factories.snapshot(document=document))
    assert (selected("grade=A"), selected("grade=F")) == (set(), {claim})


def test_tags_narrow_each_other(analyst: User) -> None:
    both, one = factories.claim(), factories.claim()
    actions.set_tags(both, ["budget", "asia"])
    actions.set_tags(one, ["budget"])
    assert selected("tag=budget") == {both, one}
    assert selected("tag=budget&tag=asia") == {both}


def test_due_and_unresolved_comments(analyst: User) -> None:
    due, quiet = factories.verified_claim(recheck_on="2020"), factories.verified_claim()
    factories.comment(due)
    resolved = factories.comment(quiet)
    comments.resolve_thread(resolved, by=analyst)
    assert selected("due=yes") == selected("comments=unresolved") == {due}


@pytest.mark.parametrize(
    ("address", "name", "reason"),
    [
        ("stage=bogus", "stage", "Stage: there is no “bogus”; it can be open, in_progress"),
        ("verdict=bogus", "verdict", "Verdict: there is no “bogus”."),
        ("kind=Ranking", "kind", "there is no “Ranking”"),
        ("grade=G", "grade", "there is no “G”; it can be A, B, C, D, E, F."),
        ("source=x", "source", "“x” is not a number"),
        ("source=-1", "source", "“-1” is not a number"),
        ("source=99999999999999999999", "source", "is not a number"),
        ("source=١٢", "source", "is not a number"),
        ("document=999999", "document", "there is none with the number 999999"),
        ("document=1&document=2", "document", "it can be given only once"),
        ("assignee=nobody-known", "assignee", "there is nobody called “nobody-known”"),
        ("q=@nobody", "q", "there is nobody called “nobody”"),
        ("q=-only", "q", "Add a word to look for"),
        ("q=" + "a" * 10_000, "q", "at most 200 characters; this has 10,000"),
        ("q=a%00b", "q", "Search: The text contains a NUL"),
        ("tag=unheard", "tag", "there is no “unheard”"),
        ("tag=%00", "tag", "NUL"),
        ("due=maybe", "due", "there is no “maybe”; it can be yes"),
        ("review=you", "review", "it can be me"),
        ("comments=all", "comments", "it can be unresolved"),
        ("stge=open", "stge", "stge: there is no filter of this name"),
        ("kind=" + "&kind=".join(map(str, range(51))), "kind", "at most 50 values"),
    ],
)
def test_what_does_not_parse_is_a_problem_that_names_its_field(address: str, name: str, reason: str) -> None:
    problem = read(address).problems[0]
    assert problem.field == name
    assert reason in str(problem)


def test_all_problems_are_told_at_once() -> None:
    assert [problem.field for problem in read("stage=x&verdict=y&zz=1").problems] == ["zz", "stage", "verdict"]


def test_sort_and_cursor_may_stand_beside_and_others_as_told() -> None:
    assert not read("sort=changed&after=x&before=y").problems
    assert not ClaimFilter.parse(QueryDict("include=all"), beside={"include"}).problems
    assert read("include=all").problems


def test_the_query_string_reads_back_as_the_same_filter(analyst: User) -> None:
    claim = factories.claim_in_text()
    actions.set_tags(claim, ["a b&c"])
    document = claim.appearances.get().snapshot.document
    address = (
        f"q=words+%22a+b%22&stage=open&stage=verified&verdict=refuted&kind=date&grade=B&source={document.source_id}"
        f"&document={document.pk}&assignee=analyst&tag=a+b%26c&due=yes&review=me&comments=unresolved"
    )
    assert read(address).querystring() == address
    assert read(read(address).querystring()) == read(address)


def test_a_filter_says_what_it_selects(analyst: User) -> None:
    text = read("q=budget&stage=open&stage=in_review&verdict=refuted&kind=date&grade=A&grade=B&due=yes").describe()
    assert text == "“budget”, open or in review, verdict refuted, kind date, source grade A or B, due"
    assert read("assignee=me").describe() == "assigned to me"
    assert read("assignee=analyst").describe() == "assigned to analyst"


def test_parts_can_be_left_out() -> None:
    assert read("stage=open&kind=date").without("stages").querystring() == "kind=date"


def test_reading_costs_one_query_per_kind_of_record(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    factories.claim_in_text()
    with django_assert_num_queries(0):
        read("q=words&stage=open&kind=date&due=yes&assignee=me")
    with django_assert_num_queries(2):
        read("verdict=refuted&verdict=supported&verdict=disputed&document=1")


def test_applying_costs_no_query_of_its_own(django_assert_num_queries: DjangoAssertNumQueries, analyst: User) -> None:
    parsed = read("q=words&stage=open&assignee=me&due=yes&grade=A&comments=unresolved")
    with django_assert_num_queries(1):
        list(parsed.apply(Claim.objects.all(), analyst))
    assert parsed.stages == (Stage.OPEN,)
