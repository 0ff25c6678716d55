"""How the cells of a workbook look."""

from dataclasses import dataclass, field

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from claims.choices import Mark
from claims.releases.formats.columns import Kind

INK, QUIET, RULE, PAPER = "#1B2733", "#59646D", "#C9D0D6", "#EEF1F4"
LINK = "#0B57A4"
TONES = {
    Mark.SUPPORTED: "#14683A",
    Mark.MOSTLY: "#536309",
    Mark.DISPUTED: "#875200",
    Mark.OUTDATED: "#6C5843",
    Mark.MISLEADING: "#A83F04",
    Mark.REFUTED: "#B0132B",
    Mark.UNVERIFIABLE: "#59646D",
}
"""By the key of a verdict that every desk has; one that a desk added is in the colour of the text."""
_BASE = {"font_name": "Calibri", "font_size": 11, "font_color": INK, "valign": "top"}
_KINDS: dict[Kind, dict[str, object]] = {
    Kind.PROSE: {"text_wrap": True},
    Kind.TEXT: {"text_wrap": True},
    Kind.LIST: {"text_wrap": True},
    Kind.OBJECT: {"text_wrap": True},
    Kind.LINK: {"font_color": LINK, "underline": 1},
    Kind.SHA256: {"font_color": QUIET, "font_size": 9},
    Kind.DATE: {"num_format": "yyyy-mm-dd", "align": "left"},
    Kind.PARTIAL_DATE: {"num_format": "yyyy-mm-dd", "align": "left"},
    Kind.INTEGER: {"num_format": "0", "align": "left"},
    Kind.MOMENT: {"num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"},
}


@dataclass
class Styles:
    """The formats of one workbook, each made once and in the order in which they are first asked for."""

    book: Workbook
    _made: dict[tuple[tuple[str, object], ...], Format] = field(default_factory=dict)

    def of(self, kind: Kind, *, guarded: bool = False) -> Format:
        """`guarded` text stays text when somebody edits the cell, as if typed behind an apostrophe."""
        return self._format(**_KINDS.get(kind, {}), **({"quote_prefix": True} if guarded else {}))

    def verdict(self, key: str | None) -> Format:
        tone = {"font_color": TONES[Mark(key)]} if key in TONES else {}
        return self._format(bold=True, text_wrap=True, **tone)

    def heading(self) -> Format:
        return self._format(bold=True, bg_color=PAPER, bottom=1, bottom_color=RULE, text_wrap=True, valign="vcenter")

    def title(self) -> Format:
        return self._format(bold=True, font_size=18)

    def label(self) -> Format:
        return self._format(font_color=QUIET)

    def _format(self, **wishes: object) -> Format:
        told = {**_BASE, **wishes}
        key = tuple(told.items())
        if key not in self._made:
            self._made[key] = self.book.add_format(told)
        return self._made[key]
