"""Claims as files. `FORMATS` is the list of what can be asked for; docs/exports.md describes each."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.utils import timezone
from django.utils.text import slugify

from claims.exports import claimreview, csv, json, jsonl
from claims.exports.records import ClaimRecord, claim_records, keys_in_set, keys_in_text, keys_of

__all__ = ["FORMATS", "Format", "claim_records", "keys_in_set", "keys_in_text", "keys_of"]


@dataclass(frozen=True)
class Format:
    """A way to write claims. `write` yields the file's text in pieces and raises rather than ending early."""

    key: str
    name: str
    content_type: str
    suffix: str
    write: Callable[[Iterable[ClaimRecord]], Iterator[str]]

    def filename(self, title: str) -> str:
        """Such as "japan-and-nato-2026-11-22.csv"; of the title, what any file system takes."""
        return f"{slugify(title)[:80] or 'claims'}-{timezone.localdate().isoformat()}.{self.suffix}"


FORMATS: dict[str, Format] = {
    format.key: format
    for format in (
        Format("csv", "CSV", "text/csv; charset=utf-8", "csv", csv.write),
        Format("json", "JSON", "application/json", "json", json.write),
        Format("jsonl", "JSON Lines", "application/jsonl; charset=utf-8", "jsonl", jsonl.write),
        Format("claimreview", "ClaimReview", "application/ld+json", "claimreview.jsonld", claimreview.write),
    )
}
