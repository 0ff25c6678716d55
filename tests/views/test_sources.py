"""Sources: the list, the page of one, and what admins change."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from claims.actions import assessments
from claims.actions.sources import edit_source
from claims.models import Event, Source, User
from tests import factories

SignIn = Callable[[User], Client]


def fields(**changed: Any) -> dict[str, Any]:
    return {
        "name": "Harbour Daily",
        "kind": "news",
        "homepage": "https://harbour.example/",
        "country": "JP",
        "reliability": "B",
        "reliability_reason": "Corrects its errors.",
        **changed,
    }


def listed(client: Client, **query: str) -> str:
    return client.get(reverse("source_list"), query).content.decode()


def test_the_list_is_narrowed_by_name_kind_and_reliability(signed_in: SignIn, reader: User) -> None:
    factories.source("Harbour Daily", kind="news", reliability="B")
    factories.source("Harbour Institute", kind="think_tank", reliability="C")
    client = signed_in(reader)

    assert "Harbour Institute" not in listed(client, q="daily")
    assert "Harbour Daily" not in listed(client, kind="think_tank")
    assert "Harbour Daily" not in listed(client, reliability="C")
    assert "No source fits" in listed(client, q="zebra")


@pytest.mark.parametrize("query", [{"kind": "gossip"}, {"reliability": "Z"}, {"q": "x" * 300}, {"q": "a\x00b"}])
def test_a_filter_that_does_not_parse_is_told(signed_in: SignIn, reader: User, query: dict[str, str]) -> None:
    response = signed_in(reader).get(reverse("source_list"), query)

    assert response.status_code == 400
    assert 'role="alert"' in response.content.decode()


@pytest.mark.parametrize("name", ["after", "before"])
def test_a_page_cursor_that_was_tampered_with_is_refused(signed_in: SignIn, reader: User, name: str) -> None:
    response = signed_in(reader).get(reverse("source_list"), {name: "forged"})

    assert response.status_code == 400


def test_the_list_goes_on_by_pages(signed_in: SignIn, reader: User) -> None:
    Source.objects.bulk_create(Source(name=f"Source {number:03}") for number in range(60))
    client = signed_in(reader)
    first = client.get(reverse("source_list"))

    second = listed(client, after=first.context_data["page"].next_cursor)

    assert "Source 049" in first.content.decode()
    assert "Source 050" not in first.content.decode()
    assert "Source 050" in second


def test_the_list_counts_documents_and_uses(signed_in: SignIn, reader: User) -> None:
    source = factories.source("Harbour Daily", country="JP")
    document = factories.document(source=source)
    factories.evidence_for(factories.claim(), document=document)
    factories.evidence_for(factories.claim(), document=document)

    page = listed(signed_in(reader), q="harbour")

    assert '<td class="num opt" role="cell">1</td>' in page
    assert '<td class="num opt" role="cell">2</td>' in page
    assert "Japan" in page


@pytest.mark.parametrize("rows", [3, 30])
def test_the_list_takes_the_same_queries_for_few_rows_as_for_many(
    signed_in: SignIn, reader: User, rows: int, django_assert_num_queries: Callable
) -> None:
    for _ in range(rows):
        factories.document()
    client = signed_in(reader)

    with django_assert_num_queries(7):  # session, person, their two sorts of rights; rows, documents, uses
        client.get(reverse("source_list"))


def test_htmx_gets_the_rows_alone(signed_in: SignIn, reader: User) -> None:
    headers = {"HX-Request": "true", "HX-Target": "results"}

    response = signed_in(reader).get(reverse("source_list"), headers=headers)

    assert "<html" not in response.content.decode()


def test_the_page_says_who_graded_it_and_why(signed_in: SignIn, admin: User) -> None:
    source = factories.source("Harbour Daily", reliability="C", reliability_reason="Hearsay.")
    edit_source(source, by=admin, version=1, reliability="B", reliability_reason="Corrects its errors.")

    page = signed_in(admin).get(source.get_absolute_url()).content.decode()

    assert "Why B" in page
    assert "Corrects its errors." in page
    assert f'<span class="dim">{admin}, ' in page


def test_an_ungraded_source_is_unknown_and_not_the_worst(signed_in: SignIn, reader: User) -> None:
    source = factories.source(reliability="F", reliability_reason="")

    page = signed_in(reader).get(source.get_absolute_url()).content.decode()

    assert "Reliability cannot be judged" in page
    assert "F does not mean bad" in page


def test_it_shows_how_the_claims_of_its_documents_fared(signed_in: SignIn, reader: User, analyst: User) -> None:
    source = factories.source()
    snapshot = factories.snapshot(document=factories.document(source=source, under_check=True))
    for quote, key in (("Japan", "supported"), ("NATO", "supported"), ("Kishida", "refuted")):
        claim = factories.claim_in_text(snapshot=snapshot, quote=quote, by=analyst)
        factories.submitted(claim, by=analyst, verdict_key=key)
        checker = factories.user("checker", "reviewer")
        assessments.approve(claim, by=checker, version=claim.version)

    response = signed_in(reader).get(source.get_absolute_url())

    counts = [(share.verdict.key, share.count) for share in response.context_data["shares"]]
    assert counts == [("supported", 2), ("refuted", 1)]
    assert "66 percent supported or mostly supported" in response.content.decode()
    assert "3/3" in response.content.decode()


def test_it_shows_where_it_serves_as_evidence(signed_in: SignIn, reader: User) -> None:
    source = factories.source(reliability="B")
    piece = factories.evidence_for(
        factories.claim(assertion="Japan spends more."), document=factories.document(source=source), credibility=2
    )

    page = signed_in(reader).get(source.get_absolute_url()).content.decode()

    assert f"/claims/{piece.claim_id}/#evidence-{piece.pk}" in page
    assert "Japan spends more." in page
    assert "Grade B2" in page


@pytest.mark.parametrize("rows", [2, 12])
def test_the_page_takes_the_same_queries_for_few_rows_as_for_many(
    signed_in: SignIn, analyst: User, rows: int, django_assert_max_num_queries: Callable
) -> None:
    source = factories.source()
    for _ in range(rows):
        document = factories.document(source=source)
        factories.snapshot(document=document)
        factories.evidence_for(factories.claim(), document=document)
        factories.comment(source, parent=factories.comment(source))
    client = signed_in(analyst)

    with django_assert_max_num_queries(25):
        client.get(source.get_absolute_url())


@pytest.mark.parametrize("name", ["documents", "uses"])
def test_forged_markers_of_its_lists_are_refused(signed_in: SignIn, reader: User, name: str) -> None:
    assert signed_in(reader).get(factories.source().get_absolute_url(), {name: "forged"}).status_code == 400


def test_analysts_propose_by_comment_and_admins_edit(signed_in: SignIn, analyst: User, admin: User) -> None:
    source = factories.source()

    proposed = signed_in(analyst).get(source.get_absolute_url()).content.decode()
    edited = signed_in(admin).get(source.get_absolute_url()).content.decode()

    assert "Propose a change" in proposed
    assert reverse("source_edit", args=[source.pk]) not in proposed
    assert reverse("source_edit", args=[source.pk]) in edited


@pytest.mark.parametrize("role", ["reader", "analyst", "reviewer"])
def test_only_admins_add_and_edit(db: None, signed_in: SignIn, role: str) -> None:
    source = factories.source("Kept")
    client = signed_in(factories.user("someone", role))

    added = client.post(reverse("source_add"), fields())
    edited = client.post(reverse("source_edit", args=[source.pk]), fields(version=1))

    assert (added.status_code, edited.status_code) == (403, 403)
    assert "Propose the change in a comment" in added.content.decode()
    assert list(Source.objects.values_list("name", flat=True)) == ["Kept"]


def test_an_admin_adds_a_source(signed_in: SignIn, admin: User) -> None:
    response = signed_in(admin).post(reverse("source_add"), fields(homepage="HTTPS://Harbour.example:443"))

    source = Source.objects.get(name="Harbour Daily")
    assert (response.status_code, response["Location"]) == (303, source.get_absolute_url())
    assert (source.homepage, source.country) == ("https://harbour.example/", "JP")
    assert Event.objects.of(source).get().by == admin


def test_a_second_press_adds_it_once(signed_in: SignIn, admin: User) -> None:
    client, data = signed_in(admin), fields(token="11111111-2222-3333-4444-555555555555")

    answers = [client.post(reverse("source_add"), data)["Location"] for _ in range(2)]

    assert answers == [Source.objects.get().get_absolute_url()] * 2


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"name": ""}, "This field is required"),
        ({"name": "KEPT"}, "There is a source of this name already"),
        ({"name": "x" * 201}, "At most 200"),
        ({"kind": "gossip"}, "Select a valid choice"),
        ({"country": "XX"}, "Select a valid choice"),
        ({"homepage": "javascript:alert(1)"}, "Only web addresses"),
        ({"reliability": "G"}, "Select a valid choice"),
        ({"reliability_reason": ""}, "every letter but F carries its reason"),
        ({"reliability_reason": "a\x00b"}, "NUL"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(signed_in: SignIn, admin: User, changed: dict[str, str], told: str) -> None:
    factories.source("Kept")

    response = signed_in(admin).post(reverse("source_add"), fields(**changed))

    assert response.status_code == 422
    assert told in response.content.decode()
    assert Source.objects.count() == 1


def test_a_likely_double_is_shown_before_anything_is_added(signed_in: SignIn, admin: User) -> None:
    known, client = factories.source("The Harbour Daily (HD)"), signed_in(admin)

    answer = client.post(reverse("source_add"), fields(country="NO"))

    shown = answer.content.decode()
    assert (answer.status_code, Source.objects.count()) == (422, 1)
    assert f'<a href="{known.get_absolute_url()}"><bdi>{known}</bdi></a>' in shown
    assert "Nothing was added yet" in shown
    assert '<option value="NO" selected>' in shown
    assert 'name="even_so"' in shown
    client.post(reverse("source_add"), fields(even_so="on"))
    assert Source.objects.filter(name="Harbour Daily").exists()


def test_what_cannot_be_added_at_all_is_not_offered_even_so(signed_in: SignIn, admin: User) -> None:
    known = factories.source("Harbour Daily")

    shown = signed_in(admin).post(reverse("source_add"), fields()).content.decode()

    assert "There is a source of this name already" in shown
    assert known.get_absolute_url() in shown
    assert 'name="even_so"' not in shown


def test_a_letter_that_nobody_can_judge_needs_no_reason(signed_in: SignIn, admin: User) -> None:
    response = signed_in(admin).post(reverse("source_add"), fields(reliability="F", reliability_reason=""))

    assert response.status_code == 303


def test_a_stale_edit_shows_both_versions(signed_in: SignIn, admin: User) -> None:
    source = factories.source("Harbour Daily", reliability="C")
    colleague = factories.user("henrik", "admin", first_name="Henrik", last_name="Vasa")
    edit_source(source, by=colleague, version=1, reliability="D", reliability_reason="Invents figures.")
    client, url = signed_in(admin), reverse("source_edit", args=[source.pk])

    response = client.post(url, fields(version=1))

    page = response.content.decode()
    assert response.status_code == 409
    assert "Henrik Vasa saved this" in page
    assert "D · Not usually reliable" in page
    assert "Corrects its errors." in page
    assert client.post(url, fields(version=2)).status_code == 303
    source.refresh_from_db()
    assert source.reliability == "B"
