"""How far the check of a text has come, as a whole, by section and sentence by sentence, from three queries."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from claims.choices import UNRESOLVED
from claims.models import Snapshot
from claims.reading import PART
from claims.reading.coverage import Coverage
from claims.reading.marks import Block, blocks
from claims.reading.sections import Layout, Section
from claims.reading.states import ClaimSpot, Spot, State, in_words, states_of


@dataclass(frozen=True)
class SectionLine:
    """A section with its figures; `undecided` and `unresolved` are the first sentence and claim that are missing."""

    section: Section
    coverage: Coverage
    undecided: int | None
    unresolved: int | None

    @property
    def is_missing_something(self) -> bool:
        return bool(self.undecided or self.unresolved or self.section.pending)


@dataclass(frozen=True)
class Survey:
    """The coverage of one snapshot. What is pending counts passages that are gone, too: they are in no section."""

    snapshot: Snapshot
    sections: Sequence[Section]
    coverage: Coverage

    @cached_property
    def states(self) -> list[tuple[State, int]]:
        """How many sentences are how far; states without one are left out."""
        total: Counter[State] = Counter()
        for section in self.sections:
            total.update(section.states)
        return [(state, total[state]) for state in State if total[state]]

    @property
    def in_words(self) -> str:
        return in_words(dict(self.states))

    @cached_property
    def lines(self) -> list[SectionLine]:
        return [_line(section) for section in self.sections]


def survey(snapshot: Snapshot) -> Survey:
    """Raises IntegrityFault."""
    text = snapshot.read()
    rows = snapshot.sentences.order_by("number").values_list("pk", "start", "end", "disposition")
    spots = [Spot(pk, start, end, bool(disposition)) for pk, start, end, disposition in rows]
    appearances = snapshot.appearances.order_by("start", "end")
    claims = [ClaimSpot(*row) for row in appearances.values_list("claim", "start", "end", "claim__stage")]
    pending = list(snapshot.reanchorings.pending().values_list("start", "end"))
    places = [(start, end) for start, end in pending if start is not None and end is not None]
    found = blocks(text, [spot.start for spot in spots])
    starts = [start for start, _ in places]
    layout = Layout(text, found, _parts(found), spots, states_of(spots, claims, places), claims, starts)
    stages = Counter({claim.pk: claim.stage for claim in claims}.values())
    decided = sum(spot.is_decided for spot in spots)
    return Survey(snapshot, layout.sections(), Coverage(len(spots), decided, stages, len(pending)))


def _parts(found: Sequence[Block]) -> list[int]:
    """For each block the part of the document's page, from 1, on which it is read. See also Reading.parts."""
    numbers: dict[int, int] = {}
    return [numbers.setdefault(block.start // PART, len(numbers) + 1) for block in found]


def _line(section: Section) -> SectionLine:
    decided = sum(spot.is_decided for spot in section.spots)
    coverage = Coverage(len(section.spots), decided, Counter(section.claims.values()))
    undecided = next((spot.pk for spot in section.spots if not spot.is_decided), None)
    unresolved = next((pk for pk, stage in section.claims.items() if stage in UNRESOLVED), None)
    return SectionLine(section, coverage, undecided, unresolved)
