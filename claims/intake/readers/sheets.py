"""Sheets of cells to text: a heading with the name of each, and a line for each row. Pure."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from claims.intake.readers import blocks
from claims.intake.readers.blocks import Block
from claims.intake.readers.reading import Limits, Unreadable


class Sheet(NamedTuple):
    name: str
    rows: Iterable[Sequence[str]]


def to_text(sheets: Iterable[Sheet], limits: Limits) -> str:
    """Cells are set apart by bars, as in tables of pages; empty ones leave no trace. Raises Unreadable."""
    found: list[Block] = []
    characters = 0
    for sheet in sheets:
        rows = []
        for row in sheet.rows:
            line = " | ".join(filter(None, (" ".join(cell.split()) for cell in row)))
            characters += len(line)
            if characters > limits.characters:
                raise Unreadable(f"The text is longer than {limits.characters:,} characters.")
            if line:
                rows.append(Block(line))
        if rows:
            found += [Block(sheet.name, 1), *rows]
    return blocks.to_text(found)


def hidden_sheets(count: int) -> tuple[str, ...]:
    """A warning about sheets that were left out."""
    return (f"Left out, as {'it is' if count == 1 else 'they are'} hidden: {count} of its sheets.",) if count else ()
