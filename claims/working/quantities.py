"""Numbers with units, and the sums that may be done with them.

Units are labels, not a system: “US$ bn” agrees with “US$ bn” and with nothing else. A quotient of the same unit has
none; a product or quotient of different ones carries both.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce

from claims.working.numbers import ARITHMETIC, Problem

EXPONENT_LIMIT = 100
_WITHOUT_UNIT = frozenset({"", "%", "percent", "per cent"})
Units = Mapping[str, int]


@dataclass(frozen=True)
class Quantity:
    """A number with its unit labels and their powers.

    `is_bare` is a number without any statement of unit, as one written in a formula: it takes the unit of whatever it
    is added to.
    """

    value: Decimal
    units: tuple[tuple[str, int], ...] = ()
    is_bare: bool = False

    @property
    def unit(self) -> str:
        above = [_power(label, power) for label, power in self.units if power > 0]
        below = [_power(label, -power) for label, power in self.units if power < 0]
        return "/".join(["·".join(above) or "1", *below]) if below else "·".join(above)


def _power(label: str, power: int) -> str:
    return label if power == 1 else f"{label}^{power}"


def quantity(value: Decimal, unit: str) -> Quantity:
    """A number in a unit such as “US$ bn” or “US$ bn/people”; an empty unit says nothing about it."""
    return Quantity(value, read_unit(unit), is_bare=not unit.strip())


def read_unit(unit: str) -> tuple[tuple[str, int], ...]:
    """The labels of a unit with their powers: what stands after a slash is below the line; percent has none."""
    powers: Counter[str] = Counter()
    for position, part in enumerate(unit.split("/")):
        for label in part.split("·"):
            label = " ".join(label.split())
            if label.casefold() not in _WITHOUT_UNIT and label != "1":
                powers[label] += -1 if position else 1
    return _tidy(powers)


def _tidy(powers: Units) -> tuple[tuple[str, int], ...]:
    return tuple(sorted((label, power) for label, power in powers.items() if power))


def _combine(a: Quantity, b: Quantity, sign: int) -> tuple[tuple[str, int], ...]:
    powers = Counter(dict(a.units))
    for label, power in b.units:
        powers[label] += sign * power
    return _tidy(powers)


def _alike(a: Quantity, b: Quantity) -> tuple[tuple[str, int], ...]:
    """The unit that two quantities share. Raises Problem when theirs differ."""
    if a.is_bare or b.is_bare or a.units == b.units:
        return b.units if a.is_bare else a.units
    told = [one.unit or "no unit" for one in (a, b)]
    raise Problem(f"The units do not agree: {told[0]} beside {told[1]}.", "formula")


def add(a: Quantity, b: Quantity) -> Quantity:
    return Quantity(ARITHMETIC.add(a.value, b.value), _alike(a, b), a.is_bare and b.is_bare)


def subtract(a: Quantity, b: Quantity) -> Quantity:
    return Quantity(ARITHMETIC.subtract(a.value, b.value), _alike(a, b), a.is_bare and b.is_bare)


def multiply(a: Quantity, b: Quantity) -> Quantity:
    return Quantity(ARITHMETIC.multiply(a.value, b.value), _combine(a, b, 1), a.is_bare and b.is_bare)


def divide(a: Quantity, b: Quantity) -> Quantity:
    if not b.value:
        raise Problem("The formula divides by zero.", "formula")
    return Quantity(ARITHMETIC.divide(a.value, b.value), _combine(a, b, -1), a.is_bare and b.is_bare)


def power(a: Quantity, b: Quantity) -> Quantity:
    """`a` to the power of `b`, a number without unit of at most EXPONENT_LIMIT either way."""
    if b.units:
        raise Problem("An exponent has no unit.", "formula")
    if abs(b.value) > EXPONENT_LIMIT:
        raise Problem(f"An exponent is at most {EXPONENT_LIMIT}.", "formula")
    if not a.value and b.value <= 0:
        raise Problem("Zero to the power of zero or less is nothing that can be computed.", "formula")
    if a.value < 0 and b.value != b.value.to_integral_value():
        raise Problem("A root of a negative number is nothing that can be computed.", "formula")
    return Quantity(ARITHMETIC.power(a.value, b.value), _raised(a, b.value), a.is_bare)


def _raised(a: Quantity, exponent: Decimal) -> tuple[tuple[str, int], ...]:
    raised = {label: power * exponent for label, power in a.units}
    if any(power != power.to_integral_value() for power in raised.values()):
        raise Problem("This root leaves half a unit.", "formula")
    return _tidy({label: int(power) for label, power in raised.items()})


def negate(a: Quantity) -> Quantity:
    return Quantity(a.value.copy_negate(), a.units, a.is_bare)


def same(a: Quantity) -> Quantity:
    return a


def absolute(a: Quantity) -> Quantity:
    return Quantity(a.value.copy_abs(), a.units, a.is_bare)


def total(*numbers: Quantity) -> Quantity:
    return reduce(add, numbers)


def mean(*numbers: Quantity) -> Quantity:
    return divide(total(*numbers), Quantity(Decimal(len(numbers)), is_bare=True))


def smallest(*numbers: Quantity) -> Quantity:
    return _picked(numbers, min)


def largest(*numbers: Quantity) -> Quantity:
    return _picked(numbers, max)


def _picked(numbers: tuple[Quantity, ...], pick: Callable[..., Decimal]) -> Quantity:
    shared = reduce(add, numbers)  # for its unit, which all must have
    return Quantity(pick(number.value for number in numbers), shared.units, shared.is_bare)


def rounded(a: Quantity, places: Quantity = Quantity(Decimal(0), is_bare=True)) -> Quantity:  # noqa: B008 (frozen)
    """Half away from zero, as people round, to at most 20 places."""
    if places.value != places.value.to_integral_value() or not 0 <= places.value <= 20:
        raise Problem("Round to a whole number of decimals from 0 to 20.", "formula")
    return Quantity(_rounded(a.value, int(places.value)), a.units, a.is_bare)


def _rounded(value: Decimal, places: int) -> Decimal:
    if -int(value.as_tuple().exponent) <= places:
        return value
    return value.quantize(Decimal(1).scaleb(-places), rounding="ROUND_HALF_UP", context=ARITHMETIC)
