"""Decimal numbers as people type and read them, and how near two of them must be."""

import re
from dataclasses import dataclass
from decimal import Context, Decimal, DivisionByZero, InvalidOperation, Overflow, Subnormal, Underflow

NUMBER_LIMIT = 40
"""Characters of a typed number."""

# Every sum is done in this: 34 digits, and what leaves 10**-100 to 10**100 is refused instead of growing.
ARITHMETIC = Context(
    prec=34,
    Emin=-100,
    Emax=100,
    capitals=1,
    clamp=0,
    traps=[DivisionByZero, InvalidOperation, Overflow, Subnormal, Underflow],
)
# Results are told to fewer digits than they are computed in, so that a third times three is one.
TOLD = Context(prec=28, traps=[])
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?")
_DECIMAL_COMMA = re.compile(r"[0-9]+,[0-9]+")
_PLAIN = re.compile(r"[0-9]+(\.[0-9]+)?")
_SPACES = re.compile("[ \u00a0\u2009\u202f]")
_SPACED = re.compile(r"[0-9]{1,3}( [0-9]{3})+([.,][0-9]+)?")
_PLACE = re.compile(r"[=T#]?\s*([0-9]{1,5})(st|nd|rd|th|\.|=)?", re.IGNORECASE)


class Problem(ValueError):
    """Figures that cannot be computed; the message says why, for people. `field` names what to mend."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def read_number(typed: str, field: str = "") -> Decimal:
    """The number in “46.0”, “1,234.5”, “1 234,5”, “−3” or “[292]” (SIPRI's brackets for an estimate).

    Raises Problem for anything else: words, currency signs, infinities, more than NUMBER_LIMIT characters.
    """
    text = typed.strip()
    if len(text) > NUMBER_LIMIT:
        raise Problem(f"This number is too long: at most {NUMBER_LIMIT} characters.", field)
    if text.startswith("[") and text.endswith("]"):
        text = text[1:-1].strip()
    sign = "-" if text[:1] in ("-", "\u2212") else ""
    digits = _plain_digits(text[1:] if sign else text)
    if digits is None:
        raise Problem(f"“{typed.strip()}” is not a number. Write 46.0 or 1,234.5, with the unit beside it.", field)
    return Decimal(sign + digits)


def _plain_digits(text: str) -> str | None:
    if not text.isascii():
        text = _SPACES.sub(" ", text)
    if _SPACED.fullmatch(text):
        text = text.replace(" ", "").replace(",", ".")
    elif _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    elif _DECIMAL_COMMA.fullmatch(text):
        text = text.replace(",", ".")
    return text if _PLAIN.fullmatch(text) else None


def read_place(typed: str, field: str = "") -> int | None:
    """The place in “9”, “9th”, “=3” or “T3”; None when nothing is typed. Raises Problem for anything else."""
    if not typed.strip():
        return None
    found = _PLACE.fullmatch(typed.strip())
    if found is None or int(found[1]) == 0:
        raise Problem(f"“{typed.strip()[:NUMBER_LIMIT]}” is not a place. Write it as 9.", field)
    return int(found[1])


def in_words(value: Decimal) -> str:
    """With commas between thousands; decimals as they are when few, else six significant digits."""
    exponent = int(value.as_tuple().exponent)
    if exponent < -4 or exponent > 0:
        value = value.normalize(Context(prec=max(6, value.adjusted() + 1)))
    if abs(value.adjusted()) > 20 and value:
        return f"{value:.5e}"
    return f"{value:,f}"


def ordinal(place: int) -> str:
    """ "1st", "2nd", "11th"."""
    if place % 100 in (11, 12, 13):
        return f"{place}th"
    return f"{place}{({1: 'st', 2: 'nd', 3: 'rd'}).get(place % 10, 'th')}"


@dataclass(frozen=True)
class Tolerance:
    """How far a value may be from the expected one: so much either way, or so many percent of the expected one."""

    amount: Decimal = Decimal(0)
    is_percent: bool = False

    def holds(self, value: Decimal, expected: Decimal) -> bool:
        """Whether `value` is near enough; the bounds belong to it."""
        allowed = self.amount
        if self.is_percent:
            allowed = ARITHMETIC.multiply(ARITHMETIC.divide(self.amount, Decimal(100)), abs(expected))
        return abs(ARITHMETIC.subtract(value, expected)) <= allowed

    def __str__(self) -> str:
        return f"± {in_words(self.amount)} %" if self.is_percent else f"± {in_words(self.amount)}"
