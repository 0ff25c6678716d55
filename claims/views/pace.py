"""Claims verified per week, as a bar chart whose geometry the server draws."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count
from django.db.models.functions import TruncWeek
from django.utils import timezone

from claims.choices import Decision
from claims.models import Assessment

WEEKS = 12
WIDTH, HEIGHT = 25, 66  # of a week's column, in units of the drawing
GAP = 3
BAR = WIDTH - 2 * GAP


@dataclass(frozen=True)
class Week:
    """A bar: the Monday it begins on, how many claims, and where it is drawn (`y` from the top, BAR wide)."""

    monday: date
    count: int
    x: int
    y: float
    height: float
    is_current: bool

    @property
    def middle(self) -> float:
        return self.x + BAR / 2

    @property
    def label_y(self) -> float:
        return self.y - 4


@dataclass(frozen=True)
class Pace:
    weeks: list[Week]
    most: int
    total: int


def pace(today: date | None = None) -> Pace:
    """The last twelve weeks, this one included. One query, over the approvals of that time only."""
    today = today or timezone.localdate()
    this_monday = today - timedelta(days=today.weekday())
    mondays = [this_monday - timedelta(weeks=back) for back in reversed(range(WEEKS))]
    counts = _approvals_since(mondays[0])
    most = max(counts.values(), default=0)
    weeks = [_week(number, monday, counts.get(monday, 0), most) for number, monday in enumerate(mondays)]
    return Pace(weeks, most, sum(counts.values()))


def _approvals_since(monday: date) -> dict[date, int]:
    start = timezone.make_aware(datetime.combine(monday, time.min))
    approved = Assessment.objects.filter(decision=Decision.APPROVED, decided_at__gte=start)
    per_week = approved.order_by().annotate(week=TruncWeek("decided_at")).values_list("week").annotate(Count("pk"))
    return {week.date(): count for week, count in per_week}


def _week(number: int, monday: date, count: int, most: int) -> Week:
    height = round(HEIGHT * count / most, 1) if most else 0.0
    x = number * WIDTH + GAP
    return Week(monday, count, x, round(HEIGHT - height, 1), height, is_current=number == WEEKS - 1)
