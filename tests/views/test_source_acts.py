"""Retiring and merging sources: what admins see before, after, and when it cannot be."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from claims.actions.source_merges import merge_sources
from claims.actions.sources import edit_source
from claims.models import Source, SourceMerge, User
from tests import factories

SignIn = Callable[[User], Client]


@pytest.fixture
def pair(db: None) -> tuple[Source, Source]:
    return factories.source("Harbor Daily"), factories.source("Harbour Daily")


def url(source: Source) -> str:
    return reverse("source_merge", args=[source.pk])


def test_the_preview_says_what_moves(signed_in: SignIn, admin: User, pair: tuple[Source, Source]) -> None:
    factories.document(source=pair[0], title="The moving report")
    client = signed_in(admin)

    asked = client.get(url(pair[0])).content.decode()
    shown = client.get(url(pair[0]), {"into": "harbour daily"}).content.decode()

    assert "Merge the two" not in asked
    assert "What moves to Harbour Daily" in shown
    assert "The moving report" in shown
    assert "Merge the two" in shown


@pytest.mark.parametrize(
    ("into", "status", "told"),
    [("Harbor Daily", 200, "with itself"), ("Nobody", 422, "No source in use has this name"), ("", 422, "required")],
)
def test_what_cannot_be_is_told(
    signed_in: SignIn, admin: User, pair: tuple[Source, Source], into: str, status: int, told: str
) -> None:
    response = signed_in(admin).get(url(pair[0]), {"into": into})
    assert response.status_code == status
    assert told in response.content.decode()
    assert "Merge the two" not in response.content.decode()


def test_an_admin_merges_and_takes_it_back(signed_in: SignIn, admin: User, pair: tuple[Source, Source]) -> None:
    client = signed_in(admin)
    data = {"into": "Harbour Daily", "reason": "A misspelling.", "token": "11111111-2222-3333-4444-555555555555"}

    answers = [client.post(url(pair[0]), data) for _ in range(2)]

    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(303, pair[1].get_absolute_url())] * 2
    merge = SourceMerge.objects.get()
    gone = client.get(pair[0].get_absolute_url()).content.decode()
    kept = client.get(pair[1].get_absolute_url()).content.decode()
    assert "Merged into" in gone
    assert "A misspelling." in kept
    assert "Took in" in kept

    undone = client.post(reverse("merge_undo", args=[merge.pk]))

    assert undone.status_code == 303
    assert "Undo this merger" not in client.get(pair[0].get_absolute_url()).content.decode()
    assert client.post(reverse("merge_undo", args=[merge.pk])).status_code == 409


def test_a_merger_without_a_reason_shows_the_preview_again(
    signed_in: SignIn, admin: User, pair: tuple[Source, Source]
) -> None:
    response = signed_in(admin).post(url(pair[0]), {"into": "Harbour Daily", "reason": " "})
    assert response.status_code == 422
    assert "Say why" in response.content.decode()
    assert "Merge the two" in response.content.decode()


def test_the_second_of_two_admins_is_told(signed_in: SignIn, admin: User, pair: tuple[Source, Source]) -> None:
    colleague = factories.user("henrik", "admin")
    client = signed_in(admin)
    client.get(url(pair[0]), {"into": "Harbour Daily"})
    merge_sources(*pair, by=colleague, reason="The same.")

    response = client.post(url(pair[0]), {"into": "Harbour Daily", "reason": "The same."})

    assert response.status_code == 409
    assert "is merged into Harbour Daily already" in response.content.decode()
    assert SourceMerge.objects.count() == 1


def test_a_source_is_retired_and_put_back(signed_in: SignIn, admin: User, pair: tuple[Source, Source]) -> None:
    client, source = signed_in(admin), pair[0]
    assert client.post(reverse("source_retire", args=[source.pk])).status_code == 303
    page = client.get(source.get_absolute_url()).content.decode()
    assert "Put back in use" in page
    assert "Retired" in page
    client.post(reverse("source_unretire", args=[source.pk]))
    assert "Put back in use" not in client.get(source.get_absolute_url()).content.decode()


def test_the_page_says_who_graded_it_when_and_why(signed_in: SignIn, reader: User, admin: User) -> None:
    source = factories.source("Harbour", reliability="F", reliability_reason="")
    edit_source(source, by=admin, version=1, reliability="B", reliability_reason="Corrects its errors.")
    edit_source(source, by=admin, version=2, reliability="D", reliability_reason="Stopped correcting them.")

    page = signed_in(reader).get(source.get_absolute_url()).content.decode()

    assert "Grades so far" in page
    assert "Corrects its errors." in page
    assert "Stopped correcting them." in page


def test_f_is_said_to_be_no_judgement(signed_in: SignIn, reader: User) -> None:
    source = factories.source("Unknown Gazette", reliability="F", reliability_reason="")
    client = signed_in(reader)

    page = client.get(source.get_absolute_url()).content.decode()
    found = client.get(reverse("palette"), {"q": "gazette"}).content.decode()
    listed = client.get(reverse("claim_list"), {"grade": "F"}).content.decode()

    assert "Why it cannot be judged" in page
    assert "Not on the scale, neither good nor bad" in page
    assert "data-unknown" in page
    assert "cannot be judged" in found
    assert "cannot be judged" in listed


def test_names_and_sites_are_typed_by_line(signed_in: SignIn, admin: User, pair: tuple[Source, Source]) -> None:
    client, source = signed_in(admin), pair[0]
    data = {"name": "Harbor Daily", "kind": "news", "reliability": "B", "reliability_reason": "Known.", "version": 1}
    wrong = client.post(reverse("source_edit", args=[source.pk]), data | {"domains": "localhost"})
    right = client.post(
        reverse("source_edit", args=[source.pk]),
        data | {"aliases": "The Daily\r\n\r\nHarbor", "domains": "www.harbor.example\r\nhttps://daily.example/x"},
    )
    assert wrong.status_code == 422
    assert "reachable only inside a network" in wrong.content.decode()
    assert right.status_code == 303
    assert [domain.host for domain in source.domains.all()] == ["daily.example", "harbor.example"]
    page = client.get(source.get_absolute_url()).content.decode()
    assert "The Daily" in page
    assert "The Daily" in client.get(reverse("source_edit", args=[source.pk])).content.decode()
    assert "Harbor Daily" in client.get(reverse("source_list"), {"q": "the dail"}).content.decode()
