"""How many claims each stage, verdict or view has: bounded work, however many claims there are."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from django.db.models import Count as CountRows
from django.db.models import IntegerField, Subquery

from claims.choices import Stage
from claims.filters import ClaimFilter
from claims.keyset import Count
from claims.models import Claim, User, Verdict
from claims.models.claim import ClaimQuerySet

CAP = 1000

Value = TypeVar("Value", str, int)


class CappedCount(Subquery):
    """How many rows a queryset has, looking at one more than CAP of them at most."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) capped)"
    output_field = IntegerField()
    empty_result_set_value = 0

    def __init__(self, queryset: ClaimQuerySet) -> None:
        super().__init__(queryset.order_by().values("pk")[: CAP + 1])


def _capped(number: int) -> Count:
    return Count(min(number, CAP), is_capped=number > CAP)


def counts(user: User, querysets: Mapping[str, ClaimQuerySet]) -> dict[str, Count]:
    """The size of every queryset, in one query: subqueries beside the row of the person who asks."""
    columns = {f"n{index}": CappedCount(queryset) for index, queryset in enumerate(querysets.values())}
    [numbers] = User.objects.filter(pk=user.pk).values_list(*columns.values())
    return dict(zip(querysets, map(_capped, numbers), strict=True))


def stage_counts(chosen: ClaimFilter, user: User) -> dict[str, Count]:
    """Stage to how many claims it would show, were it chosen beside the other filters."""
    others = chosen.without("stages")
    return _counts(others, user, "stage", Stage.values)


def verdict_counts(chosen: ClaimFilter, user: User, verdicts: Iterable[Verdict]) -> dict[int, Count]:
    """Primary key of a verdict to how many claims it would show."""
    others = chosen.without("verdicts")
    return _counts(others, user, "verdict", [verdict.pk for verdict in verdicts])


def _counts(others: ClaimFilter, user: User, field: str, values: Sequence[Value]) -> dict[Value, Count]:
    """Exact up to CAP where an index counts; under other filters, what is among the first CAP that these select."""
    claims = others.apply(Claim.objects.all(), user)
    if not others.values:
        found = counts(user, {str(value): claims.filter(**{field: value}) for value in values})
        return {value: found[str(value)] for value in values}
    window = Claim.objects.filter(pk__in=claims.order_by().values("pk")[: CAP + 1]).order_by()
    numbers = dict(window.values_list(field).annotate(CountRows("pk")))
    is_capped = sum(numbers.values()) > CAP
    return {value: Count(numbers.get(value, 0), is_capped=is_capped) for value in values}
