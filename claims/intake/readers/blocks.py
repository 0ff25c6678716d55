"""Paragraphs and headings, and the text they make. Pure."""

import re
from collections.abc import Iterable
from typing import NamedTuple

_SPACES = re.compile(r"[^\S\n]+")


class Block(NamedTuple):
    """A paragraph, or a heading of level 1 to 6; `text` may have newlines within a paragraph."""

    text: str
    level: int = 0


def to_text(blocks: Iterable[Block]) -> str:
    """The blocks with blank lines between them, headings marked with "#"."""
    return "\n\n".join(_marked(block) for block in blocks if block.text.strip())


def tidy(text: str) -> str:
    """`text` with spaces collapsed and none at the ends of lines; newlines stay, empty lines do not.

    No-break spaces count as spaces here: mark-up is full of them for the sake of layout.
    """
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _marked(block: Block) -> str:
    if not block.level:
        return block.text
    return f"{'#' * block.level} {' '.join(block.text.split())}"
