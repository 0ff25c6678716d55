"""What the list of claims shows: rows, totals, sort links. A constant number of queries."""

from dataclasses import dataclass, replace

from django.http import QueryDict
from django.utils.http import urlencode

from claims import search
from claims.choices import Stage
from claims.filters import ClaimFilter, Problem
from claims.keyset import Order, capped_count, keyset_page
from claims.models import Claim, User
from claims.views.claim_list_filters import list_facets, list_views
from claims.views.claim_rows import claim_rows

PAGE_SIZE = 50
# Exports are of verified claims unless the filter names stages.
EXPORT_FORMATS = (("csv", "CSV"), ("json", "JSON"), ("jsonl", "JSON Lines"), ("claimreview", "ClaimReview JSON-LD"))


@dataclass(frozen=True)
class Sort:
    """An order of the list; `first` and `last` say in words what leads, straight and reversed."""

    order: Order
    first: str
    last: str


SORTS = {
    "changed": Sort(("-changed_at", "-pk"), "latest change first", "oldest change first"),
    "created": Sort(("-pk",), "newest first", "oldest first"),
    "as_of": Sort(("-as_of", "-pk"), "latest as-of date first", "earliest as-of date first"),
    "priority": Sort(("-priority", "-pk"), "most urgent first", "least urgent first"),
    "recheck": Sort(("recheck_from", "pk"), "earliest re-check first", "latest re-check first"),
}


@dataclass(frozen=True)
class Sorting:
    """The order in force: a key of SORTS, perhaps reversed, or the matches of a search as the index yields them."""

    key: str = "changed"
    is_reversed: bool = False
    searches: bool = False

    @property
    def order(self) -> Order:
        if self.searches:
            return search.NEWEST_FIRST
        order = SORTS[self.key].order
        flipped = tuple(name[1:] if name.startswith("-") else f"-{name}" for name in order)
        return flipped if self.is_reversed else order

    @property
    def words(self) -> str:
        if self.searches:
            return "newest first"
        return SORTS[self.key].last if self.is_reversed else SORTS[self.key].first

    @property
    def asked(self) -> str:
        """The value of `sort` in addresses; empty for the usual order."""
        return "" if self == Sorting(searches=self.searches) else f"{'-' if self.is_reversed else ''}{self.key}"

    def head(self, key: str, chosen: ClaimFilter) -> dict[str, str]:
        """For a column that sorts: where its link leads (nowhere while searching), and its aria-sort, if any."""
        if self.searches:
            return {"href": "", "aria": ""}
        if key != self.key:
            return {"href": address(chosen, sort=key), "aria": ""}
        reverse = replace(self, is_reversed=not self.is_reversed)
        descending = self.order[0].startswith("-")
        return {"href": address(chosen, sort=reverse.asked), "aria": "descending" if descending else "ascending"}


def sorting_in(params: QueryDict, chosen: ClaimFilter) -> Sorting | Problem:
    """The order that an address asks for. Searching overrules it: matches come newest first, whatever their number."""
    asked = params.get("sort", "") or "changed"
    key = asked.removeprefix("-")
    if key not in SORTS:
        return Problem("sort", "Sort", f"there is no “{asked[:40]}”; it can be {', '.join(SORTS)}.")
    return Sorting(key, is_reversed=asked.startswith("-"), searches=chosen.searches)


def list_context(user: User, chosen: ClaimFilter, sorting: Sorting, cursor: str) -> dict[str, object]:
    """Everything of the page. Raises BadCursor."""
    claims = chosen.apply(Claim.objects.with_people(), user)
    page = keyset_page(claims, sorting.order, cursor, PAGE_SIZE)
    return {
        **form_context(user, chosen),
        "rows": claim_rows(page.rows),
        "newer": page.previous_cursor and address(chosen, sort=sorting.asked, before=page.previous_cursor),
        "older": page.next_cursor and address(chosen, sort=sorting.asked, after=page.next_cursor),
        "here": address(chosen, sort=sorting.asked),
        "total": capped_count(chosen.apply(Claim.objects.all(), user)),
        "sorting": sorting,
        "heads": {key: sorting.head(key, chosen) for key in SORTS},
    }


def form_context(user: User, chosen: ClaimFilter) -> dict[str, object]:
    """The part of the page that stands beside the rows: views and facets."""
    return {
        "chosen": chosen,
        "q_help": search.HELP,
        "q_limit": search.LIMIT,
        "querystring": chosen.querystring(),
        "querystring_all_stages": replace(chosen, stages=tuple(Stage)).querystring(),
        "export_formats": EXPORT_FORMATS,
        "description": chosen.describe(),
        "views": list(list_views(user, chosen)),
        "facets": list_facets(user, chosen),
    }


def address(chosen: ClaimFilter, **beside: str) -> str:
    """The list so filtered, with `beside` (sort, after, before) where not empty."""
    return "?" + urlencode({**chosen.values, **{name: value for name, value in beside.items() if value}}, doseq=True)
