"""The import itself: rows in batches, each batch checked against the desk and stored at once."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from claims.actions.changes import check_permission
from claims.actions.claim_batches import create_claims
from claims.choices import Permission
from claims.imports.drafts import Draft, Drafting
from claims.imports.fields import Plan
from claims.imports.report import Found, Outcome, Refusal, Report
from claims.imports.rows import BadFile, Row, RowError, Table
from claims.imports.stored import Stored, Texts
from claims.models import User, Verdict

BATCH = 2_000


class _Undo(Exception):
    """Rolls back what was stored."""


def outcomes(table: Table, plan: Plan, *, limit: int | None = None) -> Iterator[list[Outcome]]:
    """What becomes of the rows, or of the first `limit`, a batch at a time. Stores nothing. Raises BadFile.

    Whoever stores claims of a batch does so before asking for the next.
    """
    plan.check(table)
    drafting, texts = Drafting(plan, settings.PUBLIC_URL, _scale()), Texts()
    seen: dict[str, int] = {}
    rows = islice(table.rows(), limit)
    while batch := list(islice(rows, BATCH)):
        yield _outcomes(batch, drafting, texts, seen)


def _scale() -> dict[str, Verdict]:
    return {verdict.key: verdict for verdict in Verdict.objects.all()}


def run(
    table: Table,
    plan: Plan,
    *,
    by: User,
    dry_run: bool = False,
    all_or_nothing: bool = False,
    on_refused: Callable[[Refusal], None] | None = None,
    on_batch: Callable[[Report], None] | None = None,
) -> Report:
    """Import the file, in one transaction. Rows that cannot come in are refused, and the others do.

    With `dry_run` nothing is stored; with `all_or_nothing` nothing is when a row is refused. Raises BadFile for a file
    that cannot be read to its end, of which nothing is stored either.
    """
    check_permission(by, Permission.WORK)
    report = Report(warnings=list(table.warnings), stored=not dry_run, on_refused=on_refused)
    try:
        with transaction.atomic():
            for batch in outcomes(table, plan):
                for outcome in batch:
                    report.add(outcome)
                if not dry_run and not (all_or_nothing and report.refused):
                    _store(batch, table, plan, by=by)
                if on_batch:
                    on_batch(report)
            if all_or_nothing and report.refused:
                raise _Undo
    except _Undo:
        report.undone()
    return report


def _store(batch: Iterable[Outcome], table: Table, plan: Plan, *, by: User) -> None:
    drafts = [outcome.draft for outcome in batch if outcome.found is Found.NEW and outcome.draft]
    if drafts:
        new = [draft.new_claim(f"Imported from {table.name}, line {draft.line}.", plan.tag) for draft in drafts]
        try:
            create_claims(new, by=by)
        except ValidationError as error:
            raise BadFile(f"{' '.join(error.messages)} Import the file again.") from error


def _outcomes(rows: Iterable[Row], drafting: Drafting, texts: Texts, seen: dict[str, int]) -> list[Outcome]:
    """`seen` are the keys of rows before, in capitals, with their lines; those of these rows are added."""
    read = [_drafted(row, drafting) for row in rows]
    stored = Stored([draft for draft in read if isinstance(draft, Draft)])
    return [one if isinstance(one, Outcome) else _judged(one, stored, texts, seen) for one in read]


def _drafted(row: Row, drafting: Drafting) -> Draft | Outcome:
    try:
        return drafting.draft(row)
    except RowError as error:
        return Outcome(row.line, Found.REFUSED, drafting.words(row), str(error))


def _judged(draft: Draft, stored: Stored, texts: Texts, seen: dict[str, int]) -> Outcome:
    key = draft.key.upper()
    try:
        if key in seen:
            raise RowError(f"The same claim is on line {seen[key]:,} already.")
        known = stored.claim(draft)
        if known is None:
            texts.place(draft)
    except RowError as error:
        return Outcome(draft.line, Found.REFUSED, draft.columns["assertion"], str(error), draft)
    seen[key] = draft.line
    return Outcome(draft.line, Found.HERE if known else Found.NEW, draft.columns["assertion"], draft=draft)
