"""Template tags of every page; a template builtin, so nothing is loaded.

Each tag writes the markup of one small part (`docs/front-end.md`): a word beside colour and icon, never colour alone.
"""

import json
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django import template
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.base import Message
from django.template.defaultfilters import date as format_date
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from claims import keys
from claims.choices import Credibility, Reliability, Stage, Stance
from claims.models import Claim, User, Verdict
from claims.partial_dates import PartialDate

register = template.Library()

STAGE_LABELS: dict[str, str] = {
    **dict(Stage.choices),
    "undecided": "Undecided",
    "decided": "Decided",
    "claimed": "Claim open",
    "pending": "Draft to decide on",
    "due": "Due",
}
MAIN_NAV = (  # section of the page, URL name, label
    ("desk", "desk", "Desk"),
    ("documents", "document_list", "Documents"),
    ("claims", "claim_list", "Claims"),
    ("sources", "source_list", "Sources"),
    ("sets", "claim_set_list", "Sets"),
    ("releases", "release_list", "Releases"),
)
TONES = {"warning": "warn", "error": "error"}  # by level of a plain Django message; else ok
PAGE_CURSORS = frozenset({"after", "before"})


@register.simple_block_tag
def main_nav(content: str) -> SafeString:
    """The masthead's list of links; its content is the name of the current section."""
    section = content.strip()
    return format_html(
        "<ul>{}</ul>",
        format_html_join(
            "\n",
            '<li><a href="{}" data-go="{}"{}>{}</a></li>',
            (
                (
                    reverse(url_name),
                    keys.GO[url_name][1].lower(),
                    SafeString(' aria-current="page"') if name == section else "",
                    label,
                )
                for name, url_name, label in MAIN_NAV
            ),
        ),
    )


@register.simple_tag
def stage(value: str) -> SafeString:
    """A stage, or a state that is none: "due", or how far a sentence is, as reading.states calls it."""
    return format_html('<span class="stage" data-stage="{}">{}</span>', value, STAGE_LABELS[value])


@register.simple_tag
def verdict(value: Verdict) -> SafeString:
    return format_html('<span class="verdict" data-verdict="{}">{}</span>', value.mark, value.name)


@register.simple_tag
def state(claim: Claim) -> SafeString:
    """The verdict of a verified claim, else its stage."""
    return stage(claim.stage) if claim.verdict is None else verdict(claim.verdict)


@register.simple_tag
def stance(value: str) -> SafeString:
    return format_html('<span class="stance" data-stance="{}">{}</span>', value, Stance(value).label)


@register.simple_tag
def balance(supports: int, refutes: int) -> str:
    """How many pieces of evidence there are for and against; empty when there are none."""
    if not supports and not refutes:
        return ""
    one = '<span class="stance" data-stance="{0}"><span class="vh">{0} </span>{1}</span>'
    return format_html(
        '<span class="balance dim">{}{}</span>',
        format_html(one, Stance.SUPPORTS.value, supports),
        format_html(one, Stance.REFUTES.value, refutes),
    )


@register.simple_tag
def grade(letter: str, digit: int | None = None) -> str:
    """An Admiralty grade such as B2, spelled out; either part may be empty, both give nothing.

    F and 6 say that something cannot be judged: they are drawn apart, as no grade at all, and never as the worst.
    """
    words = []
    if letter:
        words.append(f"source {Reliability(letter).label.lower()}")
    if digit:
        words.append(f"information {Credibility(digit).label.lower()}")
    if not words:
        return ""
    unknown = letter == Reliability.F or digit == Credibility.UNKNOWN
    return format_html(
        '<span class="grade"{2} title="{1}"><span aria-hidden="true">{0}</span>'
        '<span class="vh">Grade {0}: {1}.</span></span>',
        f"{letter or ''}{digit or ''}",
        ", ".join(words),
        SafeString(" data-unknown") if unknown else "",
    )


@register.simple_tag
def person(user: User | AnonymousUser | None, *, name: bool = False) -> SafeString:
    """Initials in a circle with the name as title, or followed by the name. Nobody is the desk itself."""
    initials, full_name = (user.initials, str(user)) if isinstance(user, User) else ("–", "Nobody")
    if name:
        return format_html('<span class="person" aria-hidden="true">{}</span> {}', initials, full_name)
    return format_html(
        '<span class="person" title="{1}"><span aria-hidden="true">{0}</span><span class="vh">{1}</span></span>',
        initials,
        full_name,
    )


@register.simple_tag
def ago(moment: datetime | None) -> str:
    """How long ago, at a glance; the exact local time as title. Empty for None."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    exact = format_date(local, "j M Y, H:i T")
    return format_html('<time datetime="{}" title="{}">{}</time>', local.isoformat(), exact, elapsed(local))


def elapsed(local: datetime) -> str:
    """`now`, `12 min`, `3 h`, `yesterday`, `17 Nov`, or `17 Nov 2024` in another year. `local` is aware."""
    now = timezone.localtime()
    passed = now - local
    if timedelta(0) <= passed < timedelta(minutes=1):
        return "now"
    if timedelta(0) <= passed < timedelta(hours=1):
        return f"{passed // timedelta(minutes=1)} min"
    if passed >= timedelta(0) and local.date() == now.date():
        return f"{passed // timedelta(hours=1)} h"
    if local.date() == now.date() - timedelta(days=1):
        return "yesterday"
    return format_date(local, "j M" if local.year == now.year else "j M Y")


@register.filter
def toast(message: Message) -> dict[str, Any]:
    """`text`, `tone` and perhaps `undo_url` and `undo_fields` of a message, be it from `http.toast` or a plain one."""
    if message.extra_tags == "toast":
        return dict(json.loads(message.message))
    return {"text": message.message, "tone": TONES.get(message.level_tag, "ok")}


@register.filter
def partial_date(value: str) -> str:
    """2023-05 as May 2023; what is no partial date comes back as it is."""
    try:
        return PartialDate.parse(value).display()
    except ValueError:
        return value


@register.filter
def safe_href(url: str) -> str:
    """The address if a browser may open it: http or https with a host; else empty, so that no script gets in."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    return url.strip() if parts.scheme in {"http", "https"} and parts.netloc else ""


@register.simple_tag(takes_context=True)
def link_with(context: template.Context, **changes: object) -> str:
    """The query string of this page with some parameters set (None or "" removes them) and page cursors dropped."""
    query = context["request"].GET.copy()
    for name in PAGE_CURSORS | changes.keys():
        query.pop(name, None)
    for name, value in changes.items():
        if value is not None and value != "":
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag
def once_token() -> SafeString:
    """The hidden field by which a second press of a creating form's button is known: see http.once."""
    return format_html('<input type="hidden" name="token" value="{}">', uuid4())


@register.simple_tag
def key_map() -> tuple[keys.Section, ...]:
    """The map of keys, by kind of page."""
    return keys.SECTIONS
