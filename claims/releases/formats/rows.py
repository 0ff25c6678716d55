"""The rows that a claim gives to each table of a release: nested records laid flat, and nothing of them left out."""

from collections.abc import Iterator, Mapping
from typing import Any

from claims.releases.content import ReleasedClaim
from claims.releases.formats.columns import Row

ORIGIN = {"title": "derived_title", "url": "derived_url", "source": "derived_source", "derivation": "derivation"}
VERDICT = {"key": "verdict", "name": "verdict_name", "rating": "rating"}
CAPTURE = {
    name: f"capture_{name.removeprefix('captured_')}"
    for name in (
        *("captured_at", "url", "content_type", "text_sha256", "sha256", "bytes"),
        *("warc_sha256", "warc_bytes"),
    )
}
ASSESSMENT = {
    **{name: name for name in ("rationale", "confidence", "assessed_by", "assessed_at", "approved_by", "approved_at")},
    "approval_note": "approval_note",
    "as_of": "verdict_as_of",
}
DECISIVE = {"title": "decisive_title", "url": "decisive_url", "reason": "decisive_reason"}
HEAD = {"claim": "head_claim", "number": "head_number", "hash": "head_hash"}
PLAIN = (
    *("reference", "position", "url", "assertion", "kind", "speaker", "as_of", "reference_period", "tags", "stage"),
    *("is_due", "due_reason", "recheck_on", "recheck_follows", "searches", "working", "rests_on"),
)
"""What the table of claims has of a claim as it is."""


def claims(claim: ReleasedClaim) -> Iterator[Row]:
    record: Mapping[str, Any] = claim
    assessment: Mapping[str, Any] | None = claim["assessment"]
    yield {
        **{name: record[name] for name in PLAIN},
        **_flat(claim["verdict"], VERDICT),
        **_flat(assessment, ASSESSMENT),
        **_flat(assessment and assessment["decisive"], DECISIVE),
        **_flat(claim["head"], HEAD),
    }


def appearances(claim: ReleasedClaim) -> Iterator[Row]:
    for number, place in enumerate(claim["appearances"], start=1):
        yield {"reference": claim["reference"], "number": number, **place}


def evidence(claim: ReleasedClaim) -> Iterator[Row]:
    pairs = zip(claim["evidence"], claim["captures"], strict=True)
    for number, (piece, capture) in enumerate(pairs, start=1):
        yield {
            "reference": claim["reference"],
            "number": number,
            **{name: value for name, value in piece.items() if name != "derived_from"},
            **_flat(piece["derived_from"], ORIGIN),
            **_flat(capture, CAPTURE),
        }


def assessments(claim: ReleasedClaim) -> Iterator[Row]:
    for decided in claim["assessments"]:
        plain = {name: value for name, value in decided.items() if name != "verdict"}
        yield {"reference": claim["reference"], **plain, **_flat(decided["verdict"], VERDICT)}


def comments(claim: ReleasedClaim) -> Iterator[Row]:
    for comment in claim["comments"]:
        yield {"reference": claim["reference"], **comment}


def history(claim: ReleasedClaim) -> Iterator[Row]:
    for event in claim["history"]:
        subject_type, subject_key = event["subject"]
        yield {
            "reference": claim["reference"],
            **{name: value for name, value in event.items() if name != "subject"},
            "subject_type": subject_type,
            "subject_key": subject_key,
            "is_withheld": event["changes"] is None,
        }


def _flat(record: Mapping[str, Any] | None, names: Mapping[str, str]) -> dict[str, Any]:
    """The values of a nested record under the names of their columns; None for each when there is no record."""
    return {column: record[name] if record else None for name, column in names.items()}
