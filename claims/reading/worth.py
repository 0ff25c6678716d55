"""How much a sentence is worth checking and why, as people read it."""

from dataclasses import dataclass
from math import floor

from claims.detection.language import Language, language
from claims.detection.score import TERM
from claims.intake.scoring import detection_language
from claims.models import Document, Sentence, Weighting
from claims.text import show_bidi

SLACK = 1e-9  # 0.57 * 100 is a little less than 57


@dataclass(frozen=True)
class Reason:
    """One reason for a score. `says` is a sentence for people, without its full stop; a term says its word."""

    name: str
    says: str
    weight: float  # what it adds to the log-odds
    words: tuple[str, ...]

    @property
    def is_for(self) -> bool:
        return self.weight > 0

    @property
    def amount(self) -> str:
        """+0.4, −1.2; two digits where one would say nothing."""
        digits = 1 if abs(self.weight) >= 0.05 else 2
        return f"{self.weight:+.{digits}f}".replace("-", "\u2212")

    @property
    def quoted(self) -> str:
        return ", ".join(f"“{word}”" for word in self.words)


@dataclass(frozen=True)
class Worth:
    """`percent` is the score from 0 to 100, rounded down, None without one. The weightiest reasons come first."""

    percent: int | None
    signals: tuple[Reason, ...] = ()
    terms: tuple[Reason, ...] = ()
    assertions: int = 0

    @property
    def telling(self) -> tuple[Reason, ...]:
        """What a row of the list shows: the weightiest signals that speak for it, and the weightiest against."""
        speaking_for = [reason for reason in self.signals if reason.is_for]
        against = [reason for reason in self.signals if not reason.is_for]
        return (*speaking_for[:3], *against[:1])

    @property
    def more_reasons(self) -> int:
        """How many a row of the list leaves out beside those and two terms."""
        return len(self.signals) - len(self.telling) + max(len(self.terms) - 2, 0)

    @property
    def has_several_assertions(self) -> bool:
        return self.assertions > 1


def percent_of(score: float) -> int:
    return floor(100 * score + SLACK)


def is_worth(sentence: Sentence, percent: int) -> bool:
    """Whether its score is at least that; nothing says so much against a sentence without one. See also: worth()."""
    return sentence.score is None or sentence.score >= percent / 100


def worth_of(sentence: Sentence, code: str | None) -> Worth:
    """What is stored of the sentence's score, in the words of the language that it was scored in."""
    if sentence.score is None:
        return Worth(None)
    spoken = language(code) if code else None
    reasons = [_reason(one["name"], one["weight"], one["words"], spoken) for one in sentence.signals]
    return Worth(
        percent_of(sentence.score),
        tuple(reason for reason in reasons if reason.name != TERM),
        tuple(reason for reason in reasons if reason.name == TERM),
        sentence.assertions,
    )


def _reason(name: str, weight: float, words: list[str], spoken: Language | None) -> Reason:
    known = spoken.rules.get(name) if spoken else None
    shown = tuple(show_bidi(word) for word in words)
    return Reason(name, known.says.rstrip(".") if known else name.capitalize(), weight, shown)


def threshold_of(document: Document) -> int | None:
    """The percent from which the weights in force call a sentence worth checking; None in a language without any."""
    code = detection_language(document.language)
    return percent_of(Weighting.objects.weights_in_force(code).threshold) if code else None
