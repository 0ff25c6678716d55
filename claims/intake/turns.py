"""Whose turn it is: hosts are asked one at a time, with a pause between, by all workers of the desk together."""

import time
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from claims.fetching.courtesy import Rules, read_rules, robots_of
from claims.models import Capture, sha256

_HOUR = 3600
_NAP = 0.2
_UNKNOWN = "unknown"


def host_of(url: str) -> str:
    return (urlsplit(url).hostname or "")[:255]


def left_alone_until(host: str) -> datetime | None:
    """When a site that was busy may be asked again; None when it may be asked now."""
    last = Capture.objects.filter(host=host).order_by("-pk").values_list("retry_at", flat=True).first()
    return last if last and last > timezone.now() else None


def rules_of(url: str) -> Rules:
    """What the site's robots.txt says of the page. It is read once an hour."""
    key = _key("robots", urlsplit(url)._replace(path="", query="").geturl())
    text = cache.get(key)
    if text is None:
        found = robots_of(url)
        text = _UNKNOWN if found is None else found
        cache.set(key, text, _HOUR)
    return Rules() if text == _UNKNOWN else read_rules(text, url)


def wait_for_turn(host: str, delay: float, waiting: Callable[[], None]) -> None:
    """Return when the host was not asked for `delay` seconds, or CAPTURE_HOST_DELAY if that is longer.

    `waiting` is called all the while; what it raises ends the wait.
    """
    pause = max(delay, settings.CAPTURE_HOST_DELAY)
    while pause and not cache.add(_key("turn", host), 1, pause):
        waiting()
        time.sleep(min(_NAP, pause))


def _key(kind: str, name: str) -> str:
    return f"capture-{kind}-{sha256(name.encode())[:32]}"
