"""A language's signals, read from its data file: `languages/<code>.toml`. Pure.

A further language is a further file. It holds `numbers` (words that are numbers), `[assertions]` (their `joints` and
`verbs`), and for each signal a table `[signals."<name>"]`: the `side` it is on ("for" or "against"), a sentence `says`
for people, and one or more of `words` with `except` (lists as in lexicon.py), `pattern` (a regular expression over the
sentence), `fewer_words_than`, `more_words_than`, `headings`. What each weighs is learnt and lies beside it in
`<code>.weights.toml`; without that file all weigh the same.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from claims.detection.lexicon import Lexicon, entries

FOLDER = Path(__file__).parent / "languages"
_KEYS = {"side", "says", "words", "except", "pattern", "fewer_words_than", "more_words_than", "headings"}
_SIGNS = {"for": 1, "against": -1}


@dataclass(frozen=True, slots=True)
class Rule:
    """One signal: which side it is on, and what gives it besides the words of its list."""

    name: str
    says: str
    sign: int  # 1 for, -1 against
    pattern: re.Pattern[str] | None = None
    fewer_words_than: int | None = None
    more_words_than: int | None = None
    headings: bool = False

    @property
    def is_only_a_list(self) -> bool:
        return not (self.pattern or self.fewer_words_than or self.more_words_than or self.headings)


@dataclass(frozen=True)
class Language:
    code: str
    rules: Mapping[str, Rule]
    lexicon: Lexicon  # a list for each signal that has one
    joints: frozenset[str]  # words that may begin another assertion
    verbs: Lexicon  # one list, "verb": what an assertion cannot do without

    @cached_property
    def further_rules(self) -> tuple[Rule, ...]:
        """Those that look at more than their list."""
        return tuple(rule for rule in self.rules.values() if not rule.is_only_a_list)


def codes() -> list[str]:
    """The languages there are data files for."""
    return sorted(path.stem for path in FOLDER.glob("*.toml") if "." not in path.stem)


@cache
def language(code: str) -> Language:
    """Raises LookupError when there is no such language, ValueError when its file is wrong."""
    if code not in codes():
        raise LookupError(f"There is no language “{code}”; there are: {', '.join(codes())}.")
    return parse(code, tomllib.loads((FOLDER / f"{code}.toml").read_text(encoding="utf-8")))


def parse(code: str, data: Mapping[str, Any]) -> Language:
    """Raises ValueError saying what is wrong."""
    numbers = frozenset(entry.lower() for entry in entries(data["numbers"]))
    lexicon, verbs = Lexicon(numbers), Lexicon(numbers)
    for name, table in data["signals"].items():
        lexicon.add(name, entries(table.get("words", "")))
        lexicon.add(name, entries(table.get("except", "")), is_exception=True)
    verbs.add("verb", entries(data["assertions"]["verbs"]))
    rules = {name: _rule(name, table) for name, table in data["signals"].items()}
    return Language(code, rules, lexicon, frozenset(entries(data["assertions"]["joints"])), verbs)


def _rule(name: str, table: Mapping[str, Any]) -> Rule:
    if unknown := table.keys() - _KEYS:
        raise ValueError(f"“{name}” has {', '.join(sorted(unknown))}, which means nothing.")
    if table["side"] not in _SIGNS:
        raise ValueError(f"The side of “{name}” is neither “for” nor “against”.")
    return Rule(
        name=name,
        says=table["says"],
        sign=_SIGNS[table["side"]],
        pattern=re.compile(table["pattern"]) if "pattern" in table else None,
        fewer_words_than=table.get("fewer_words_than"),
        more_words_than=table.get("more_words_than"),
        headings=table.get("headings", False),
    )
