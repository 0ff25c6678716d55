"""Cells as the columns of a claim hold them: what forms accept is accepted, in the same words. Pure."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from claims import limits
from claims.choices import ClaimKind, Credibility, Priority, Provenance, Stance
from claims.imports.nodes import day_of
from claims.imports.rows import RowError, readable
from claims.links import MAX_LENGTH
from claims.partial_dates import PartialDate
from claims.text import clean_line, clean_text, is_language_tag

LINE = 200
_ESCAPED = re.compile("[\udc80-\udcff]")
_PLAIN = re.compile(r"[!-~]+(?: [!-~]+)*")
"""Lines that nothing has to be done to: nearly all of most files."""


def text_in(value: Any) -> str:
    """A cell as text: of an object its name, of a list its elements. Raises RowError for what has no words."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping) and isinstance(value.get("name"), str):
        return str(value["name"])
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(value)
    raise RowError("this is no text.")


def one_line(value: Any, limit: int = LINE) -> str:
    text = text_in(value)
    line = text if _PLAIN.fullmatch(text) else _told(clean_line, text)
    return _within(line, limit)


def long_line(value: Any) -> str:
    """A name or an address, as long as addresses get."""
    return one_line(value, limits.ASSERTION + MAX_LENGTH)


def day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except (TypeError, ValueError):
        return None


def whole(value: Any) -> int | None:
    """A whole number of at most nine digits, from 0; None for anything else."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def long_text(value: Any, limit: int) -> str:
    return _within(_told(clean_text, text_in(value)).strip(), limit)


def long_text_as_is(value: Any, limit: int) -> str:
    """Text whose blanks at its ends belong to it."""
    return _within(_told(clean_text, text_in(value)), limit)


def _told(clean: Any, text: str) -> str:
    try:
        return str(clean(text))
    except ValueError as error:
        if _ESCAPED.search(text):
            raise RowError("it has bytes that are no UTF-8; save the file as UTF-8.") from None
        raise RowError(f"{str(error)[0].lower()}{str(error)[1:]}") from None


def _within(text: str, limit: int) -> str:
    if len(text) > limit:
        raise RowError(f"at most {limit:,} characters are allowed; this has {len(text):,}.")
    return text


def assertion(value: Any) -> str:
    if not (found := one_line(value, limits.ASSERTION)):
        raise RowError("it is empty.")
    return found


def language(value: Any) -> str:
    """The language tag; "" for what is none: a document can do without."""
    return value if isinstance(value, str) and is_language_tag(value) else ""


def partial_date(value: Any) -> str:
    return _date(one_line(value)) if value else ""


@lru_cache(maxsize=10_000)
def _date(text: str) -> str:
    if not text:
        return ""
    try:
        return day_of(text) or str(PartialDate.parse(text))
    except ValueError as error:
        raise RowError(f"{str(error)[0].lower()}{str(error)[1:]}") from None


def kind(value: Any, default: str) -> str:
    return _one_of(_KINDS, one_line(value)) if value else default


def priority(value: Any) -> int:
    return int(_one_of(_PRIORITIES, one_line(value))) if value else Priority.NORMAL.value


def stance(value: Any) -> str:
    return _one_of(_STANCES, one_line(value)) if value else Stance.CONTEXT.value


def provenance(value: Any) -> str:
    return str(value) if value in Provenance.values else Provenance.FOUND.value


def credibility(grade: Any) -> int:
    """The digit of an Admiralty grade such as "B2"."""
    digit = str(grade or "")[-1:]
    return int(digit) if digit in {str(value) for value in Credibility.values} else Credibility.UNKNOWN.value


def _words(choices: Iterable[tuple[Any, Any]]) -> dict[str, str]:
    return {word.casefold(): str(value) for value, label in choices for word in (str(value), str(label))}


_KINDS = _words(ClaimKind.choices)
_PRIORITIES = _words(Priority.choices)
_STANCES = _words(Stance.choices)


def _one_of(known: Mapping[str, str], text: str) -> str:
    if found := known.get(text.casefold()):
        return found
    if not text:
        raise RowError("it is blank.")
    names = ", ".join(dict.fromkeys(known.values()))
    raise RowError(f"“{readable(text)}” is none of: {names}.")


def tags(value: Any, *, parted_by: str = "") -> tuple[str, ...]:
    """Each once, in order. Text is parted by `parted_by`; else by semicolons, or by commas where there are none."""
    if not value:
        return ()
    if isinstance(value, list):
        names = [text_in(item) for item in value]
    else:
        text = text_in(value)
        names = text.split(parted_by or (";" if ";" in text else ","))
    found = tuple(dict.fromkeys(name for part in names if (name := one_line(part, limits.TAG))))
    if len(found) > limits.TAGS:
        raise RowError(f"at most {limits.TAGS} tags are allowed; these are {len(found):,}.")
    return found
