"""The content of a release: what is read of the desk, what is kept back, and how it is read again from a ZIP."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.actions import assessments
from claims.actions.releases import heads
from claims.choices import Act
from claims.models import Event
from claims.releases.archive import Seal, save_archive
from claims.releases.content import Content, header_bytes, line_of, released_claims
from claims.releases.formats import members
from claims.releases.reader import NoRelease, read_content
from claims.releases.signing import Signer
from tests import factories
from tests.releases import contents
from tests.releases.building import HEAD, manifest, secret_key


@pytest.mark.django_db
def test_a_claim_carries_its_submitted_assessments_its_history_and_its_head() -> None:
    claim = factories.sound_claim()

    (told,) = released_claims([claim.pk], with_comments=False)

    (head,) = heads([claim.pk])
    assert told["head"] == {"claim": claim.pk, "number": head[1], "hash": head[2]}
    assert [event["hash"] for event in told["history"]] == [event.hash for event in Event.objects.of(claim)]
    assert [(one["decision"], one["stands"]) for one in told["assessments"]] == [("approved", True)]
    assert len(told["captures"]) == len(told["evidence"])
    assert json.loads(line_of(told))["reference"] == claim.reference


@pytest.mark.django_db
def test_comments_are_told_only_when_asked_for_and_their_words_are_kept_out_of_the_history_otherwise() -> None:
    claim = factories.verified_claim()
    first = factories.comment(claim, body="Says who, zebra?")
    factories.comment(claim, body="The yak.", parent=first)

    (told,) = released_claims([claim.pk], with_comments=True)
    (kept,) = released_claims([claim.pk], with_comments=False)

    assert [(one["number"], one["reply_to"], one["body"]) for one in told["comments"]] == [
        (1, None, "Says who, zebra?"),
        (2, 1, "The yak."),
    ]
    assert kept["comments"] == []
    assert b"zebra" in line_of(told)
    assert b"zebra" not in line_of(kept)
    assert [event["hash"] for event in kept["history"]] == [event["hash"] for event in told["history"]]


@pytest.mark.django_db
def test_the_words_of_a_draft_are_nobodys_but_the_desks() -> None:
    claim, author = factories.claim(), factories.user()
    draft = assessments.save_draft(claim, by=author, verdict=None, rationale="A zebra of a thought.")

    (told,) = released_claims([claim.pk], with_comments=True)

    assert draft.submitted_at is None
    assert told["assessments"] == []
    assert [event["changes"] for event in told["history"] if event["act"] == Act.DRAFT] == [None]
    assert b"zebra" not in line_of(told)


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow_with_the_claims() -> None:
    keys = [factories.sound_claim().pk for _ in range(5)]
    list(released_claims(keys[:1], with_comments=True))
    with CaptureQueriesContext(connection) as one:
        list(released_claims(keys[:1], with_comments=True))
    with CaptureQueriesContext(connection) as five:
        list(released_claims(keys, with_comments=True))

    assert len(five) <= len(one)


def save(path: Path, content: Content) -> Path:
    with Signer.unlock(secret_key()) as signer:
        seal = Seal("r", 1, datetime(2023, 6, 1, 12, tzinfo=UTC), HEAD, signer, manifest)
        save_archive(path / "release.zip", members(content), seal=seal)
    return path / "release.zip"


def test_what_was_written_is_read_again_word_for_word(tmp_path: Path) -> None:
    content = contents.hostile()

    again = read_content(save(tmp_path, content))

    assert again.header == content.header
    assert [json.loads(line_of(claim)) for claim in content.claims()] == list(again.claims())
    assert header_bytes(again.header) == header_bytes(content.header)


@pytest.mark.parametrize("data", [b"", b"no ZIP", b"PK\5\6" + bytes(18)])
def test_what_is_no_release_is_refused_in_words(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)

    with pytest.raises(NoRelease):
        read_content(path)
