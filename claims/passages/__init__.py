"""A passage is a place in a text: describe it, and find it again in another text.

The shape is the W3C Web Annotation model's TextQuoteSelector together with its TextPositionSelector. Pure: offsets
count Unicode code points, `start` is inclusive and `end` exclusive.
"""

from claims.choices import Found
from claims.passages.exact import find_quote, find_quotes
from claims.passages.offsets import code_points_to_utf16, utf16_to_code_points
from claims.passages.passage import CONTEXT, Match, Passage, PassageError, describe, snap
from claims.passages.quotes import QuotePlaces, reads_like, sight
from claims.passages.search import locate
from claims.passages.spans import Piece, levels, segments

__all__ = [
    "CONTEXT",
    "Found",
    "Match",
    "Passage",
    "PassageError",
    "Piece",
    "QuotePlaces",
    "code_points_to_utf16",
    "describe",
    "find_quote",
    "find_quotes",
    "levels",
    "locate",
    "reads_like",
    "segments",
    "sight",
    "snap",
    "utf16_to_code_points",
]
