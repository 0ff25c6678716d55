"""How many voices speak: evidence that shares where it comes from counts once. Pure.

A piece of evidence has traits: what it comes from, such as its publisher and the documents behind it. Pieces that share
a trait, directly or through a third, are one voice.
"""

from collections.abc import Hashable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

Traits = AbstractSet[Hashable]


@dataclass(frozen=True)
class Independence:
    """`voices` are groups of places in the list of pieces, from 0; `own` is that of the author's side, if any."""

    links: int
    voices: tuple[tuple[int, ...], ...]
    own: tuple[int, ...] = ()

    @property
    def sources(self) -> int:
        """How many independent sources there are."""
        return len(self.voices)

    @property
    def is_shared(self) -> bool:
        """Whether some links count as one."""
        return self.sources < self.links

    def __str__(self) -> str:
        links = f"{self.links} link{'' if self.links == 1 else 's'}"
        return f"{links}, {self.sources} independent source{'' if self.sources == 1 else 's'}"


def independence(pieces: Sequence[Traits], own: Traits = frozenset()) -> Independence:
    """Group the pieces. `own` are the traits of the author's side, who is one voice however many publish for them."""
    groups: list[tuple[set[Hashable], list[int]]] = [(set(own), [])]
    for place, traits in enumerate(pieces):
        joined: tuple[set[Hashable], list[int]] = (set(traits), [place])
        apart = []
        for known, places in groups:
            if known.isdisjoint(joined[0]):
                apart.append((known, places))
            else:
                joined = (known | joined[0], [*places, *joined[1]])
        groups = [*apart, joined]
    voices = tuple(sorted(tuple(sorted(places)) for _, places in groups if places))
    mine = next((tuple(sorted(places)) for known, places in groups if not known.isdisjoint(own)), ())
    return Independence(len(pieces), voices, mine)
