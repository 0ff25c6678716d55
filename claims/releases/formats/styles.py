"""How the cells of a workbook look."""

from functools import cache

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
    Kind.DATE: {"num_format": "yyyy-mm-dd", "align": "left"},
    Kind.PARTIAL_DATE: {"num_format": "yyyy-mm-dd", "align": "left"},
    Kind.INTEGER: {"num_format": "0", "align": "left"},
    Kind.MOMENT: {"num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"},
}


class Styles:
    """The formats of one workbook, each made once, in the order in which they are first asked for."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.of = cache(self._of)
        self.verdict = cache(self._verdict)

    def _of(self, kind: Kind, *, guarded: bool = False) -> Format:
        """`guarded` text stays text when somebody edits the cell, as if typed behind an apostrophe."""
        return self._made(**_KINDS.get(kind, {}), **({"quote_prefix": True} if guarded else {}))

    def _verdict(self, key: str | None) -> Format:
        tone = {"font_color": TONES[Mark(key)]} if key in TONES else {}
        return self._made(bold=True, text_wrap=True, **tone)

    def heading(self) -> Format:
        return self._made(bold=True, bg_color=PAPER, bottom=1, bottom_color=RULE, text_wrap=True, valign="vcenter")

    def title(self) -> Format:
        return self._made(bold=True, font_size=18)

    def label(self) -> Format:
        return self._made(font_color=QUIET)

    def _made(self, **wishes: object) -> Format:
        return self.book.add_format({**_BASE, **wishes})
