"""What imported claims rest on: said once all of them are here, for a premise may come on any later line.

Kept in a file of its own until then, which SQLite removes: memory does not grow with the number of claims.
"""

import sqlite3
from collections.abc import Iterator

from django.core.exceptions import ValidationError

from claims.actions.relations import relate
from claims.choices import RelationKind
from claims.imports.drafts import Draft, key_of
from claims.models import Claim, User

NOT_HERE = "dependencies on claims that are not here"
CIRCLES = "dependencies that would lead round in a circle"

_TABLES = """
CREATE TABLE here (claim INTEGER, name TEXT, address TEXT);
CREATE TABLE premise (claim INTEGER, name TEXT, address TEXT, note TEXT);
"""
_INDEXES = """
CREATE INDEX here_name ON here (name);
CREATE INDEX here_address ON here (address);
"""
# By its address if that is told: a desk that took claims of two others has two that were called C-12.
_PAIRS = """
SELECT claim, name, address, note, coalesce(
    (SELECT claim FROM here WHERE here.address = premise.address AND premise.address <> '' LIMIT 1),
    (SELECT claim FROM here WHERE here.name = premise.name AND premise.address = '' LIMIT 1)
) FROM premise ORDER BY rowid
"""


class Premises:
    """The claims of a file that are here, and what those of them that are new rest on."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("")  # a file without a name
        self._db.executescript(_TABLES)

    def __enter__(self) -> "Premises":
        return self

    def __exit__(self, *problem: object) -> None:
        self._db.close()

    def note(self, claim: int, draft: Draft, *, is_new: bool) -> None:
        """The claim with this key is the one of the draft; one that was here before keeps to what it rests on."""
        name = draft.name.casefold()
        self._db.execute("INSERT INTO here VALUES (?, ?, ?)", (claim, name, draft.address))
        if is_new:
            rows = [(claim, one.name.casefold(), one.address, one.note) for one in draft.premises]
            self._db.executemany("INSERT INTO premise VALUES (?, ?, ?, ?)", rows)

    def relate(self, desk: str, *, by: User) -> Iterator[str]:
        """Say what the claims rest on; yields a reason for each relation that is left out.

        `desk` is the address under which this desk's own exports are known.
        """
        self._db.executescript(_INDEXES)
        for claim, name, address, note, found in self._db.execute(_PAIRS):
            premise = Claim.objects.filter(pk=found).first() if found else _stored(name, address, desk)
            if premise is None:
                yield NOT_HERE
                continue
            try:
                relate(Claim.objects.get(pk=claim), RelationKind.DEPENDS_ON, premise, by=by, note=note[:500])
            except ValidationError:
                yield CIRCLES


def _stored(name: str, address: str, desk: str) -> Claim | None:
    """A claim of the desk that is not in the file."""
    if address and address.startswith(f"{desk}/claims/"):
        key = address.removeprefix(f"{desk}/claims/").rstrip("/")
        return Claim.objects.filter(pk=int(key)).first() if key.isascii() and key.isdigit() and len(key) < 10 else None
    if key := key_of(name, address):
        return Claim.objects.filter(key__in={key, key.lower(), key.upper()}).first()
    return None
