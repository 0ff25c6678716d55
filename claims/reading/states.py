"""How far each sentence of a text is. Pure. Offsets count code points of the snapshot."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from claims.choices import UNRESOLVED, Stage


class State(StrEnum):
    """How far a sentence is, the least first; a stretch is only as far as the least of its sentences."""

    PENDING = "pending"  # a passage of the new draft in it waits for a decision
    UNDECIDED = "undecided"
    CLAIMED = "claimed"  # a claim in it is neither verified nor dismissed
    DECIDED = "decided"
    VERIFIED = "verified"


WORDS: Mapping[State, str] = {
    State.PENDING: "waiting for a decision about the draft",
    State.UNDECIDED: "undecided",
    State.CLAIMED: "with an open claim",
    State.DECIDED: "decided",
    State.VERIFIED: "with all its claims verified",
}
HEIGHTS: Mapping[State, int] = {
    State.PENDING: 20,
    State.UNDECIDED: 5,
    State.CLAIMED: 13,
    State.DECIDED: 9,
    State.VERIFIED: 18,
}
"""Of a cell, which is 20 high at most: the taller, the further; what waits for a decision stands out by its height."""


class Spot(NamedTuple):
    """A sentence on the map."""

    pk: int
    start: int
    end: int
    is_decided: bool


class ClaimSpot(NamedTuple):
    """A passage in which the text makes a claim."""

    pk: int
    start: int
    end: int
    stage: str


def in_words(states: Mapping[State, int]) -> str:
    """3 sentences undecided, 1 decided."""
    counted = [(state, states[state]) for state in State if states.get(state)]
    words = [f"{count:,} {WORDS[state]}" for state, count in counted]
    if words:
        count, rest = words[0].split(" ", 1)
        words[0] = f"{count} {'sentence' if count == '1' else 'sentences'} {rest}"
    return ", ".join(words)


def states_of(spots: Sequence[Spot], claims: Iterable[ClaimSpot], pending: Iterable[tuple[int, int]]) -> list[State]:
    """The state of each sentence, in order. Dismissed claims do not count."""
    states = [State.DECIDED if spot.is_decided else State.UNDECIDED for spot in spots]
    for claim in claims:
        for at in _touched(spots, claim.start, claim.end):
            if states[at] == State.UNDECIDED or claim.stage == Stage.DISMISSED:
                continue
            is_open = claim.stage in UNRESOLVED or states[at] == State.CLAIMED
            states[at] = State.CLAIMED if is_open else State.VERIFIED
    for start, end in pending:
        for at in _touched(spots, start, end):
            states[at] = State.PENDING
    return states


def _touched(spots: Sequence[Spot], start: int, end: int) -> Iterable[int]:
    at = bisect_right(spots, start, key=lambda spot: spot.end)
    while at < len(spots) and spots[at].start < end:
        yield at
        at += 1
