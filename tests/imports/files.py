"""Files as people send them, and the way in."""

import io
import json
from collections.abc import Mapping
from typing import Any

from claims.imports import Plan, Report, Table, open_table, run
from claims.models import User


def table(data: bytes | str, name: str = "claims.csv") -> Table:
    return open_table(io.BytesIO(data.encode() if isinstance(data, str) else data), name)


def imported(
    data: bytes | str, by: User, name: str = "claims.csv", columns: Mapping[str, str] | None = None, **options: Any
) -> Report:
    """The report of an import by the guessed plan, or with these columns."""
    found = table(data, name)
    plan = Plan.guess(found).mapped(columns or {}, found)
    given = {field: options.pop(field, getattr(plan, field)) for field in ("kind", "document", "tag")}
    return run(found, plan.with_options(**given), by=by, **options)


def reasons(report: Report) -> list[tuple[int, str]]:
    return [(refusal.line, refusal.reason) for refusal in report.refusals]


def review(**fields: Any) -> dict[str, Any]:
    """A ClaimReview of another desk."""
    return {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": "https://checkers.example.org/2023/moon",
        "claimReviewed": "The moon is made of cheese.",
        "datePublished": "2023-05-02T10:00:00Z",
        "author": {"@type": "Organization", "name": "The Checkers", "url": "https://checkers.example.org/"},
        "reviewRating": {"@type": "Rating", "alternateName": "False", "ratingValue": 1, "bestRating": 5},
        "itemReviewed": {
            "@type": "Claim",
            "author": {"@type": "Person", "name": "A baker"},
            "datePublished": "2023-04-30",
            "appearance": [{"@type": "CreativeWork", "url": "https://bakers.example.org/moon"}],
        },
        **fields,
    }


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
