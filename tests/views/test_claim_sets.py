import re
from collections.abc import Callable
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from claims.actions import claim_sets as actions
from claims.choices import RecordAct
from claims.models import Claim, ClaimSet, Event, Tag, User
from claims.views import claim_set_context, claim_sets
from tests import factories

SignIn = Callable[[User], Client]


@pytest.fixture
def desk(analyst: User, signed_in: SignIn) -> Client:
    return signed_in(analyst)


def post(client: Client, name: str, claim_set: ClaimSet | None = None, **data: object) -> HttpResponse:
    url = reverse(name, args=[claim_set.pk] if claim_set else [])
    return client.post(url, data, follow=True)  # type: ignore[return-value, arg-type]


def members(claim_set: ClaimSet) -> list[int]:
    return list(claim_set.items.values_list("claim", flat=True))


def test_the_list_counts_claims_and_those_that_are_ready(desk: Client) -> None:
    factories.claim_set(title="Budget", claims=(factories.claim(), factories.verified_claim(), _due_claim()))
    factories.claim_set(title="Empty")
    page = desk.get(reverse("claim_set_list"))
    assertContains(page, "Budget")
    assertContains(page, '3<span class="vh"> claims</span>')
    assertContains(page, '1<span class="vh"> ready</span>')
    assertContains(page, '0<span class="vh"> claims</span>')


def _due_claim() -> Claim:
    claim = factories.verified_claim()
    factories.evidence_for(claim)  # which makes it due
    return claim


def test_without_sets_it_says_how_to_make_one(desk: Client) -> None:
    assertContains(desk.get(reverse("claim_set_list")), "There are no claim sets yet.")


def test_a_set_is_created_once_however_often_the_button_is_pressed(desk: Client) -> None:
    token = str(uuid4())
    for _ in range(2):
        page = post(desk, "claim_set_add", title="  Budget ", description="All.", licence="CC-BY-4.0", token=token)
    claim_set = ClaimSet.objects.get()
    assertRedirects(page, claim_set.get_absolute_url(), status_code=303)
    assert (claim_set.title, claim_set.description, claim_set.licence) == ("Budget", "All.", "CC-BY-4.0")


@pytest.mark.parametrize("title", ["", " ", "Taken", "x" * 201, "a\x00b"])
def test_a_title_must_be_given_and_new(desk: Client, title: str) -> None:
    factories.claim_set(title="Taken")
    page = post(desk, "claim_set_add", title=title, description="Kept.")
    assertContains(page, "Kept.", status_code=422)
    assert ClaimSet.objects.count() == 1


def test_a_set_is_made_of_all_that_a_filter_selects(desk: Client) -> None:
    wanted = [factories.claim(kind="date") for _ in range(3)]
    factories.claim()
    page = desk.get(reverse("claim_set_add"), {"filter": "kind=date"})
    assertContains(page, "From the filter: kind date")
    page = post(desk, "claim_set_add", title="Dates", filter="kind=date")
    assertContains(page, "Created “Dates” with 3 claims.")
    assert members(ClaimSet.objects.get()) == [claim.pk for claim in wanted]


def test_the_list_of_claims_leads_there(desk: Client) -> None:
    address = quote("stage=open&kind=date", safe="")
    assertContains(desk.get("/claims/?kind=date&stage=open"), f"/sets/add/?filter={address}")
    assertContains(desk.get("/claims/"), "/sets/add/?everything=yes")


def test_everything_must_be_asked_for(desk: Client) -> None:
    factories.claim()
    post(desk, "claim_set_add", title="Nothing", filter="")
    post(desk, "claim_set_add", title="All", everything="yes")
    assert [claim_set.claims.count() for claim_set in ClaimSet.objects.order_by("pk")] == [0, 1]


def test_a_filter_that_does_not_parse_makes_nothing(desk: Client) -> None:
    page = post(desk, "claim_set_add", title="Bad", filter="stage=bogus")
    assertContains(page, "there is no “bogus”", status_code=400)
    assert not ClaimSet.objects.exists()


def test_a_filter_beyond_the_cap_makes_nothing(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claim_sets, "MOST_AT_ONCE", 1)
    for _ in range(2):
        factories.claim()
    page = post(desk, "claim_set_add", title="Many", everything="yes")
    assertContains(page, "selects more than 1 claims", status_code=422)
    assert not ClaimSet.objects.exists()


def test_adding_by_filter_is_set_wise(desk: Client, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    claim_set = factories.claim_set()
    for _ in range(20):
        factories.claim()
    with django_assert_max_num_queries(30):
        desk.post(reverse("claim_set_add_claims", args=[claim_set.pk]), {"everything": "yes"})
    assert claim_set.items.count() == 20
    assert Event.objects.of(claim_set).filter(act=RecordAct.ADD_CLAIMS).count() == 1


def test_claims_are_added_by_reference_in_the_order_given(desk: Client) -> None:
    first, keyed, last = factories.claim(), factories.claim(key="jn-51"), factories.claim()
    claim_set = factories.claim_set(claims=(last,))
    page = post(desk, "claim_set_add_claims", claim_set, references=f"JN-51, c-{first.pk} {last.pk};jn-51")
    assertContains(page, f"Added 2 claims to “{claim_set}”.")
    assert members(claim_set) == [last.pk, keyed.pk, first.pk]


@pytest.mark.parametrize(
    ("references", "reason"),
    [
        ("C-999999", "There is no claim C-999999."),
        ("<b>, C-1x", "There is no claim &lt;b&gt;, C-1x."),
        ("", "Name at least one claim."),
        (" ".join(map(str, range(201))), "At most 200 references at once; this has 201."),
        ("9" * 30, "There is no claim 999"),
    ],
)
def test_unknown_references_add_nothing_and_stay_typed(desk: Client, references: str, reason: str) -> None:
    claim_set = factories.claim_set()
    page = post(desk, "claim_set_add_claims", claim_set, references=references)
    assertContains(page, reason, status_code=422)
    assert members(claim_set) == []


def test_adding_what_is_there_says_so(desk: Client) -> None:
    claim = factories.claim()
    claim_set = factories.claim_set(claims=(claim,))
    page = post(desk, "claim_set_add_claims", claim_set, references=claim.reference)
    assertContains(page, "All of these were in it already.")


def test_ticked_claims_are_removed(desk: Client) -> None:
    gone, kept = factories.claim(), factories.claim()
    claim_set = factories.claim_set(claims=(gone, kept))
    page = post(desk, "claim_set_remove_claims", claim_set, claim=[gone.pk, "x", "9" * 30])
    assertContains(page, f"Removed 1 claim from “{claim_set}”.")
    assert members(claim_set) == [kept.pk]
    assertContains(post(desk, "claim_set_remove_claims", claim_set), "Tick the claims to remove first.")


def test_the_page_shows_claims_in_the_order_of_the_set(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claim_set_context, "PAGE_SIZE", 2)
    claims = [factories.claim(assertion=f"Number {number}.") for number in range(3)]
    claim_set = factories.claim_set(claims=(claims[2], claims[0], claims[1]))
    page = desk.get(claim_set.get_absolute_url())
    assert re.findall(r"Number \d", page.content.decode()) == ["Number 2", "Number 0"]
    further = re.search(r'href="(\?after=[^"]+)" rel="next"', page.content.decode())
    assert further
    assertContains(desk.get(claim_set.get_absolute_url() + further[1]), "Number 1.")


def test_a_set_of_verified_claims_is_ready_and_can_be_downloaded(desk: Client) -> None:
    claim_set = factories.claim_set(claims=(factories.verified_claim(),))
    page = desk.get(claim_set.get_absolute_url())
    assertContains(page, "1 claim,")
    assertContains(page, "1 ready")
    assertContains(page, f"/sets/{claim_set.pk}/export.claimreview")


def test_editing_saves_and_leaves_an_event(desk: Client) -> None:
    claim_set = factories.claim_set(title="Old")
    page = post(desk, "claim_set_edit", claim_set, version=claim_set.version, title="New", licence="CC0-1.0")
    assertContains(page, "Saved “New”.")
    assert Event.objects.of(claim_set).last().changes["title"] == ["Old", "New"]  # type: ignore[union-attr]


def test_two_editors_get_both_versions_and_lose_nothing(desk: Client, reviewer: User) -> None:
    claim_set = factories.claim_set(title="Old")
    seen = claim_set.version
    actions.edit_claim_set(claim_set, by=reviewer, version=seen, title="Theirs", description="", licence="")
    page = post(desk, "claim_set_edit", claim_set, version=seen, title="Mine", description="Typed.")
    assertContains(page, "Theirs", status_code=409)
    assertContains(page, "Mine", status_code=409)
    assertContains(page, "Typed.", status_code=409)


def test_readers_read_and_no_more(reader: User, signed_in: SignIn) -> None:
    claim_set = factories.claim_set(title="Budget", claims=(factories.claim(),))
    client = signed_in(reader)
    page = client.get(claim_set.get_absolute_url())
    assertContains(page, "Budget")
    assertNotContains(page, "Remove from the set")
    assertNotContains(client.get(reverse("claim_set_list")), "Create a claim set")
    for name in ("claim_set_edit", "claim_set_add_claims", "claim_set_remove_claims"):
        assert post(client, name, claim_set).status_code == 403
    assert post(client, "claim_set_add", title="x").status_code == 403


def test_the_number_of_queries_does_not_grow(
    desk: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    claim_set = factories.claim_set(claims=tuple(factories.claim_in_text() for _ in range(2)))
    for address in (claim_set.get_absolute_url(), reverse("claim_set_list")):
        desk.get(address)
        with django_assert_max_num_queries(12) as few:
            desk.get(address)
        claims = tuple(factories.verified_claim() for _ in range(5))
        actions.add_to_claim_set(claim_set, claims, by=factories.user("maker"))
        factories.claim_set(claims=claims)
        with django_assert_max_num_queries(len(few)):
            desk.get(address)


# --- by filter, of a document, private


def test_a_filter_is_kept_and_applied_whenever_someone_looks(desk: Client) -> None:
    gone = factories.claim(assertion="It was so.")
    post(desk, "claim_set_add", title="Live", filter="stage=open", keep="live")
    claim_set = ClaimSet.objects.get()
    assert (claim_set.kind, claim_set.filter) == ("filter", "stage=open")
    assertContains(desk.get(claim_set.get_absolute_url()), "It was so.")
    factories.claim(assertion="It came later.")
    Claim.objects.filter(pk=gone.pk).update(stage="dismissed")
    page = desk.get(claim_set.get_absolute_url())
    assertContains(page, "It came later.")
    assertNotContains(page, "It was so.")
    assertNotContains(page, "Remove from the set")


def test_who_me_is_stays_who_made_the_set(desk: Client, reviewer: User, signed_in: SignIn) -> None:
    post(desk, "claim_set_add", title="Live", filter="assignee=me", keep="live")
    assert ClaimSet.objects.get().filter == "assignee=analyst"
    page = post(desk, "claim_set_add", title="Reviews", filter="review=me", keep="live")
    assertContains(page, "another thing for each person", status_code=422)


def test_a_filter_that_no_longer_fits_is_told_and_can_be_changed(desk: Client) -> None:
    tag = Tag.objects.create(name="nato")
    post(desk, "claim_set_add", title="Live", filter="tag=nato", keep="live")
    claim_set = ClaimSet.objects.get()
    tag.delete()
    for address in (claim_set.get_absolute_url(), reverse("claim_set_preflight", args=[claim_set.pk])):
        assertContains(desk.get(address), "does not fit the desk any more")
    assert desk.get(reverse("claim_set_export", args=[claim_set.pk, "csv"])).status_code == 409
    bad = post(desk, "claim_set_edit", claim_set, version=1, title="Live", filter="stage=odd")
    assertContains(bad, "there is no “odd”", status_code=422)
    post(desk, "claim_set_edit", claim_set, version=1, title="Live", filter="stage=open")
    claim_set.refresh_from_db()
    assert claim_set.filter == "stage=open"


def test_a_document_gives_its_claims_in_the_order_of_its_text(desk: Client) -> None:
    place = factories.snapshot()
    for words in ("Kishida joined", "Only four members", "ninth-largest"):
        factories.claim_in_text(snapshot=place, quote=words, assertion=f"About {words}.")
    post(desk, "claim_set_add", title="Text", document=place.document_id)
    page = desk.get(ClaimSet.objects.get().get_absolute_url()).content.decode()
    order = [page.index(f"About {words}") for words in ("ninth-largest", "Only four members", "Kishida joined")]
    assert order == sorted(order)


def test_a_claim_moves_and_the_page_goes_back_to_its_button(desk: Client) -> None:
    first, second, third = (factories.claim() for _ in range(3))
    claim_set = factories.claim_set(claims=(first, second, third))
    url = reverse("claim_set_move", args=[claim_set.pk])
    answer = desk.post(url, {"up": third.pk})
    assert answer["Location"] == f"{claim_set.get_absolute_url()}#up-{third.pk}"
    assert members(claim_set) == [first.pk, third.pk, second.pk]
    desk.post(url, {"down": first.pk})
    assert members(claim_set) == [third.pk, first.pk, second.pk]
    page = desk.get(claim_set.get_absolute_url())
    assertContains(page, f'form="order" name="up" value="{second.pk}"')
    desk.post(url, {"up": third.pk})
    assert members(claim_set) == [third.pk, first.pk, second.pk]


def test_a_claim_that_is_gone_from_the_set_does_not_move(desk: Client) -> None:
    claim_set, stranger = factories.claim_set(), factories.claim()
    page = post(desk, "claim_set_move", claim_set, up=stranger.pk)
    assertContains(page, "is not in this set any more.")


def test_sharing_is_up_to_who_made_the_set(desk: Client, reviewer: User) -> None:
    claim_set = factories.claim_set(by=reviewer, title="Theirs")
    page = post(desk, "claim_set_edit", claim_set, version=1, title="Theirs", is_private="on")
    assertContains(page, "Only who made the set", status_code=422)
    post(desk, "claim_set_add", title="Mine", is_private="on")
    mine = ClaimSet.objects.get(title="Mine")
    assertContains(desk.get(mine.get_absolute_url()), "only you see it")
    post(desk, "claim_set_edit", mine, version=1, title="Mine")
    mine.refresh_from_db()
    assert not mine.is_private


def test_the_size_of_a_set_with_a_filter_is_asked_for_by_itself(desk: Client) -> None:
    factories.verified_claim()
    factories.claim()
    post(desk, "claim_set_add", title="Everything", everything="yes", keep="live")
    claim_set = ClaimSet.objects.get()
    url = reverse("claim_set_size", args=[claim_set.pk])
    assertContains(desk.get(reverse("claim_set_list")), f'hx-get="{url}"')
    sizes = desk.get(url, headers={"HX-Request": "true"})
    assertContains(sizes, '2<span class="vh"> claims</span> <span class="dim">1 ready</span>')
    assertRedirects(desk.get(url), claim_set.get_absolute_url())


def test_a_broken_filter_says_so_in_the_list(desk: Client) -> None:
    Tag.objects.create(name="nato")
    post(desk, "claim_set_add", title="Live", filter="tag=nato", keep="live")
    Tag.objects.all().delete()
    sizes = desk.get(reverse("claim_set_size", args=[ClaimSet.objects.get().pk]), headers={"HX-Request": "true"})
    assertContains(sizes, "its filter is broken")


def test_a_claim_goes_to_the_first_and_the_last_place(desk: Client, analyst: User) -> None:
    first, middle, last = (factories.claim() for _ in range(3))
    claim_set = factories.claim_set(claims=(first, middle, last))
    page = desk.get(claim_set.get_absolute_url())
    assertContains(page, f'name="first" value="{last.pk}"')
    post(desk, "claim_set_move", claim_set, first=last.pk)
    assert list(claim_set.items.order_by("position").values_list("claim", flat=True))[0] == last.pk
    post(desk, "claim_set_move", claim_set, last=last.pk)
    assert list(claim_set.items.order_by("position").values_list("claim", flat=True))[-1] == last.pk
