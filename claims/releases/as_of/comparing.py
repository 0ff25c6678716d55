"""Holding what was rebuilt against the release that was made then."""

import json
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import Any

from claims.exports.canonical import record_sha256
from claims.models import Release
from claims.releases.content import ReleasedClaim, line_of


def differences(then: Iterable[ReleasedClaim], rebuilt: Iterable[ReleasedClaim]) -> Iterator[str]:
    """A line for each value that differs: the claim, the way to the value, what it was and what it was rebuilt as."""
    for was, now in zip_longest(then, rebuilt):
        if was is None or now is None:
            what = "is in the release, and was not rebuilt" if now is None else "was rebuilt, and is not in the release"
            yield f"{(was or now)['reference']} {what}"
        elif line_of(was) != line_of(now):
            for path, old, new in unequal(was, json.loads(line_of(now))):
                yield f"{was['reference']} {path}: {_short(old)} in the release, rebuilt as {_short(new)}"


def differing_records(release: Release, rebuilt: Iterable[ReleasedClaim]) -> Iterator[str]:
    """The claims whose record has another hash than the one that the desk kept, for a release without a file."""
    kept = release.entries.order_by("position").select_related("claim").iterator(500)
    for entry, now in zip_longest(kept, rebuilt):
        if entry is None or now is None or record_sha256(now) != entry.record_sha256:
            name = entry.claim.reference if entry else now["reference"]
            yield f"{name}: its record has another hash"


def unequal(then: Any, now: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Each value that differs, with the way to it, such as "evidence[0].title"."""
    if isinstance(then, dict) and isinstance(now, dict):
        for name in sorted(then.keys() | now.keys()):
            yield from unequal(then.get(name), now.get(name), f"{path}.{name}" if path else name)
    elif isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        for number, pair in enumerate(zip(then, now, strict=True)):
            yield from unequal(*pair, f"{path}[{number}]")
    elif then != now:
        yield path, then, now


def _short(value: Any) -> str:
    told = json.dumps(value, ensure_ascii=False, default=str)
    return told if len(told) <= 80 else f"{told[:77]}…"
