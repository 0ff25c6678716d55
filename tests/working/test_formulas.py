"""Formulas: what they give, and that nothing but arithmetic comes through."""

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.working import FORMULA_LIMIT, Input, Problem, Recomputed, Tolerance, check_name, recompute

EXACT = Tolerance()


def computed(formula: str, *inputs: Input, unit: str = "", expected: str = "0") -> Recomputed:
    return recompute(formula, inputs, expected=Decimal(expected), tolerance=EXACT, unit=unit)


def value(formula: str, **inputs: str) -> Decimal:
    return computed(formula, *(Input(name, Decimal(number)) for name, number in inputs.items())).value


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("2 ** 3 ** 2", "512"),
        ("2^10", "1024"),
        ("6 × 7", "42"),
        ("7 ÷ 2", "3.5"),
        ("5 − 8", "-3"),
        ("-2 ** 2", "-4"),
        ("0.1 + 0.2", "0.3"),
        ("100000000000000000000.01 * 10", "1000000000000000000000.1"),
        ("abs(3 - 5)", "2"),
        ("min(3, 1, 2) + max(3, 1, 2)", "4"),
        ("sum(1, 2, 3) / mean(1, 2, 3)", "3"),
        ("round(2.5)", "3"),
        ("round(1.005, 2)", "1.01"),
        ("round(12)", "12"),
        ("1 / 3 * 3", "1"),
        ("(" * 199 + "1" + ")" * 199, "1"),
    ],
)
def test_a_formula_computes_in_decimals(formula: str, expected: str) -> None:
    assert value(formula) == Decimal(expected)


def test_inputs_are_used_by_name() -> None:
    assert value("budget / gdp * 100", budget="46.0", gdp="4600") == 1


HOSTILE = [
    *(
        "__import__('os').system('id')",
        "open('/etc/passwd').read()",
        "eval('1')",
        "1\n2",
        "a\r\nb\x0c1",
        "exec('1')",
        "compile('1', '', 'eval')",
    ),
    *("().__class__", "(1).__class__", "1..__class__", "a.__class__.__bases__[0].__subclasses__()", "a.value"),
    *("a.__init__.__globals__", "a.units.append(1)", "getattr(a, 'value')", "globals()", "locals()", "vars()", "dir()"),
    *("breakpoint()", "input()", "help()", "exit()", "quit()", "print(1)", "type(1)", "int(1)", "str(1)", "float(1)"),
    *("rand()", "randint(9)", "lambda: 1", "(lambda x: x)(1)", "[1, 2]", "{1: 2}", "{1}", "(1, 2)", "1, 2", "()", "[]"),
    *("[x for x in a]", "sum(x for x in a)", "a[0]", "a[0:1]", "a := 1", "min(a := 1, 2)", "a = 1", "a += 1", "a; a"),
    *("a\nimport os", "import os", "from os import path", "def f(): pass", "class A: pass", "while 1: pass", "pass"),
    *("if a: a", "a if a else a", "a and a", "not a", "a < 1", "a == a", "a is a", "a in a", "~1", "1 | 1", "1 & 1"),
    *(
        "1 << 99",
        "1 >> 1",
        "a @ a",
        "7 // 2",
        "7 % 2",
        "'a' * 9",
        '"a"',
        "f'{a}'",
        "b'a'",
        "`a`",
        "a # b",
        "a \\\n + a",
    ),
    *("True", "None", "False + 1", "...", "yield", "await a", "*a", "**a", "min(*a)", "min(**a)", "min(a, key=abs)"),
    *("min", "abs + 1", "sum(1, min)", "abs(abs)", "min()", "max()", "sum()", "mean()", "round()", "round(1, 2, 3)"),
    *("abs(1, 2)", "min(1)(2)", "(min)(1)(1)", "1(2)", "a(2)", "round(1, 0.5)", "round(1, 99)", "round(1, -1)"),
    *(
        "9 ** 9 ** 9",
        "10**10**10",
        "(10**100)**100",
        "2 ** 99 ** 99",
        "10 ** -100 / 10 ** 100",
        "9 ** 101",
        "99 ** 100",
        "10 ** 60 * 10 ** 60",
        "10 ** -60 / 10 ** 60",
        "2 ** 0.5 ** -99",
    ),
    *(
        "1 / 0",
        "1 / (a - a)",
        "0 ** 0",
        "0 ** -1",
        "(-8) ** 0.5",
        "1e9",
        "1e999",
        "0x10",
        "0b1",
        "1j",
        "1_000",
        "1if 1",
    ),
    *(
        "nan",
        "inf",
        "Infinity",
        "b",
        "A",
        "_",
        "__",
        "a__b.c",
        "\u0662",
        "\uff41",
        "\u00aa",
        "\u202e1",
        "a\u0301",
        "a\0",
    ),
    *(
        "",
        "   ",
        "+",
        "1 +",
        "* 2",
        "1 2",
        "a a",
        "(1",
        "1)",
        ")(",
        "1,",
        ",",
        "1 ** ** 2",
        "1 */ 2",
        "1.",
        ".5",
        "1..2",
    ),
    *("(" * 249 + "1" + ")" * 249, "-" * 499 + "1", "abs(" * 90 + "1" + ")" * 90),
    *("1+" * 249 + "1", "2**" * 160 + "2", "9" * 501, "a" * 41, "a," * 200, "min(" * 120, "1 " * 250, "é", "∞", "√4"),
    *("import", "class", "for", "os", "sys", "__builtins__", "__import__", "self", "a.b.c()", "a['x']", "$HOME", "%s"),
    *("<script>1</script>", "1; DROP TABLE claims_claim", "=1+1", "=cmd|' /C calc'!A0", "{{ 1 }}", "${1}", "@SUM(1)"),
]


@pytest.mark.parametrize("formula", HOSTILE)
def test_what_is_not_arithmetic_is_refused_in_words_and_at_once(formula: str) -> None:
    began = time.process_time()
    with pytest.raises(Problem) as refused:
        computed(formula, Input("a", Decimal(1)))
    assert str(refused.value)
    assert refused.value.field == "formula"
    assert time.process_time() - began < 1


def test_a_formula_may_go_over_several_lines() -> None:
    assert computed("(a\n + 1)\r\n / 2", Input("a", Decimal(3))).value == 2


@given(st.text(max_size=80))
def test_any_text_gives_a_number_or_a_problem(formula: str) -> None:
    try:
        result = computed(formula, Input("a", Decimal(2)))
    except Problem:
        return
    assert result.value.is_finite()


@given(st.text(alphabet="0129.+-*/^(), abminsumroudx", min_size=1, max_size=FORMULA_LIMIT))
def test_any_heap_of_arithmetic_gives_a_finite_number_or_a_problem(formula: str) -> None:
    try:
        result = computed(formula, Input("a", Decimal("2.5")), Input("b", Decimal(-3)))
    except Problem:
        return
    assert result.value.is_finite()
    assert abs(result.value) < Decimal("1e101")


NUMBERS = st.decimals(min_value=-(10**12), max_value=10**12, places=3, allow_nan=False, allow_infinity=False)


@given(NUMBERS, NUMBERS, NUMBERS)
def test_sums_are_exact(a: Decimal, b: Decimal, c: Decimal) -> None:
    result = computed("a + b - c", Input("a", a), Input("b", b), Input("c", c))
    assert result.value == a + b - c


@given(NUMBERS, st.decimals(min_value=0, max_value=200, places=2))
def test_the_expected_value_itself_is_always_within_tolerance(number: Decimal, amount: Decimal) -> None:
    for is_percent in (True, False):
        assert Tolerance(amount, is_percent).holds(number, number)


@pytest.mark.parametrize(
    ("given_value", "expected", "tolerance", "agrees"),
    [
        ("51", "50", Tolerance(Decimal(2), is_percent=True), True),
        ("51.01", "50", Tolerance(Decimal(2), is_percent=True), False),
        ("-51", "-50", Tolerance(Decimal(2), is_percent=True), True),
        ("49.5", "50", Tolerance(Decimal("0.5")), True),
        ("49.49", "50", Tolerance(Decimal("0.5")), False),
        ("50", "50", EXACT, True),
        ("0.01", "0", Tolerance(Decimal(50), is_percent=True), False),
    ],
)
def test_the_bounds_of_a_tolerance_belong_to_it(
    given_value: str, expected: str, tolerance: Tolerance, agrees: bool
) -> None:
    assert tolerance.holds(Decimal(given_value), Decimal(expected)) is agrees


def test_the_result_is_told_in_words() -> None:
    tolerance = Tolerance(Decimal(2), is_percent=True)
    far = recompute("a", [Input("a", Decimal("46.0"))], expected=Decimal(50), tolerance=tolerance)
    assert str(far) == "outside tolerance: 46.0 against 50 ± 2 %"
    near = recompute("a * 1000", [Input("a", Decimal(50))], expected=Decimal(50_500), tolerance=tolerance, unit="km")
    assert str(near) == "within tolerance: 50,000 km against 50,500 km ± 2 %"


def test_units_that_do_not_agree_are_a_problem() -> None:
    dollars, people = Input("a", Decimal(1), "US$ bn"), Input("b", Decimal(2), "people")
    for formula in ("a + b", "a - b", "max(a, b)", "sum(a, a, b)"):
        with pytest.raises(Problem, match=r"US\$ bn beside people"):
            computed(formula, dollars, people)
    with pytest.raises(Problem, match="no unit"):
        computed("2 ** a", dollars)
    with pytest.raises(Problem, match="half a unit"):
        computed("a ** 0.5", dollars)


def test_a_quotient_carries_both_units_and_a_share_none() -> None:
    dollars, people = Input("a", Decimal(6), "US$"), Input("b", Decimal(2), "people")
    assert computed("a / b", dollars, people, unit="US$/people").value == 3
    assert computed("a / b", dollars, people).unit == "US$/people"
    assert computed("a / (a + a) * 100", dollars, unit="%").value == 50
    assert computed("(a * a) ** 0.5", dollars).unit == "US$"
    with pytest.raises(Problem, match="gives US.; the claim says people") as refused:
        computed("a", dollars, unit="people")
    assert refused.value.field == "unit"


def test_a_number_in_the_formula_takes_the_unit_of_what_it_is_added_to() -> None:
    assert computed("a - 273.15", Input("a", Decimal("273.15"), "K"), unit="K").value == 0


def test_different_years_and_idle_inputs_are_noted() -> None:
    inputs = [Input(name, Decimal(1), year=year) for name, year in (("a", 2021), ("b", 2022), ("c", 1990))]
    assert computed("a + b", *inputs).notes == (
        "Not used by the formula: c.",
        "The inputs are of different years: 2021, 2022.",
    )


@pytest.mark.parametrize("name", ["", "2a", "a b", "a-b", "é", "if", "lambda", "min", "None", "_a", "a" * 41, "a\n"])
def test_a_name_that_a_formula_cannot_use_is_refused(name: str) -> None:
    with pytest.raises(Problem):
        check_name(name)


def test_two_inputs_of_one_name_are_refused_and_so_are_too_many() -> None:
    with pytest.raises(Problem, match="Two inputs"):
        computed("a", Input("a", Decimal(1)), Input("a", Decimal(2)))
    with pytest.raises(Problem, match="At most 50"):
        computed("a0", *(Input(f"a{number}", Decimal(1)) for number in range(51)))
