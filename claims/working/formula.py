"""A formula over named inputs, computed by simpleeval with our own operators: decimals, units, and nothing else.

Three fences, each enough alone: the characters and words of a formula (no quotes, brackets, dots between names), the
kinds of node in its syntax tree, and an evaluator that knows seven operators and six functions. Nothing in it repeats,
so the length bounds the time.
"""

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, DivisionByZero, InvalidOperation, Overflow, Subnormal, Underflow
from keyword import iskeyword
from typing import Any, cast

from simpleeval import InvalidExpression, SimpleEval

from claims.working import quantities
from claims.working.numbers import ARITHMETIC, TOLD, Problem, Tolerance, in_words
from claims.working.quantities import Quantity

FORMULA_LIMIT = 500
INPUTS_LIMIT = 50
DEPTH_LIMIT = 40
_FIELD = "formula"
_NAME = re.compile("[A-Za-z][A-Za-z0-9_]{0,39}")
# A number is not glued to a name; "1e9" is not a number here: nobody checks a claim with it unread.
_TOKEN = re.compile(r"\s*(?:(?P<number>[0-9]+(?:\.[0-9]+)?(?![\w.]))|(?P<name>[A-Za-z]\w*)|\*\*|[-+*/(),])", re.ASCII)
# How people type operators.
_SPELLINGS = str.maketrans({"\u00d7": "*", "\u00b7": "*", "\u00f7": "/", "\u2212": "-", "^": "**", "\u00a0": " "})
_OPERATORS: dict[type[ast.AST], Any] = {
    ast.Add: quantities.add,
    ast.Sub: quantities.subtract,
    ast.Mult: quantities.multiply,
    ast.Div: quantities.divide,
    ast.Pow: quantities.power,
    ast.USub: quantities.negate,
    ast.UAdd: quantities.same,
}
_FUNCTIONS: dict[str, Any] = {
    "abs": quantities.absolute,
    "max": quantities.largest,
    "mean": quantities.mean,
    "min": quantities.smallest,
    "round": quantities.rounded,
    "sum": quantities.total,
}
_NODES = frozenset({ast.Expr, ast.BinOp, ast.UnaryOp, ast.Call, ast.Name, ast.Constant, ast.Load, *_OPERATORS})


@dataclass(frozen=True)
class Input:
    """A number by name, with the unit and year that its evidence gives."""

    name: str
    value: Decimal
    unit: str = ""
    year: int | None = None


@dataclass(frozen=True)
class Recomputed:
    """What a formula gives, beside what the claim says. `notes` are what a reader should know besides."""

    value: Decimal
    unit: str
    expected: Decimal
    tolerance: Tolerance
    agrees: bool
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        verb = "within tolerance" if self.agrees else "outside tolerance"
        value, expected = (f"{in_words(number)} {self.unit}".strip() for number in (self.value, self.expected))
        return f"{verb}: {value} against {expected} {self.tolerance}"


def check_name(name: str, field: str = "name") -> None:
    """Raises Problem unless a formula can name an input so."""
    if not _NAME.fullmatch(name):
        raise Problem(
            f"“{name[:60]}” cannot be a name in a formula. Use letters, digits and _, a letter first, at most 40.",
            field,
        )
    if iskeyword(name) or name in _FUNCTIONS or name in ("True", "False", "None"):
        raise Problem(f"“{name}” has a meaning of its own in a formula. Choose another name.", field)


def recompute(
    formula: str, inputs: Sequence[Input], *, expected: Decimal, tolerance: Tolerance, unit: str = ""
) -> Recomputed:
    """What the formula gives, and whether that is within tolerance of `expected`, stated in `unit`.

    Raises Problem for what cannot be computed: an unknown name, a division by zero, units that do not agree, numbers
    beyond 10**100, and everything that is not arithmetic.
    """
    names = _names(inputs)
    tree, text = _parse(formula)
    result = _evaluate(tree, text, names)
    _check_unit(result, unit)
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    value = TOLD.plus(result.value)
    agrees = tolerance.holds(value, expected)
    return Recomputed(value, unit or result.unit, expected, tolerance, agrees, tuple(_notes(inputs, used)))


def _names(inputs: Sequence[Input]) -> dict[str, Quantity]:
    if len(inputs) > INPUTS_LIMIT:
        raise Problem(f"At most {INPUTS_LIMIT} inputs; these are {len(inputs)}.", "inputs")
    names: dict[str, Quantity] = {}
    for given in inputs:
        check_name(given.name, "inputs")
        if given.name in names:
            raise Problem(f"Two inputs are called “{given.name}”.", "inputs")
        names[given.name] = quantities.quantity(given.value, given.unit)
    return names


def _parse(formula: str) -> tuple[ast.Expr, str]:
    """The formula as a tree of nothing but arithmetic, and its text with the spellings of Python."""
    if len(formula) > FORMULA_LIMIT:
        raise Problem(f"A formula has at most {FORMULA_LIMIT} characters; this has {len(formula):,}.", _FIELD)
    text = " ".join(formula.translate(_SPELLINGS).split())  # a line break would begin another formula
    if not text:
        raise Problem("Write the formula, such as budget / gdp * 100.", _FIELD)
    _check_words(text)
    try:
        tree = SimpleEval.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise Problem("This is not a whole formula: look for a missing number, operator or bracket.", _FIELD) from error
    _check_tree(tree)
    return tree, text


def _check_words(text: str) -> None:
    position = 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            rest = text[position:].lstrip()[:12]
            raise Problem(f"A formula is numbers, names, + - * / ** ( ) and commas; “{rest}” is none of these.", _FIELD)
        if name := found["name"]:
            _check_word(name)
        position = found.end()


def _check_word(name: str) -> None:
    if name not in _FUNCTIONS:
        check_name(name, _FIELD)


def _check_tree(tree: ast.AST) -> None:
    called = {node.func for node in ast.walk(tree) if isinstance(node, ast.Call)}
    level, depth = [tree], 0
    while level:
        if depth > DEPTH_LIMIT:
            raise Problem(f"This formula is nested more than {DEPTH_LIMIT} deep. Split it.", _FIELD)
        for node in level:
            _check_node(node)
            if isinstance(node, ast.Name) and node.id in _FUNCTIONS and node not in called:
                raise Problem(f"{node.id} is a function: put numbers in brackets after it.", _FIELD)
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        depth += 1


def _check_node(node: ast.AST) -> None:
    if type(node) not in _NODES:
        raise Problem("A formula only computes: a number, a name, a sum, or one of the functions.", _FIELD)
    if isinstance(node, ast.Call):
        if not isinstance(node.func, ast.Name) or node.func.id not in _FUNCTIONS or node.keywords:
            raise Problem(f"The functions of a formula are {', '.join(_FUNCTIONS)}.", _FIELD)
        if not node.args:
            raise Problem(f"{node.func.id}() needs a number.", _FIELD)


class _Evaluator(SimpleEval):  # type: ignore[misc]  # simpleeval has no types
    """simpleeval with the nodes above, and numbers read as decimals from the text, never as floats."""

    nodes: dict[type[ast.AST], Any]

    def __init__(self, names: dict[str, Quantity]) -> None:
        super().__init__(operators=_OPERATORS, functions=_FUNCTIONS, names=names)
        self.nodes = {node: handler for node, handler in self.nodes.items() if node in _NODES}
        self.nodes[ast.Constant] = self._number

    def _number(self, node: ast.Constant) -> Quantity:
        return Quantity(ARITHMETIC.create_decimal(ast.get_source_segment(self.expr, node) or ""), is_bare=True)


def _evaluate(tree: ast.Expr, text: str, names: dict[str, Quantity]) -> Quantity:
    known = {*names, *_FUNCTIONS}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id not in known:
            raise Problem(f"No input is called “{node.id}”.", _FIELD)
    try:
        result = _Evaluator(names).eval(text, previously_parsed=tree)
    except DivisionByZero as error:
        raise Problem("The formula divides by zero.", _FIELD) from error
    except (Overflow, Subnormal, Underflow) as error:
        raise Problem("The numbers leave what can be computed: beyond 10**100, or nearer to zero.", _FIELD) from error
    except (InvalidOperation, InvalidExpression, TypeError) as error:
        raise Problem(
            "This cannot be computed: look at the functions and what stands in their brackets.", _FIELD
        ) from (error)
    return cast(Quantity, result)


def _check_unit(result: Quantity, unit: str) -> None:
    """Raises Problem when the claim states a unit that the formula does not give."""
    if not unit or result.is_bare or result.units == quantities.read_unit(unit):
        return
    raise Problem(f"The formula gives {result.unit or 'a number without unit'}; the claim says {unit}.", "unit")


def _notes(inputs: Sequence[Input], used: set[str]) -> list[str]:
    notes = []
    if idle := [given.name for given in inputs if given.name not in used]:
        notes.append(f"Not used by the formula: {', '.join(idle)}.")
    years = sorted({given.year for given in inputs if given.name in used and given.year is not None})
    if len(years) > 1:
        notes.append(f"The inputs are of different years: {', '.join(map(str, years))}.")
    return notes
