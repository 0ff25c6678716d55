"""The sentences of a text with their check-worthiness. Pure: the same text, language and weights give the same."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from claims.detection.language import language
from claims.detection.score import Worthiness, assess
from claims.detection.weights import Weights
from claims.intake.sentences import paragraphs, sentences_in

DEFAULT_LANGUAGE = "en"
"""Of a text whose language nobody has named."""


class ScoredSentence(NamedTuple):
    """A sentence at [start, end) in code points; `score` is None when there are no signals for its language.

    `signals` are plain data for JSON: name, weight and words of each reason, the weightiest first.
    """

    start: int
    end: int
    score: float | None
    signals: list[dict[str, Any]]
    assertions: int


def detection_language(tag: str) -> str | None:
    """The code of the language in which a text of this BCP 47 tag ("" if unknown) is scored; None if it cannot be."""
    code = tag.partition("-")[0].lower() or DEFAULT_LANGUAGE
    try:
        language(code)
    except LookupError:
        return None
    return code


def scored_sentences(text: str, code: str | None, weights: Weights | None = None) -> Iterator[ScoredSentence]:
    """Every sentence of the text in order; unscored when `code` is None. `weights` None: those that are shipped."""
    for paragraph in paragraphs(text):
        for start, end in sentences_in(text, paragraph):
            if code is None:
                yield ScoredSentence(start, end, None, [], 0)
            else:
                found = assess(text[start:end], is_heading=paragraph.is_heading, code=code, weights=weights)
                yield ScoredSentence(start, end, found.score, reasons(found), found.assertions)


def reasons(found: Worthiness) -> list[dict[str, Any]]:
    """The signals of a sentence as plain data."""
    return [{"name": one.name, "weight": round(one.weight, 3), "words": list(one.words)} for one in found.signals]
