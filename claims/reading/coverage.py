"""How far the check of a text has come: sentences with a disposition, and claims by stage."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Count, Q

from claims.choices import UNRESOLVED, Stage
from claims.models import Appearance, Reanchoring, Sentence


@dataclass(frozen=True)
class Bar:
    """A stretch of a bar that is 100 wide, for the claims of one stage."""

    stage: Stage
    x: float
    width: float
    height: int


HEIGHTS: Mapping[str, int] = {
    Stage.OPEN: 8,
    Stage.IN_PROGRESS: 11,
    Stage.IN_REVIEW: 14,
    Stage.VERIFIED: 18,
    "undecided": 5,
    Stage.DISMISSED: 3,
}
"""Height of a block of the coverage strip, which is 20 high: the taller, the further the check."""


@dataclass(frozen=True)
class Coverage:
    """Sentences of one snapshot, how many of them have a disposition, and its claims by stage.

    `pending` are passages of the draft before it that wait for a decision, where they were counted.
    """

    sentences: int = 0
    decided: int = 0
    stages: Mapping[str, int] = field(default_factory=dict)
    pending: int = 0

    @property
    def percent(self) -> int:
        """Share of sentences with a disposition, in whole percent, rounded down: 100 means all of them."""
        return 100 * self.decided // self.sentences if self.sentences else 0

    @property
    def undecided(self) -> int:
        return self.sentences - self.decided

    @property
    def claims(self) -> int:
        """Claims in the work or verified; dismissed ones do not count."""
        return sum(count for stage, count in self.stages.items() if stage != Stage.DISMISSED)

    @property
    def checked(self) -> int:
        return self.stages.get(Stage.VERIFIED, 0)

    @property
    def unresolved(self) -> int:
        return sum(count for stage, count in self.stages.items() if stage in UNRESOLVED)

    @property
    def is_done(self) -> bool:
        """Whether nothing that was counted is missing for its check to be complete."""
        return not (self.undecided or self.unresolved or self.pending)

    @property
    def bars(self) -> list[Bar]:
        """The claims as stretches of a bar, the furthest stage first; empty without claims."""
        result: list[Bar] = []
        x = 0.0
        for stage in (Stage.VERIFIED, Stage.IN_REVIEW, Stage.IN_PROGRESS, Stage.OPEN):
            if count := self.stages.get(stage, 0):
                width = 100 * count / self.claims
                result.append(Bar(stage, round(x, 2), round(width, 2), HEIGHTS[stage]))
                x += width
        return result

    @property
    def by_stage(self) -> list[tuple[Stage, int]]:
        """Stages that occur, the furthest first, with their number of claims."""
        order = (Stage.VERIFIED, Stage.IN_REVIEW, Stage.IN_PROGRESS, Stage.OPEN, Stage.DISMISSED)
        return [(stage, count) for stage in order if (count := self.stages.get(stage, 0))]


def coverage_of(snapshot_ids: Iterable[int]) -> dict[int, Coverage]:
    """The coverage of each snapshot, in three queries for all of them."""
    wanted = list(snapshot_ids)
    stages: dict[int, Counter[str]] = {pk: Counter() for pk in wanted}
    in_texts = Appearance.objects.filter(snapshot__in=wanted).order_by()
    claims = in_texts.values_list("snapshot", "claim__stage").annotate(count=Count("claim", distinct=True))
    for snapshot, stage, count in claims:
        stages[snapshot][stage] = count
    spans = Sentence.objects.filter(snapshot__in=wanted).order_by().values_list("snapshot")
    sentences = {pk: (total, done) for pk, total, done in spans.annotate(Count("pk"), done=_decided())}
    waiting = Reanchoring.objects.pending().filter(snapshot__in=wanted).order_by().values_list("snapshot")
    pending = dict(waiting.annotate(Count("pk")))
    return {pk: Coverage(*sentences.get(pk, (0, 0)), stages[pk], pending.get(pk, 0)) for pk in wanted}


def _decided() -> Count:
    return Count("pk", filter=~Q(disposition=""))
