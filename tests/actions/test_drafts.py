"""A new draft of a document: nothing that was checked is lost, and nothing that changed slips through."""

import unicodedata
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims import guards
from claims.actions import claims, drafts, reanchorings, sentences
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


pytestmark = pytest.mark.django_db


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
def first() -> Snapshot:
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


def test_the_event_of_the_draft_counts_what_it_did(first: Snapshot) -> None:
    appearing(first, BUDGET, OFFICE, "partnership will deepen")
    sentences.dispose(sentence(first, "NATO has"), Disposition.OPINION, by=first.taken_by)
    one, two, _ = ARTICLE.replace("is to open in 2024", "opened in May 2024").split("\n\n")
    next_draft(first, f"{two}\n\n{one}")
    event = Event.objects.of(first.document).latest("number")
    counts = {name: pair[1] for name, pair in event.changes.items() if name != "snapshot"}
    assert event.act == RecordAct.ADD_SNAPSHOT
    assert counts == {"unchanged": 1, "moved": 0, "reworded": 1, "gone": 1, "to_decide": 2, "carried": 2}


def test_text_put_in_before_keeps_the_stage_and_the_words_of_every_claim(first: Snapshot) -> None:
    made = appearing(first, BUDGET, MEMBERS, OFFICE)
    second = next_draft(first, f"A line that comes first.\n\n{ARTICLE}")
    assert [one.claim for one in second.appearances.all()] == made
    assert [one.exact for one in second.appearances.all()] == [BUDGET, MEMBERS, OFFICE]
    assert not Reanchoring.objects.pending().exists()


def test_the_old_text_stays_readable_with_its_claims(first: Snapshot) -> None:
    made = appearing(first, BUDGET, OFFICE)
    next_draft(first, "Fish, and nothing else.")
    old = Snapshot.objects.get(pk=first.pk)
    assert old.read() == ARTICLE
    assert [one.claim for one in old.appearances.all()] == made


def test_what_a_sentence_was_decided_to_be_carries_over(first: Snapshot) -> None:
    person = factories.user("who decided")
    sentences.dispose(sentence(first, "Nobody"), Disposition.PREDICTION, by=person, note="It may.")
    was = sentence(first, "Nobody")
    now = sentence(next_draft(first, f"A line that comes first.\n\n{ARTICLE}"), "Nobody")
    assert (now.disposition, now.note, now.decided_by, now.decided_at) == (
        *(Disposition.PREDICTION, "It may."),
        *(person, was.decided_at),
    )
    assert (now.carried_from, now.version) == (was, 1)


def test_a_changed_sentence_is_undecided(first: Snapshot) -> None:
    sentences.dispose(sentence(first, "NATO has"), Disposition.COMMON_KNOWLEDGE, by=first.taken_by)
    now = sentence(next_draft(first, ARTICLE.replace("thirty-one", "thirty-two")), "NATO has")
    assert (now.disposition, now.carried_from) == ("", None)


def test_an_unchanged_sentence_waits_with_its_claim(first: Snapshot) -> None:
    text = "Taxes fell by half in the year of the great reform, they say."
    first = factories.snapshot(text=f"Some years passed. {text} Others came. {text}")
    [claim] = appearing(first, "Taxes fell by half")
    second = next_draft(first, f"Some years passed. {text} Others came. Nothing happened.")
    row = second.reanchorings.get()
    assert (row.appearance.claim, row.decision) == (claim, "")
    assert sentence(second, "Taxes").disposition == ""


def test_a_sentence_called_a_claim_without_a_passage_in_it_stays_one(first: Snapshot) -> None:
    sentences.dispose(sentence(first, "Nobody"), Disposition.CLAIM, by=first.taken_by)
    second = next_draft(first, f"A line that comes first.\n\n{ARTICLE}")
    assert sentence(second, "Nobody").disposition == Disposition.CLAIM


def test_a_sentence_with_one_claim_kept_is_a_claim_though_another_in_it_waits(first: Snapshot) -> None:
    across = "border on the Pacific. That is so. The office in Tokyo"
    appearing(first, "NATO has thirty-one members", across)
    second = next_draft(first, ARTICLE.replace("The office in Tokyo", "An office in Kyoto"))
    assert [row.decision for row in second.reanchorings.all()] == [Reanchored.KEPT, ""]
    assert sentence(second, "NATO has").disposition == Disposition.CLAIM
    assert sentence(second, "That is so. An").disposition == ""


def test_a_changed_sentence_is_to_be_looked_at_though_a_claim_in_it_was_kept(first: Snapshot) -> None:
    appearing(first, MEMBERS)
    second = next_draft(first, ARTICLE.replace("a few border on the Pacific", "nine send ships to the Pacific"))
    assert second.reanchorings.get().decision == Reanchored.KEPT
    assert sentence(second, "NATO has").disposition == ""


def test_a_draft_that_removes_everything_leaves_every_claim_waiting(first: Snapshot) -> None:
    appearing(first, BUDGET, MEMBERS, OFFICE)
    second = next_draft(first, "Fish, and nothing else.")
    assert [row.status for row in second.reanchorings.pending()] == [Found.GONE] * 3
    assert not second.appearances.exists()
    assert Claim.objects.count() == 3


def test_a_draft_in_other_typography_is_settled_wholly(first: Snapshot) -> None:
    quotes = ("world’s ninth-largest", MEMBERS, OFFICE, "partnership will deepen")
    appearing(first, *quotes)
    for one in first.sentences.undecided():
        sentences.dispose(one, Disposition.NO_FACT, by=first.taken_by)
    text = ARTICLE.replace("’", "'").replace("-", "‑").replace("The office", "The\u00a0office")
    second = next_draft(first, text)
    assert {row.decision for row in second.reanchorings.all()} == {Reanchored.KEPT}
    assert not second.sentences.undecided().exists()


def test_a_third_draft_looks_again_for_what_waits_in_the_second(first: Snapshot) -> None:
    budget, office = appearing(first, BUDGET, OFFICE)
    second = next_draft(first, ARTICLE.replace(OFFICE, "opened in May 2024"))
    third = next_draft(second, f"A line that comes first.\n\n{ARTICLE}")
    left = second.reanchorings.get(appearance__claim=office)
    assert (left.decision, left.result, left.decided_by) == (Reanchored.SUPERSEDED, None, third.taken_by)
    rows = {row.appearance.claim: row for row in third.reanchorings.all()}
    assert rows[office].appearance.snapshot == first
    assert rows[budget].appearance.snapshot == second
    assert {row.decision for row in rows.values()} == {Reanchored.KEPT}


def test_what_still_waits_is_looked_for_from_the_text_it_stood_in(first: Snapshot) -> None:
    appearing(first, OFFICE)
    texts = [ARTICLE.replace(OFFICE, words) for words in ("opened in May 2024", "opened in May 2025", "never opened")]
    latest = first
    for text in texts:
        latest = next_draft(latest, text)
    assert Reanchoring.objects.count() == 3
    assert Reanchoring.objects.pending().get().appearance.snapshot == first
    assert Reanchoring.objects.pending().get().snapshot == latest


def test_a_dropped_claim_is_not_looked_for_again(first: Snapshot) -> None:
    appearing(first, OFFICE)
    second = next_draft(first, "Fish, and nothing else.")
    reanchorings.decide(second.reanchorings.get(), Reanchored.DROPPED, by=first.taken_by)
    assert not next_draft(second, ARTICLE).reanchorings.exists()


def test_one_claim_is_not_kept_twice_at_one_place(first: Snapshot) -> None:
    [office] = appearing(first, OFFICE)
    second = next_draft(first, ARTICLE.replace(OFFICE, "opened in May 2024"))
    start = second.text.index("opened in May")
    claims.add_appearance(office, second, start, start + len("opened in May 2024"), by=first.taken_by)
    third = next_draft(second, f"{second.text} One more.")
    rows = {row.appearance.snapshot_id: row.decision for row in third.reanchorings.all()}
    assert rows == {first.pk: "", second.pk: Reanchored.KEPT}


def test_a_claim_said_of_an_old_text_is_looked_for_in_the_newest(first: Snapshot) -> None:
    second = next_draft(first, f"A line that comes first.\n\n{ARTICLE}".replace(OFFICE, "opened in May 2024"))
    budget, office = appearing(first, BUDGET, OFFICE)
    rows = {row.appearance.claim: row.decision for row in second.reanchorings.all()}
    assert rows == {budget: Reanchored.KEPT, office: ""}
    assert second.appearances.get().claim == budget
    assert sentence(second, BUDGET).disposition == Disposition.CLAIM


def test_an_old_text_that_was_altered_stops_the_draft(first: Snapshot) -> None:
    guard = next(guard for guard in guards.GUARDS if guard.name == "snapshot_no_update")
    with connection.cursor() as cursor:
        for statement in guards.drop_sql(connection, guard):
            cursor.execute(statement)
    Snapshot.objects.filter(pk=first.pk).update(text="Altered.")
    with pytest.raises(IntegrityFault):
        next_draft(first, "Another text.")
    assert first.document.snapshots.count() == 1


def test_a_completed_check_is_so_no_longer(first: Snapshot) -> None:
    document = first.document
    Document.objects.filter(pk=document.pk).update(completed_by=first.taken_by, completed_at=first.taken_at)
    next_draft(first, "Another text.")
    document.refresh_from_db()
    assert not document.is_complete
    acts = list(Event.objects.of(document).values_list("act", flat=True))
    assert acts[-2:] == [RecordAct.ADD_SNAPSHOT, RecordAct.LAPSE]


def test_a_draft_prepared_before_another_came_is_compared_again(first: Snapshot) -> None:
    prepared = drafts.prepare(first.document, f"{ARTICLE} Late.")
    [claim] = appearing(first, OFFICE)
    second = next_draft(first, ARTICLE.replace("thirty-one", "thirty-two"))
    third = drafts.store_draft(first.document, prepared, by=first.taken_by)
    assert third.number == 3
    assert [(row.appearance.snapshot, row.appearance.claim) for row in third.reanchorings.all()] == [(second, claim)]


def test_emoji_and_combining_marks_keep_their_places() -> None:
    text = "👩‍👩‍👧 Zoë’s café 🇯🇵 has the ninth-largest budget of all the cafés in the world, it is said here."
    first = factories.snapshot(text=f"{text}\n\nThe end of it 🎌 comes.")
    appearing(first, "Zoë’s café 🇯🇵", "it 🎌")
    second = next_draft(first, unicodedata.normalize("NFD", f"🎌🎌🎌 First.\n\n{first.text}"))
    kept = second.appearances.get(claim__appearances__exact="Zoë’s café 🇯🇵")
    assert unicodedata.normalize("NFC", kept.exact) == "Zoë’s café 🇯🇵"
    assert second.reanchorings.count() == 2


def many(count: int) -> Snapshot:
    """A text of `count` paragraphs, each with a claim and a decided sentence."""
    text = "\n\n".join(
        f"Paragraph {n} says that number {n} is the count of things. Nothing {n} else." for n in range(count)
    )
    first = factories.snapshot(text=text)
    for n in range(count):
        factories.claim_in_text(snapshot=first, quote=f"number {n} is the count")
    first.sentences.undecided().update(disposition="opinion", decided_by=first.taken_by, decided_at=first.taken_at)
    return first


def queries_of_a_draft(count: int) -> int:
    factories.user("author")
    first = many(count)
    text = f"First of all.\n\n{first.text}".replace("number 1 is the count", "number 1 was a count")
    with CaptureQueriesContext(connection) as queries:
        second = next_draft(first, text)
    assert second.reanchorings.count() == count
    assert second.reanchorings.pending().count() == 1
    # Rows go in by batches: how many depends on the database.
    return sum(not query["sql"].startswith(("INSERT", "SAVEPOINT", "RELEASE")) for query in queries)


def test_a_draft_takes_as_many_queries_for_many_claims_as_for_few() -> None:
    assert queries_of_a_draft(3) == queries_of_a_draft(40)


WORDS = st.lists(st.sampled_from(["ninth", "budget", "of", "NATO", "’s", "café", "🇯🇵", "2024", "."]), max_size=4)
EDITS = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 40), WORDS), max_size=8)


def edited(text: str, edits: list[tuple[int, int, list[str]]]) -> str:
    for start, length, words in edits:
        text = text[:start] + " ".join(words) + text[start + length :]
    return text


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EDITS, EDITS)
def test_whatever_is_edited_every_claim_is_kept_or_waits(one: list[Any], two: list[Any]) -> None:
    with transaction.atomic():
        first = factories.snapshot(text=f"{ARTICLE}\n\n{ARTICLE[:80]}")
        made = set(appearing(first, BUDGET, MEMBERS, OFFICE, "That is so.", "by the count of one"))
        latest = first
        for edits in (one, two):
            text = edited(latest.text, edits)
            if text.strip() in ("", latest.text.strip()):
                continue
            latest = next_draft(latest, text)
            _assert_all_there(latest, made)
        transaction.set_rollback(True)


def _assert_all_there(latest: Snapshot, made: set[Claim]) -> None:
    rows = list(latest.reanchorings.select_related("appearance__claim", "result"))
    assert {row.appearance.claim for row in rows} == made
    assert len(rows) == len(made)
    for row in rows:
        assert row.decision in ("", Reanchored.KEPT)
        if row.result:
            assert fold(row.result.exact).text == fold(row.appearance.exact).text
            assert row.result.exact == latest.text[row.result.start : row.result.end]
    assert latest.appearances.count() == sum(bool(row.decision) for row in rows)
    assert not Reanchoring.objects.pending().exclude(snapshot=latest).exists()
    assert Appearance.objects.filter(claim__in=made).values("claim").distinct().count() == len(made)
