"""What is different from the release before: CHANGES.md for people, changes.json for programs. Pure."""

import json
import re
from collections.abc import Callable, Iterator
from functools import cache

from claims.choices import Act, Finding
from claims.differences import PieceKind, word_diff
from claims.releases.archive import Member
from claims.releases.compare import Comparison, NameRecord, compare_claims
from claims.releases.content import Content, PreviousRecord
from claims.releases.differing import ChangeRecord, Differs, FieldRecord, PieceRecord, ReasonRecord

TEXT, RECORDS = "CHANGES.md", "changes.json"


def members(content: Content) -> Iterator[Member]:
    """Nothing for the first release of a set."""
    before, previous = content.header["previous"], content.previous
    if before is None or previous is None:
        return

    @cache
    def comparison() -> Comparison:
        """Made when the first of the two files is written, for both."""
        return compare_claims(previous, _side(content, before), content)

    yield Member(TEXT, lambda: _encoded(text_lines(comparison())))
    yield Member(RECORDS, lambda: _encoded(json_lines(comparison())))


def _side(content: Content, before: PreviousRecord) -> NameRecord:
    desk = content.header["desk"]["url"]
    return {"name": before["name"], "number": before["number"], "as_of": before["as_of"], "desk": desk}


def _encoded(lines: Iterator[str]) -> Iterator[bytes]:
    return (line.encode() for line in lines)


def json_lines(comparison: Comparison) -> Iterator[str]:
    """One JSON object, a change on each line of its list; docs/releases.md says what is in it."""
    head = json.dumps(comparison.head, ensure_ascii=False)
    yield f'{head[:-1]}, "changes": ['
    separator = "\n"
    for _, change in comparison.changes():
        yield separator + json.dumps(change, ensure_ascii=False)
        separator = ",\n"
    yield "\n]}\n"


def text_lines(comparison: Comparison) -> Iterator[str]:
    """Markdown that also reads well as plain text."""
    older, newer = comparison.head["older"], comparison.head["newer"]
    yield f"# What changed from {older['name']} to {newer['name']}\n\n"
    yield f"The older release is as of {older['as_of']}, the newer one as of {newer['as_of']}.\n\n"
    for kind in Differs:
        if comparison.counts[kind]:
            yield f"- {kind.label}: {comparison.counts[kind]}\n"
    yield f"- Unchanged: {comparison.unchanged}\n"
    for kind in Differs:
        if comparison.counts[kind]:
            yield f"\n## {kind.label}\n"
            for _, change in comparison.changes(kind):
                yield from _TOLD[kind](change)


def _heading(change: ChangeRecord) -> Iterator[str]:
    yield f"\n### {plain(change['reference'])}: {plain(change['assertion'])}\n\n"


def _rewritten(change: ChangeRecord) -> Iterator[str]:
    yield from _heading(change)
    yield "The history of this claim in the newer release does not go on from that in the older one.\n"


def _verdict(change: ChangeRecord) -> Iterator[str]:
    yield from _heading(change)
    yield f"Verdict: {_name(change, 'old_verdict')}, now {_name(change, 'verdict')}.\n"
    yield from _reasons(change["reasons"])
    rationale = next((field for field in change["fields"] if field["field"] == "assessment.rationale"), None)
    if rationale and rationale["new"]:
        yield f"\nRationale now: {plain(rationale['new'])}\n"


def _wording(change: ChangeRecord) -> Iterator[str]:
    yield from _heading(change)
    wording = next(field for field in change["fields"] if field["field"] == "assertion")
    yield f"Wording: {marked(wording['old'], wording['new'])}\n"
    yield from _reasons([reason for reason in change["reasons"] if reason["act"] == Act.EDIT])


def _evidence(change: ChangeRecord) -> Iterator[str]:
    yield from _heading(change)
    for piece in change["evidence"]:
        yield from _piece(piece)
    acts = {Act.ADD_EVIDENCE, Act.EDIT_EVIDENCE, Act.RETRACT_EVIDENCE}
    yield from _reasons([reason for reason in change["reasons"] if reason["act"] in acts])


def _piece(piece: PieceRecord) -> Iterator[str]:
    source = f" ({plain(piece['source'])})" if piece["source"] else ""
    yield f"- {piece['change'].capitalize()}, {plain(piece['stance'])}: {plain(piece['title'])}{source}"
    yield f": {plain(piece['finding'])}\n" if piece["finding"] else "\n"
    yield from _fields(piece["fields"], "    ")


def _assessment(change: ChangeRecord) -> Iterator[str]:
    yield from _heading(change)
    yield from _fields([field for field in change["fields"] if field["field"].startswith("assessment.")])


def _other(change: ChangeRecord) -> Iterator[str]:
    yield from _heading(change)
    fields = (field for field in change["fields"] if field["field"] != "assertion")
    yield from _fields([field for field in fields if not field["field"].startswith("assessment.")])


def _added(change: ChangeRecord) -> Iterator[str]:
    yield from _heading(change)
    yield f"Verdict: {_name(change, 'verdict')}.\n"


def _left_out(change: ChangeRecord) -> Iterator[str]:
    yield from _heading(change)
    if told := change["left_out"]:
        blocked = "; ".join(dict(Finding.choices).get(finding, finding) for finding in told["findings"])
        yield f"Left out by {plain(told['by'])} on {told['at'][:10]}: {plain(told['reason'])} ({plain(blocked)})\n"
    else:
        yield "The set does not hold it any more.\n"


_TOLD: dict[Differs, Callable[[ChangeRecord], Iterator[str]]] = {
    Differs.REWRITTEN: _rewritten,
    Differs.VERDICT: _verdict,
    Differs.WORDING: _wording,
    Differs.EVIDENCE: _evidence,
    Differs.ASSESSMENT: _assessment,
    Differs.OTHER: _other,
    Differs.ADDED: _added,
    Differs.LEFT_OUT: _left_out,
}


def _name(change: ChangeRecord, which: str) -> str:
    verdict = change["verdict"] if which == "verdict" else change["old_verdict"]
    return plain(verdict["name"]) if verdict else "none"


def _reasons(reasons: list[ReasonRecord]) -> Iterator[str]:
    for reason in reasons:
        words = dict(Act.choices).get(reason["act"], reason["act"])
        why = f": {plain(reason['reason'])}" if reason["reason"] else ""
        yield f"- {reason['at'][:10]}, {plain(reason['by'] or 'nobody')} {plain(words)}{why}\n"


def _fields(fields: list[FieldRecord], indent: str = "") -> Iterator[str]:
    for field in fields:
        name = field["field"].removeprefix("assessment.").replace("_", " ")
        yield f"{indent}- {name.capitalize()}: {_values(field)}\n"


def _values(field: FieldRecord) -> str:
    old, new = field["old"], field["new"]
    if isinstance(old, str | None) and isinstance(new, str | None):
        return marked(old or "", new or "")
    if isinstance(old, list) and isinstance(new, list):
        return f"{len(old)}, now {len(new)}; {RECORDS} has them"
    return f"changed; {RECORDS} has both"


def marked(old: str, new: str) -> str:
    """Two texts in one, word by word: what went is ~~struck out~~, what came is **bold**."""
    marks = {PieceKind.SAME: "", PieceKind.DELETED: "~~", PieceKind.INSERTED: "**"}
    return "".join(_between(marks[piece.kind], piece.text) for piece in word_diff(old, new)).strip()


def _between(mark: str, text: str) -> str:
    """Blanks stand outside of the marks, or Markdown would not take them for marks."""
    inner = text.strip()
    if not inner or not mark:
        return _flat(text)
    start = text.index(inner)
    return f"{_flat(text[:start])}{mark}{_flat(inner)}{mark}{_flat(text[start + len(inner) :])}"


def plain(text: str) -> str:
    """Words of people on one line, none of which Markdown or HTML takes for its own."""
    return _flat(text).strip()


_MARKS = re.compile(r"([\\`*_\[\]<>~&#])")
"""None of our lines begins with words of people, so that what Markdown minds only there needs nothing."""


def _flat(text: str) -> str:
    return _MARKS.sub(r"\\\1", " ".join(re.split(r"\s+", text)))
