"""Every rule that the database holds, attacked by SQL: whatever the code above it does, the tables stay true.

`ATTACKS` names each constraint with the writes that must fail by it. A constraint, unique column or guard without an
attack fails the tests of completeness at the end.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from types import ModuleType
from typing import Any, NamedTuple

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from claims import guards
from claims.actions import assessments, claims, comments, relations
from claims.choices import Act, Found, JobKind, Origin, Outcome, Reanchored, StillThere
from claims.models import (
    Appearance,
    Capture,
    Claim,
    Event,
    Evidence,
    Job,
    Mention,
    Reanchoring,
    ReleaseCalendar,
    Search,
    SearchEntry,
    Sighting,
    Source,
    SourceAlias,
    SourceDomain,
    SourceMerge,
    Submission,
    Suggestion,
    Upload,
    User,
    Weighting,
)
from tests import factories

NOW = "2026-11-22 12:00:00+00:00"


class Row(NamedTuple):
    table: str
    pk: int


Desk = Mapping[str, Row]


def row(record: models.Model) -> Row:
    return Row(record._meta.db_table, record.pk)


@pytest.fixture
def desk(analyst: User, reviewer: User) -> Desk:
    """One row of each kind, by name; `decided` is the approved assessment that stands for `verified`."""
    appearing = factories.claim_in_text(by=analyst, quote="Only four members", key="JN-1")
    appearance = appearing.appearances.select_related("snapshot").get()
    verified = factories.verified_claim(by=analyst, reviewed_by=reviewer)
    drafted, waiting = factories.claim(by=analyst), factories.claim(by=analyst)
    thread = factories.comment(appearing, by=analyst, body="Look, @reviewer.")
    source = factories.source(key="sipri")
    evidence = factories.evidence_for(verified, by=analyst)
    capture = _capture(evidence)
    claim_set = factories.claim_set(by=analyst, claims=(verified,))
    return {
        "open": row(appearing),
        "verified": row(verified),
        "decided": row(verified.standing),
        "draft": row(assessments.save_draft(drafted, by=analyst, verdict=None)),
        "pending": row(factories.submitted(waiting, by=analyst)),
        "in_review": row(waiting),
        "appearance": row(appearance),
        "snapshot": row(appearance.snapshot),
        "sentence": row(appearance.snapshot.sentences.undecided().first()),
        "last_sentence": row(appearance.snapshot.sentences.latest("number")),
        "document": row(factories.document(by=analyst, source=source, key="trends")),
        "page": row(factories.document(by=analyst, source=source, url="https://example.org/table")),
        "source": row(source),
        "evidence": row(evidence),
        "capture": row(capture),
        "sighting": row(capture.sightings.get()),
        "comment": row(thread),
        "other_comment": row(factories.comment(appearing, by=analyst)),
        "reply": row(comments.add_comment(appearing, by=reviewer, body="Seen.", parent=thread)),
        "mention": row(Mention.objects.get(comment=thread)),
        "relation": row(relations.relate(appearing, "contradicts", drafted, by=analyst)),
        "claim_set": row(claim_set),
        "item": row(claim_set.items.get()),
        "event": row(Event.objects.of(appearing).get(number=1)),
        "verdict": row(factories.verdict("supported")),
        "other_verdict": row(factories.verdict("refuted")),
        "gone": row(_gone(appearance, by=analyst)),
        "kept": row(_kept(appearance, by=analyst)),
        "job": row(Job.objects.create(kind=JobKind.DOCUMENT, title="report.pdf", started_by=analyst)),
        **_looked_for(verified, by=analyst),  # a text, which weights without signals could not score
        "weights": row(Weighting.objects.create(language="en", number=1, data={}, in_force=False)),
        "weights_in_force": row(
            Weighting.objects.create(
                language="en", number=2, data={}, in_force=True, accepted_by=analyst, accepted_at=NOW
            )
        ),
        **_registry(source, by=analyst),
        "calendar": row(ReleaseCalendar.objects.create(source=source, name="Table", rule="every April")),
        **_workings(appearing, by=analyst),
        "suggestion": row(Suggestion.objects.create(appearance=appearance, text="Other words.", by=analyst)),
        "tag": row(apps.get_model("claims.Tag").objects.create(name="NATO")),
        "analyst": row(analyst),
        "reviewer": row(reviewer),
    }


def _registry(source: Source, *, by: User) -> dict[str, Row]:
    other = factories.source()
    merge = SourceMerge.objects.create(source=other, into=source, reason="The same.", merged_by=by)
    return {
        "other_source": row(other),
        "alias": row(SourceAlias.objects.create(source=source, name="Institute")),
        "domain": row(SourceDomain.objects.create(source=source, host="sipri.example")),
        "merge": row(merge),
    }


def _looked_for(claim: Claim, *, by: User) -> dict[str, Row]:
    """A quote that was found in the capture of its document, and a search that found nothing."""
    quoted = factories.evidence_for(claim, by=by, document=factories.snapshot(by=by).document, quote="Only four")
    content = {"place": "The archive", "searched_on": "2026-11-01", "words": "Japan budget"}
    return {"quoted": row(quoted), "search": row(Search.objects.create(claim=claim, added_by=by, **content))}


def _workings(claim: Claim, *, by: User) -> dict[str, Row]:
    """A formula and a rank table, and evidence of the claim that shows the formula."""
    formula = factories.working(claim, by=by)
    table = factories.rank_table(factories.claim(by=by), by=by)
    first, second = formula.inputs.all()
    return {
        "formula": row(formula),
        "table": row(table),
        "input": row(first),
        "other_input": row(second),
        "rank_row": row(table.rows.first()),
        "own_evidence": row(first.evidence),
    }


def _drafted_on(desk: Desk) -> Row:
    """A whole draft on the claim of the evidence `own_evidence`, lacking nothing but to be submitted."""
    piece = Evidence.objects.select_related("claim").get(pk=desk["own_evidence"].pk)
    by = User.objects.get(pk=desk["analyst"].pk)
    verdict = factories.verdict()
    return row(assessments.save_draft(piece.claim, by=by, verdict=verdict, rationale="So.", as_of="2023"))


def _gone(appearance: Appearance, *, by: User) -> Reanchoring:
    """The appearance, looked for in vain in a further snapshot, on which nobody has decided."""
    snapshot = factories.snapshot(by=by, text="Nothing of the kind.")
    return Reanchoring.objects.create(snapshot=snapshot, appearance=appearance, status=Found.GONE)


def _capture(evidence: Evidence) -> Capture:
    """An attempt at the document that failed, and what it means for the piece of evidence."""
    attempt = {"number": 1, "origin": Origin.FETCHED, "outcome": Outcome.TIME, "asked_by": evidence.added_by}
    capture = Capture.objects.create(document=evidence.document, asked_at=NOW, finished_at=NOW, **attempt)
    Sighting.objects.create(evidence=evidence, capture=capture, state=StillThere.UNREACHABLE)
    return capture


def _kept(appearance: Appearance, *, by: User) -> Reanchoring:
    snapshot = factories.snapshot(by=by)
    start, end = appearance.start, appearance.end
    result = claims.add_appearance(appearance.claim, snapshot, start, end, by=by)
    decided = {"decision": Reanchored.KEPT, "decided_by": by, "decided_at": NOW, "result": result}
    place = {"snapshot": snapshot, "appearance": appearance, "start": start, "end": end}
    return Reanchoring.objects.create(status=Found.UNCHANGED, **place, **decided)


def execute(sql: str, *params: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


def update(target: Row, /, **values: object) -> None:
    columns = ", ".join(f'"{name}" = %s' for name in values)
    execute(f"UPDATE {target.table} SET {columns} WHERE id = %s", *values.values(), target.pk)


def copy(target: Row, verb: str = "INSERT", /, **values: object) -> None:
    """Insert the row once more under a new id, with some columns replaced; every other column as it is."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {target.table} WHERE false")
        columns = [column[0] for column in cursor.description if column[0] != "id" or "id" in values]
    taken = ", ".join("%s" if name in values else f'"{name}"' for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    params = [values[name] for name in columns if name in values]
    execute(
        f"{verb} INTO {target.table} ({names}) SELECT {taken} FROM {target.table} WHERE id = %s", *params, target.pk
    )


def truncate(table: str) -> None:
    execute("SET CONSTRAINTS ALL IMMEDIATE")  # else PostgreSQL refuses for the sake of rows just written
    execute(f"TRUNCATE {table} CASCADE")


Attack = Callable[[Desk], None]


def updating(name: str, /, **values: Any) -> Attack:
    """An update of that row; a value that names a row of the desk stands for its id."""

    def attack(desk: Desk) -> None:
        update(desk[name], **_ids(desk, values))

    return attack


def copying(name: str, /, **values: Any) -> Attack:
    def attack(desk: Desk) -> None:
        copy(desk[name], **_ids(desk, values))

    return attack


def _ids(desk: Desk, values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: desk[value].pk if name.endswith("_id") and name != "key_id" and isinstance(value, str) else value
        for name, value in values.items()
    }


BY_REVIEWER = {"decided_by_id": "reviewer", "decided_at": NOW}

ATTACKS: dict[str, list[Attack]] = {
    "verdict_mark_is_known": [updating("verdict", mark="splendid")],
    "verdict_rating_is_1_to_5": [updating("verdict", rating=0), updating("verdict", rating=6)],
    "assessment_verdict_has_rationale_and_as_of": [
        updating("draft", submitted_at=NOW, verdict_id="verdict", rationale="", as_of="2023"),
        updating("draft", submitted_at=NOW, verdict_id="verdict", rationale="So.", as_of=""),
        updating("draft", submitted_at=NOW, verdict_id=None, rationale="So.", as_of="2023"),
    ],
    "assessment_decision_is_whole": [
        updating("pending", decision="approved"),
        updating("pending", decision="approved", decided_by_id="reviewer"),
        updating("pending", decision="approved", decided_at=NOW),
        updating("pending", **BY_REVIEWER),
    ],
    "assessment_decided_by_another": [
        updating("pending", decision="approved", decided_by_id="analyst", decided_at=NOW),
    ],
    "assessment_decided_after_submission": [updating("draft", decision="approved", **BY_REVIEWER)],
    "assessment_returned_with_reason": [updating("pending", decision="returned", **BY_REVIEWER)],
    "assessment_decision_is_known": [updating("pending", decision="perhaps", **BY_REVIEWER)],
    "assessment_decisive_with_reason": [
        lambda desk: update(_drafted_on(desk), submitted_at=NOW, decisive_id=desk["own_evidence"].pk),
        lambda desk: update(_drafted_on(desk), submitted_at=NOW, decisive_reason="The later table."),
    ],
    "assessment_confidence_is_known": [updating("draft", confidence="certain")],
    "assessment_one_pending_per_claim": [copying("pending", author_id="reviewer")],
    "assessment_one_draft_per_author": [copying("draft")],
    "claim_has_an_assertion": [updating("open", assertion="")],
    "claim_assertion_is_short": [updating("open", assertion="x" * 1001)],
    "claim_stage_is_known": [updating("open", stage="done")],
    "claim_kind_is_known": [updating("open", kind="rumour")],
    "claim_priority_is_known": [updating("open", priority=9)],
    "claim_verified_iff_assessment_stands": [
        updating("open", stage="verified"),
        updating("open", stage="verified", verdict_id="verdict"),
        updating("open", verdict_id="verdict"),
        updating("verified", stage="open"),
        updating("verified", standing_id=None),
        updating("verified", standing_id=None, verdict_id=None),
    ],
    "claim_in_progress_is_somebodys": [updating("open", stage="in_progress", assignee_id=None)],
    "claim_recheck_has_its_first_day": [
        updating("open", recheck_on="2027"),
        updating("open", recheck_from="2027-01-01"),
    ],
    "working_tolerance_in_is_known": [updating("formula", tolerance_in="inches")],
    "working_order_is_known": [updating("table", order="shuffled")],
    "working_says_what_it_expects": [updating("formula", expected=""), updating("table", tolerance="")],
    "working_is_a_formula_or_a_rank": [
        updating("formula", formula=""),
        updating("formula", subject="Japan"),
        updating("table", subject=""),
        updating("table", formula="1 + 1"),
        updating("table", kind="formula"),
        updating("formula", kind="guess"),
    ],
    "working_input_name_is_unique": [updating("other_input", name="budget")],
    "working_input_is_whole": [updating("input", name=""), updating("input", value="")],
    "working_input_year_is_one": [updating("input", year=0), updating("input", year=2201)],
    "rank_row_name_is_unique": [copying("rank_row")],
    "rank_row_is_whole": [updating("rank_row", name=""), updating("rank_row", value="")],
    "rank_row_place_is_one": [updating("rank_row", place=0)],
    "source_kind_is_known": [updating("source", kind="oracle")],
    "source_reliability_is_known": [updating("source", reliability="G")],
    "source_has_a_name": [updating("source", name="")],
    "source_reliability_has_a_reason": [updating("source", reliability="A", reliability_reason="")],
    "source_merged_is_retired": [
        updating("source", merged_into_id="other_source"),
        lambda desk: update(desk["source"], merged_into_id=desk["source"].pk, retired_at=NOW),
    ],
    "source_alias_has_a_name": [updating("alias", name="")],
    "source_alias_is_unique": [copying("alias"), copying("alias", name="INSTITUTE", source_id="other_source")],
    "source_domain_is_normal": [
        updating("domain", host=""),
        updating("domain", host="Sipri.example"),
        updating("domain", host="www.sipri.example"),
    ],
    "source_merge_joins_two": [updating("merge", into_id="other_source")],
    "source_merge_one_standing_per_source": [copying("merge")],
    "source_merge_undoing_is_whole": [
        updating("merge", undone_at=NOW),
        updating("merge", undone_by_id="analyst"),
    ],
    "document_has_a_title": [updating("document", title="")],
    "document_url_has_its_key": [
        updating("document", url="https://example.org/"),
        updating("page", url=""),
        updating("page", url_key=None),
    ],
    "document_reliability_override_is_known": [
        updating("document", reliability_override="Z", reliability_override_reason="So.")
    ],
    "document_override_has_a_reason": [updating("document", reliability_override="E")],
    "document_derivation_is_known": [updating("document", derivation="leak", derived_from_id="page")],
    "document_derivation_is_whole": [
        updating("document", derivation="wire"),
        updating("document", derived_from_id="page"),
        updating("document", derivation="wire", derived_from_id="document"),
    ],
    "snapshot_number_is_unique": [copying("snapshot")],
    "snapshot_number_starts_at_1": [copying("snapshot", number=0)],
    "snapshot_has_a_text": [copying("snapshot", number=2, text="")],
    "snapshot_origin_is_known": [copying("snapshot", number=2, origin="dreamt")],
    "sentence_number_is_unique": [copying("sentence")],
    "sentence_start_before_end": [
        copying("sentence", number=99, start=5, end=5),
        copying("sentence", number=99, start=6, end=5),
    ],
    "sentence_disposition_is_known": [
        updating("sentence", disposition="joke", decided_by_id="analyst", decided_at=NOW),
    ],
    "sentence_decision_is_whole": [
        updating("sentence", disposition="opinion"),
        updating("sentence", disposition="opinion", decided_by_id="analyst"),
        updating("sentence", decided_by_id="analyst", decided_at=NOW),
    ],
    "appearance_start_before_end": [updating("appearance", start=9, end=9)],
    "appearance_has_a_quote": [updating("appearance", exact="")],
    "appearance_is_unique": [copying("appearance")],
    "claim_set_has_a_title": [updating("claim_set", title="")],
    "claim_set_item_is_unique": [copying("item")],
    "comment_is_on_one_thing": [updating("comment", source_id="source"), updating("comment", claim_id=None)],
    "comment_has_a_body": [updating("comment", body="")],
    "comment_resolution_is_whole": [
        updating("comment", resolved_at=NOW),
        updating("comment", resolved_by_id="analyst"),
        updating("reply", resolved_at=NOW, resolved_by_id="analyst"),
    ],
    "mention_is_unique": [copying("mention")],
    "event_chain_has_no_fork": [copying("event")],
    "event_number_starts_at_1": [copying("event", number=0, previous_hash="0" * 64)],
    "event_names_the_one_before": [
        copying("event", number=99, previous_hash=""),
        copying("event", object_id=0, number=1, previous_hash="0" * 64),
    ],
    "evidence_stance_is_known": [updating("evidence", stance="hints")],
    "evidence_credibility_is_known": [updating("evidence", credibility=0), updating("evidence", credibility=7)],
    "evidence_provenance_is_known": [updating("evidence", provenance="stolen")],
    "evidence_has_finding_or_quote": [updating("evidence", finding="", quote="")],
    "evidence_retraction_is_whole": [
        updating("evidence", retracted_at=NOW),
        updating("evidence", retracted_at=NOW, retracted_by_id="analyst"),
        updating("evidence", retraction_reason="Wrong page."),
    ],
    "evidence_passage_is_whole": [
        updating("quoted", start=None),
        updating("quoted", start=None, end=None),
        updating("quoted", exact=""),
        updating("quoted", start=2, end=2),
        updating("evidence", start=1, end=2, exact=""),
    ],
    "evidence_places_are_in_a_text": [updating("evidence", places=2)],
    "search_says_where_and_with_what": [copying("search", place=""), copying("search", words="")],
    "search_retraction_is_whole": [
        updating("search", retracted_at=NOW),
        updating("search", retracted_at=NOW, retracted_by_id="analyst"),
        updating("search", retraction_reason="The wrong archive."),
    ],
    "suggestion_has_a_text": [copying("suggestion", text="")],
    "suggestion_answer_is_whole": [
        updating("suggestion", answer="accept"),
        updating("suggestion", answer="perhaps", answered_by_id="analyst", answered_at=NOW),
        updating("suggestion", answered_by_id="analyst", answered_at=NOW),
        updating("suggestion", answer_note="No."),
    ],
    "calendar_has_a_name_and_a_rule": [updating("calendar", name=""), updating("calendar", rule="")],
    "calendar_name_is_unique": [copying("calendar")],
    "claim_that_follows_has_a_recheck": [updating("open", recheck_calendar_id="calendar")],
    "evidence_still_is_known": [updating("evidence", still="perhaps")],
    "document_health_is_known": [updating("document", health="poorly")],
    "capture_number_is_unique": [copying("capture")],
    "capture_number_starts_at_1": [copying("capture", number=0)],
    "capture_keeps_what_it_says": [
        copying("capture", number=2, outcome="captured"),
        copying("capture", number=2, outcome="no_text", raw_sha256="a" * 64),
        copying("capture", number=2, raw_sha256="a" * 64, raw_size=1),
    ],
    "capture_warc_is_whole": [
        copying("capture", number=2, warc_sha256="a" * 64),
        copying("capture", number=2, warc_size=1),
    ],
    "capture_text_was_seen": [copying("capture", number=2, snapshot_id="snapshot")],
    "capture_ends_after_it_began": [copying("capture", number=2, asked_at="2026-11-22 12:00:01+00:00")],
    "capture_outcome_is_known": [copying("capture", number=2, outcome="lost")],
    "capture_origin_is_known": [copying("capture", number=2, origin="dreamt")],
    "capture_robots_is_known": [copying("capture", number=2, robots="friendly")],
    "sighting_is_unique": [copying("sighting")],
    "sighting_place_is_whole": [
        copying("sighting", start=1, end=2),
        copying("sighting", state="same"),
        copying("sighting", state="changed", start=2, end=2),
        copying("sighting", wording="It says so."),
    ],
    "sighting_state_is_known": [copying("sighting", state="perhaps")],
    "document_completion_is_whole": [
        updating("document", completed_at=NOW),
        updating("document", completed_by_id="analyst"),
    ],
    "reanchoring_is_unique": [copying("gone")],
    "reanchoring_place_is_whole": [
        updating("gone", start=1, end=2),
        updating("gone", status="moved"),
        updating("kept", start=None),
        updating("kept", start=9, end=9),
        updating("kept", status="gone"),
    ],
    "reanchoring_decision_is_whole": [
        updating("gone", decision="dropped"),
        updating("gone", decision="dropped", decided_by_id="analyst"),
        updating("gone", **BY_REVIEWER),
        updating("kept", decided_at=None),
    ],
    "reanchoring_keeps_what_it_says": [
        updating("gone", decision="same", **BY_REVIEWER),
        updating("kept", decision="dropped"),
        updating("kept", result_id=None),
    ],
    "reanchoring_status_is_known": [updating("kept", status="lost")],
    "reanchoring_decision_is_known": [updating("kept", decision="perhaps")],
    "job_kind_is_known": [updating("job", kind="nap")],
    "job_state_is_known": [updating("job", state="tired", finished_at=NOW)],
    "job_end_is_whole": [
        updating("job", state="done"),
        updating("job", finished_at=NOW),
        updating("job", state="running", finished_at=NOW),
    ],
    "weighting_number_is_unique": [copying("weights")],
    "weighting_one_in_force_per_language": [copying("weights_in_force", number=3)],
    "weighting_in_force_was_accepted": [copying("weights", number=3, language="ja", in_force=True)],
    "relation_kind_is_known": [updating("relation", kind="resembles")],
    "relation_joins_two_claims": [updating("relation", b_id="open")],
    "relation_is_unique": [copying("relation")],
}

UNIQUE_COLUMNS: dict[str, Attack] = {
    "claims_verdict.key": copying("verdict", name="Another name"),
    "claims_verdict.name": copying("verdict", key="another_key"),
    "claims_tag.name": copying("tag"),
    "claims_user.username": copying("analyst"),
    "claims_claim.key": copying("open"),
    "claims_source.key": copying("source", name="Another name"),
    "claims_source.name": copying("source", key="another-key"),
    "claims_sourcedomain.host": copying("domain", source_id="other_source"),
    "claims_document.key": copying("document"),
    "claims_document.url_key": copying("page"),
    "claims_claimset.title": copying("claim_set"),
    "claims_working.claim_id": copying("formula"),
    "claims_reanchoring.result_id": copying("kept", snapshot_id="snapshot"),
}
# A second claim on the same assessment is refused by a guard before the unique key is asked.
HELD_BY_A_GUARD = {"claims_claim.standing_id"}

GUARDED: dict[str, list[Attack]] = {
    "event_no_update": [updating("event", reason="forged"), updating("event", hash="0" * 64)],
    "event_no_delete": [lambda desk: execute("DELETE FROM claims_event WHERE id = %s", desk["event"].pk)],
    "event_no_replace": [
        lambda desk: copy(desk["event"], "INSERT OR REPLACE", reason="forged"),
        lambda desk: copy(desk["event"], "INSERT OR REPLACE", id=desk["event"].pk, number=99),
    ],
    "event_no_truncate": [lambda desk: truncate("claims_event")],
    "snapshot_no_update": [updating("snapshot", text="Other words."), updating("snapshot", text_sha256="0" * 64)],
    "snapshot_no_delete": [lambda desk: execute("DELETE FROM claims_snapshot WHERE id = %s", desk["snapshot"].pk)],
    "snapshot_no_replace": [lambda desk: copy(desk["snapshot"], "INSERT OR REPLACE", text="Other words.")],
    "snapshot_no_truncate": [lambda desk: truncate("claims_snapshot")],
    "assessment_decided_is_final": [
        updating("decided", rationale="Another reason."),
        updating("decided", verdict_id="other_verdict"),
        updating("decided", decision=None, decided_by_id=None, decided_at=None),
        updating("decided", claim_id="open"),
    ],
    "assessment_submitted_keeps_content": [
        updating("pending", rationale="Another reason."),
        updating("pending", verdict_id="other_verdict"),
        updating("pending", author_id="reviewer"),
        updating("pending", as_of="1999"),
        updating("pending", confidence="low"),
        updating("pending", decisive_reason="The later table."),
        updating("pending", claim_id="open"),
    ],
    "assessment_own_evidence_on_insert": [copying("draft", author_id="reviewer", decisive_id="evidence")],
    "assessment_own_evidence_on_update": [updating("draft", decisive_id="evidence")],
    "workinginput_own_evidence_on_insert": [copying("input", name="gnp", evidence_id="evidence")],
    "workinginput_own_evidence_on_update": [
        updating("input", evidence_id="evidence"),
        updating("input", working_id="table"),
    ],
    "rankrow_own_evidence_on_insert": [copying("rank_row", name="Italy", evidence_id="evidence")],
    "rankrow_own_evidence_on_update": [updating("rank_row", evidence_id="evidence")],
    "assessment_submitted_no_delete": [
        lambda desk: execute("DELETE FROM claims_assessment WHERE id = %s", desk["pending"].pk),
        lambda desk: execute("DELETE FROM claims_assessment WHERE id = %s", desk["decided"].pk),
    ],
    "capture_no_update": [updating("capture", reason="It did answer.")],
    "capture_no_delete": [lambda desk: execute("DELETE FROM claims_capture WHERE id = %s", desk["capture"].pk)],
    "capture_no_replace": [lambda desk: copy(desk["capture"], "INSERT OR REPLACE", reason="It did answer.")],
    "capture_no_truncate": [lambda desk: truncate("claims_capture")],
    "sighting_no_update": [updating("sighting", state="gone")],
    "sighting_no_delete": [lambda desk: execute("DELETE FROM claims_sighting WHERE id = %s", desk["sighting"].pk)],
    "sighting_no_replace": [lambda desk: copy(desk["sighting"], "INSERT OR REPLACE", state="gone")],
    "sighting_no_truncate": [lambda desk: truncate("claims_sighting")],
    "assessment_no_replace": [
        lambda desk: copy(desk["decided"], "INSERT OR REPLACE", id=desk["decided"].pk, rationale="Another reason."),
        lambda desk: copy(desk["pending"], "INSERT OR REPLACE", rationale="Another reason."),
    ],
    "claim_standing_on_insert": [copying("verified")],
    "claim_standing_on_update": [
        updating("open", stage="verified", standing_id="decided", verdict_id="verdict"),
        updating("in_review", stage="verified", standing_id="pending", verdict_id="verdict"),
        updating("verified", verdict_id="other_verdict"),
    ],
    "comment_one_level_on_insert": [
        copying("reply", parent_id="reply"),
        copying("reply", claim_id="verified"),
        copying("reply", claim_id=None, source_id="source"),
    ],
    "comment_one_level_on_update": [
        updating("reply", claim_id="verified"),
        updating("comment", parent_id="other_comment"),
    ],
    "appearance_quotes_on_insert": [copying("appearance", exact="Other words"), copying("appearance", start=1)],
    "appearance_quotes_on_update": [updating("appearance", exact="Other words"), updating("appearance", start=1)],
    "evidence_quotes_on_insert": [copying("quoted", exact="Other words"), copying("quoted", snapshot_id="snapshot")],
    "evidence_quotes_on_update": [
        updating("quoted", exact="Other words"),
        updating("quoted", start=1),
        updating("quoted", snapshot_id="snapshot"),
        updating("evidence", snapshot_id="snapshot"),
    ],
    "search_keeps_its_content": [
        updating("search", words="Other words"),
        updating("search", place="Another archive"),
        updating("search", searched_on="2020-01-01"),
        lambda desk: [
            update(desk["search"], retracted_at=NOW, retracted_by_id=desk["analyst"].pk, retraction_reason="Wrong."),
            update(desk["search"], retracted_at=None, retracted_by_id=None, retraction_reason=""),
        ],
    ],
    "suggestion_keeps_its_words": [
        updating("suggestion", text="Others still."),
        updating("suggestion", by_id="reviewer"),
        updating("suggestion", at=NOW),
    ],
    "suggestion_no_delete": [
        lambda desk: execute("DELETE FROM claims_suggestion WHERE id = %s", desk["suggestion"].pk)
    ],
    "suggestion_no_replace": [
        lambda desk: copy(desk["suggestion"], "INSERT OR REPLACE", id=desk["suggestion"].pk, text="Others still.")
    ],
    "suggestion_no_truncate": [lambda desk: truncate("claims_suggestion")],
    "search_no_delete": [lambda desk: execute("DELETE FROM claims_searchrecord WHERE id = %s", desk["search"].pk)],
    "search_no_replace": [
        lambda desk: copy(desk["search"], "INSERT OR REPLACE", id=desk["search"].pk, words="Other words")
    ],
    "search_no_truncate": [lambda desk: truncate("claims_searchrecord")],
    "sentence_in_order": [copying("last_sentence", number=factories.TEXT.count(".") + 1)],
    "sentence_keeps_its_place": [
        updating("sentence", start=1),
        updating("last_sentence", end=9_999),
        updating("last_sentence", number=99),
    ],
    "weighting_keeps_its_weights": [
        updating("weights", data='{"intercept": 0}'),
        updating("weights", figures='{"after": 1}'),
        updating("weights", language="ja"),
        updating("weights", number=9),
    ],
    "weighting_no_delete": [lambda desk: execute("DELETE FROM claims_weighting WHERE id = %s", desk["weights"].pk)],
}


def _cases(attacks: Mapping[str, list[Attack]]) -> list[Any]:
    return [
        pytest.param(name, attack, id=f"{name}-{number}")
        for name, several in attacks.items()
        for number, attack in enumerate(several, start=1)
    ]


@pytest.mark.parametrize(("name", "attack"), _cases(ATTACKS))
def test_the_database_refuses_what_a_constraint_forbids(desk: Desk, name: str, attack: Attack) -> None:
    with pytest.raises(IntegrityError) as caught:
        attack(desk)
    # SQLite names the columns of a unique key, and the guard against replacing comes before some of them.
    accepted = (name, "UNIQUE constraint failed", "is never replaced", "are never replaced")
    assert any(words in str(caught.value) for words in accepted if words == name or connection.vendor == "sqlite")


@pytest.mark.parametrize(("column", "attack"), UNIQUE_COLUMNS.items())
def test_the_database_refuses_a_second_row_of_the_same_name(desk: Desk, column: str, attack: Attack) -> None:
    with pytest.raises(IntegrityError, match=column if connection.vendor == "sqlite" else "duplicate key"):
        attack(desk)


@pytest.mark.parametrize(("name", "attack"), _cases(GUARDED))
def test_the_database_refuses_what_a_guard_forbids(desk: Desk, name: str, attack: Attack) -> None:
    guard = next(guard for guard in guards.GUARDS if guard.name == name)
    if guard.only not in ("", connection.vendor):
        pytest.skip(f"{connection.vendor} has no such statement")
    # Several guards may forbid the same write; which of them speaks first is the database's affair.
    messages = {other.message for other in guards.GUARDS if (other.table, other.event) == (guard.table, guard.event)}
    with pytest.raises(IntegrityError, match="|".join(messages)):
        attack(desk)


@pytest.mark.django_db(transaction=True)
def test_a_verdict_in_use_cannot_be_deleted_by_sql() -> None:
    verdict = factories.verified_claim().verdict
    with pytest.raises(IntegrityError):
        execute("DELETE FROM claims_verdict WHERE id = %s", verdict.pk)


@pytest.mark.django_db(transaction=True)
def test_a_person_who_acted_cannot_be_deleted_by_sql() -> None:
    person = factories.user("leaver")
    factories.claim(by=person)
    with pytest.raises(IntegrityError):
        execute("DELETE FROM claims_user WHERE id = %s", person.pk)


def test_a_chain_cannot_be_continued_twice_from_the_same_event(desk: Desk, analyst: User) -> None:
    last = Event.objects.filter(object_type="claim", object_id=desk["open"].pk).latest("number")
    twin = Event(object_type="claim", object_id=desk["open"].pk, number=last.number, act=Act.EDIT, by=analyst, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


def test_every_guard_is_in_the_database_after_migrating(db: None) -> None:
    assert guards.missing() == []


def test_every_constraint_is_attacked() -> None:
    known = {constraint.name for model in _models() for constraint in model._meta.constraints}
    assert known - {None} == set(ATTACKS) | set(_of_releases().ATTACKS)


def test_every_unique_column_is_attacked() -> None:
    known = {
        f"{model._meta.db_table}.{field.column}"
        for model in _models()
        for field in model._meta.local_concrete_fields
        if field.unique and not field.primary_key
    }
    assert known == set(UNIQUE_COLUMNS) | HELD_BY_A_GUARD | set(_of_releases().UNIQUE_COLUMNS)


def test_every_guard_is_attacked() -> None:
    assert {guard.name for guard in guards.GUARDS} == set(GUARDED) | set(_of_releases().GUARDED)


def _of_releases() -> ModuleType:
    """The attacks that have a module of their own; it imports this one."""
    return import_module("tests.test_release_rules")


def _models() -> list[type[models.Model]]:
    """The tables that hold the record; the search index, the tokens of forms and files on their way can be emptied."""
    aids = (SearchEntry, Submission, Upload)
    return [model for model in apps.get_app_config("claims").get_models() if model not in aids]
