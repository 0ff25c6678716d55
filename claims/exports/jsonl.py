"""JSON Lines: one claim per line, for programs that read as they go."""

import json
from collections.abc import Iterable, Iterator

from claims.exports.records import ClaimRecord


def write(records: Iterable[ClaimRecord]) -> Iterator[str]:
    for record in records:
        yield json.dumps(record, ensure_ascii=False) + "\n"
