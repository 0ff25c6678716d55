"""Which column of a file holds what, guessed from the names of the columns. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from claims import limits
from claims.choices import ClaimKind
from claims.imports.rows import BadFile, Shape, Table, readable


@dataclass(frozen=True)
class Field:
    """Something that a column can hold: how it is called, what it takes, and names under which it is recognised."""

    label: str
    help: str
    synonyms: tuple[str, ...] = ()


FIELDS: dict[str, Field] = {
    "assertion": Field(
        "Assertion",
        "What is claimed, in one sentence.",
        ("assertion", "claim", "statement", "claim text", "claimed", "claim reviewed", "sentence", "text"),
    ),
    "key": Field(
        "Key",
        "What tells the claim from others: a row with a known key is not stored again.",
        ("key", "reference", "ref", "claim key", "claim id", "claim ref", "id", "identifier"),
    ),
    "kind": Field("Kind", "Such as ranking or event.", ("kind", "claim kind", "claim type", "type", "category")),
    "speaker": Field(
        "Speaker", "Who says so.", ("speaker", "claimant", "said by", "made by", "who", "claim author", "spokesperson")
    ),
    "as_of": Field(
        "As of",
        "The time for which it is judged: 2023, 2023-05 or 24 May 2023.",
        ("claim as of", "as of", "as of date", "date", "claim date", "date of claim"),
    ),
    "reference_period": Field(
        "Speaks about", "The time it is about.", ("reference period", "period", "speaks about", "time period")
    ),
    "how_to_check": Field(
        "How to check", "Where the next one should look.", ("how to check", "guide", "method", "check with")
    ),
    "priority": Field("Priority", "Low, normal, high, urgent; or 1 to 4.", ("priority", "urgency")),
    "recheck_on": Field("Re-check", "When to look again.", ("recheck on", "re check", "recheck", "review on")),
    "tags": Field(
        "Tags", "Parted by semicolons or commas.", ("tags", "tag", "keywords", "topics", "topic", "entities", "labels")
    ),
    "document": Field(
        "Document", "Key, address or title of a stored text.", ("document", "document key", "article", "document title")
    ),
    "quote": Field(
        "Quote", "Words of that text that make the claim.", ("quote", "exact", "excerpt", "passage", "quotation")
    ),
    "link": Field(
        "Evidence",
        "Addresses of pages that bear on it.",
        ("evidence", "evidence url", "evidence link", "link", "links", "source url", "source link", "url", "sources"),
    ),
    "stance": Field("Stance", "Supports, refutes or context.", ("stance", "position")),
    "finding": Field("Finding", "What the page says about the claim.", ("finding", "findings", "explanation")),
}
"""In the order in which people are asked."""

# What our own exports have besides: taken along, and nothing that people choose.
_OWN = {"address": "url"} | {
    name: name for name in ("appearances", "evidence", "searches", "working", "rests_on", "recheck_follows")
}
_OWN_COLUMNS = frozenset({"reference", "assertion", "stage", "verdict", "appearances", "evidence", "url"})
_RECOGNISED = {name: key for key, one in FIELDS.items() for name in one.synonyms}


@dataclass(frozen=True)
class Plan:
    """How the rows of a file become claims.

    `columns` says for each field of FIELDS which column holds it. `kind` is for rows that name none, `document` (key,
    address or title) for rows that quote without naming one, and `tag` goes to every claim that comes in.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    is_own: bool = False
    kind: str = ClaimKind.EVENT
    document: str = ""
    tag: str = ""

    @classmethod
    def guess(cls, table: Table) -> "Plan":
        """By the names of the columns; a field that none fits is left empty."""
        if table.shape is Shape.CLAIMREVIEW:
            return cls()
        is_own = set(table.columns) >= _OWN_COLUMNS
        found = {key: name for key in FIELDS if (name := _best(FIELDS[key].synonyms, table.columns))}
        if is_own:
            found = {key: name for key, name in found.items() if key not in ("link", "quote", "document")}
            found |= {key: name for key, name in _OWN.items() if name in table.columns}
        return cls(found, is_own)

    def mapped(self, chosen: Mapping[str, str], table: Table) -> "Plan":
        """With fields put to other columns, or to none (""). Raises BadFile for a field or column there is not."""
        for key, name in chosen.items():
            if key not in FIELDS:
                raise BadFile(f"There is no field “{readable(key)}”. There are: {', '.join(FIELDS)}.")
            if name and name not in table.columns:
                known = ", ".join(readable(column) for column in table.columns[:20])
                raise BadFile(f"The file has no column “{readable(name)}”. It has: {known}.")
        columns = {key: name for key, name in {**self.columns, **chosen}.items() if name}
        return replace(self, columns=columns)

    def with_options(self, *, kind: str, document: str, tag: str) -> "Plan":
        return replace(self, kind=kind, document=document, tag=tag)

    def check(self, table: Table) -> None:
        """Raises BadFile when nothing says what is claimed, or the tag is too long."""
        if len(self.tag) > limits.TAG:
            raise BadFile(f"A tag has at most {limits.TAG} characters; this has {len(self.tag):,}.")
        if table.shape is not Shape.CLAIMREVIEW and "assertion" not in self.columns:
            names = ", ".join(f"“{readable(name, 30)}”" for name in table.columns[:8]) or "none"
            raise BadFile(
                "No column is known to say what is claimed. The first row must name the columns, and one of them be "
                f"chosen for the assertion. The names found: {names}."
            )


def known_columns(names: Sequence[str]) -> int:
    """How many of these names mean something here."""
    return len({_RECOGNISED[plain] for name in names if (plain := _plain(name)) in _RECOGNISED})


def _best(synonyms: Iterable[str], columns: Iterable[str]) -> str:
    """The column that is called by the earliest of the names."""
    named: dict[str, str] = {}
    for column in columns:
        named.setdefault(_plain(column), column)
    return next((named[name] for name in synonyms if name in named), "")


def _plain(name: str) -> str:
    return " ".join(re.split(r"[\W_]+", name.casefold())).strip()
