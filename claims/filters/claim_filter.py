"""Which claims: a selection that can be read from an address, applied, put into words and written back.

What does not parse is kept as problems, each naming its field: callers show them (400) instead of applying the filter.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, cast

from django.db.models import Exists, OuterRef
from django.http import QueryDict
from django.utils.http import urlencode

from claims import search
from claims.choices import ClaimKind, Reliability, Stage
from claims.filters.reading import Problem, Reader
from claims.models import Appearance, Claim, Comment, Document, Source, Tag, User, Verdict
from claims.models.claim import ClaimQuerySet

LABELS = {
    "q": "Search",
    "stage": "Stage",
    "verdict": "Verdict",
    "kind": "Kind",
    "grade": "Source grade",
    "source": "Source",
    "document": "Document",
    "assignee": "Assigned to",
    "tag": "Tag",
    "due": "Due",
    "review": "Review",
    "comments": "Comments",
}
"""Every filter, by its name in the address."""
BESIDE = frozenset({"sort", "after", "before"})
"""What else may stand in the address of a list."""
_REFERENCE = re.compile(r"[A-Za-z]{1,20}-[0-9]{1,15}")


@dataclass(frozen=True)
class ClaimFilter:
    """A selection of claims. Values of one field widen it, fields narrow it (tags narrow each other, too)."""

    q: str = ""
    query: search.Query = field(default_factory=search.Query)
    people: tuple[User, ...] = ()
    reference: int | None = None
    stages: tuple[Stage, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    kinds: tuple[ClaimKind, ...] = ()
    grades: tuple[Reliability, ...] = ()
    source: Source | None = None
    document: Document | None = None
    assignee: Literal["", "me", "none"] | User = ""
    tags: tuple[Tag, ...] = ()
    due: bool = False
    review: bool = False
    unresolved: bool = False
    problems: tuple[Problem, ...] = ()

    @classmethod
    def parse(cls, params: QueryDict, *, beside: Iterable[str] = BESIDE) -> "ClaimFilter":
        """Reads the filters of an address. Names outside LABELS and `beside` are problems, not ignored.

        At most seven queries: one for each of verdict, source, document, assignee, tag, people and reference given.
        """
        reader = Reader(params, LABELS)
        reader.refuse_others(LABELS.keys() | set(beside))
        q = reader.one("q")
        query, people = _query(reader, q)
        parsed = cls(
            q=q,
            query=query,
            people=people,
            reference=_named_claim(q),
            stages=reader.choices("stage", Stage),
            verdicts=reader.records("verdict", Verdict.objects.all(), "key"),
            kinds=reader.choices("kind", ClaimKind),
            grades=reader.choices("grade", Reliability),
            source=reader.record("source", Source.objects.all()),
            document=reader.record("document", Document.objects.all()),
            assignee=_assignee(reader),
            tags=reader.records("tag", Tag.objects.all(), "name"),
            due=reader.flag("due", "yes"),
            review=reader.flag("review", "me"),
            unresolved=reader.flag("comments", "unresolved"),
        )
        return replace(parsed, problems=tuple(reader.problems))

    def apply(self, claims: ClaimQuerySet, user: User | None) -> ClaimQuerySet:
        """The claims that it selects. Raises ValueError when it says "me" and there is no user (in a command)."""
        if user is None and (self.assignee == "me" or self.review):
            raise ValueError("There is nobody here whom “me” could mean. Give a user name.")
        claims = self._by_words(claims)
        claims = self._by_columns(claims)
        claims = self._by_people(claims, user)
        return self._by_surroundings(claims)

    def _by_words(self, claims: ClaimQuerySet) -> ClaimQuerySet:
        if self.reference is not None:
            return claims.filter(pk=self.reference)
        if self.people:
            claims = claims.filter(assignee__in=self.people)
        return search.matching(claims, self.query)

    def _by_columns(self, claims: ClaimQuerySet) -> ClaimQuerySet:
        columns: dict[str, Sequence[Any]] = {"stage": self.stages, "verdict": self.verdicts, "kind": self.kinds}
        for column, values in columns.items():
            if values:
                claims = claims.filter(**{f"{column}__in": values})
        return claims.due() if self.due else claims

    def _by_people(self, claims: ClaimQuerySet, user: User | None) -> ClaimQuerySet:
        if self.assignee == "none":
            claims = claims.filter(assignee=None)
        elif assignee := user if self.assignee == "me" else self.assignee or None:
            claims = claims.assigned_to(assignee)
        return claims.waiting_for_review_by(cast(User, user)) if self.review else claims

    def _by_surroundings(self, claims: ClaimQuerySet) -> ClaimQuerySet:
        if self.document:
            claims = claims.appearing_in(self.document.pk)
        if self.source:
            claims = claims.from_source(self.source.pk)
        if self.grades:
            graded = Appearance.objects.filter(snapshot__document__in=Document.objects.graded(self.grades))
            claims = claims.filter(Exists(graded.filter(claim=OuterRef("pk"))))
        for tag in self.tags:
            claims = claims.filter(pk__in=Claim.tags.through.objects.filter(tag=tag).values("claim"))
        if self.unresolved:
            claims = claims.filter(pk__in=Comment.objects.unresolved().exclude(claim=None).order_by().values("claim"))
        return claims

    @property
    def values(self) -> dict[str, list[str]]:
        """Field to values, as they stand in an address; fields that are not set are left out."""
        assignee = self.assignee.username if isinstance(self.assignee, User) else self.assignee
        values = {
            "q": [self.q],
            "stage": [*map(str, self.stages)],
            "verdict": [verdict.key for verdict in self.verdicts],
            "kind": [*map(str, self.kinds)],
            "grade": [*map(str, self.grades)],
            "source": [str(self.source.pk) if self.source else ""],
            "document": [str(self.document.pk) if self.document else ""],
            "assignee": [assignee],
            "tag": [tag.name for tag in self.tags],
            "due": ["yes" if self.due else ""],
            "review": ["me" if self.review else ""],
            "comments": ["unresolved" if self.unresolved else ""],
        }
        return {name: given for name, given in values.items() if any(given)}

    def querystring(self) -> str:
        """The filter as the query of an address, always in the same spelling; empty when nothing is filtered."""
        return urlencode(self.values, doseq=True)

    @property
    def searches(self) -> bool:
        """It looks for words, so that matches come newest first from the index."""
        return self.reference is None and bool(self.query.wanted) and not self.query.is_hopeless

    def without(self, *fields: str) -> "ClaimFilter":
        """The same filter with attributes (stages, verdicts, …) set back."""
        blank = ClaimFilter()
        return replace(self, **{name: getattr(blank, name) for name in fields})

    def describe(self) -> str:
        """The filter in words, such as "open or in progress, document “A title”"; empty when nothing is filtered."""
        assignee = {"": "", "me": "assigned to me", "none": "assigned to nobody"}
        parts = [
            f"“{self.q}”" if self.q else "",
            _either(stage.label.lower() for stage in self.stages),
            _either((verdict.name.lower() for verdict in self.verdicts), "verdict "),
            _either((kind.label.lower() for kind in self.kinds), "kind "),
            _either(map(_grade, self.grades), "source grade "),
            f"source “{self.source}”" if self.source else "",
            f"document “{self.document}”" if self.document else "",
            f"assigned to {self.assignee}" if isinstance(self.assignee, User) else assignee[self.assignee],
            *(f"tag {tag}" for tag in self.tags),
            "due" if self.due else "",
            "waiting for my review" if self.review else "",
            "with unresolved comments" if self.unresolved else "",
        ]
        return ", ".join(part for part in parts if part)


def _either(words: Iterable[str], before: str = "") -> str:
    joined = " or ".join(words)
    return before + joined if joined else ""


def _grade(letter: Reliability) -> str:
    return "F (cannot be judged)" if letter == Reliability.F else letter.value


def _assignee(reader: Reader) -> Literal["", "me", "none"] | User:
    match reader.one("assignee"):
        case "" | "me" | "none" as symbol:
            return symbol
        case username:
            return next(iter(reader.people("assignee", [username])), "")


def _query(reader: Reader, q: str) -> tuple[search.Query, tuple[User, ...]]:
    try:
        query = search.parse(q)
    except ValueError as error:
        reader.refuse("q", str(error))
        return search.Query(), ()
    return query, reader.people("q", query.people)


def _named_claim(q: str) -> int | None:
    """The claim whose reference (C-12, JN-51) is all that was typed."""
    if not _REFERENCE.fullmatch(q):
        return None
    claims = Claim.objects.order_by().values_list("pk", flat=True)
    by_key = claims.filter(key__in={q, q.lower(), q.upper()}).first()
    if by_key is None and q[:2].upper() == "C-":
        return claims.filter(pk=int(q[2:])).first()
    return by_key
