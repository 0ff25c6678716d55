"""One JSON document. It says how many claims it holds only at its end: a file cut short is no JSON, and says so."""

import json
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.utils import timezone

from claims.exports.records import ClaimRecord

FORMAT = "claim-workbench/claims"
VERSION = 1


def write(records: Iterable[ClaimRecord]) -> Iterator[str]:
    """The document, a claim at a time."""
    head = {
        "format": FORMAT,
        "version": VERSION,
        "desk": settings.PUBLIC_URL,
        "exported_at": timezone.now().isoformat(timespec="seconds"),
    }
    yield json.dumps(head, ensure_ascii=False, indent=1)[:-2] + ',\n "claims": ['
    count = 0
    for record in records:
        yield (",\n" if count else "\n") + json.dumps(record, ensure_ascii=False)
        count += 1
    yield f'\n ],\n "count": {count}\n}}\n'
