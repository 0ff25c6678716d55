"""What the page of a comparison shows of each change: values as words, texts word by word."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.utils.dateparse import parse_datetime

from claims.choices import Act, Finding
from claims.differences import Piece, PieceKind, word_diff
from claims.exports.records import VerdictRecord
from claims.history import LABELS, FieldLine
from claims.models import Verdict
from claims.partial_dates import PartialDate
from claims.releases.differing import ChangeRecord, Differs, FieldRecord, PieceRecord

ITEMS = 10
"""Lines of a list, such as of appearances, that are shown of either release."""


@dataclass(frozen=True)
class VerdictWords:
    """A verdict as a release names it; `mark` is empty when the desk's scale has none of that key any more."""

    name: str
    mark: str


@dataclass(frozen=True)
class PieceLine:
    """A piece of evidence that was added, retracted or changed."""

    change: str
    title: str
    source: str
    stance: str
    finding: str
    fields: list[FieldLine]


@dataclass(frozen=True)
class ReasonLine:
    by: str
    act: str
    at: datetime | None
    reason: str


@dataclass(frozen=True)
class ChangeLine:
    """One claim. `wording` is its assertion, word by word where that changed; `path` its page at the desk."""

    reference: str
    path: str
    differs: list[Differs]
    wording: list[Piece]
    verdict: VerdictWords | None
    old_verdict: VerdictWords | None
    fields: list[FieldLine]
    evidence: list[PieceLine]
    reasons: list[ReasonLine]
    left_out: str
    left_out_by: str

    @property
    def is_rewritten(self) -> bool:
        return Differs.REWRITTEN in self.differs

    @property
    def has_other_verdict(self) -> bool:
        return Differs.VERDICT in self.differs

    @property
    def is_gone(self) -> bool:
        return Differs.LEFT_OUT in self.differs


def change_lines(changes: Iterable[ChangeRecord]) -> list[ChangeLine]:
    """One query, for the marks of verdicts."""
    marks = {verdict.key: verdict.mark for verdict in Verdict.objects.all()}
    return [_line(change, marks) for change in changes]


def _line(change: ChangeRecord, marks: Mapping[str, str]) -> ChangeLine:
    told = change["left_out"]
    blocked = [dict(Finding.choices).get(finding, finding) for finding in told["findings"]] if told else []
    return ChangeLine(
        reference=change["reference"],
        path=_path(change["url"]),
        differs=[Differs(kind) for kind in change["differs"]],
        wording=_wording(change),
        verdict=_verdict(change["verdict"], marks),
        old_verdict=_verdict(change["old_verdict"], marks),
        fields=[_field(field) for field in change["fields"] if field["field"] != "assertion"],
        evidence=[_piece(piece) for piece in change["evidence"]],
        reasons=[
            ReasonLine(
                by=reason["by"] or "The desk",
                act=dict(Act.choices).get(reason["act"], reason["act"]),
                at=parse_datetime(reason["at"]),
                reason=reason["reason"],
            )
            for reason in change["reasons"]
        ],
        left_out=f"{told['reason']} ({'; '.join(blocked)})" if told else "",
        left_out_by=told["by"] if told else "",
    )


def _path(url: str) -> str:
    """Of the claim at this desk, whatever the desk was called when it was released."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return ""
    return path if path.startswith("/") and not path.startswith("//") else ""


def _wording(change: ChangeRecord) -> list[Piece]:
    for field in change["fields"]:
        if field["field"] == "assertion":
            return word_diff(field["old"], field["new"])
    return [Piece(PieceKind.SAME, change["assertion"])]


def _verdict(record: VerdictRecord | None, marks: Mapping[str, str]) -> VerdictWords | None:
    return VerdictWords(record["name"], marks.get(record["key"], "")) if record else None


def _piece(piece: PieceRecord) -> PieceLine:
    fields = [_field(field) for field in piece["fields"]]
    words = (piece["change"].capitalize(), piece["title"], piece["source"], piece["stance"], piece["finding"])
    return PieceLine(*words, fields=fields)


def _field(field: FieldRecord) -> FieldLine:
    name = field["field"].rpartition(".")[2]
    label = LABELS.get(name, name.replace("_", " ").capitalize())
    if isinstance(field["old"], list) or isinstance(field["new"], list):
        return FieldLine(label, _list_pieces(field["old"] or [], field["new"] or []))
    if name.endswith(("_at", "_on", "as_of")):
        return FieldLine(label, _whole(_when(field["old"]), _when(field["new"])))
    return FieldLine(label, word_diff(_words(field["old"]), _words(field["new"])))


def _whole(old: str, new: str) -> list[Piece]:
    """Dates and moments are not compared digit by digit."""
    pieces = (Piece(PieceKind.DELETED, old), Piece(PieceKind.SAME, " "), Piece(PieceKind.INSERTED, new))
    return [piece for piece in pieces if piece.text]


def _when(value: str | None) -> str:
    """May 2023, or 2 May 2023, 10:00 UTC."""
    moment = parse_datetime(value) if value and "T" in value else None
    if moment:
        return f"{moment.day} {moment:%B %Y, %H:%M} UTC"
    try:
        return PartialDate.parse(value or "").display()
    except ValueError:
        return value or ""


def _list_pieces(old: Sequence[Any], new: Sequence[Any]) -> list[Piece]:
    """What is in one list alone, each on a line."""
    before, after = [_words(one) for one in old], [_words(one) for one in new]
    gone = [Piece(PieceKind.DELETED, words) for words in before if words not in after]
    come = [Piece(PieceKind.INSERTED, words) for words in after if words not in before]
    cut = len(gone) > ITEMS or len(come) > ITEMS
    lines = [*gone[:ITEMS], *come[:ITEMS], *([Piece(PieceKind.SAME, "…")] if cut else [])]
    if not lines:
        return [Piece(PieceKind.SAME, "The same in another order")]
    return [piece for line in lines for piece in (line, Piece(PieceKind.SAME, "\n"))][:-1]


def _words(value: Any) -> str:
    """A value of claims.jsonl in words: what has parts, as those of them that say something."""
    if isinstance(value, dict):
        return ", ".join(f"{name.replace('_', ' ')}: {_words(part)}" for name, part in value.items() if part)
    if isinstance(value, list):
        return "; ".join(map(_words, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
