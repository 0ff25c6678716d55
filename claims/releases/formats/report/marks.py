"""How a verdict is drawn: icon, colour and underline, always beside its name. Pure.

The drawing is told by the verdict's key. One that a desk added to its scale has a circle, in the colour of the text.
"""

from claims.choices import Mark
from claims.exports.records import VerdictRecord
from claims.releases.formats.report.words import html

OTHER = "other"
_FILLED = '<path class="fill" d="{}"/><path class="cut" d="{}"/>'
_DISC = "M8 1.4a6.6 6.6 0 1 0 0 13.2 6.6 6.6 0 0 0 0-13.2z"
_SQUARE = (
    "M3.3 1.8h9.4a1.5 1.5 0 0 1 1.5 1.5v9.4a1.5 1.5 0 0 1-1.5 1.5H3.3a1.5 1.5 0 0 1-1.5-1.5V3.3a1.5 1.5 0 0 1 1.5-1.5z"
)
_ICONS: dict[str, str] = {
    Mark.SUPPORTED: _FILLED.format(_DISC, "M4.9 8.3l2.2 2.2 4-4.5"),
    Mark.MOSTLY: _FILLED.format(_DISC, "M4.4 8.6c1.2-1.8 2.4-1.8 3.6-.3s2.4 1.5 3.6-.3"),
    Mark.DISPUTED: '<path class="fill" d="M6.8 2.6 1.6 8l5.2 5.4z"/><path d="M9.2 2.6 14.4 8l-5.2 5.4z"/>',
    Mark.OUTDATED: '<path d="M4 2.2h8M4 13.8h8M5 2.2c0 3.1 2 4.2 3 5.8 1-1.6 3-2.7 3-5.8M5 13.8c0-3.1 2-4.2 3-5.8 '
    '1 1.6 3 2.7 3 5.8"/><path class="fill" d="M6 13h4l-2-2.4z"/>',
    Mark.MISLEADING: '<path d="M8 2.2 14.4 13.4H1.6z"/><path d="M8 6.4v3.2M8 11.5v.1"/>',
    Mark.REFUTED: _FILLED.format(_SQUARE, "M5.2 5.2l5.6 5.6M10.8 5.2l-5.6 5.6"),
    Mark.UNVERIFIABLE: f'<path d="{_SQUARE}"/><path d="M6.2 6.4a1.8 1.8 0 1 1 2.6 1.6c-.6.3-.8.6-.8 1.1M8 11.3v.1"/>',
}
_CIRCLE = '<path d="M8 2.3a5.7 5.7 0 1 0 0 11.4 5.7 5.7 0 0 0 0-11.4z"/>'
# Attributes say it for programs that do not take the sheet into the drawing; the sheet has the colours of both schemes.
_TONES: dict[str, str] = {
    Mark.SUPPORTED: "#14683a",
    Mark.MOSTLY: "#536309",
    Mark.DISPUTED: "#875200",
    Mark.OUTDATED: "#6c5843",
    Mark.MISLEADING: "#a83f04",
    Mark.REFUTED: "#b0132b",
    Mark.UNVERIFIABLE: "#59646d",
}
_INK = "#11161a"


def mark_of(verdict: VerdictRecord | None) -> str:
    """What the sheet knows the verdict by."""
    return verdict["key"] if verdict and verdict["key"] in Mark.values else OTHER


def place_of(verdict: VerdictRecord | None) -> int:
    """Its place on the scale, from 0: the desk's own behind those that every desk has."""
    mark = mark_of(verdict)
    return list(Mark.values).index(mark) if mark in Mark.values else len(Mark.values)


def name_of(verdict: VerdictRecord | None) -> str:
    """In HTML."""
    return html(verdict["name"]) if verdict else "No verdict"


def drawn(verdict: VerdictRecord | None) -> str:
    """Icon and name."""
    mark = mark_of(verdict)
    return f'<span class="verdict" data-verdict="{mark}">{_icon(mark)} {name_of(verdict)}</span>'


def bar(verdict: VerdictRecord | None, count: int, most: int) -> str:
    """A bar as long as its share of `most`."""
    tone = _TONES.get(mark_of(verdict), _INK)
    length = max(2, round(200 * count / most)) if most else 0
    return (
        f'<svg class="bar" data-verdict="{mark_of(verdict)}" viewBox="0 0 200 8" preserveAspectRatio="none" '
        f'aria-hidden="true"><rect fill="{tone}" width="{length}" height="8"/></svg>'
    )


def _icon(mark: str) -> str:
    tone, paths = _TONES.get(mark, _INK), _ICONS.get(mark, _CIRCLE)
    drawn = paths.replace('class="fill"', f'class="fill" fill="{tone}" stroke="none"')
    drawn = drawn.replace('class="cut"', 'class="cut" stroke="#fff"')
    return (
        f'<svg class="icon" viewBox="0 0 16 16" width="16" height="16" fill="none" stroke="{tone}" stroke-width="1.6" '
        f'stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{drawn}</svg>'
    )
