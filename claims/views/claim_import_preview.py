"""What an import would do, shown before it is started: the first rows, and counts of more of them."""

from dataclasses import dataclass, field
from itertools import islice

from claims.forms.claim_import import MappingForm
from claims.imports import BadFile, Outcome, Report, Table, outcomes

SHOWN = 20
TRIED = 1_000
"""Rows that are checked while the person waits."""

MOST = 25_000
"""Rows of one import on the web. On SQLite nobody else can write while they are stored, some ten seconds."""


@dataclass(frozen=True)
class Preview:
    """`rows` as they would come in, and a trial of the first `trial.rows` of `total`; or why there is none."""

    problem: str = ""
    rows: list[Outcome] = field(default_factory=list)
    trial: Report = field(default_factory=Report)
    total: int = 0
    is_own: bool = False  # an export of a workbench

    @property
    def is_partial(self) -> bool:
        return self.total > self.trial.rows

    @property
    def total_in_words(self) -> str:
        return f"{self.total:,} row{'' if self.total == 1 else 's'}"

    @property
    def may_start(self) -> bool:
        return not self.problem and (self.trial.new > 0 or self.is_partial)


def preview(table: Table, form: MappingForm) -> Preview:
    """By what the form says; nothing is stored."""
    if form.is_bound and not form.is_valid():
        return Preview("Something is to be put right first.")
    try:
        found = [outcome for batch in outcomes(table, form.plan, limit=TRIED) for outcome in batch]
        total = sum(1 for _ in islice(table.rows(), MOST + 1))
    except BadFile as problem:
        return Preview(str(problem))
    trial = Report()
    for outcome in found:
        trial.add(outcome)
    return Preview(_too_many(total) or _nothing(total), found[:SHOWN], trial, total, form.plan.is_own)


def _too_many(total: int) -> str:
    if total <= MOST:
        return ""
    return (
        f"The file has more than {MOST:,} rows. Split it; or let the person who runs this desk import it whole, by "
        "manage.py import_claims."
    )


def _nothing(total: int) -> str:
    return "" if total else "There are no rows in it, only the names of the columns."
