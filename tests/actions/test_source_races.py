"""Two admins at the same sources at the same moment, each with a database connection of their own: see test_races."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from claims.actions import assessments
from claims.actions.derivations import set_origin
from claims.actions.discredit import discredit
from claims.actions.documents import edit_document
from claims.actions.evidence import document_for_url
from claims.actions.source_merges import merge_sources, undo_merge
from claims.actions.sources import edit_source
from claims.choices import Act, RecordAct, Role
from claims.models import Claim, Document, Event, Source, SourceMerge, StaleVersion, User
from claims.workflow import Refused
from tests import factories
from tests.actions.racing import failures, race

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL"),
]
ROUNDS = 4


@pytest.fixture
def admins() -> list[User]:
    return [factories.user(f"admin{number}", Role.ADMIN) for number in range(2)]


def get(source: Source) -> Source:
    return Source.objects.get(pk=source.pk)


def merge(source: Source, into: Source, by: User) -> SourceMerge:
    return merge_sources(get(source), get(into), by=by, reason="The same.")


@pytest.mark.parametrize("_", range(ROUNDS))
def test_two_mergers_of_one_source_are_one(_: int, admins: list[User]) -> None:
    source, first, second = (factories.source() for _ in range(3))
    document = factories.document(source=source)
    results = race([lambda: merge(source, first, admins[0]), lambda: merge(source, second, admins[1])])
    assert failures(results) == [Refused]
    standing = SourceMerge.objects.get()
    assert Document.objects.get(pk=document.pk).source == standing.into == get(source).merged_into
    assert [event.act for event in Event.objects.of(source)] == [RecordAct.MERGED]


@pytest.mark.parametrize("_", range(ROUNDS))
def test_two_sources_are_not_merged_into_each_other(_: int, admins: list[User]) -> None:
    one, other = factories.source(), factories.source()
    for source in (one, other):
        factories.document(source=source)
    results = race([lambda: merge(one, other, admins[0]), lambda: merge(other, one, admins[1])])
    assert failures(results) == [Refused]
    assert Document.objects.filter(source=SourceMerge.objects.get().into).count() == 2


@pytest.mark.parametrize("_", range(ROUNDS))
def test_a_merger_is_undone_once(_: int, admins: list[User]) -> None:
    made = merge(factories.source(), factories.source(), admins[0])
    results = race([lambda by=by: undo_merge(SourceMerge.objects.get(pk=made.pk), by=by) for by in admins])
    assert failures(results) == [Refused]
    assert Event.objects.of(made.source).count() == 2


@pytest.mark.parametrize("_", range(ROUNDS))
def test_one_site_goes_to_one_source(_: int, admins: list[User]) -> None:
    sources = [factories.source() for _ in range(2)]
    results = race(
        [
            lambda source=source, by=by: edit_source(get(source), by=by, version=1, domains=["shared.example"])
            for source, by in zip(sources, admins, strict=True)
        ]
    )
    assert failures(results) == [ValidationError]


@pytest.mark.parametrize("_", range(ROUNDS))
def test_halves_of_a_circle_of_derivation_are_not_both_said(_: int, admins: list[User]) -> None:
    one, other = factories.document(), factories.document()

    def derive(document: Document, origin: Document, by: User) -> None:
        set_origin(Document.objects.get(pk=document.pk), origin, "wire", by=by)

    results = race([lambda: derive(one, other, admins[0]), lambda: derive(other, one, admins[1])])
    assert failures(results) == [ValidationError]
    assert Document.objects.exclude(derived_from=None).count() == 1


@pytest.mark.parametrize("_", range(ROUNDS))
def test_discrediting_and_merging_at_once_do_not_wait_in_a_circle(_: int, admins: list[User]) -> None:
    document = factories.document()
    claim = factories.claim()
    factories.evidence_for(claim, document=document)
    factories.submitted(claim, by=admins[0])
    assessments.approve(claim, by=admins[1], version=claim.version)
    source, into = document.source, factories.source()

    def lower() -> None:
        chosen = [Claim.objects.get(pk=claim.pk)]
        discredit(get(source), chosen, by=admins[0], version=1, letter="E", reason="Invented.")

    results = race([lower, lambda: merge(source, into, admins[1])])
    assert set(failures(results)) <= {StaleVersion}
    reopened = Event.objects.of(claim).filter(act=Act.REOPEN).exists()
    assert reopened == (get(source).reliability == "E")


@pytest.mark.parametrize("_", range(ROUNDS))
def test_a_document_that_comes_during_a_merger_goes_to_the_source_that_stays(_: int, admins: list[User]) -> None:
    source, into = factories.source(), factories.source()
    named = [get(source) for _ in range(6)]  # by forms that were read before the merger

    def add(number: int) -> None:
        url = f"https://moving.example/{number}"
        document_for_url(url, by=admins[0], source=named[number])

    adding = [lambda number=number: add(number) for number in range(len(named))]
    results = race([*adding, lambda: merge(source, into, admins[1])])

    assert failures(results) == []
    assert not Document.objects.filter(source=source).exists()
    assert Document.objects.filter(source=into).count() == len(named)


@pytest.mark.parametrize("_", range(ROUNDS))
def test_a_document_that_is_moved_during_a_merger_goes_to_the_source_that_stays(_: int, admins: list[User]) -> None:
    source, into, document = factories.source(), factories.source(), factories.document()
    named = get(source)

    def move() -> None:
        edit_document(document, by=admins[0], version=document.version, url="", source=named)

    results = race([move, lambda: merge(source, into, admins[1])])

    assert failures(results) == []
    assert Document.objects.get(pk=document.pk).source == into
