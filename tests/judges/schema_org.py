"""Whether JSON-LD says only what schema.org has words for: every type, every property of it, every kind of value.

The words are in schema_org.json, a small part of the vocabulary (CC BY-SA 3.0, https://schema.org/docs/terms.html) as
the npm package `schema-dts` 2.1.0 (Apache-2.0) has it, in which each type is an interface of TypeScript. Made by

    npm pack schema-dts@2.1.0 && tar xzf schema-dts-2.1.0.tgz
    python tests/judges/schema_org.py package/dist/schema.d.ts

and compared, property by property, with release 30.0 of the vocabulary itself: test_schema_org.py says how.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_suffix(".json")
ROOTS = (
    *("ClaimReview", "Claim", "Rating", "CorrectionComment", "Quotation", "DataFeed", "DataFeedItem"),
    *("Organization", "Person", "PropertyValue", "MediaReview"),
)
"""Types in the table; those above them are in it too."""

_LITERALS = {
    "Text": re.compile(r".+", re.DOTALL),
    "URL": re.compile(r"https?://[!-~]+"),
    "Date": re.compile(r"\d{4}(-\d\d(-\d\d)?)?"),
    "DateTime": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"),
}
_FOREIGN = ("@", "oa:")


@cache
def table() -> Mapping[str, Any]:
    """By type its `parents` and `properties`, and of each property the types that its value may have."""
    found: Mapping[str, Any] = json.loads(TABLE.read_text())["types"]
    return found


def line(kind: str) -> Iterator[str]:
    """The type and all above it, in no order and perhaps more than once."""
    yield kind
    for parent in table()[kind]["parents"] if kind in table() else ():
        yield from line(parent)


def properties(kind: str) -> dict[str, list[str]]:
    """Of the type and of those above it."""
    return {name: values for one in line(kind) for name, values in table()[one]["properties"].items()}


def faults(value: Any, place: str = "$") -> Iterator[str]:
    """What the vocabulary has no words for, and where it stands."""
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from faults(item, f"{place}[{number}]")
    elif isinstance(value, Mapping):
        yield from _faults_of_node(value, place)


def _faults_of_node(node: Mapping[str, Any], place: str) -> Iterator[str]:
    kind = node.get("@type", "")
    if kind and not kind.startswith("oa:") and kind not in table():
        yield f"{place}: there is no type {kind}"
    known = properties(kind) if kind in table() else None
    for name, value in node.items():
        if not name.startswith(_FOREIGN) and known is not None:
            yield from _faults_of_property(kind, known, name, value, f"{place}.{name}")
        yield from faults(value, f"{place}.{name}") if name != "@context" else ()


def _faults_of_property(kind: str, known: Mapping[str, list[str]], name: str, value: Any, place: str) -> Iterator[str]:
    if name not in known:
        yield f"{place}: {kind} has no property {name}"
        return
    for item in value if isinstance(value, list) else [value]:
        if not _fits(item, known[name]):
            yield f"{place}: {name} takes {', '.join(known[name])}, not {json.dumps(item)[:60]}"


def _fits(value: Any, kinds: list[str]) -> bool:
    if isinstance(value, Mapping):
        kind = value.get("@type")
        return (
            "@id" in value
            or not set(kinds) <= {*_LITERALS, "Number", "Integer", "Boolean"}
            and (kind is None or bool(set(line(kind)) & set(kinds)))
        )
    if isinstance(value, bool):
        return "Boolean" in kinds
    if isinstance(value, int | float):
        return bool({"Number", "Integer"} & set(kinds))
    return isinstance(value, str) and any(_LITERALS[kind].fullmatch(value) for kind in kinds if kind in _LITERALS)


# Making the table.

_BASE = re.compile(r"^(?:export )?interface (\w+?)(Base|Leaf) extends ([^{]+?) \{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
_PROPERTY = re.compile(
    r'((?:^    /\*\*.*?\*/\n)?)^    "(\w+)"\?: SchemaValue<(.*?), "\w+">;$', re.MULTILINE | re.DOTALL
)


def derived(declarations: str) -> dict[str, Any]:
    """The table of what `schema.d.ts` declares; properties that others supersede are left out."""
    bases, leaves = {}, {}
    for name, kind, parents, body in _BASE.findall(declarations):
        (bases if kind == "Base" else leaves)[name] = [one.removesuffix("Base") for one in parents.split(", ")], body
    found: dict[str, Any] = {}
    waiting = list(ROOTS)
    while waiting:
        if (name := waiting.pop()) not in found and (name in bases or name in leaves):
            parents, body = bases.get(name) or leaves[name]
            known = [one for one in parents if one in bases or one in leaves]
            found[name] = {"parents": known, "properties": _properties(body)}
            waiting += known
    return {"source": "schema-dts 2.1.0, of schema.org (CC BY-SA 3.0)", "types": dict(sorted(found.items()))}


def _properties(body: str) -> dict[str, list[str]]:
    return {
        name: [kind.strip() for kind in kinds.split("|") if kind.strip() != "IdReference"]
        for comment, name, kinds in _PROPERTY.findall(body)
        if "@deprecated" not in comment
    }


if __name__ == "__main__":
    made = json.dumps(derived(Path(sys.argv[1]).read_text()), separators=(",", ":"))
    TABLE.write_text(made.replace('"},"', '"},\n"').replace("}},", "}},\n") + "\n")
