"""What stands beside the rows of the claims list: predefined views, and the column of filters with their counts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from claims import facets
from claims.choices import ClaimKind, Permission, Reliability, Stage
from claims.filters import ClaimFilter
from claims.keyset import Count
from claims.models import Claim, Document, Source, Tag, User, Verdict
from claims.templatetags.workbench import stage as stage_chip
from claims.templatetags.workbench import verdict as verdict_chip

MOST_OPTIONS = 30  # of a facet that grows with the desk; the records' own pages link to their claims


@dataclass(frozen=True)
class Option:
    name: str
    value: str
    label: str
    is_chosen: bool
    count: Count | None = None


@dataclass(frozen=True)
class Facet:
    """One filter of the column; with `is_single`, at most one of its options holds."""

    label: str
    options: list[Option]
    is_single: bool = False
    is_open: bool = False

    @property
    def is_in_force(self) -> bool:
        return any(option.is_chosen and option.value for option in self.options)


@dataclass(frozen=True)
class ListView:
    """A predefined view: a filter with a name."""

    name: str
    query: str
    count: Count
    is_current: bool


def list_views(user: User, chosen: ClaimFilter) -> Iterator[ListView]:
    filters = {
        "All": ClaimFilter(),
        "Mine": ClaimFilter(assignee="me"),
        "Waiting for my review": ClaimFilter(review=True),
        "Due": ClaimFilter(due=True),
        "Unassigned": ClaimFilter(stages=(Stage.OPEN,), assignee="none"),
        "Unresolved comments": ClaimFilter(unresolved=True),
    }
    if not user.may(Permission.REVIEW):
        del filters["Waiting for my review"]
    sizes = facets.counts(user, {name: one.apply(Claim.objects.all(), user) for name, one in filters.items()})
    current = chosen.querystring()
    for name, one in filters.items():
        query = one.querystring()
        yield ListView(name, query, sizes[name], is_current=query == current)


def list_facets(user: User, chosen: ClaimFilter) -> list[Facet]:
    documents = list(Document.objects.under_check().with_source().order_by("-pk")[:MOST_OPTIONS])
    sources = {document.source.pk: document.source for document in documents}
    given = {name: set(values) for name, values in chosen.values.items()}
    grades = {letter.value: f"{letter.value} {letter.label}" for letter in Reliability}
    people = {"": "Anyone", "me": "Me", "none": "Nobody"} | _people(chosen)
    return [
        Facet("Stage", [*_stages(user, chosen), *_options("due", {"yes": stage_chip("due")}, given)], is_open=True),
        Facet("Verdict", _verdicts(user, chosen), is_open=True),
        Facet("Kind", _options("kind", dict(ClaimKind.choices), given)),
        Facet("Assigned to", _options("assignee", people, given), is_single=True),
        Facet("Document", _options("document", _any_or(documents, chosen.document), given), is_single=True),
        Facet("Source", _options("source", _any_or(sources.values(), chosen.source), given), is_single=True),
        Facet("Source grade", _options("grade", grades, given)),
        Facet("Tag", _options("tag", _tags(chosen), given)),
        Facet("Comments", _options("comments", {"unresolved": "Unresolved"}, given)),
    ]


def _options(name: str, labels: Mapping[str, str], given: Mapping[str, set[str]]) -> list[Option]:
    chosen = given.get(name) or {""}
    return [Option(name, value, label, is_chosen=value in chosen) for value, label in labels.items()]


def _stages(user: User, chosen: ClaimFilter) -> list[Option]:
    sizes = facets.stage_counts(chosen, user)
    return [Option("stage", one, stage_chip(one), one in chosen.stages, sizes[one]) for one in Stage]


def _verdicts(user: User, chosen: ClaimFilter) -> list[Option]:
    scale = list(Verdict.objects.in_use())
    sizes = facets.verdict_counts(chosen, user, scale)
    return [Option("verdict", one.key, verdict_chip(one), one in chosen.verdicts, sizes[one.pk]) for one in scale]


def _people(chosen: ClaimFilter) -> dict[str, str]:
    people = [*User.objects.filter(is_active=True).order_by("username")[:MOST_OPTIONS]]
    if isinstance(chosen.assignee, User) and chosen.assignee not in people:
        people.append(chosen.assignee)
    return {person.username: str(person) for person in people}


def _any_or(records: Iterable[Document | Source], chosen: Document | Source | None) -> dict[str, str]:
    """ "Any", then the records by number; the chosen one always among them."""
    offered = [*records]
    if chosen is not None and chosen not in offered:
        offered.append(chosen)
    return {"": "Any"} | {str(record.pk): str(record) for record in offered}


def _tags(chosen: ClaimFilter) -> dict[str, str]:
    names = [*Tag.objects.values_list("name", flat=True)[:MOST_OPTIONS]]
    return {name: name for name in dict.fromkeys([*(tag.name for tag in chosen.tags), *names])}
