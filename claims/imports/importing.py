"""The import itself: rows in batches, each batch checked against the desk and stored at once."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from claims.actions.changes import check_permission
from claims.actions.claim_batches import create_claims
from claims.choices import Permission
from claims.imports.calendars import Calendars
from claims.imports.drafts import Draft, Drafting
from claims.imports.fields import Plan
from claims.imports.premises import Premises
from claims.imports.report import Found, Outcome, Refusal, Report
from claims.imports.rows import BadFile, Row, RowError, Table
from claims.imports.stored import Stored, Texts
from claims.models import User, Verdict

BATCH = 2_000


class _Undo(Exception):
    """Rolls back what was stored."""


class Reading:
    """How rows are read and looked up: `drafting` makes drafts of them, `texts` finds what they quote."""

    def __init__(self, drafting: Drafting, texts: Texts, calendars: Calendars | None = None) -> None:
        self.drafting, self.texts, self.calendars = drafting, texts, calendars
        self.batch = BATCH
        self.seen: dict[str, int] = {}
        """The keys of the rows before, in capitals, with their lines."""

    @classmethod
    def by_plan(cls, plan: Plan, by: User | None = None) -> "Reading":
        calendars = Calendars(by) if by and "recheck_follows" in plan.columns else None
        return cls(Drafting(plan, settings.PUBLIC_URL, scale()), Texts(), calendars)


def scale() -> dict[str, Verdict]:
    """The verdicts of this desk by their keys."""
    return {verdict.key: verdict for verdict in Verdict.objects.all()}


def outcomes(
    table: Table, plan: Plan, *, limit: int | None = None, reading: Reading | None = None
) -> Iterator[list[Outcome]]:
    """What becomes of the rows, or of the first `limit`, a batch at a time. Stores nothing. Raises BadFile.

    Whoever stores claims of a batch does so before asking for the next.
    """
    plan.check(table)
    reading = reading or Reading.by_plan(plan)
    rows = islice(table.rows(), limit)
    while batch := list(islice(rows, reading.batch)):
        yield _outcomes(batch, reading)


def run(
    table: Table,
    plan: Plan,
    *,
    by: User,
    dry_run: bool = False,
    all_or_nothing: bool = False,
    on_refused: Callable[[Refusal], None] | None = None,
    on_batch: Callable[[Report], None] | None = None,
    reading: Reading | None = None,
    on_claim: Callable[[int], None] | None = None,
) -> Report:
    """Import the file, in one transaction. Rows that cannot come in are refused, and the others do.

    With `dry_run` nothing is stored; with `all_or_nothing` nothing is when a row is refused. Raises BadFile for a file
    that cannot be read to its end, of which nothing is stored either. `on_claim` is told the key of each claim of the
    file that is stored now, in its order.
    """
    check_permission(by, Permission.WORK)
    reading = reading or Reading.by_plan(plan, by)
    report = Report(warnings=list(table.warnings), stored=not dry_run, on_refused=on_refused)
    try:
        with transaction.atomic(), Premises() as premises:
            for batch in outcomes(table, plan, reading=reading):
                for outcome in batch:
                    report.add(outcome)
                if not dry_run and not (all_or_nothing and report.refused):
                    for claim in _store(batch, table, plan, reading, premises, by=by):
                        if on_claim:
                            on_claim(claim)
                if on_batch:
                    on_batch(report)
            if all_or_nothing and report.refused:
                raise _Undo
            report.left_out.update(premises.relate(settings.PUBLIC_URL, by=by))
    except _Undo:
        report.undone()
    return report


def _store(
    batch: Iterable[Outcome], table: Table, plan: Plan, reading: Reading, premises: Premises, *, by: User
) -> list[int]:
    """Store what is new; the keys of the claims of the batch, in its order."""
    drafts = {outcome.draft.line: outcome.draft for outcome in batch if outcome.found is Found.NEW and outcome.draft}
    if reading.calendars:
        for draft in drafts.values():
            reading.calendars.make(draft)
    new = [draft.new_claim(f"Imported from {table.name}, line {draft.line}.", plan.tag) for draft in drafts.values()]
    try:
        made = dict(zip(drafts, create_claims(new, by=by) if new else [], strict=True))
    except ValidationError as error:
        raise BadFile(f"{' '.join(error.messages)} Import the file again.") from error
    keys = []
    for outcome in batch:
        claim = made[outcome.line].pk if outcome.line in made else outcome.claim
        if claim and outcome.draft:
            premises.note(claim, outcome.draft, is_new=outcome.line in made)
            keys.append(claim)
    return keys


def _outcomes(rows: Iterable[Row], reading: Reading) -> list[Outcome]:
    read = [_drafted(row, reading.drafting) for row in rows]
    stored = Stored([draft for draft in read if isinstance(draft, Draft)])
    return [one if isinstance(one, Outcome) else _judged(one, stored, reading) for one in read]


def _drafted(row: Row, drafting: Drafting) -> Draft | Outcome:
    try:
        return drafting.draft(row)
    except RowError as error:
        return Outcome(row.line, Found.REFUSED, drafting.words(row), str(error))


def _judged(draft: Draft, stored: Stored, reading: Reading) -> Outcome:
    key, seen = draft.key.upper(), reading.seen
    try:
        if key in seen:
            raise RowError(f"The same claim is on line {seen[key]:,} already.")
        known = stored.claim(draft)
        if known is None:
            reading.texts.place(draft)
            if reading.calendars:
                reading.calendars.look(draft)
    except RowError as error:
        return Outcome(draft.line, Found.REFUSED, draft.columns["assertion"], str(error), draft)
    seen[key] = draft.line
    found, claim = (Found.HERE, known.pk) if known else (Found.NEW, None)
    return Outcome(draft.line, found, draft.columns["assertion"], draft=draft, claim=claim)
