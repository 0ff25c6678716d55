"""Claims from files of others: spreadsheets, JSON of whatever shape, our own exports, and schema.org ClaimReview.

    table = open_table(stream, "claims.csv")
    plan = Plan.guess(table)
    report = run(table, plan, by=user)

Files are read a row at a time. docs/importing.md says what becomes of each column, and what makes two rows the same.
"""

from claims.imports.fields import FIELDS, Plan
from claims.imports.files import open_table
from claims.imports.importing import outcomes, run
from claims.imports.report import Outcome, Refusal, Report
from claims.imports.rows import BadFile, Row, Shape, Table

__all__ = [
    "FIELDS",
    "BadFile",
    "Outcome",
    "Plan",
    "Refusal",
    "Report",
    "Row",
    "Shape",
    "Table",
    "open_table",
    "outcomes",
    "run",
]
