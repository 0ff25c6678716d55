"""A new draft of a document: nothing that was checked is lost, and nothing that changed slips through."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.actions import claims, drafts, sentences
from claims.characters import fold
from claims.choices import Disposition, Found, Origin, Reanchored, RecordAct
from claims.models import Appearance, Claim, Document, Event, IntegrityFault, Reanchoring, Sentence, Snapshot, User
from claims.workflow import Refused
from tests import factories

ARTICLE = """Japan has the world’s ninth-largest military budget, by the count of one institute.

NATO has thirty-one members, of which only a few border on the Pacific. That is so. \
The office in Tokyo is to open in 2024, says a newspaper that has seen the plan.

Nobody doubts that the partnership will deepen in the years to come. That is so."""
BUDGET, MEMBERS, OFFICE = "ninth-largest military budget", "thirty-one members", "is to open in 2024"


def appearing(snapshot: Snapshot, *quotes: str) -> list[Claim]:
    """A claim of each quote."""
    return [factories.claim_in_text(snapshot=snapshot, quote=quote) for quote in quotes]


def sentence(snapshot: Snapshot, words: str) -> Sentence:
    at = snapshot.text.index(words)
    return snapshot.sentences.get(start__lte=at, end__gt=at)


def next_draft(snapshot: Snapshot, text: str, **fields: Any) -> Snapshot:
    fields = {"by": factories.user("author"), **fields}
    return drafts.add_draft(Document.objects.get(pk=snapshot.document_id), text, **fields)


@pytest.fixture
def first(db: None) -> Snapshot:
    return factories.snapshot(text=ARTICLE)


def test_a_draft_is_frozen_as_the_next_snapshot_with_its_sentences(first: Snapshot) -> None:
    raw = "A new text.\r\nOf two.".encode("utf-16")
    second = next_draft(first, "A new text.\r\nOf two.", origin=Origin.FETCHED, raw=raw)
    assert (second.number, second.text, second.origin) == (2, "A new text.\nOf two.", Origin.FETCHED)
    assert second.raw_sha256 != second.text_sha256
    assert [second.text[one.start : one.end] for one in second.sentences.all()] == ["A new text.", "Of two."]


def test_a_document_without_a_text_gets_its_first(analyst: User) -> None:
    document = factories.document()
    assert drafts.add_draft(document, "One.", by=analyst).number == 1
    assert "to_decide" not in Event.objects.of(document).latest("number").changes


@pytest.mark.parametrize("text", [ARTICLE, ARTICLE.replace("\n", "\r\n") + "\n", "  \n", "half a pair \ud800"])
def test_the_same_text_again_and_what_is_no_text_are_refused(first: Snapshot, text: str) -> None:
    with pytest.raises(ValidationError) as caught:
        next_draft(first, text)
    assert set(caught.value.message_dict) == {"text"}
    assert first.document.snapshots.count() == 1


def test_a_reader_adds_no_draft(first: Snapshot, reader: User) -> None:
    with pytest.raises(Refused):
        next_draft(first, "Another text.", by=reader)


def test_what_stands_is_kept_and_what_changed_waits(first: Snapshot) -> None:
    budget, members, office, future = appearing(first, BUDGET, MEMBERS, OFFICE, "partnership will deepen")
    one, two, three = ARTICLE.replace("is to open in 2024", "opened in May 2024").split("\n\n")
    second = next_draft(first, f"{two}\n\n{three}\n\n{one}")
    rows = {row.appearance.claim_id: row for row in Reanchoring.objects.filter(snapshot=second)}
    assert {pk: (row.status, row.decision) for pk, row in rows.items()} == {
        budget.pk: (Found.MOVED, Reanchored.KEPT),
        members.pk: (Found.UNCHANGED, Reanchored.KEPT),
        office.pk: (Found.REWORDED, ""),
        future.pk: (Found.UNCHANGED, Reanchored.KEPT),
    }
    assert [one.claim for one in second.appearances.all()] == [members, future, budget]
    assert rows[budget.pk].result == second.appearances.get(claim=budget)
    assert second.text[slice(rows[office.pk].start, rows[office.pk].end)].startswith("opened in May")
