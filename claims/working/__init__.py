"""Numbers that recompute: a formula over named inputs, or the table around a rank. Pure: no database, no request.

`recompute` and `rank` say what the figures give and whether that agrees with what the claim says; what cannot be
computed raises `Problem`, whose words are for people. docs/working.md tells the rules.
"""

from claims.working.formula import FORMULA_LIMIT, INPUTS_LIMIT, Input, Recomputed, check_name, recompute
from claims.working.numbers import NUMBER_LIMIT, Problem, Tolerance, in_words, ordinal, read_number, read_place
from claims.working.ranking import ROWS_LIMIT, Order, Ranked, Row, places, rank
from claims.working.tables import PASTE_LIMIT, Table, read_table

__all__ = [
    "FORMULA_LIMIT",
    "INPUTS_LIMIT",
    "NUMBER_LIMIT",
    "PASTE_LIMIT",
    "ROWS_LIMIT",
    "Input",
    "Order",
    "Problem",
    "Ranked",
    "Recomputed",
    "Row",
    "Table",
    "Tolerance",
    "check_name",
    "in_words",
    "ordinal",
    "places",
    "rank",
    "read_number",
    "read_place",
    "read_table",
    "recompute",
]
