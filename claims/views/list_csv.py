"""Any list as CSV: all that it lists as it is filtered, not only a page of it, for whoever may see the list.

    if download := list_csv(request, "sources", SOURCES, found, ["name", "id"]):
        return download

stands in the view of the list where the page would be read, so that both are of the same rows. The address is that of
the list with `format=csv`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, TypeVar

from django.db import models
from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from claims.exports.csv import write_rows
from claims.exports.lists import Columns
from claims.http import Request, problem
from claims.keyset import Order, keyset_page

FORMAT = "format"
CSV = "csv"
CHUNK = 500
"""Rows read at once: memory does not grow with the list."""

Row = TypeVar("Row", bound=models.Model)
Shown = Callable[[Sequence[Any]], Iterable[Any]]


def list_csv(
    request: Request,
    name: str,
    columns: Columns,
    queryset: models.QuerySet[Row],
    order: Order,
    shown: Shown = iter,
) -> HttpResponseBase | None:
    """The list as a file, streamed; None when the page of it was asked for. 400 for a format that there is not.

    `order` is as for keyset_page. `shown` makes of some rows what the columns read. What fails midway breaks the
    connection off: the file then does not look whole.
    """
    asked = request.GET.get(FORMAT, "")
    if not asked:
        return None
    if asked != CSV:
        return problem(request, 400, "This list can be had as a page and as CSV; there is no such format.")
    found = (one for rows in _chunks(queryset, order) for one in shown(rows))
    # The first row is read now: what fails at once becomes an error page, not half a file.
    begun = chain(list(islice(found, 1)), found)
    disposition = content_disposition_header(True, f"{name}.csv") or "attachment"
    headers = {"Content-Disposition": disposition}
    return StreamingHttpResponse(write_rows(columns, begun), content_type="text/csv; charset=utf-8", headers=headers)


def _chunks(queryset: models.QuerySet[Row], order: Order) -> Iterator[list[Row]]:
    """All rows, by position: no cursor is held open while the reader is slow."""
    cursor = ""
    while True:
        page = keyset_page(queryset, order, cursor, CHUNK)
        yield page.rows
        if not (cursor := page.next_cursor):
            return
