"""How much text each thing may hold, in code points: forms, models and actions agree on these. Pure.

Names, titles and other lines are as long as their columns.
"""

ASSERTION = 1_000
PASSAGE = 10_000
"""Words of a document that a claim is taken from."""

TEXT = 10_000
"""Rationales, findings, quotes, comments, descriptions: what people write at length."""

REASON = 5_000
"""Reasons and notes that go with an act."""

GUIDE = 5_000
"""How to check a claim."""

DOCUMENT = 2_000_000
TAG = 60
TAGS = 20
FILTER = 5_000
"""The query of an address that a claim set keeps."""

RELEASED = 100_000
"""Claims in one release."""

LEFT_OUT = 5_000
"""Claims left out of one release, each with why."""
