"""What a release says of a claim beyond what every export has: whose verdict it was, remarks, what was captured. Pure.

Nothing of it is taken for a verdict of this desk: the verdict comes as a proposal, names as text.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from claims import limits
from claims.actions.new_claims import NewAssessment
from claims.choices import CARRIED, Confidence
from claims.imports import values as cells
from claims.imports.drafts import Draft, Drafting, items_in, line_or_none
from claims.imports.rows import RowError, readable
from claims.links import LinkError, normalise_url

BESIDE = ("verdict", "assessment", "assessments", "captures", "comments", "head")
"""Columns of a release that other imports do not read."""

NO_SUCH_VERDICT = "verdicts that this desk's scale does not have, or no longer uses: those claims come in open"
NO_REASON = "verdicts without a rationale and a date: those claims come in open"
NOT_DECIDED = "verdicts for which no piece decides, though pieces lead to different ones: those claims come in open"


class Carrying(Drafting):
    """Makes drafts of the claims of a release. `origin` names it, such as “nato-3 of the Atlantic Desk”.

    `signed` says, for the history, by which file and key. With `proposes` verdicts are proposed for review.
    """

    def __init__(self, *about: Any, origin: str, signed: str, proposes: bool) -> None:
        super().__init__(*about)
        self.origin, self.signed, self.proposes = origin, signed, proposes

    def take_along(self, draft: Draft, said: Mapping[str, Any]) -> dict[int, int]:
        numbers = super().take_along(draft, said)
        draft.reason = self._reason(draft, said)
        _tell_captures(draft, said, numbers)
        draft.comments = [*self._earlier(said), *self._comments(said)]
        if self.proposes and said.get("verdict"):
            try:
                draft.proposal = self._proposal(draft, said)
            except RowError as problem:
                draft.left_out.append(str(problem))
        return numbers

    def _reason(self, draft: Draft, said: Mapping[str, Any]) -> str:
        """The first line of the claim's history here; it names the head of its history there."""
        name, address = readable(draft.name, 100), readable(draft.address, 500)
        head = _mapping(said.get("head"))
        at = f"{readable(head.get('number'), 20)}, {readable(head.get('hash'), 64)}"
        called = f"{name} ({address})" if address else name
        return (
            f"From release {self.origin}, where it is {called}. {self.signed} Its history there ends with event {at}."
        )

    def _proposal(self, draft: Draft, said: Mapping[str, Any]) -> NewAssessment:
        """Raises RowError with what the report calls such verdicts."""
        verdict = self.verdicts.get(line_or_none(_mapping(said["verdict"]).get("key")))
        given = _mapping(said.get("assessment"))
        if verdict is None or verdict.retired_at is not None:
            raise RowError(NO_SUCH_VERDICT)
        try:
            rationale = cells.long_text(given.get("rationale"), limits.TEXT)
            as_of = cells.partial_date(given.get("as_of"))
        except RowError:
            raise RowError(NO_REASON) from None
        if not as_of or not any(character.isalnum() for character in rationale):
            raise RowError(NO_REASON)
        confidence = line_or_none(given.get("confidence"))
        confidence = confidence if confidence in Confidence.values else ""
        return NewAssessment(verdict, rationale, as_of, confidence, *_decisive(draft, given), self._gave(given))

    def _gave(self, given: Mapping[str, Any]) -> str:
        """Who gave the verdict there: text, for nobody of them is known here."""
        by, at, approver, approved, note = (
            readable(given.get(name) or "", 300)
            for name in ("assessed_by", "assessed_at", "approved_by", "approved_at", "approval_note")
        )
        told = f"{CARRIED} {self.origin}: assessed by {by} on {at[:10]}, approved by {approver} on {approved[:10]}."
        return f"{told} {note}".strip()

    def _earlier(self, said: Mapping[str, Any]) -> Iterator[str]:
        """Verdicts that were proposed there and do not stand."""
        for item in items_in(said.get("assessments")):
            if item.get("stands") is not True:
                by, at, decision, decider, decided = (
                    readable(item.get(name) or "", 100)
                    for name in ("assessed_by", "assessed_at", "decision", "decided_by", "decided_at")
                )
                verdict = readable(_mapping(item.get("verdict")).get("name") or "", 100)
                head = f"{by}, {at[:10]}, in {self.origin}, proposed “{verdict}”:"
                decided_so = f"{decision} by {decider}, {decided[:10]}: " if decision else ""
                reason = _text(item.get("decision_reason"))
                yield from _parts(head, f"{_text(item.get('rationale'))}\n\n{decided_so}{reason}".strip())

    def _comments(self, said: Mapping[str, Any]) -> Iterator[str]:
        for item in items_in(said.get("comments")):
            author, at = (readable(item.get(name) or "", 100) for name in ("author", "written_at"))
            yield from _parts(f"{author}, {at[:10]}, in {self.origin}:", _text(item.get("body")))


def _parts(head: str, body: str) -> Iterator[str]:
    """A remark of somebody else, in as many comments as it takes."""
    most = limits.TEXT - len(head) - 2
    for start in range(0, len(body), most):
        yield f"{head}\n\n{body[start : start + most]}"


def _text(value: Any) -> str:
    """The value, if it is text that can be stored, else ""."""
    try:
        return cells.long_text(value, 10 * limits.TEXT)
    except RowError:
        return ""


def _decisive(draft: Draft, given: Mapping[str, Any]) -> tuple[int | None, str]:
    """The piece that decides, by its number among the draft's, and why. RowError where one must and none does."""
    decisive = _mapping(given.get("decisive"))
    reason = _text(decisive.get("reason"))[: limits.REASON]
    url, title = line_or_none(decisive.get("url")), line_or_none(decisive.get("title"))
    found = next(
        (
            at
            for at, piece in enumerate(draft.evidence)
            if (piece.url == _spelled(url) if url else piece.title == title)
        ),
        None,
    )
    if found is not None and reason:
        return found, reason
    if len({piece.alone_verdict.pk for piece in draft.evidence if piece.alone_verdict}) > 1:
        raise RowError(NOT_DECIDED)
    return None, ""


def _spelled(url: str) -> str:
    try:
        return normalise_url(url)
    except LinkError:
        return ""


def _tell_captures(draft: Draft, said: Mapping[str, Any], numbers: Mapping[int, int]) -> None:
    """Say with each piece what was kept of its document there: the copy itself is not here."""
    captures = said.get("captures")
    kept: Sequence[Any] = captures if isinstance(captures, list) else ()
    for there, here in numbers.items():
        capture = _mapping(kept[there]) if there < len(kept) else {}
        if capture:
            at, digest = readable(capture.get("captured_at"), 30), readable(capture.get("sha256"), 64)
            told = f"Captured there {at}, SHA-256 {digest}"
            draft.evidence[here] = replace(draft.evidence[here], told=told)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
