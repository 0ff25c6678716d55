"""What the desk looks out for: release calendars, searches that found nothing, a verdict to be confirmed."""

from collections import Counter
from collections.abc import Mapping
from datetime import date

from claims.actions import calendars, confirmations, searches
from claims.models import Claim, Source, User
from claims.seeds.records import Record


def load(records: Mapping[str, list[Record]], added: Mapping[str, Claim], people: Mapping[str, User]) -> Counter[str]:
    """`records` as in following.json; `added` are the claims that are new, by key. How many of each were new."""
    new: Counter[str] = Counter()
    for record in records["calendars"]:
        source = Source.objects.get(key=record["source"])
        calendar = source.calendars.filter(name=record["name"]).first()
        if calendar is None:
            calendar = calendars.add_calendar(source, by=people["admin"], name=record["name"], rule=record["rule"])
            new["calendars"] += 1
        for claim in _new_claims(record["claims"], added):
            calendars.follow_calendar(claim, calendar, by=people["analyst"])
    for record in records["searches"]:
        for claim in _new_claims([record["claim"]], added):
            _search(claim, record, by=people["analyst"])
            new["searches"] += 1
    for record in records["confirmations"]:
        for claim in _new_claims([record["claim"]], added):
            said = {name: record[name] for name in ("rationale", "as_of")}
            confirmations.confirm(claim, by=people["analyst"], **said)
            new["confirmations"] += 1
    return new


def _new_claims(keys: list[str], added: Mapping[str, Claim]) -> list[Claim]:
    return [added[key] for key in keys if key in added]


def _search(claim: Claim, record: Record, *, by: User) -> None:
    said = {name: record[name] for name in ("place", "words", "note")}
    searches.add_search(claim, by=by, searched_on=date.fromisoformat(record["searched_on"]), **said)
