"""Words of a report: text that is safe in HTML, dates and moments as people write them, names of the enumerated words.

The same whatever the machine's locale, time zone and settings are. Pure.
"""

import re
from datetime import UTC, datetime
from html import escape

from django.db.models import TextChoices

from claims.choices import Credibility, Reliability
from claims.links import safe_href
from claims.partial_dates import MONTHS, PartialDate
from claims.text import show_bidi

NOT_IN_HTML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")
"""What HTML does not allow in a text: control characters, halves of surrogate pairs, and code points that are none."""


def visible(text: str) -> str:
    """`text` with what cannot stand in HTML, or turns the reading order, as its name: ⟦U+0085⟧, ⟦RLO⟧."""
    named = NOT_IN_HTML.sub(lambda found: f"\u27e6U+{ord(found[0]):04X}\u27e7", text.replace("\r\n", "\n"))
    return show_bidi(named.replace("\r", "\n"))


def html(text: object) -> str:
    """A text as HTML, for elements and for attributes in double quotes."""
    return escape(visible(str(text)))


def lines(text: str) -> str:
    """A text as HTML, with its line breaks."""
    return html(text.strip()).replace("\n", "<br>")


def bdi(text: str) -> str:
    """A text whose direction is its own, and leaves alone what stands beside it."""
    return f"<bdi>{html(text)}</bdi>"


def opening(text: str, most: int) -> str:
    """The first `most` code points as HTML in one line, with … when there are more."""
    return html(" ".join(text[: most + 1].split())[:most]) + ("…" if len(text) > most else "")


def link(url: str, words: str) -> str:
    """`words`, which are HTML, as a link; as they are when no page may link there."""
    href = safe_href(url)
    return f'<a href="{html(href)}" rel="noopener noreferrer">{words}</a>' if href else words


def day(value: str | None) -> str:
    """2023-05-24 as 24 May 2023, 2023-05 as May 2023; what is no date as it is. HTML."""
    try:
        return PartialDate.parse(value or "").display()
    except ValueError:
        return html(value or "")


def moment(value: str | None) -> str:
    """2023-05-02T10:00:00Z as "2 May 2023, 10:00 UTC", in HTML; what is no moment as it is."""
    try:
        at = datetime.fromisoformat(value or "").astimezone(UTC)
    except (ValueError, OverflowError):
        return html(value or "")
    said = f"{at.day} {MONTHS[at.month - 1]} {at.year}, {at.hour:02}:{at.minute:02} UTC"
    return f'<time datetime="{at:%Y-%m-%dT%H:%M:%SZ}">{said}</time>' if at.year >= 1000 else said


def label(words: type[TextChoices], value: str) -> str:
    """The name of an enumerated word, in HTML; one that is not known here as it is."""
    try:
        return html(words(value).label)
    except ValueError:
        return html(value)


def grade(value: str) -> str:
    """An Admiralty grade with its words: "Grade B2: source usually reliable; information probably true". HTML.

    F and 6 say that something cannot be judged, and are no worst marks.
    """
    letter, digit = value[:1], value[1:]
    said = []
    if letter in Reliability.values:
        said.append(f"source {_lower(Reliability(letter).label)}")
    if digit.isascii() and digit.isdigit() and int(digit) in Credibility.values:
        said.append(f"information {_lower(Credibility(int(digit)).label)}")
    return f"Grade <b>{html(value)}</b>: {html('; '.join(said))}" if said else ""


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def plural(count: int, one: str, many: str = "") -> str:
    """ "1 claim", "1,200 claims"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
