"""Events of any records as lines with a link to what they are about: the desk's latest activity, and all of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import models

from claims import history
from claims.choices import Act, RecordAct
from claims.differences import PieceKind
from claims.models import Claim, ClaimSet, Document, Event, Release, Source, User, Verdict, Weighting

RECORDS: dict[str, type[models.Model]] = {
    "claim": Claim,
    "document": Document,
    "source": Source,
    "claimset": ClaimSet,
    "release": Release,
    "verdict": Verdict,
    "user": User,
    "weighting": Weighting,
}
# The word between the act and the record, where the act does not name the record itself.
JOINTS: dict[str, str] = {
    **dict.fromkeys((Act.DRAFT, Act.SUBMIT, Act.WITHDRAW, Act.APPROVE, Act.RETURN), "of"),
    **dict.fromkeys((Act.EDIT_EVIDENCE, Act.ADD_APPEARANCE, Act.UNRELATE), "of"),
    **dict.fromkeys((Act.ADD_EVIDENCE, RecordAct.ADD_SNAPSHOT, RecordAct.ADD_CLAIMS), "to"),
    **dict.fromkeys((Act.RETRACT_EVIDENCE, RecordAct.REMOVE_CLAIMS), "from"),
    **dict.fromkeys((Act.COMMENT, Act.EDIT_COMMENT, Act.RESOLVE_COMMENT, Act.REOPEN_COMMENT), "on"),
    **dict.fromkeys((RecordAct.LEAVE_OUT, RecordAct.TAKE_BACK, RecordAct.ORDER_CLAIMS), "in"),
    **dict.fromkeys((RecordAct.DISPOSE, RecordAct.COMPLETE, RecordAct.LAPSE), "of"),
}


@dataclass(frozen=True)
class Entry:
    """One event: `words` such as "approved the assessment of", the record as `label`, its `url`, then `outcome`."""

    line: history.Line
    words: str
    label: str
    url: str
    outcome: str = ""


def entries(events: Iterable[Event]) -> list[Entry]:
    """The events in words. One query per kind of record and of name among them, however many events there are.

    What happens to a set that only its maker sees is left out.
    """
    lines = history.lines(events)
    records = _records([line.event for line in lines])
    found = [(line, records.get((line.event.object_type, line.event.object_id))) for line in lines]
    return [_entry(line, record) for line, record in found if not (isinstance(record, ClaimSet) and record.is_private)]


def _records(events: Sequence[Event]) -> dict[tuple[str, int], models.Model]:
    found: dict[tuple[str, int], models.Model] = {}
    for name, model in RECORDS.items():
        if ids := {event.object_id for event in events if event.object_type == name}:
            found |= {(name, pk): record for pk, record in model._base_manager.in_bulk(ids).items()}
    return found


def _entry(line: history.Line, record: models.Model | None) -> Entry:
    event = line.event
    if record is None:
        label, url = f"{event.object_type} {event.object_id}, which is gone", ""
    else:
        label, url = _label(record), _url(event, record)
    return Entry(line, _words(event, record), label, url, _outcome(line))


def _label(record: models.Model) -> str:
    return record.reference if isinstance(record, Claim) else str(record)


def _url(event: Event, record: models.Model) -> str:
    """Where the event can be looked at: the comment itself, or the record; empty for records without a page."""
    if not isinstance(record, Claim | ClaimSet | Document | Release | Source | Weighting):
        return ""
    anchor = f"#comment-{event.subject_id}" if event.subject_type == "comment" else ""
    return f"{record.get_absolute_url()}{anchor}"


def _words(event: Event, record: models.Model | None) -> str:
    parts = [event.sentence, JOINTS.get(event.act, "")]
    if record is not None and not isinstance(record, Claim):
        kind = "person" if isinstance(record, User) else record._meta.verbose_name
        parts.append(f"the {kind}")
    return " ".join(part for part in parts if part)


def _outcome(line: history.Line) -> str:
    """The verdict that an approval gave: "as refuted"."""
    verdicts = [field for field in line.fields if field.label == "Verdict"]
    if line.event.act != Act.APPROVE or not verdicts:
        return ""
    return "as " + "".join(piece.text for piece in verdicts[0].pieces if piece.kind != PieceKind.DELETED).lower()
