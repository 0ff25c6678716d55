"""How many independent voices speak for each of many claims: `reading.voices` for a whole set, from two queries."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Any

from claims.choices import Credibility, Stance
from claims.independence import Independence, independence
from claims.models import Appearance, Evidence
from claims.models.claim import ClaimQuerySet
from claims.models.document import DERIVATION_STEPS
from claims.reading.leaning import BEARING

AT_ONCE = 2_000
"""Rows read at once."""


@dataclass(frozen=True)
class Heard:
    """Who speaks about the claim of this key, by the side they take; `questioned` are keys of pieces of evidence."""

    claim: int
    sides: dict[Stance, Independence] = field(default_factory=dict)
    questioned: tuple[int, ...] = ()

    @property
    def links(self) -> int:
        return sum(side.links for stance, side in self.sides.items() if stance in BEARING)

    @property
    def is_one_source(self) -> bool:
        """Something speaks for or against it, but on neither side more than one independent source."""
        heard = [side for stance, side in self.sides.items() if stance in BEARING]
        return bool(heard) and all(side.sources == 1 for side in heard)


def hear(claims: ClaimQuerySet) -> Iterator[Heard]:
    """Those of the claims that have evidence, by key. Nothing is held in memory but the claim at hand."""
    keys = claims.order_by().values("pk")
    evidence = Evidence.objects.in_force().filter(claim__in=keys).order_by("claim", "pk").values_list(*_columns())
    makers = Appearance.objects.filter(claim__in=keys).order_by("claim")
    own = makers.values_list("claim", "snapshot__document", "snapshot__document__source").distinct()
    rows = merge(own.iterator(AT_ONCE), evidence.iterator(AT_ONCE), key=itemgetter(0))
    for claim, found in groupby(rows, key=itemgetter(0)):
        parts = list(found)
        pieces = [part for part in parts if len(part) > _OWN]
        if pieces:
            yield _heard(claim, pieces, _traits(*(part[1:] for part in parts if len(part) == _OWN)))


_OWN = 3
"""Columns of a row that says who makes a claim; those of evidence have more."""


def _columns() -> list[str]:
    """Claim, key, stance and credibility of a piece; then of each document in its lineage the key and the source."""
    steps = ["document" + "__derived_from" * step for step in range(DERIVATION_STEPS + 1)]
    return ["claim", "pk", "stance", "credibility", *(name for step in steps for name in (step, f"{step}__source"))]


def _traits(*pairs: tuple[Any, ...]) -> frozenset[Hashable]:
    """As reading.voices.traits: of pairs of a document and its source, as many in a row as there are."""
    found: set[Hashable] = set()
    for row in pairs:
        for document, source in zip(row[::2], row[1::2], strict=True):
            if document is not None:
                found |= {("document", document), ("source", source)}
    return frozenset(found)


def _heard(claim: int, pieces: list[tuple[Any, ...]], own: frozenset[Hashable]) -> Heard:
    sides: dict[Stance, Independence] = {}
    questioned: list[int] = []
    for stance in Stance:
        side = [piece for piece in pieces if piece[2] == stance]
        if side:
            sides[stance] = independence([_traits(piece[4:]) for piece in side], own)
        if side and sides[stance].sources == 1:
            questioned += [piece[1] for piece in side if piece[3] == Credibility.CONFIRMED]
    return Heard(claim, sides, tuple(questioned))
