"""The one way in which a claim's record becomes bytes, so that its hash says whether it changed.

What depends on the day or on the desk's address is left out: whether it is due, and its own address here. So is what
only a release tells of a claim: it would change with every event.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from claims.exports.records import ClaimRecord

LEFT_OUT = frozenset({"url", "is_due"})
KEPT = frozenset(ClaimRecord.__annotations__) - LEFT_OUT


def canonical(record: ClaimRecord) -> bytes:
    """JSON with sorted names and no blanks, in UTF-8."""
    fields: Mapping[str, Any] = record
    kept = {name: value for name, value in fields.items() if name in KEPT}
    return json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def record_sha256(record: ClaimRecord) -> str:
    return hashlib.sha256(canonical(record)).hexdigest()
