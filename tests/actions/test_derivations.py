"""Which document came out of which: never in a circle, never too deep."""

import pytest
from django.core.exceptions import ValidationError

from claims.actions.derivations import set_origin
from claims.choices import RecordAct
from claims.models import Document, Event, StaleVersion, User
from claims.workflow import Refused
from tests import factories


@pytest.fixture
def documents(db: None) -> list[Document]:
    return [factories.document(title=f"Text {number}") for number in range(6)]


def derive(document: Document, origin: Document | None, by: User, kind: str = "wire") -> None:
    set_origin(Document.objects.get(pk=document.pk), origin, kind, by=by)


def test_a_document_is_said_to_come_out_of_another(documents: list[Document], analyst: User) -> None:
    derive(documents[1], documents[0], analyst)

    found = Document.objects.with_lineage().get(pk=documents[1].pk)
    assert found.lineage == [documents[1], documents[0]]
    event = Event.objects.of(found).last()
    assert (event.act, event.changes) == (
        RecordAct.CHANGE,
        {"derived_from": [None, "Text 0"], "derivation": ["", "wire"], "derived_from_id": [None, documents[0].pk]},
    )
    derive(documents[1], documents[0], analyst)
    derive(documents[1], None, analyst, "")
    assert Event.objects.of(found).count() == 3
    assert Document.objects.get(pk=found.pk).derived_from is None


def test_a_circle_is_refused(documents: list[Document], analyst: User) -> None:
    derive(documents[1], documents[0], analyst)
    derive(documents[2], documents[1], analyst)
    for origin, told in ((documents[0], "out of itself"), (documents[1], "circle"), (documents[2], "circle")):
        with pytest.raises(ValidationError, match=told) as caught:
            derive(documents[0], origin, analyst)
        assert set(caught.value.message_dict) == {"derived_from"}


def test_a_chain_has_three_steps_at_most(documents: list[Document], analyst: User) -> None:
    for number in (1, 2, 3):
        derive(documents[number], documents[number - 1], analyst)
    assert len(Document.objects.with_lineage().get(pk=documents[3].pk).lineage) == 4
    with pytest.raises(ValidationError, match="At most 3 steps"):
        derive(documents[4], documents[3], analyst)
    with pytest.raises(ValidationError, match="At most 3 steps"):
        derive(documents[0], documents[4], analyst)
    derive(documents[4], documents[2], analyst)


def test_it_is_said_how(documents: list[Document], analyst: User) -> None:
    for kind in ("", "leak"):
        with pytest.raises(ValidationError) as caught:
            derive(documents[1], documents[0], analyst, kind)
        assert set(caught.value.message_dict) == {"derivation"}


def test_it_takes_the_right_and_the_version_that_was_seen(
    documents: list[Document], analyst: User, reader: User
) -> None:
    with pytest.raises(Refused):
        derive(documents[1], documents[0], reader)
    with pytest.raises(StaleVersion):
        set_origin(documents[1], documents[0], "wire", by=analyst, version=9)
