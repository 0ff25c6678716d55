"""The lines of claims that are about to be frozen: read while everybody goes on working, and anew where somebody did.

spool = Spool(file)
spool.read(keys, with_comments=True)        # takes a while, holds nothing up
…                                           # now the claims are locked
spool.read(spool.stale(keys), …)            # few, or none
spool.lines(keys)                           # what claims.jsonl will hold, in this order
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import islice
from typing import IO, NamedTuple

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from claims.exports.canonical import record_sha256
from claims.models import Appearance, Document, Event, Evidence
from claims.models.document import DERIVATION_STEPS
from claims.releases.content import ReleasedClaim, line_of, released_claims

CHUNK = 500
MARGIN = timedelta(minutes=10)
"""A transaction that began before a reading may be seen only after it: events of the time before count as later."""

_TELLS_NOTHING = ("claim", "document", "source", "claimset", "release", "signingkey", "weighting", "sentence")
"""Objects whose events change no line, or only those of claims that are looked for by other ways."""


class Head(NamedTuple):
    """The newest event of a claim's history."""

    claim: int
    number: int
    hash: str


class Line(NamedTuple):
    """A line in the file, and what of it the database keeps."""

    offset: int
    length: int
    position: int
    head: Head
    verdict: str
    record_sha256: str


class Spool:
    """Lines in a file that can be read and written. A claim that is read again has its newer line."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.found: dict[int, Line] = {}
        self._end = 0
        self._since = timezone.now() - MARGIN

    def read(self, keys: Iterable[int], *, with_comments: bool) -> Iterator[int]:
        """Read these claims as they are now; yields how many were read, again and again."""
        for told in released_claims(keys, with_comments=with_comments):
            line, head = line_of(told), Head(**told["head"])
            self.file.seek(self._end)
            self.file.write(line)
            verdict = told["verdict"]["key"] if told["verdict"] else ""
            known = (told["position"], head, verdict, record_sha256(told))
            self.found[head.claim] = Line(self._end, len(line), *known)
            self._end += len(line)
            yield told["position"]

    def stale(self, keys: Sequence[int]) -> list[int]:
        """Those of the claims, which nobody changes meanwhile, that were not read, or have changed since."""
        touched = self._touched() if self.found else set()
        known = self.found
        return [head.claim for head in heads(keys) if head.claim in touched or _differs(known.get(head.claim), head)]

    def lines(self, keys: Iterable[int]) -> Iterator[bytes]:
        """The lines of these claims, each with its place among them."""
        for position, key in enumerate(keys, start=1):
            line = self.found[key]
            self.file.seek(line.offset)
            data = self.file.read(line.length)
            if line.position != position:
                told: ReleasedClaim = json.loads(data)
                told["position"] = position
                data = line_of(told)
            yield data

    def _touched(self) -> set[int]:
        """Claims of whose documents and sources something was changed since the reading began, or before, but late."""
        events = Event.objects.filter(at__gte=self._since).order_by()
        if events.exclude(object_type__in=_TELLS_NOTHING).exists():
            return set(self.found)
        documents = _with_derived(events)
        touched: set[int] = set()
        for chunk in _chunks(documents):
            touched.update(Evidence.objects.filter(document__in=chunk).values_list("claim", flat=True))
            touched.update(Appearance.objects.filter(snapshot__document__in=chunk).values_list("claim", flat=True))
        return touched


def _differs(line: Line | None, head: Head) -> bool:
    return line is None or line.head != head


def _with_derived(events: Iterable[Event]) -> set[int]:
    """Documents that the events are of, or those of whose sources, and what came out of them."""
    of = {
        kind: set(events.filter(object_type=kind).values_list("object_id", flat=True))  # type: ignore[attr-defined]
        for kind in ("document", "source")
    }
    level = set(
        Document.objects.filter(Q(pk__in=of["document"]) | Q(source__in=of["source"])).values_list("pk", flat=True)
    )
    found = set(level)
    for _ in range(DERIVATION_STEPS):
        level = {
            pk
            for chunk in _chunks(level)
            for pk in Document.objects.filter(derived_from__in=chunk).values_list("pk", flat=True)
        }
        found |= level
    return found


def heads(keys: Iterable[int]) -> Iterator[Head]:
    """The newest event of each claim's history, in the order of the keys."""
    later = Event.objects.filter(object_type="claim", object_id=OuterRef("object_id"), number__gt=OuterRef("number"))
    newest = Event.objects.filter(~Exists(later), object_type="claim").order_by()
    for chunk in _chunks(keys):
        found = newest.filter(object_id__in=chunk).values_list("object_id", "number", "hash")
        by_claim = {claim: Head(claim, number, digest) for claim, number, digest in found}
        yield from (by_claim[key] for key in chunk)


def _chunks(keys: Iterable[int]) -> Iterator[list[int]]:
    remaining = iter(keys)
    while chunk := list(islice(remaining, CHUNK)):
        yield chunk
