"""The sentences of a text that nobody has decided on, in the order in which a person goes through them."""

from dataclasses import dataclass

from django.db.models import Count, F, FloatField, Q, Value
from django.db.models.functions import Coalesce

from claims.keyset import Page, keyset_page
from claims.models import Sentence, Snapshot
from claims.models.document import SentenceQuerySet

SCORE, TEXT = "score", "text"
ORDERS = (SCORE, TEXT)
_KEYS = {SCORE: ["rank", "id"], TEXT: ["number"]}


@dataclass(frozen=True)
class Counts:
    """Sentences of a text: all, those decided, and the undecided ones at or over the threshold, below it, unscored."""

    sentences: int
    decided: int
    over: int
    below: int
    unscored: int

    @property
    def undecided(self) -> int:
        return self.sentences - self.decided

    @property
    def listed(self) -> int:
        """How many the queue holds: what has no score is never below a threshold."""
        return self.over + self.unscored


@dataclass(frozen=True)
class Queue:
    """The undecided sentences of at least `percent`; ranked by score, equal ones in the order of the text."""

    snapshot: Snapshot
    order: str = SCORE
    percent: int = 0

    @property
    def sentences(self) -> SentenceQuerySet:
        return self._ranked().undecided().worth(self.percent)

    def page(self, cursor: str, size: int) -> Page[Sentence]:
        """One or two queries. Raises keyset.BadCursor."""
        return keyset_page(self.sentences, _KEYS[self.order], cursor, size)

    def behind(self, sentence: Sentence) -> Sentence | None:
        """The first one that comes after this sentence, decided or not, else the first of all but it."""
        others = self.sentences.exclude(pk=sentence.pk).order_by(*_KEYS[self.order])
        return others.filter(self._later(sentence)).first() or others.first()

    def counts(self) -> Counts:
        """One query."""
        undecided = Q(disposition="")
        found = self._ranked().aggregate(
            sentences=Count("pk"),
            decided=Count("pk", filter=~undecided),
            over=Count("pk", filter=undecided & Q(score__gte=self.percent / 100)),
            below=Count("pk", filter=undecided & Q(score__lt=self.percent / 100)),
            unscored=Count("pk", filter=undecided & Q(score=None)),
        )
        return Counts(**found)

    def below(self) -> SentenceQuerySet:
        """The undecided ones below the threshold, in the order of the text."""
        return self._ranked().undecided().filter(score__lt=self.percent / 100).order_by("number")

    def _later(self, sentence: Sentence) -> Q:
        if self.order == TEXT:
            return Q(number__gt=sentence.number)
        if sentence.score is None:
            return Q(score=None, pk__gt=sentence.pk)
        return Q(score__lt=sentence.score) | Q(score=sentence.score, pk__gt=sentence.pk) | Q(score=None)

    def _ranked(self) -> SentenceQuerySet:
        """Adds `rank`: 0 for what is surely worth checking, 1 for what is surely not, 2 for what has no score."""
        rank = Coalesce(Value(1.0) - F("score"), Value(2.0), output_field=FloatField())
        return Sentence.objects.filter(snapshot=self.snapshot).annotate(rank=rank)
