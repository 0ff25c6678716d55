"""Claims and sets as they stood at an instant, rebuilt from the histories that nobody can change.

    gaps = Gaps()
    past = set_as_of(claim_set, instant, gaps)
    for claim in claims_as_of(past.keys, instant, with_comments=False, gaps=gaps): …

The present rows are read, and what later events tell of their old values is put back; then they are written as a
release writes them (releases.content). What the history does not hold is in `gaps` afterwards: nothing is guessed.
docs/releases.md says what that is. A constant number of queries for each chunk of claims.
"""

from claims.releases.as_of.claims import claims_as_of
from claims.releases.as_of.missing import Gaps, Missing
from claims.releases.as_of.sets import NotKnown, PastSet, set_as_of

__all__ = ["Gaps", "Missing", "NotKnown", "PastSet", "claims_as_of", "set_as_of"]
