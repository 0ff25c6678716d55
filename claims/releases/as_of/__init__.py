"""Claims as they stood at an instant, rebuilt from the histories that nobody can change.

    gaps = Gaps()
    for claim in claims_as_of(keys, instant, with_comments=False, gaps=gaps): …

The present rows are read, and what later events tell of their old values is put back; then they are written as a
release writes them (releases.content). What the history does not hold is in `gaps` afterwards: nothing is guessed.
docs/releases.md says what that is. A constant number of queries for each chunk of claims.
"""

from claims.releases.as_of.claims import claims_as_of
from claims.releases.as_of.missing import Gaps, Missing

__all__ = ["Gaps", "Missing", "claims_as_of"]
