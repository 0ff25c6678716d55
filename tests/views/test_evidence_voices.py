"""Independence and provenance, where evidence is shown and given."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from claims.models import Claim, Document, User
from claims.reading.provenance import Supply
from tests import factories

SignIn = Callable[[User], Client]


@pytest.fixture
def claim(db: None) -> Claim:
    return factories.claim_in_text()


def page_of(client: Client, claim: Claim) -> str:
    return client.get(claim.get_absolute_url()).content.decode()


def test_links_of_one_publisher_are_one_source(signed_in: SignIn, reader: User, claim: Claim) -> None:
    source = factories.source()
    for _ in range(3):
        factories.evidence_for(claim, document=factories.document(source=source))
    assert "3 links, 1 independent source" in page_of(signed_in(reader), claim)


def test_a_copy_and_its_original_are_one_source(signed_in: SignIn, reader: User, claim: Claim) -> None:
    original, copy, apart = factories.document(), factories.document(), factories.document()
    Document.objects.filter(pk=copy.pk).update(derived_from=original, derivation="wire")
    for document in (original, copy, apart):
        factories.evidence_for(claim, document=Document.objects.get(pk=document.pk))
    page = page_of(signed_in(reader), claim)
    assert "3 links, 2 independent sources" in page
    assert "Wire story, from" in page


def test_the_publisher_of_the_text_is_named_among_its_evidence(signed_in: SignIn, reader: User, claim: Claim) -> None:
    publisher = claim.appearances.get().snapshot.document.source
    factories.evidence_for(claim, document=factories.document(source=publisher))
    assert "the publisher of the text itself among them" in page_of(signed_in(reader), claim)


def test_confirmed_by_others_is_questioned_while_there_is_no_other(
    signed_in: SignIn, analyst: User, claim: Claim
) -> None:
    client = signed_in(analyst)
    piece = factories.evidence_for(claim, credibility=1)

    assert "Graded as confirmed by other sources" in page_of(client, claim)
    assert "all links of its side" in client.get(reverse("evidence_edit", args=[piece.pk])).content.decode()

    factories.evidence_for(claim)

    assert "Graded as confirmed by other sources" not in page_of(client, claim)
    assert "all links of its side" not in client.get(reverse("evidence_edit", args=[piece.pk])).content.decode()


def test_who_gives_such_a_grade_is_told_at_once(signed_in: SignIn, analyst: User, claim: Claim) -> None:
    document = factories.document()
    data = {"document": document.pk, "quote": "So.", "stance": "supports", "credibility": 1, "provenance": "found"}
    page = signed_in(analyst).post(reverse("evidence_add", args=[claim.pk]), data, follow=True).content.decode()
    assert "all links of its side are one independent source" in page


def test_each_piece_says_how_it_came_in_and_the_text_the_share(signed_in: SignIn, reader: User, claim: Claim) -> None:
    factories.evidence_for(claim, provenance="supplied")
    for _ in range(2):
        factories.evidence_for(claim, provenance="found")
    client = signed_in(reader)

    page = page_of(client, claim)
    document = client.get(claim.appearances.get().snapshot.document.get_absolute_url()).content.decode()

    assert "Supplied by the author" in page
    assert "Found by the checker" in page
    assert "1 supplied by the author, 2 found (33 % supplied)" in document


@pytest.mark.parametrize(
    ("supplied", "found", "share"),
    [(0, 0, "0 %"), (0, 3, "0 %"), (1, 2, "33 %"), (1, 211, "under 1 %"), (2, 0, "100 %")],
)
def test_one_piece_among_hundreds_is_not_told_as_none(supplied: int, found: int, share: str) -> None:
    assert Supply(supplied, found).share == share


def test_the_panel_of_a_text_says_it_too(signed_in: SignIn, reader: User, claim: Claim) -> None:
    source = factories.source()
    for _ in range(2):
        factories.evidence_for(claim, document=factories.document(source=source))
    place = claim.appearances.get().snapshot.document.get_absolute_url()
    assert "2 links, 1 independent source." in signed_in(reader).get(place, {"claim": claim.pk}).content.decode()
