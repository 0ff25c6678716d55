"""What cannot be said of a past instant."""

from dataclasses import dataclass, field


@dataclass(frozen=True, order=True)
class Missing:
    """A field of a claim (or of the set, where `claim` is empty) of which the history does not hold what it was.

    The rebuilt record has the nearest that is known there: what it is now, or what it became next.
    """

    claim: str
    field: str
    why: str

    def __str__(self) -> str:
        return f"{self.claim or 'The set'}, {self.field}: {self.why}"


@dataclass
class Gaps:
    """Collects what is missing, each once."""

    found: dict[Missing, None] = field(default_factory=dict)

    def add(self, claim: str, field: str, why: str) -> None:
        self.found[Missing(claim, field, why)] = None


NOT_KEPT = "its history was written before it kept this"
