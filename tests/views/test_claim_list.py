import re
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from claims.actions import claims as actions
from claims.models import User
from claims.views import claim_list_context
from tests import factories

HTMX = {"HX-Request": "true", "HX-Target": "results"}
SignIn = Callable[[User], Client]


@pytest.fixture
def desk(analyst: User, signed_in: SignIn) -> Client:
    return signed_in(analyst)


def get(client: Client, address: str = "", **kwargs: object) -> HttpResponse:
    return client.get(reverse("claim_list") + address, **kwargs)  # type: ignore[return-value, arg-type]


def assertions(response: HttpResponse) -> list[str]:
    return re.findall(r"/claims/\d+/\"><bdi>(.*?)</bdi>", response.content.decode())


def test_it_shows_claims_with_evidence_document_person_and_proposed_verdict(desk: Client, analyst: User) -> None:
    claim = factories.claim_in_text(assertion="Japan spends <much>.", assignee=analyst)
    factories.evidence_for(claim, stance="refutes")
    factories.submitted(claim, by=analyst, verdict_key="outdated")
    page = get(desk)
    assertContains(page, "Japan spends &lt;much&gt;.")
    assertContains(page, "proposed: outdated")
    assertContains(page, str(claim.appearances.get().snapshot.document))
    assertContains(page, '<span class="vh">refutes </span>1')
    assertContains(page, "1 claim; latest change first")


def test_a_signed_out_person_is_asked_to_sign_in(client: Client, db: None) -> None:
    assert get(client).status_code == 302


def test_readers_see_no_ticks_and_no_bulk_acts(reader: User, signed_in: SignIn) -> None:
    factories.claim()
    page = get(signed_in(reader))
    assertNotContains(page, 'class="bulk"')
    assertNotContains(page, 'name="claim"')


def test_a_filter_narrows_and_is_put_into_words(desk: Client) -> None:
    factories.claim(assertion="Kept.", kind="date")
    factories.claim(assertion="Left out.")
    page = get(desk, "?kind=date&stage=open")
    assert assertions(page) == ["Kept."]
    assertContains(page, "1 claim: open, kind date;")
    assertContains(page, 'name="kind" value="date" checked')


def test_htmx_gets_the_rows_with_everything_around_them_out_of_band(desk: Client) -> None:
    factories.claim(assertion="Kept.", kind="date")
    page = get(desk, "?q=&kind=date&assignee=", headers=HTMX)
    assert assertions(page) == ["Kept."]
    assertNotContains(page, "<html")
    assertContains(page, 'id="views" aria-label="Views" hx-swap-oob="true"')
    assertContains(page, '<span class="n" id="n-stage-open" hx-swap-oob="true">1</span>')
    assert page.headers["HX-Push-Url"] == "/claims/?kind=date"
    assert "HX-Request" in page.headers["Vary"]


def test_without_claims_it_says_how_to_begin(desk: Client) -> None:
    assertContains(get(desk), "There are no claims yet.")


def test_without_matches_it_names_the_filters_and_offers_to_clear_them(desk: Client) -> None:
    page = get(desk, "?q=kisida&stage=open")
    assertContains(page, "No claim matches.")
    assertContains(page, "Filters in force: “kisida”, open.")


@pytest.mark.parametrize(
    ("sort", "first", "aria"),
    [
        ("", "Second.", "descending"),
        ("-changed", "First.", "ascending"),
        ("created", "Second.", "descending"),
        ("-created", "First.", "ascending"),
        ("priority", "First.", "descending"),
        ("recheck", "First.", "ascending"),
        ("-recheck", "First.", "descending"),
        ("as_of", "Second.", "descending"),
    ],
)
def test_columns_sort_both_ways(desk: Client, sort: str, first: str, aria: str) -> None:
    factories.claim(assertion="First.", priority=4, recheck_on="2030", as_of="2020")
    factories.claim(assertion="Second.", as_of="2024-05")
    page = get(desk, f"?sort={sort}")
    assert assertions(page)[0] == first
    assertContains(page, f'aria-sort="{aria}"', count=1)


def test_the_link_of_the_sorted_column_reverses_it_and_keeps_the_filter(desk: Client) -> None:
    factories.claim()
    page = get(desk, "?stage=open&sort=priority")
    assertContains(page, 'href="?stage=open&amp;sort=-priority"')
    assertContains(page, 'href="?stage=open&amp;sort=as_of"')
    assertContains(page, '<input type="hidden" name="sort" value="priority">', html=True)


def test_a_search_is_newest_first_and_says_so(desk: Client) -> None:
    factories.claim(assertion="Same, old.", priority=4)
    factories.claim(assertion="Same, new.")
    page = get(desk, "?q=same&sort=priority")
    assert assertions(page) == ["Same, new.", "Same, old."]
    assertContains(page, "newest first (a search is not sorted otherwise)")
    assertNotContains(page, "aria-sort")


def test_pages_lead_further_and_back(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claim_list_context, "PAGE_SIZE", 2)
    for number in range(3):
        factories.claim(assertion=f"Number {number}.")
    for address in ("", "?q=number", "?sort=recheck"):
        first = get(desk, address)
        further = re.search(r'href="/claims/([^"]+)" rel="next"', first.content.decode())
        assert further
        second = get(desk, further[1].replace("&amp;", "&"))
        assert len(assertions(second)) == 1
        assert not set(assertions(first)) & set(assertions(second))
        back = re.search(r'href="/claims/([^"]+)" rel="prev"', second.content.decode())
        assert back
        assert assertions(get(desk, back[1].replace("&amp;", "&"))) == assertions(first)


@pytest.mark.parametrize("parameter", ["after", "before"])
@pytest.mark.parametrize("address", ["", "?q=assertion", "?sort=recheck"])
def test_a_tampered_cursor_is_a_400_that_says_why(desk: Client, address: str, parameter: str) -> None:
    factories.claim()
    page = get(desk, f"{address}{'&' if address else '?'}{parameter}=abc")
    assertContains(page, "The page marker in the address does not fit this list.", status_code=400)


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("?stage=bogus", "there is no “bogus”; it can be open"),
        ("?sort=bogus", "there is no “bogus”; it can be changed"),
        ("?stge=open", "there is no filter of this name"),
        ("?q=" + "a" * 10_000, "at most 200 characters"),
        ("?q=%00", "NUL"),
        ("?source=99999999999999999999999", "is not a number"),
    ],
)
def test_a_filter_that_does_not_parse_is_a_400_with_the_form_kept(desk: Client, address: str, reason: str) -> None:
    page = get(desk, f"{address}&kind=date")
    assertContains(page, reason, status_code=400)
    assertContains(page, 'name="kind" value="date" checked', status_code=400)
    assert get(desk, address, headers=HTMX).status_code == 422


@pytest.mark.parametrize("q", ['"', "'", "(", "NEAR(", "*", "^", "🙂", "a:b", "\\", "%", "<script>", "=cmd|", "\u202e"])
def test_no_search_breaks_the_page(desk: Client, q: str) -> None:
    factories.claim()
    assert get(desk, "?" + urlencode({"q": q})).status_code == 200


def test_a_reference_leads_to_its_claim_once_sent(desk: Client) -> None:
    claim = factories.claim(key="jn-51", assertion="Fifty-one.")
    assertRedirects(get(desk, "?q=JN-51"), claim.get_absolute_url(), fetch_redirect_response=False)
    assert assertions(get(desk, "?q=JN-51", headers=HTMX)) == ["Fifty-one."]


def test_views_lead_to_their_filters_and_mark_where_one_is(desk: Client, analyst: User) -> None:
    factories.claim(assignee=analyst)
    page = get(desk, "?assignee=me")
    assertContains(
        page, '<a href="/claims/?assignee=me" aria-current="page">Mine <span class="n">1</span></a>', html=True
    )
    assertNotContains(page, "Waiting for my review")


def test_reviewers_have_their_queue_as_a_view(reviewer: User, signed_in: SignIn) -> None:
    factories.submitted(factories.claim(), by=factories.user("other"))
    page = get(signed_in(reviewer), "?review=me")
    assertContains(page, 'Waiting for my review <span class="n">1</span>')
    assertContains(page, 'name="review" value="me"')


def test_exports_are_of_exactly_what_is_filtered(desk: Client) -> None:
    factories.claim(kind="date")
    page = get(desk, "?kind=date&q=assertion")
    for form in ("csv", "json", "jsonl", "claimreview"):
        assertContains(page, f'href="/claims/export.{form}?q=assertion&amp;kind=date"')
    assertContains(page, "q=assertion&amp;stage=open&amp;stage=in_progress&amp;stage=in_review")
    assertNotContains(get(desk, "?stage=open"), "all stages")


def test_tags_and_chosen_records_stay_offered(desk: Client) -> None:
    claim = factories.claim()
    actions.set_tags(claim, ["asia"])
    other = factories.document(title="Not under check")
    page = get(desk, f"?tag=asia&document={other.pk}")
    assertContains(page, 'name="tag" value="asia" checked')
    assertContains(page, f'name="document" value="{other.pk}" checked')


@pytest.mark.parametrize("address", ["", "?stage=open&kind=date", "?q=assertion", "?assignee=me&sort=priority"])
def test_the_number_of_queries_does_not_grow_with_the_claims(
    desk: Client, analyst: User, address: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    def add(number: int) -> None:
        for _ in range(number):
            claim = factories.claim_in_text(kind="date", assignee=analyst)
            factories.evidence_for(claim)
            factories.submitted(factories.claim(), by=analyst)

    add(2)
    get(desk, address)
    with django_assert_max_num_queries(QUERIES) as few:
        get(desk, address)
    add(8)
    with django_assert_max_num_queries(len(few)) as many:
        get(desk, address)
    assert len(many) == len(few)


QUERIES = 17
"""Session, person and permissions (4), rows (4), total, views, facets (2) and their options (5)."""
