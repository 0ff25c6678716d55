"""An element tree of HTML, or of what trafilatura makes of it, to paragraphs and headings."""

import re
from typing import Any

from claims.intake.readers.blocks import Block, tidy

_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_LISTS = {"ul": "-", "ol": "1", "list": "-", "dl": "-"}
_ITEMS = {"li", "item", "dt", "dd"}
_ROWS = {"tr", "row"}
_INLINE = {
    *("a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "hi", "i", "ins"),
    *("kbd", "label", "mark", "nobr", "q", "ref", "s", "samp", "small", "span", "strike", "strong", "sub", "sup"),
    *("time", "tt", "u", "var", "wbr"),
}
_LEFT_OUT = {
    *("audio", "button", "canvas", "embed", "footer", "form", "graphic", "head-meta", "iframe", "img", "input", "link"),
    *("map", "math", "meta", "nav", "noscript", "object", "script", "select", "style", "svg", "template", "textarea"),
    *("title", "video"),
}
_RAISED = str.maketrans("0123456789+-−()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-−()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₍₎")
_NUMBER = re.compile(r"[-+−]?\d+")
_ENDED = re.compile(r"[.!?][”’\"')\]]*\s*$")
_SPACES = re.compile(r"\s+")
_BACK_FROM_NOTE = ("#footnote-ref", "#endnote-ref")


def blocks(root: Any) -> list[Block]:
    """The blocks under an lxml element, in order. Lists are one block with a line per item, table rows one each."""
    walker = _Walker()
    walker.inside(root)
    walker.flush()
    return walker.blocks


class _Walker:
    """Collects text until a block ends."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._parts: list[str] = []

    def flush(self, level: int = 0) -> None:
        """Ends the block at hand."""
        if text := tidy("".join(self._parts)):
            self.blocks.append(Block(text, level))
        self._parts = []

    def inside(self, element: Any) -> None:
        self._say(element.text)
        for child in element:
            if isinstance(child.tag, str) and child.tag not in _LEFT_OUT and "hidden" not in child.attrib:
                self._child(child)
            self._say(child.tail)

    def _say(self, text: str | None) -> None:
        if text:
            self._parts.append(_SPACES.sub(" ", text))

    def _child(self, child: Any) -> None:
        if child.tag in ("br", "lb"):
            self._parts.append("\n")
        elif child.tag in _INLINE:
            self._inline(child)
        elif child.tag in _LISTS:
            self._alone(_list(child, _LISTS[child.tag]))
        elif child.tag in _ROWS:
            self._alone(" | ".join(filter(None, (_flat(cell) for cell in child))))
        else:
            self.flush()
            self.inside(child)
            self.flush(level_of(child))

    def _alone(self, text: str) -> None:
        self.flush()
        if text:
            self.blocks.append(Block(text))

    def _inline(self, child: Any) -> None:
        if (child.get("href") or "").startswith(_BACK_FROM_NOTE):
            return
        kind = (child.get("rend") or "#" + child.tag).lstrip("#")
        if kind in ("sup", "sub") and _NUMBER.fullmatch(text := _flat(child)):
            self._parts.append(self._raised(text) if kind == "sup" else text.translate(_LOWERED))
        else:
            self.inside(child)

    def _raised(self, number: str) -> str:
        """An exponent, as 10² is not 102; after the end of a sentence, the number of a note."""
        return f"[{number}]" if _ENDED.search("".join(self._parts[-2:])) else number.translate(_RAISED)


def level_of(element: Any) -> int:
    """1 to 6 for a heading, 0 for anything else."""
    if element.tag == "head" and element.get("rend"):
        return _HEADINGS.get(element.get("rend"), 2)
    return _HEADINGS.get(element.tag, 0)


def _flat(element: Any) -> str:
    """All text of an element on one line."""
    return " ".join(" ".join(block.text for block in blocks(element)).split())


def _list(element: Any, mark: str) -> str:
    """A line per item, with its mark; what is nested in it follows, indented."""
    numbered = mark == "1" or element.get("rend") == "ol"
    lines: list[str] = []
    for item in (child for child in element if child.tag in _ITEMS):
        own, *nested = [line for block in blocks(item) for line in block.text.split("\n")] or [""]
        if own:
            number = sum(not line.startswith(" ") for line in lines) + 1
            lines += [f"{number}. {own}" if numbered else f"- {own}", *(f"  {line}" for line in nested)]
    return "\n".join(lines)
