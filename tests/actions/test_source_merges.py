"""Merging two sources: everything moves, in one act, and comes back."""

import pytest
from django.core.exceptions import ValidationError

from claims.actions import calendars, sources
from claims.actions.documents import add_document, edit_document
from claims.actions.publishers import source_for_url
from claims.actions.source_merges import merge_sources, undo_merge
from claims.choices import RecordAct
from claims.models import Comment, Document, Event, Source, SourceMerge, StaleVersion, User
from claims.workflow import Refused
from tests import factories


@pytest.fixture
def institute(admin: User) -> Source:
    return sources.add_source(by=admin, name="Institute", aliases=["The Institute"], domains=["institute.example"])


@pytest.fixture
def sipri(admin: User) -> Source:
    return sources.add_source(by=admin, name="SIPRI", domains=["sipri.example"])


def merged(source: Source, into: Source, by: User) -> SourceMerge:
    return merge_sources(source, into, by=by, reason="One and the same.")


def test_everything_moves(institute: Source, sipri: Source, admin: User) -> None:
    document = factories.document(source=institute)
    remark = factories.comment(institute)
    reply = factories.comment(institute, parent=remark)

    merged(institute, sipri, admin)

    assert Document.objects.get(pk=document.pk).source == sipri
    assert set(Comment.objects.filter(source=sipri)) == {remark, reply}
    assert sorted(alias.name for alias in sipri.aliases.all()) == ["Institute", "The Institute"]
    assert sorted(domain.host for domain in sipri.domains.all()) == ["institute.example", "sipri.example"]
    institute.refresh_from_db()
    assert institute.is_retired
    assert institute.standing() == sipri
    assert source_for_url("https://www.institute.example/page") == sipri
    assert Source.objects.named("institute").get() == sipri


def test_each_chain_gets_one_event_with_the_reason(institute: Source, sipri: Source, admin: User) -> None:
    documents = [factories.document(source=institute) for _ in range(3)]

    merged(institute, sipri, admin)

    gone, kept = Event.objects.of(institute).last(), Event.objects.of(sipri).last()
    assert (gone.act, gone.changes["merged_into"], gone.reason) == (
        RecordAct.MERGED,
        [None, "SIPRI"],
        "One and the same.",
    )
    assert (kept.act, kept.changes) == (
        RecordAct.MERGE,
        {"source": [None, "Institute"], "documents": [None, 3], "aliases": [None, 1], "domains": [None, 1]},
    )
    for document in documents:
        first, last = Event.objects.of(document)
        changes = {"source": ["Institute", "SIPRI"], "source_id": [institute.pk, sipri.pk]}
        assert (last.act, last.changes) == (RecordAct.CHANGE, changes)
        assert (last.previous_hash, last.hash) == (first.hash, last.expected_hash())


def test_a_merger_is_taken_back_whole(institute: Source, sipri: Source, admin: User) -> None:
    own, theirs = factories.document(source=sipri), factories.document(source=institute)
    remark = factories.comment(institute)
    reply = factories.comment(institute, parent=remark)
    merge = merged(institute, sipri, admin)

    undo_merge(merge, by=admin)

    institute.refresh_from_db()
    assert (institute.merged_into, institute.retired_at) == (None, None)
    assert [Document.objects.get(pk=one.pk).source for one in (own, theirs)] == [sipri, institute]
    assert set(institute.comments.all()) == {remark, reply}
    assert [alias.name for alias in institute.aliases.all()] == ["The Institute"]
    assert [domain.host for domain in institute.domains.all()] == ["institute.example"]
    assert not sipri.aliases.exists()
    assert Event.objects.of(institute).last().act == RecordAct.UNMERGED
    assert Event.objects.of(sipri).last().act == RecordAct.UNMERGE
    merged(institute, sipri, admin)


def test_calendars_move_but_for_those_of_a_name_that_is_taken(institute: Source, sipri: Source, admin: User) -> None:
    taken, free = (
        calendars.add_calendar(institute, by=admin, name=name, rule="every April") for name in ("Database", "Yearbook")
    )
    calendars.add_calendar(sipri, by=admin, name="Database", rule="every April")

    merge = merged(institute, sipri, admin)
    assert set(institute.calendars.all()) == {taken}
    assert free in sipri.calendars.all()

    calendars.add_calendar(institute, by=admin, name="Yearbook", rule="every May")
    undo_merge(merge, by=admin)
    assert free in sipri.calendars.all()


def test_what_went_elsewhere_meanwhile_stays_there(institute: Source, sipri: Source, admin: User) -> None:
    document, third = factories.document(source=institute), factories.source()
    merge = merged(institute, sipri, admin)
    Document.objects.filter(pk=document.pk).update(source=third)

    undo_merge(merge, by=admin)

    assert Document.objects.get(pk=document.pk).source == third


def test_a_source_retired_before_stays_retired_when_taken_back(institute: Source, sipri: Source, admin: User) -> None:
    sources.retire_source(institute, by=admin)
    undo_merge(merged(institute, sipri, admin), by=admin)
    institute.refresh_from_db()
    assert institute.is_retired
    assert institute.merged_into is None


def test_a_source_is_not_merged_with_itself(sipri: Source, admin: User) -> None:
    with pytest.raises(ValidationError, match="with itself") as caught:
        merged(sipri, Source.objects.get(pk=sipri.pk), admin)
    assert set(caught.value.message_dict) == {"into"}


def test_a_merged_source_is_not_merged_again_nor_merged_into(institute: Source, sipri: Source, admin: User) -> None:
    merged(institute, sipri, admin)
    stale, other = Source.objects.get(pk=institute.pk), factories.source("Other")
    for pair in ((stale, other), (other, stale)):
        with pytest.raises(Refused, match="merged into SIPRI"):
            merged(*pair, admin)
    with pytest.raises(Refused, match="Undo that instead"):
        sources.unretire_source(stale, by=admin)


def test_two_sources_are_not_merged_into_each_other(institute: Source, sipri: Source, admin: User) -> None:
    seen = Source.objects.get(pk=sipri.pk), Source.objects.get(pk=institute.pk)
    merged(institute, sipri, admin)
    with pytest.raises(Refused):
        merged(*seen, admin)
    assert SourceMerge.objects.count() == 1


def test_nothing_is_merged_into_a_retired_source(institute: Source, sipri: Source, admin: User) -> None:
    sources.retire_source(sipri, by=admin)
    with pytest.raises(Refused, match="is retired"):
        merged(institute, sipri, admin)


def test_a_merger_is_undone_once_and_from_the_last(institute: Source, sipri: Source, admin: User) -> None:
    third = factories.source("Third")
    first, second = merged(institute, sipri, admin), merged(sipri, third, admin)
    assert institute.standing() == third
    with pytest.raises(Refused, match="Undo that first"):
        undo_merge(SourceMerge.objects.get(pk=first.pk), by=admin)
    undo_merge(SourceMerge.objects.get(pk=second.pk), by=admin)
    undo_merge(SourceMerge.objects.get(pk=first.pk), by=admin)
    with pytest.raises(Refused, match="undone this merger already"):
        undo_merge(SourceMerge.objects.get(pk=first.pk), by=admin)


def test_a_merger_needs_a_reason_and_the_right(institute: Source, sipri: Source, admin: User, reviewer: User) -> None:
    with pytest.raises(ValidationError) as caught:
        merge_sources(institute, sipri, by=admin, reason=" . ")
    assert set(caught.value.message_dict) == {"reason"}
    with pytest.raises(Refused, match="Admins manage sources"):
        merged(institute, sipri, reviewer)
    merge = merged(institute, sipri, admin)
    with pytest.raises(Refused, match="Admins manage sources"):
        undo_merge(merge, by=reviewer)


def test_an_edit_that_began_before_a_merger_is_told(institute: Source, sipri: Source, admin: User) -> None:
    seen = sipri.version
    merged(institute, sipri, admin)
    with pytest.raises(StaleVersion):
        sources.edit_source(sipri, by=admin, version=seen, domains=["sipri.example"])
    assert sipri.domains.count() == 2


def test_a_form_that_was_read_before_a_merger_gives_its_document_to_the_source_that_stays(
    institute: Source, sipri: Source, admin: User
) -> None:
    seen, other = Source.objects.get(pk=institute.pk), factories.document()
    merged(institute, sipri, admin)
    assert add_document(by=admin, source=seen, title="Late").source == sipri
    edit_document(other, by=admin, version=other.version, url="", source=seen)
    assert Document.objects.get(pk=other.pk).source == sipri
