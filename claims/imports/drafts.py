"""A row made ready: checked as far as the row alone tells, or refused with every reason at once. No queries."""

import hashlib
import json
import re
from base64 import b32encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from claims import limits
from claims.actions.new_claims import NewAssessment, NewClaim, NewEvidence, NewSearch, NewWorking
from claims.characters import fold
from claims.choices import ClaimKind
from claims.imports import values as cells
from claims.imports.besides import MOST_NOTES
from claims.imports.fields import FIELDS, Plan
from claims.imports.findings import new_search, new_working
from claims.imports.pieces import exported_evidence, new_evidence
from claims.imports.reviews import is_review, review_values
from claims.imports.rows import Row, RowError, readable
from claims.links import LinkError
from claims.models import Snapshot, Verdict
from claims.models.claim import numbered
from claims.passages import CONTEXT, Passage

MOST_PARTS = 200
"""Pieces of evidence, places, premises and comments that one claim may bring."""

_SHOWN = 200
_SLUG = re.compile(r"[-a-zA-Z0-9_]{1,80}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where our own export says that a claim appears: looked for, and left out when the text is not here."""

    document: str
    url: str
    quote: str
    start: int | None
    end: int | None
    sha256: str
    source: str = ""
    published_on: str = ""
    language: str = ""
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Premise:
    """A claim that the claim rests on, as the file names it: by its short name, and its address if that is told."""

    name: str
    address: str = ""
    note: str = ""


@dataclass(slots=True)
class Draft:
    """`columns` are those of Claim; `given` names those of them that the row says something about.

    `number` is that of a claim that a desk calls C-12: known here if the desk is this one. `name` and `address` are
    what the file calls it. `follows` names a release calendar. `found` are the places in stored texts, once
    imports.stored has looked for them.
    """

    line: int
    key: str
    columns: dict[str, Any]
    given: tuple[str, ...]
    tags: tuple[str, ...] = ()
    document: str = ""
    quote: str = ""
    evidence: list[NewEvidence] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    searches: list[NewSearch] = field(default_factory=list)
    working: NewWorking | None = None
    number: int | None = None
    is_of_desk: bool = False
    name: str = ""
    address: str = ""
    follows: str = ""
    premises: list[Premise] = field(default_factory=list)
    proposal: NewAssessment | None = None
    comments: list[str] = field(default_factory=list)
    reason: str = ""
    left_out: list[str] = field(default_factory=list)
    found: list[tuple[Snapshot, Passage]] = field(default_factory=list)

    @property
    def reference(self) -> str:
        """As the claim will be called."""
        return self.key.upper()

    @property
    def kind_label(self) -> str:
        return ClaimKind(self.columns["kind"]).label

    def new_claim(self, reason: str, tag: str) -> NewClaim:
        tags = (*self.tags, tag) if tag and tag not in self.tags else self.tags
        columns = {"key": self.key, **self.columns}
        brought = (self.found, self.evidence, self.searches, self.working, self.reason or reason)
        return NewClaim(columns, tags, *brought, proposal=self.proposal, comments=self.comments)


class Drafting:
    """Makes drafts of rows by one plan. `desk` is the address under which this desk's own exports are known.

    `verdicts` are those of the desk's scale by their keys.
    """

    def __init__(self, plan: Plan, desk: str, verdicts: Mapping[str, Verdict]) -> None:
        self.plan = plan
        self.desk = desk
        self.verdicts = verdicts

    def draft(self, row: Row) -> Draft:
        """Raises RowError with all that is wrong with the row."""
        if row.problem:
            raise RowError(row.problem)
        if is_review(row.values):
            return self._draft(row.line, _reviewed(row.values, self.desk))
        return self._draft(row.line, {key: row.values.get(name) for key, name in self.plan.columns.items()})

    def words(self, row: Row) -> str:
        """What a refused row seems to claim, fit to be shown."""
        name = "claimReviewed" if is_review(row.values) else self.plan.columns.get("assertion", "")
        said = row.values.get(name)
        return readable(said, _SHOWN) if isinstance(said, str) else ""

    def _draft(self, line: int, said: Mapping[str, Any]) -> Draft:
        checked = _Checked(said)
        columns = {
            "assertion": checked("assertion", cells.assertion),
            "kind": checked("kind", lambda value: cells.kind(value, self.plan.kind)),
            "speaker": checked("speaker", cells.one_line),
            "as_of": checked("as_of", cells.partial_date),
            "reference_period": checked("reference_period", cells.one_line),
            "how_to_check": checked("how_to_check", lambda value: cells.long_text(value, limits.GUIDE)),
            "priority": checked("priority", cells.priority),
            "recheck_on": checked("recheck_on", cells.partial_date),
        }
        tags = checked("tags", lambda value: cells.tags(value, parted_by=";" if self.plan.is_own else ""))
        document, quote = self._place(checked)
        evidence = checked("link", lambda value: _linked(value, said))
        review = checked("review", lambda value: [new_evidence(value)] if value else [])
        name = checked("key", cells.long_line)
        address = checked("address", cells.long_line)
        checked.raise_problems()
        draft = Draft(line, "", columns, tuple(key for key in columns if said.get(key)), tags, document, quote)
        draft.evidence = [*evidence, *review]
        if "review" in said and not review:
            draft.left_out.append("ratings without an address")
        _identify(draft, name, address, self.desk)
        self.take_along(draft, said)
        _take_besides(draft, said)
        return draft

    def take_along(self, draft: Draft, said: Mapping[str, Any]) -> dict[int, int]:
        """What our own exports have besides: what cannot come is left out, and counted.

        Returns the numbers of the pieces of evidence in the file, with those among the draft's.
        """
        numbers = self._take_evidence(draft, said)
        for item in items_in(said.get("appearances")):
            try:
                draft.places.append(_exported_place(item))
            except RowError:
                draft.left_out.append("places in texts that are not here")
        for item in items_in(said.get("searches")):
            try:
                draft.searches.append(new_search(item))
            except RowError:
                draft.left_out.append("searches without a place, words or a day")
        for item in items_in(said.get("working")):
            try:
                draft.working = new_working(item, numbers)
            except RowError:
                draft.left_out.append("workings whose figures or evidence do not come in")
        draft.premises = premises_in(said.get("rests_on"))
        if draft.columns["recheck_on"]:
            draft.follows = line_or_none(said.get("recheck_follows"))
        return numbers

    def _take_evidence(self, draft: Draft, said: Mapping[str, Any]) -> dict[int, int]:
        """The numbers of the pieces in the file, with those among the draft's."""
        numbers = {}
        for number, item in enumerate(items_in(said.get("evidence"))):
            try:
                piece = exported_evidence(item, self.verdicts)
            except (RowError, LinkError):
                draft.left_out.append("pieces of evidence whose document cannot be told, or not be stored")
                continue
            numbers[number] = len(draft.evidence)
            draft.evidence.append(piece)
            if item.get("alone_verdict") and piece.alone_verdict is None:
                draft.left_out.append("verdicts of evidence on its own that this desk's scale does not have")
        return numbers

    def _place(self, checked: "_Checked") -> tuple[str, str]:
        quote = checked("quote", lambda value: cells.long_text(value, limits.PASSAGE))
        document = checked("document", cells.long_line) or (self.plan.document if quote else "")
        if quote and not document:
            checked.problems.append("Quote: it quotes, and names no document.")
        if document and not quote and not checked.problems:
            checked.problems.append("Document: it names a document, and no words of it that make the claim (quote).")
        return document, quote


def _reviewed(node: Mapping[str, Any], desk: str) -> Mapping[str, Any]:
    try:
        return review_values(node, desk)
    except RecursionError:
        raise RowError("It is nested too deeply.") from None


def _take_besides(draft: Draft, said: Mapping[str, Any]) -> None:
    """What a review of others cites, and what else it says, which becomes comments on the claim."""
    for item in items_in(said.get("cited")):
        try:
            draft.evidence.append(new_evidence(item))
        except (RowError, LinkError):
            draft.left_out.append("citations that cannot be stored")
    notes = said.get("notes", ())
    draft.comments += notes[:MOST_NOTES]
    draft.left_out += ["parts of reviews that are longer than comments can hold"] * (len(notes) > MOST_NOTES)


class _Checked:
    """Cells checked one by one; what is wrong with each is gathered."""

    def __init__(self, said: Mapping[str, Any]) -> None:
        self._said = said
        self.problems: list[str] = []

    def __call__(self, key: str, check: Callable[[Any], Any]) -> Any:
        try:
            return check(self._said.get(key))
        except (RowError, LinkError) as error:
            label = FIELDS[key].label if key in FIELDS else key.capitalize()
            self.problems.append(f"{label}: {error}")
            return ""

    def raise_problems(self) -> None:
        if self.problems:
            raise RowError(" ".join(self.problems))


def _linked(value: Any, said: Mapping[str, Any]) -> list[NewEvidence]:
    """Evidence for each address in a cell, all with the stance and finding of the row."""
    links = cells.text_in(value).split()
    if len(links) > MOST_PARTS:
        raise RowError(f"at most {MOST_PARTS} addresses are allowed; these are {len(links):,}.")
    about = {"stance": cells.stance(said.get("stance")), "finding": said.get("finding")}
    return [new_evidence({"url": link, **about}) for link in dict.fromkeys(links)]


def _exported_place(item: Mapping[str, Any]) -> Place:
    quote = cells.long_text(item.get("quote"), limits.PASSAGE)
    if not quote:
        raise RowError("a place has no words.")
    return Place(
        document=cells.one_line(cells.text_in(item.get("document"))[:300], 300),
        url=cells.long_line(item.get("url")),
        quote=quote,
        start=cells.whole(item.get("start")),
        end=cells.whole(item.get("end")),
        sha256=cells.text_in(item.get("snapshot_sha256")),
        source=cells.one_line(cells.text_in(item.get("source"))[: cells.LINE]),
        published_on=cells.partial_date(item.get("published_on")),
        language=cells.language(item.get("language")),
        prefix=cells.long_text_as_is(item.get("prefix"), CONTEXT),
        suffix=cells.long_text_as_is(item.get("suffix"), CONTEXT),
    )


def premises_in(value: Any) -> list[Premise]:
    """Claims that are named: in a list, or in a cell of CSV."""
    if isinstance(value, str) and not value.startswith("["):
        names = (line_or_none(name) for name in value.split(";"))
        return [Premise(name) for name in names if name][:MOST_PARTS]
    return [premise for item in items_in(value) if (premise := _premise(item)).name]


def _premise(item: Mapping[str, Any]) -> Premise:
    return Premise(*(line_or_none(item.get(name)) for name in ("reference", "url", "note")))


def line_or_none(value: Any) -> str:
    """The value as one line; "" for what is no text, or too much of it."""
    try:
        return cells.long_line(value)
    except RowError:
        return ""


def items_in(value: Any) -> list[Mapping[str, Any]]:
    """A list of objects, or the one object there is; from a cell of CSV, written as JSON."""
    if isinstance(value, str):
        try:
            value = json.loads(value) if value.startswith(("[", "{")) else []
        except (ValueError, RecursionError):
            value = []
    if isinstance(value, Mapping):
        value = [value]
    return [item for item in value if isinstance(item, Mapping)][:MOST_PARTS] if isinstance(value, list) else []


def _identify(draft: Draft, name: str, address: str, desk: str) -> None:
    """Say what makes the claim itself: its key; else its address; else its words and the document they are in."""
    draft.name, draft.address, draft.number = name, address, numbered(name)
    draft.is_of_desk = draft.number is not None and address == f"{desk}/claims/{draft.number}/"
    words = fold(draft.columns["assertion"]).text.casefold()
    draft.key = key_of(name, address) or _derived("words", words, draft.document.casefold())


def key_of(name: str, address: str) -> str:
    """The key of a claim that a file calls so; "" where it calls it nothing."""
    if numbered(name) is not None:
        return _derived("address" if address else "name", address or name.casefold())
    if _SLUG.fullmatch(name):
        return name
    if name or address:
        return _derived("name" if name else "address", name or address)
    return ""


def _derived(*identity: str) -> str:
    """A key of sixty bits, so that a million of them hardly ever meet by chance: i-k3mq7xa2pfzb."""
    digest = hashlib.sha256("\n".join(identity).encode()).digest()
    return f"i-{b32encode(digest)[:12].decode().lower()}"
