"""A module imports only from the rows above its own (DESIGN.md, layout): the order keeps rules out of views."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# From the bottom of the house upwards; a module may use its own row and the rows before it.
ROWS: tuple[tuple[str, ...], ...] = (
    (
        "choices",
        "limits",
        "calendars",
        "characters",
        "differences",
        "partial_dates",
        "passages",
        "text",
        "working",
        "links",
        "markdown",
        "keys",
        "detection",
        "drafts",
        "fetching",
        "independence",
    ),
    ("workflow",),
    ("forms.fields",),
    ("guarding",),
    ("models", "guards", "release_guards", "defaults"),
    ("keyset", "intake", "search", "filters", "facets", "history", "reading", "exports", "releases"),
    ("actions", "imports", "seeds", "verification"),
    ("jobs", "tasks"),
    ("accounts", "checks", "http", "templatetags", "uploads"),
    ("forms",),
    ("views",),
    ("urls", "public_urls", "admin", "apps", "management"),
)


def row_of(module: str) -> int | None:
    """The row of `claims.<module>`, by its longest known prefix."""
    best: tuple[int, int] | None = None
    for row, names in enumerate(ROWS):
        for name in names:
            if (module == name or module.startswith(f"{name}.")) and (best is None or len(name) > best[0]):
                best = (len(name), row)
    return best[1] if best else None


def modules() -> Iterator[tuple[str, Path]]:
    for path in sorted((ROOT / "claims").rglob("*.py")):
        parts = path.relative_to(ROOT / "claims").with_suffix("").parts
        if "migrations" not in parts and parts != ("__init__",):
            yield ".".join(part for part in parts if part != "__init__"), path


def imported(path: Path) -> Iterator[str]:
    """What a module imports from claims at its top level; a late import inside a function is a stated exception."""
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "claims":
                yield from (alias.name for alias in node.names)
            elif node.module.startswith("claims."):
                yield node.module.removeprefix("claims.")


@pytest.mark.parametrize(("module", "path"), [pytest.param(*pair, id=pair[0]) for pair in modules()])
def test_a_module_imports_only_from_its_own_row_and_those_below(module: str, path: Path) -> None:
    row = row_of(module)
    assert row is not None, f"claims.{module} has no row yet: add it to ROWS"
    for name in imported(path):
        other = row_of(name)
        assert other is not None, f"claims.{name} has no row yet: add it to ROWS"
        assert other <= row, f"claims.{module} imports claims.{name} from a row above its own"
