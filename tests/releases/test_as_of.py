"""Claims as they stood: what is rebuilt from the history equals what a release would have said then."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone

from claims.releases.as_of import Gaps, claims_as_of
from claims.releases.content import released_claims
from tests.releases.living import Desk


def differences(then: Any, now: Any, path: str = "") -> Iterator[str]:
    """Each value that differs, with the way to it."""
    if isinstance(then, dict) and isinstance(now, dict):
        for name in then.keys() | now.keys():
            yield from differences(then.get(name), now.get(name), f"{path}.{name}")
    elif isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        for number, pair in enumerate(zip(then, now, strict=True)):
            yield from differences(*pair, f"{path}[{number}]")
    elif then != now:
        yield f"{path}: was {then!r}, rebuilt as {now!r}"


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(3))
def test_whatever_happened_since_each_claim_is_rebuilt_as_it_was(seed: int) -> None:
    desk = Desk(seed)
    frozen: list[tuple[datetime, list[int], list[Any]]] = []
    for number in range(120):
        desk.step()
        if number % 8 == 7:
            keys = list(desk.keys)
            frozen.append((timezone.now(), keys, list(released_claims(keys, with_comments=True))))

    for instant, keys, then in frozen:
        gaps = Gaps()
        rebuilt = list(claims_as_of(keys, instant, with_comments=True, gaps=gaps))
        assert "\n".join(differences(then, rebuilt)) == ""
        assert list(gaps.found) == []
