from collections.abc import Sequence

import pytest
from django.core import signing
from django.db import connection
from django.http import HttpRequest
from django.test.utils import CaptureQueriesContext

from claims.http import WorkbenchMiddleware
from claims.keyset import BadCursor, Count, Page, capped_count, cursor_in, keyset_page
from claims.models import Claim
from tests import factories

pytestmark = pytest.mark.django_db
NEWEST = ("-pk",)
CHANGED = ("-changed_at", "-pk")
RECHECK = ("recheck_from", "pk")


def make(number: int, **fields: object) -> list[Claim]:
    return [factories.claim(**fields) for _ in range(number)]


def walk(order: Sequence[str], size: int) -> list[list[int]]:
    """Primary keys of every page from first to last, checked to be the same when walked back."""
    page = keyset_page(Claim.objects.all(), order, "", size)
    pages = [page]
    while page.next_cursor:
        page = keyset_page(Claim.objects.all(), order, page.next_cursor, size)
        pages.append(page)
    back = [page]
    while page.previous_cursor:
        page = keyset_page(Claim.objects.all(), order, page.previous_cursor, size)
        back.append(page)
    assert [keys(page) for page in back[::-1]] == [keys(page) for page in pages]
    return [keys(page) for page in pages]


def keys(page: Page[Claim]) -> list[int]:
    return [claim.pk for claim in page.rows]


@pytest.mark.parametrize("order", [NEWEST, CHANGED, ("priority", "pk"), ("-as_of", "-pk")])
def test_pages_hold_every_row_once_and_can_be_walked_both_ways(order: Sequence[str]) -> None:
    make(7)
    pages = walk(order, 3)
    assert [len(page) for page in pages] == [3, 3, 1]
    assert sum(pages, []) == list(Claim.objects.order_by(*order).values_list("pk", flat=True))


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
def test_rows_without_a_first_key_come_last(size: int) -> None:
    without = make(3)
    late, soon = factories.claim(recheck_on="2030"), factories.claim(recheck_on="2027-05")
    assert sum(walk(RECHECK, size), []) == [soon.pk, late.pk, *(claim.pk for claim in without)]


def test_the_first_page_has_no_previous_and_the_last_no_next() -> None:
    make(2)
    page = keyset_page(Claim.objects.all(), NEWEST, "", 2)
    assert (page.next_cursor, page.previous_cursor) == ("", "")


def test_an_empty_list_is_an_empty_page() -> None:
    assert keyset_page(Claim.objects.all(), NEWEST, "", 2) == Page([])


def test_rows_that_come_in_between_do_not_shift_the_next_page() -> None:
    old = make(4)
    first = keyset_page(Claim.objects.all(), NEWEST, "", 2)
    make(3)
    assert keys(keyset_page(Claim.objects.all(), NEWEST, first.next_cursor, 2)) == [old[1].pk, old[0].pk]


def test_a_page_whose_rows_have_gone_leads_back() -> None:
    make(3)
    first = keyset_page(Claim.objects.all(), NEWEST, "", 2)
    emptied = keyset_page(Claim.objects.filter(pk__in=keys(first)), NEWEST, first.next_cursor, 2)
    assert emptied.rows == []
    assert keys(keyset_page(Claim.objects.all(), NEWEST, emptied.previous_cursor, 2)) == keys(first)


def test_going_back_past_the_start_shows_the_first_page_in_full() -> None:
    make(3)
    second = keyset_page(Claim.objects.all(), NEWEST, keyset_page(Claim.objects.all(), NEWEST, "", 1).next_cursor, 2)
    page = keyset_page(Claim.objects.all(), NEWEST, second.previous_cursor, 2)
    assert len(page.rows) == 2
    assert page.previous_cursor == ""


@pytest.mark.parametrize(
    "cursor", ["x", "x:y:z", "é", "\x00", "a" * 5000, "W2ZhbHNlLDFd:1xV4h0:Za__O92DLQAP-vjRXP6I_ddETej2i8OEYMKbc3XgBuI"]
)
def test_a_tampered_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursor, match="page marker"):
        keyset_page(Claim.objects.all(), NEWEST, cursor, 2)


def test_a_cursor_of_another_order_is_refused() -> None:
    make(2)
    page = keyset_page(Claim.objects.all(), NEWEST, "", 1)
    with pytest.raises(BadCursor):
        keyset_page(Claim.objects.all(), CHANGED, page.next_cursor, 1)


@pytest.mark.parametrize("values", [[], [False], [False, "x"], "text", 7])
def test_even_a_signed_cursor_must_hold_sense(values: object) -> None:
    with pytest.raises(BadCursor):
        keyset_page(Claim.objects.all(), NEWEST, signing.dumps(values, salt="claims.keyset:-pk"), 1)


def test_a_page_further_on_is_one_query_that_seeks() -> None:
    make(3)
    cursor = keyset_page(Claim.objects.all(), CHANGED, "", 1).next_cursor
    with CaptureQueriesContext(
        connection,
    ) as queries:
        keyset_page(Claim.objects.all(), CHANGED, cursor, 1)
    (query,) = queries
    assert '("claims_claim"."changed_at", "claims_claim"."id") < (' in query["sql"]


def test_a_bad_cursor_is_answered_with_400_and_the_reason() -> None:
    answer = WorkbenchMiddleware(lambda request: None).process_exception(HttpRequest(), BadCursor())  # type: ignore[arg-type, return-value]
    assert answer is not None
    assert answer.status_code == 400
    assert "first page" in answer.context_data["reason"]  # type: ignore[attr-defined]


def test_the_cursor_of_an_address_is_in_after_or_before() -> None:
    assert cursor_in({"after": "a"}) == "a"
    assert cursor_in({"before": "b", "after": ""}) == "b"
    assert cursor_in({"stage": "open"}) == ""


def test_a_count_stops_at_its_cap() -> None:
    make(3)
    assert str(capped_count(Claim.objects.all(), cap=2)) == "2+"
    assert capped_count(Claim.objects.all(), cap=3) == Count(3)
    assert not capped_count(Claim.objects.none())
    assert str(Count(1000, is_capped=True)) == "1,000+"
