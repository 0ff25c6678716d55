"""Of what kind a claim made of a sentence probably is, by the signals of the sentence. Pure; a person chooses."""

from collections.abc import Collection

from claims.choices import ClaimKind

_BY_SIGNAL: tuple[tuple[str, ClaimKind], ...] = (
    ("ranking", ClaimKind.RANKING),
    ("share", ClaimKind.QUANTITY),
    ("money", ClaimKind.QUANTITY),
    ("large number", ClaimKind.QUANTITY),
    ("comparison", ClaimKind.COMPARISON),
    ("trend", ClaimKind.COMPARISON),
    ("attribution", ClaimKind.ATTRIBUTION),
    ("causal", ClaimKind.CAUSAL),
    ("vote or law", ClaimKind.POLICY),
)
"""The first signal of these that a sentence gives says its kind; most others only say that it is a fact."""


def suggested_kind(signals: Collection[str]) -> ClaimKind:
    """The kind for a sentence that gives the signals of these names; an event, when they say nothing else."""
    return next((kind for name, kind in _BY_SIGNAL if name in signals), ClaimKind.EVENT)
