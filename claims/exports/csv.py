"""One row per claim, safe to open in a spreadsheet: no cell is taken for a formula, and nothing is lost by that.

UTF-8 with a byte order mark, without which Excel takes it for another encoding; lines end in CR LF (RFC 4180).
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from claims.exports.records import ClaimRecord

Row = TypeVar("Row")
BOM = "\ufeff"

# What makes a spreadsheet calculate: these signs, also in full width, behind whatever it skips; or a control character
# there, which can move the rest into a cell of its own. Apostrophes count as skipped, so that escaping can be undone.
# Spelled out (a class such as \s differs between languages), as the manifest of a release hands it to other programs.
SKIPPED = r"'\u0000\u0009-\u000d\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
SIGNS = r"=+\-@\uff1d\uff0b\uff0d\uff20\u0009\u000d\u000a\u0000"
CALCULATES = f"[{SKIPPED}]*[{SIGNS}]"
"""How a value begins that is escaped: a regular expression as Python, JavaScript and Java read it."""
_DANGEROUS = re.compile(CALCULATES)


def escape(value: str) -> str:
    """The value with an apostrophe before it when a spreadsheet might calculate it."""
    return f"'{value}" if _DANGEROUS.match(value) else value


def unescape(value: str) -> str:
    """The value as it was before `escape`."""
    return value[1:] if value.startswith("'") and _DANGEROUS.match(value[1:]) else value


def _assessment(name: str) -> Callable[[ClaimRecord], Any]:
    def get(record: ClaimRecord) -> Any:
        assessment: dict[str, Any] | None = record["assessment"]  # type: ignore[assignment]
        return assessment[name] if assessment else None

    return get


def _verdict(record: ClaimRecord) -> str | None:
    return record["verdict"]["key"] if record["verdict"] else None


def _evidence_links(record: ClaimRecord) -> str:
    """For the eye, one per line: "supports: https://…", or the title of what has no address."""
    return "\n".join(f"{item['stance']}: {item['url'] or item['title']}" for item in record["evidence"])


def _decisive(record: ClaimRecord) -> str | None:
    decisive = record["assessment"]["decisive"] if record["assessment"] else None
    return f"{decisive['title']}: {decisive['reason']}" if decisive else None


def _working_says(record: ClaimRecord) -> str | None:
    """Such as "gives 10th; the claim says 9th: does not agree"."""
    result = record["working"]["result"] if record["working"] else None
    return result["says"] if result else None


def _listed(name: str) -> Callable[[ClaimRecord], str]:
    """For programs: the value as JSON, empty when there is none."""

    def get(record: ClaimRecord) -> str:
        value = record[name]  # type: ignore[literal-required]
        return json.dumps(value, ensure_ascii=False) if value else ""

    return get


COLUMNS: dict[str, Callable[[ClaimRecord], Any]] = {
    "reference": lambda record: record["reference"],
    "assertion": lambda record: record["assertion"],
    "verdict": _verdict,
    "rationale": _assessment("rationale"),
    "confidence": _assessment("confidence"),
    "as_of": lambda record: (record["assessment"] or record)["as_of"],
    "claim_as_of": lambda record: record["as_of"],
    "kind": lambda record: record["kind"],
    "speaker": lambda record: record["speaker"],
    "reference_period": lambda record: record["reference_period"],
    "tags": lambda record: "; ".join(record["tags"]),
    "stage": lambda record: record["stage"],
    "is_due": lambda record: record["is_due"],
    "due_reason": lambda record: record["due_reason"],
    "recheck_on": lambda record: record["recheck_on"],
    "recheck_follows": lambda record: record["recheck_follows"],
    "assessed_by": _assessment("assessed_by"),
    "assessed_at": _assessment("assessed_at"),
    "approved_by": _assessment("approved_by"),
    "approved_at": _assessment("approved_at"),
    "approval_note": _assessment("approval_note"),
    "decisive": _decisive,
    "working_says": _working_says,
    "rests_on": lambda record: "; ".join(premise["reference"] for premise in record["rests_on"]),
    "quotes": lambda record: "\n".join(place["quote"] for place in record["appearances"]),
    "evidence_links": _evidence_links,
    "url": lambda record: record["url"],
    "appearances": lambda record: json.dumps(record["appearances"], ensure_ascii=False),
    "evidence": lambda record: json.dumps(record["evidence"], ensure_ascii=False),
    "searches": _listed("searches"),
    "working": _listed("working"),
}


def write(records: Iterable[ClaimRecord]) -> Iterator[str]:
    """The file, a row at a time."""
    return write_rows(COLUMNS, records)


def write_rows(columns: Mapping[str, Callable[[Row], Any]], rows: Iterable[Row]) -> Iterator[str]:
    """A file of whatever rows: what each column holds of one, by the column's name."""
    buffer = io.StringIO()
    # Programs that part cells at semicolons would make two of "see;=1+1", if it were not quoted.
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL)
    buffer.write(BOM)
    writer.writerow(columns)
    yield _take(buffer)
    for row in rows:
        writer.writerow([_cell(value(row)) for value in columns.values()])
        yield _take(buffer)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return escape(str(value).lower() if isinstance(value, bool) else str(value))


def _take(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text
