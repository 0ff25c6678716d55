"""Storing what became of the appearances of earlier texts in the newest one: kept, or left for a person to decide."""

from collections.abc import Iterable
from dataclasses import asdict

from claims import passages
from claims.actions.changes import lock
from claims.actions.completion import lapse_text
from claims.choices import Reanchored
from claims.drafts import Outcome, outcomes
from claims.models import Appearance, Reanchoring, Snapshot, User

Found = tuple[Appearance, Outcome]


def anchor(snapshot: Snapshot, found: Iterable[Found], *, by: User) -> list[Reanchoring]:
    """Keep in the snapshot what stands beyond doubt, and leave the rest pending, with the place proposed for it.

    A claim is kept once at one place: what else comes to stand there is left pending. Three statements, however many.
    """
    found = list(found)
    taken = set(_places(snapshot, [appearance.claim_id for appearance, _ in found]))
    rows = []
    for appearance, outcome in found:
        row = Reanchoring(snapshot=snapshot, appearance=appearance, status=outcome.status)
        if match := outcome.match:
            row.start, row.end = match.start, match.end
            place = (appearance.claim_id, match.start, match.end)
            if outcome.is_settled and place not in taken:
                taken.add(place)
                row.result = appearance_at(snapshot, match.start, match.end, claim=appearance.claim_id, by=by)
                row.decision, row.decided_by, row.decided_at = Reanchored.KEPT, by, row.result.added_at
        rows.append(row)
    Appearance.objects.bulk_create([row.result for row in rows if row.result])
    return Reanchoring.objects.bulk_create(rows)


def _places(snapshot: Snapshot, claims: list[int]) -> Iterable[tuple[int, int, int]]:
    known = Appearance.objects.filter(snapshot=snapshot, claim__in=claims).order_by()
    return known.values_list("claim", "start", "end")


def appearance_at(snapshot: Snapshot, start: int, end: int, *, claim: int, by: User) -> Appearance:
    """A new appearance, not saved. Raises passages.PassageError when the text has no such place."""
    passage = passages.describe(snapshot.text, start, end)
    return Appearance(claim_id=claim, snapshot=snapshot, added_by=by, **asdict(passage))


def follow(appearance: Appearance, *, by: User) -> Reanchoring | None:
    """Look for an appearance that was just added to an earlier text in the newest one; None if it is in the newest.

    Whoever reads an old text, or had its page open when a draft came, says something about the newest text, too.
    """
    snapshot = appearance.snapshot
    lock(snapshot.document)  # a draft that is coming at this moment finds the appearance, or is found here
    newest = snapshot.later().order_by("-number").first()
    if newest is None:
        return None
    found = outcomes(snapshot.read(), newest.read(), {appearance.pk: appearance.passage})
    lapse_text(newest, by=by, reason=f"{appearance.claim.reference} was found in an earlier text.")
    return anchor(newest, [(appearance, found[appearance.pk])], by=by)[0]
