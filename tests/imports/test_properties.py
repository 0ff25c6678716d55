"""Whatever is in a table, each row comes in or is refused, and a second import changes nothing."""

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.actions.values import check_record
from claims.imports import BadFile
from claims.models import Claim, Event, User
from claims.verification import Tally, breaks
from tests.imports.files import as_json, imported

NAMES = ["key", "assertion", "kind", "speaker", "as_of", "tags", "priority", "link", "document", "quote", "x"]
TELLING = [
    "event",
    "2023-05",
    "https://www.example.org/a",
    "One.",
    "one.",
    "C-1",
    "c-1",
    "high",
    "'=1",
    "a; b",
    "\u202e",
]
CELLS = st.one_of(st.sampled_from(TELLING), st.text(max_size=20))
TABLES = st.lists(st.dictionaries(st.sampled_from(NAMES), CELLS, max_size=6), min_size=1, max_size=6)

pytestmark = pytest.mark.django_db
patient = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def as_csv(rows: list[dict[str, str]]) -> bytes:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, NAMES)
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue().encode("utf-8", "surrogatepass")


def check_import(data: bytes | str, name: str, by: User) -> None:
    try:
        report = imported(data, by, name)
    except BadFile:
        return
    assert report.rows == report.new + report.here + report.refused
    assert all(refusal.reason.strip() for refusal in report.refusals)
    for claim in Claim.objects.all():
        check_record(claim)
    before = Event.objects.count()
    again = imported(data, by, name)
    assert (again.new, Event.objects.count()) == (0, before)
    assert again.here == report.new + report.here
    assert not list(breaks(Tally()))


@patient
@given(TABLES)
def test_a_table_of_any_text_comes_in_or_is_refused_row_by_row(analyst: User, rows: list[dict[str, str]]) -> None:
    check_import(as_csv(rows), "claims.csv", analyst)


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), CELLS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(CELLS, inner, max_size=3)),
    max_leaves=5,
)


@patient
@given(
    st.lists(
        st.dictionaries(st.sampled_from([*NAMES, "@type", "reference", "evidence"]), VALUES, max_size=6), max_size=5
    )
)
def test_json_of_any_values_comes_in_or_is_refused(analyst: User, rows: list[dict[str, object]]) -> None:
    check_import(as_json(rows).encode("utf-8", "surrogatepass"), "claims.json", analyst)


FIELDS = [
    "url",
    "claimReviewed",
    "datePublished",
    "author",
    "reviewRating",
    "itemReviewed",
    "@id",
    "citation",
    "headline",
]


@patient
@given(st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=8))
def test_a_claim_review_of_any_values_comes_in_or_is_refused(analyst: User, node: dict[str, object]) -> None:
    check_import(as_json({"@type": "ClaimReview", **node}).encode("utf-8", "surrogatepass"), "review.json", analyst)
