"""Downloads: the right claims, the right headers, a refusal in words."""

import csv
import io
import json
from collections.abc import Callable, Iterator

import pytest
from django.db import DatabaseError
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from claims.choices import ClaimKind, Stage
from claims.exports import FORMATS, Format, claim_records
from claims.models import Claim, User
from tests import factories

SignIn = Callable[[User], Client]


def body(response: HttpResponse) -> str:
    return b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]


def references(response: HttpResponse) -> list[str]:
    return [claim["reference"] for claim in json.loads(body(response))["claims"]]


@pytest.fixture
def verified(analyst: User) -> Claim:
    return factories.verified_claim(by=analyst, assertion="Four members spend more.", kind=ClaimKind.QUANTITY)


@pytest.fixture
def waiting(analyst: User) -> Claim:
    claim = factories.claim(by=analyst)
    factories.submitted(claim, by=analyst)
    return claim


@pytest.mark.parametrize("format", FORMATS.values(), ids=FORMATS)
def test_every_format_is_a_named_download_that_no_browser_guesses_about(
    signed_in: SignIn, analyst: User, verified: Claim, format: Format
) -> None:
    response = signed_in(analyst).get(reverse("claim_export", args=[format.key]))
    assert response.status_code == 200
    assert response.streaming
    assert response["Content-Type"] == format.content_type
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].startswith('attachment; filename="claims-2')
    assert "Four members spend more." in body(response)


def test_only_verified_claims_are_exported_unless_others_are_asked_for(
    signed_in: SignIn, analyst: User, verified: Claim, waiting: Claim
) -> None:
    client, url = signed_in(analyst), reverse("claim_export", args=["json"])
    assert references(client.get(url)) == [verified.reference]
    assert references(client.get(url, {"stage": "in_review"})) == [waiting.reference]
    assert references(client.get(url, {"stage": Stage.values})) == [verified.reference, waiting.reference]


def test_exactly_what_the_list_shows_is_exported(signed_in: SignIn, analyst: User, verified: Claim) -> None:
    factories.verified_claim(kind=ClaimKind.EVENT)
    response = signed_in(analyst).get(reverse("claim_export", args=["json"]), {"kind": "quantity", "sort": "-as_of"})
    assert references(response) == [verified.reference]


def test_a_filter_that_does_not_parse_is_refused_in_words(signed_in: SignIn, analyst: User) -> None:
    response = signed_in(analyst).get(reverse("claim_export", args=["csv"]), {"stage": "finished"})
    assert response.status_code == 400
    assert "finished" in response.content.decode()


def test_an_unknown_format_is_not_found(signed_in: SignIn, analyst: User) -> None:
    assert signed_in(analyst).get(reverse("claim_export", args=["xls"])).status_code == 404


def test_readers_are_told_why_they_cannot_export(signed_in: SignIn, reader: User) -> None:
    response = signed_in(reader).get(reverse("claim_export", args=["csv"]))
    assert response.status_code == 403
    assert "Your role reads." in response.content.decode()


def test_a_document_is_exported_in_the_order_of_its_text_under_its_title(signed_in: SignIn, analyst: User) -> None:
    document = factories.document(by=analyst, title="Japan & NATO")
    text = factories.snapshot(document=document, by=analyst)
    late = factories.claim_in_text(snapshot=text, quote="Kishida joined", by=analyst)
    early = factories.claim_in_text(snapshot=text, quote="Only four members", by=analyst)
    factories.claim(by=analyst)
    url = reverse("document_export", args=[document.pk, "json"])
    response = signed_in(analyst).get(url, {"stage": Stage.values})
    assert 'filename="japan-nato-' in response["Content-Disposition"]
    assert references(response) == [early.reference, late.reference]


def test_a_claim_set_is_exported_in_its_order(signed_in: SignIn, analyst: User, verified: Claim) -> None:
    second = factories.verified_claim()
    claim_set = factories.claim_set(by=analyst, title="Ranks", claims=(second, verified, factories.claim(by=analyst)))
    response = signed_in(analyst).get(reverse("claim_set_export", args=[claim_set.pk, "json"]))
    assert 'filename="ranks-' in response["Content-Disposition"]
    assert references(response) == [second.reference, verified.reference]


def test_what_does_not_exist_cannot_be_exported(signed_in: SignIn, analyst: User) -> None:
    client = signed_in(analyst)
    assert client.get(reverse("document_export", args=[999, "csv"])).status_code == 404
    assert client.get(reverse("claim_set_export", args=[999, "csv"])).status_code == 404


def test_csv_opens_with_its_columns(signed_in: SignIn, analyst: User, verified: Claim) -> None:
    text = body(signed_in(analyst).get(reverse("claim_export", args=["csv"])))
    (row,) = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    assert (row["reference"], row["verdict"]) == (verified.reference, "supported")


def test_a_failure_midway_breaks_the_download_off(
    signed_in: SignIn, analyst: User, verified: Claim, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = next(claim_records([verified.pk]))

    def failing(keys: object) -> Iterator[object]:
        yield record
        raise DatabaseError("gone away")

    monkeypatch.setattr("claims.views.exports.claim_records", failing)
    response = signed_in(analyst).get(reverse("claim_export", args=["csv"]))
    with pytest.raises(DatabaseError):
        body(response)


def test_a_failure_at_once_is_no_download_at_all(
    signed_in: SignIn, analyst: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(keys: object) -> Iterator[object]:
        raise DatabaseError("gone away")
        yield

    monkeypatch.setattr("claims.views.exports.claim_records", failing)
    client = signed_in(analyst)
    client.raise_request_exception = False
    assert client.get(reverse("claim_export", args=["json"])).status_code == 500
