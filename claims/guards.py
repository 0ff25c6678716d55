"""Triggers that hold the rules a CHECK cannot: on SQLite and PostgreSQL alike, whoever writes.

- events are never updated or deleted; nor are snapshots, captures and sightings;
- a decided assessment never changes, a submitted one keeps its content, and neither is deleted;
- the assessment that stands for a claim is that claim's, approved, and carries the claim's verdict;
- an appearance and a quote say what the snapshot says at that place; sentences do not overlap, and stay there;
- weights that a desk learnt never change; nor does a recorded search, nor the words of a suggestion;
- a reply goes under a first remark on the same thing;
- a release keeps what it says and its file, goes from building to ready or failed, and then at most is withdrawn;
  its claims, recipients and corrections never change, nor do signing keys but for being retired;
- a claim set keeps its kind, and only one picked by hand holds claims of its own.
Some close a way round that only one of the databases has.

Installed after every `migrate`. SQLite drops a table's triggers when a migration rebuilds it, and cannot rebuild a
table that the trigger of another looks at: there they are taken away before migrations run.
"""

from collections.abc import Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from claims.guarding import Guard, differs
from claims.release_guards import RELEASE_GUARDS

SUBMITTED_CONTENT = (
    *("claim_id", "author_id", "verdict_id", "confidence", "rationale", "as_of"),
    *("decisive_id", "decisive_reason"),
)

_STANDING_BROKEN = """NEW.standing_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM claims_assessment a WHERE a.id = NEW.standing_id AND a.claim_id = NEW.id
    AND a.decision = 'approved' AND a.verdict_id = NEW.verdict_id)"""
_MISPLACED_REPLY = """NEW.parent_id IS NOT NULL AND (
    EXISTS (SELECT 1 FROM claims_comment r WHERE r.parent_id = NEW.id)
    OR NOT EXISTS (SELECT 1 FROM claims_comment p WHERE p.id = NEW.parent_id AND p.parent_id IS NULL
        AND (p.claim_id = NEW.claim_id OR p.source_id = NEW.source_id)))"""
# Both databases count code points, from 1. An empty quote or range is a CHECK's to refuse.
_MISQUOTED = """NEW.exact <> '' AND NEW.start < NEW."end" AND NOT EXISTS (
    SELECT 1 FROM claims_snapshot s WHERE s.id = NEW.snapshot_id
    AND substr(s.text, NEW.start + 1, NEW."end" - NEW.start) = NEW.exact)"""
_OVERLAPPING = """EXISTS (SELECT 1 FROM claims_sentence s WHERE s.snapshot_id = NEW.snapshot_id
    AND s.number = NEW.number - 1 AND s."end" > NEW.start)"""
_CONTENT_CHANGED = " OR ".join(differs(column) for column in SUBMITTED_CONTENT)
_MOVED = " OR ".join(differs(column) for column in ("snapshot_id", "number", "start", '"end"'))
_REWEIGHED = " OR ".join(differs(column) for column in ("language", "number", "data", "figures"))
_QUOTES_ANOTHER = f"""({_MISQUOTED}) OR (NEW.snapshot_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM claims_snapshot s WHERE s.id = NEW.snapshot_id AND s.document_id = NEW.document_id))"""  # noqa: S608 (both parts are ours)
_SEARCH_CHANGED = " OR ".join(differs(column) for column in ("claim_id", "place", "searched_on", "words", "note"))
_REWORDED = " OR ".join(differs(column) for column in ("appearance_id", "text", "by_id", "at"))
_DECIDED_BY_ANOTHERS = """NEW.decisive_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM claims_evidence e WHERE e.id = NEW.decisive_id AND e.claim_id = NEW.claim_id)"""
_RESTS_ON_ANOTHERS = """NEW.evidence_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM claims_evidence e JOIN claims_working w ON w.claim_id = e.claim_id
    WHERE e.id = NEW.evidence_id AND w.id = NEW.working_id)"""
_OWN_EVIDENCE = "what decides or is computed rests on evidence of the same claim"
_UNDER_FIRST_REMARK = "a reply goes under a first remark on the same thing"
_SAYS_SO = "an appearance quotes what its snapshot says there"
_QUOTES_ITS_PAGE = "evidence quotes what a snapshot of its document says there"

GUARDS: tuple[Guard, ...] = (
    Guard("event_no_update", "claims_event", "UPDATE", "events are never changed"),
    Guard("event_no_delete", "claims_event", "DELETE", "events are never deleted"),
    Guard("snapshot_no_update", "claims_snapshot", "UPDATE", "a snapshot is never changed"),
    Guard("snapshot_no_delete", "claims_snapshot", "DELETE", "a snapshot is never deleted"),
    Guard("capture_no_update", "claims_capture", "UPDATE", "a capture is never changed"),
    Guard("capture_no_delete", "claims_capture", "DELETE", "a capture is never deleted"),
    Guard("sighting_no_update", "claims_sighting", "UPDATE", "a sighting is never changed"),
    Guard("sighting_no_delete", "claims_sighting", "DELETE", "a sighting is never deleted"),
    Guard(
        "assessment_decided_is_final",
        "claims_assessment",
        "UPDATE",
        "a decided assessment is never changed",
        "OLD.decision IS NOT NULL",
    ),
    Guard(
        "assessment_submitted_keeps_content",
        "claims_assessment",
        "UPDATE",
        "a submitted assessment keeps its content; withdraw it first",
        f"OLD.submitted_at IS NOT NULL AND NEW.submitted_at IS NOT NULL AND ({_CONTENT_CHANGED})",
    ),
    Guard(
        "assessment_submitted_no_delete",
        "claims_assessment",
        "DELETE",
        "a submitted assessment is never deleted",
        "OLD.submitted_at IS NOT NULL",
    ),
    Guard(
        "claim_standing_on_insert",
        "claims_claim",
        "INSERT",
        "a claim is verified only by its own approved assessment",
        _STANDING_BROKEN,
    ),
    Guard(
        "claim_standing_on_update",
        "claims_claim",
        "UPDATE",
        "a claim is verified only by its own approved assessment",
        _STANDING_BROKEN,
    ),
    *(
        Guard(f"comment_one_level_on_{event.lower()}", "claims_comment", event, _UNDER_FIRST_REMARK, _MISPLACED_REPLY)
        for event in ("INSERT", "UPDATE")
    ),
    *(
        Guard(f"appearance_quotes_on_{event.lower()}", "claims_appearance", event, _SAYS_SO, _MISQUOTED)
        for event in ("INSERT", "UPDATE")
    ),
    *(
        Guard(f"evidence_quotes_on_{event.lower()}", "claims_evidence", event, _QUOTES_ITS_PAGE, _QUOTES_ANOTHER)
        for event in ("INSERT", "UPDATE")
    ),
    Guard(
        "search_keeps_its_content",
        "claims_searchrecord",
        "UPDATE",
        "a recorded search is retracted, never changed",
        f"OLD.retracted_at IS NOT NULL OR {_SEARCH_CHANGED}",
    ),
    Guard(
        "suggestion_keeps_its_words",
        "claims_suggestion",
        "UPDATE",
        "a suggestion is answered, never changed",
        _REWORDED,
    ),
    Guard("suggestion_no_delete", "claims_suggestion", "DELETE", "a suggestion is never deleted"),
    Guard("search_no_delete", "claims_searchrecord", "DELETE", "a recorded search is never deleted"),
    *(
        Guard(f"{table}_own_evidence_on_{event.lower()}", f"claims_{table}", event, _OWN_EVIDENCE, broken)
        for table, broken in (
            ("assessment", _DECIDED_BY_ANOTHERS),
            ("workinginput", _RESTS_ON_ANOTHERS),
            ("rankrow", _RESTS_ON_ANOTHERS),
        )
        for event in ("INSERT", "UPDATE")
    ),
    Guard("sentence_in_order", "claims_sentence", "INSERT", "sentences do not overlap", _OVERLAPPING),
    Guard("sentence_keeps_its_place", "claims_sentence", "UPDATE", "a sentence keeps its place", _MOVED),
    Guard("weighting_keeps_its_weights", "claims_weighting", "UPDATE", "learnt weights never change", _REWEIGHED),
    Guard("weighting_no_delete", "claims_weighting", "DELETE", "learnt weights are never deleted"),
    *RELEASE_GUARDS,
    # SQLite's INSERT OR REPLACE deletes the row in its way without asking its triggers.
    Guard(
        "event_no_replace",
        "claims_event",
        "INSERT",
        "events are never replaced",
        """EXISTS (SELECT 1 FROM claims_event e WHERE e.id = NEW.id OR (e.object_type = NEW.object_type
        AND e.object_id = NEW.object_id AND e.number = NEW.number))""",
        only="sqlite",
    ),
    Guard(
        "snapshot_no_replace",
        "claims_snapshot",
        "INSERT",
        "a snapshot is never replaced",
        """EXISTS (SELECT 1 FROM claims_snapshot s WHERE s.id = NEW.id OR (s.document_id = NEW.document_id
        AND s.number = NEW.number))""",
        only="sqlite",
    ),
    Guard(
        "capture_no_replace",
        "claims_capture",
        "INSERT",
        "a capture is never replaced",
        """EXISTS (SELECT 1 FROM claims_capture c WHERE c.id = NEW.id OR (c.document_id = NEW.document_id
        AND c.number = NEW.number))""",
        only="sqlite",
    ),
    Guard(
        "sighting_no_replace",
        "claims_sighting",
        "INSERT",
        "a sighting is never replaced",
        """EXISTS (SELECT 1 FROM claims_sighting s WHERE s.id = NEW.id OR (s.evidence_id = NEW.evidence_id
        AND s.capture_id = NEW.capture_id))""",
        only="sqlite",
    ),
    Guard(
        "suggestion_no_replace",
        "claims_suggestion",
        "INSERT",
        "a suggestion is never replaced",
        "EXISTS (SELECT 1 FROM claims_suggestion s WHERE s.id = NEW.id)",
        only="sqlite",
    ),
    Guard(
        "search_no_replace",
        "claims_searchrecord",
        "INSERT",
        "a recorded search is never replaced",
        "EXISTS (SELECT 1 FROM claims_searchrecord s WHERE s.id = NEW.id)",
        only="sqlite",
    ),
    Guard(
        "assessment_no_replace",
        "claims_assessment",
        "INSERT",
        "a submitted assessment is never replaced",
        """EXISTS (SELECT 1 FROM claims_assessment a WHERE a.submitted_at IS NOT NULL AND (a.id = NEW.id
        OR (a.claim_id = NEW.claim_id AND a.decision IS NULL AND NEW.submitted_at IS NOT NULL
        AND NEW.decision IS NULL)))""",
        only="sqlite",
    ),
    # PostgreSQL's TRUNCATE asks no trigger of single rows.
    Guard("event_no_truncate", "claims_event", "TRUNCATE", "events are never deleted", only="postgresql"),
    Guard("capture_no_truncate", "claims_capture", "TRUNCATE", "a capture is never deleted", only="postgresql"),
    Guard("sighting_no_truncate", "claims_sighting", "TRUNCATE", "a sighting is never deleted", only="postgresql"),
    Guard("search_no_truncate", "claims_searchrecord", "TRUNCATE", "a search is never deleted", only="postgresql"),
    Guard(
        "suggestion_no_truncate", "claims_suggestion", "TRUNCATE", "a suggestion is never deleted", only="postgresql"
    ),
    Guard("snapshot_no_truncate", "claims_snapshot", "TRUNCATE", "a snapshot is never deleted", only="postgresql"),
)


def install(using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """Create every guard anew; receives Django's post_migrate signal, also when our tables are not there (yet)."""
    connection = connections[using]
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for guard in GUARDS:
            if guard.table not in tables:
                continue
            wanted = guard.only in ("", connection.vendor)
            for statement in (*drop_sql(connection, guard), *(create_sql(connection, guard) if wanted else ())):
                cursor.execute(statement)


def step_aside(using: str = DEFAULT_DB_ALIAS, plan: Sequence[object] = (), **kwargs: Any) -> None:
    """On SQLite, remove every guard while migrations run; receives Django's pre_migrate signal."""
    connection = connections[using]
    if not plan or connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for guard in GUARDS:
            for statement in drop_sql(connection, guard):
                cursor.execute(statement)


def drop_sql(connection: BaseDatabaseWrapper, guard: Guard) -> list[str]:
    if connection.vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {guard.name}"]
    return [f"DROP TRIGGER IF EXISTS {guard.name} ON {guard.table}"]


def create_sql(connection: BaseDatabaseWrapper, guard: Guard) -> list[str]:
    when = f"WHEN ({guard.condition})" if guard.condition else ""
    if connection.vendor == "sqlite":
        # SQLite spells the null-safe comparison IS NOT (IS DISTINCT FROM came with 3.39; this works on all).
        when = when.replace("IS DISTINCT FROM", "IS NOT")
        return [
            f"CREATE TRIGGER {guard.name} BEFORE {guard.event} ON {guard.table} {when} "
            f"BEGIN SELECT RAISE(ABORT, '{guard.message}'); END"
        ]
    function = f"claims_refuse_{guard.name}"
    # PostgreSQL allows no subquery in WHEN, so the condition moves into the function.
    condition = guard.condition or "true"
    result = "OLD" if guard.event == "DELETE" else "NEW"
    each = "STATEMENT" if guard.event == "TRUNCATE" else "ROW"
    return [
        f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {condition} THEN RAISE EXCEPTION '{guard.message}' USING ERRCODE = 'integrity_constraint_violation'; "
        f"END IF; RETURN {result}; END $$",
        f"CREATE TRIGGER {guard.name} BEFORE {guard.event} ON {guard.table} "
        f"FOR EACH {each} EXECUTE FUNCTION {function}()",
    ]


def missing(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Names of guards that are not in the database, for checks."""
    connection = connections[using]
    catalogue = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with connection.cursor() as cursor:
        cursor.execute(catalogue)
        present = {row[0] for row in cursor.fetchall()}
    wanted = [guard.name for guard in GUARDS if guard.only in ("", connection.vendor)]
    return [name for name in wanted if name not in present]
