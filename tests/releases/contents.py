"""Contents of small releases, without a database: what the files of a release are made of.

The histories are true to their hashes, unless a test gives hashes of its own.
"""

import hashlib
from collections.abc import Iterable
from typing import Any, cast

from claims.releases.content import FORMAT, VERSION, CommentRecord, Content, DecidedRecord, Header, ReleasedClaim
from claims.releases.script.verify import event_hash

TEXT_SHA256 = "5" * 64
ADDRESS = "https://desk.example.org/claims/{}/"

HOSTILE = (
    '=HYPERLINK("https://evil.example.org","Click")',
    "+1+cmd|' /C calc'!A0",
    "@SUM(1)",
    "-2+3",
    "\t=1+1",
    "＝1+1",  # noqa: RUF001
    'Quotes " and, commas; and\nlines\r\nand <b>markup</b> &amp; ]]> <!-- --> <script>alert(1)</script>',
    "</script><script>alert(1)</script>",
    "Right to left: \u05d7\u05d9\u05d9\u05dc\u05d9\u05dd \u0627\u0644\u062c\u0646\u0648\u062f \u202eevil\u202c",
    "Emoji \U0001f469\u200d\U0001f52c, combining e\u0301, astral \U0001d49c, zero\u200bwidth",
    "Long: " + "x" * 33_000,
    "日本の防衛費は世界で九番目に大きい。",
    "_x000D_ and _x0041_ as a workbook escapes",
    "C1 \x85\x9f and separators \u2028\u2029 and a byte order mark \ufeff",
)
"""Texts that break files which were not made with care. A desk refuses control characters, so none are here."""


def claim(position: int = 1, **fields: Any) -> ReleasedClaim:
    """A verified claim with one appearance, one piece of evidence and a short history."""
    history = linked(position, fields.pop("history", [event(1), event(2)]))
    record = {
        "reference": f"CW-{position}",
        "url": ADDRESS.format(position),
        "assertion": f"Japan has the ninth-largest military budget in the world, said {position} times.",
        "kind": "ranking",
        "speaker": "NATO",
        "as_of": "2023-05",
        "reference_period": "2022",
        "tags": ["defence", "ranking"],
        "stage": "verified",
        "is_due": False,
        "due_reason": "",
        "recheck_on": "2024-04",
        "recheck_follows": "",
        "verdict": {"key": "outdated", "name": "Outdated", "rating": 3},
        "assessment": {
            "rationale": "It was ninth in 2021 and **tenth** in 2022.",
            "confidence": "high",
            "as_of": "2023-05",
            "assessed_by": "Ana Lyst",
            "assessed_at": "2023-05-02T10:00:00Z",
            "approved_by": "Rev Iewer",
            "approved_at": "2023-05-03T11:30:00Z",
            "approval_note": "",
            "decisive": None,
        },
        "appearances": [appearance()],
        "evidence": [evidence()],
        "searches": [{"place": "SIPRI", "searched_on": "2023-05-02", "words": "Japan rank 2022", "note": ""}],
        "working": None,
        "rests_on": [],
        "position": position,
        "head": {"claim": position, "number": history[-1]["number"], "hash": history[-1]["hash"]},
        "captures": [capture()],
        "assessments": [assessment()],
        "comments": [],
        "history": history,
    }
    return cast(ReleasedClaim, {**record, **fields})


def appearance(**fields: Any) -> Any:
    record = {
        "document": "NATO and Japan",
        "url": "https://www.example.org/nato-japan?a=1&b=2",
        "source": "NATO",
        "published_on": "2023-05",
        "language": "en",
        "quote": "Japan has the ninth-largest military budget in the world",
        "prefix": "It is said that ",
        "suffix": ". Only four",
        "start": 16,
        "end": 72,
        "snapshot": 1,
        "snapshot_sha256": TEXT_SHA256,
    }
    return {**record, **fields}


def evidence(**fields: Any) -> Any:
    record = {
        "title": "Trends in military expenditure",
        "url": "https://www.example.org/sipri",
        "source": "SIPRI",
        "published_on": "2023-04-24",
        "language": "en",
        "accessed_on": "2023-05-02",
        "stance": "refutes",
        "grade": "B2",
        "finding": "Tenth in 2022.",
        "quote": "10. Japan 46.0",
        "quote_status": "found",
        "quote_start": 120,
        "quote_end": 134,
        "snapshot_sha256": TEXT_SHA256,
        "locator": "p. 2",
        "provenance": "found",
        "was_read": True,
        "still": "same",
        "derived_from": None,
        "method": "",
        "alone_says": "",
        "alone_verdict": None,
    }
    return {**record, **fields}


def capture(**fields: Any) -> Any:
    record = {
        "captured_at": "2023-05-02T09:00:00Z",
        "url": "https://www.example.org/sipri",
        "content_type": "text/html",
        "text_sha256": TEXT_SHA256,
        "sha256": "6" * 64,
        "bytes": 5_000,
        "warc_sha256": "7" * 64,
        "warc_bytes": 1_800,
    }
    return {**record, **fields}


def assessment(number: int = 1, **fields: Any) -> DecidedRecord:
    record = {
        "number": number,
        "verdict": {"key": "outdated", "name": "Outdated", "rating": 3},
        "confidence": "high",
        "rationale": "It was ninth in 2021 and **tenth** in 2022.",
        "as_of": "2023-05",
        "assessed_by": "Ana Lyst",
        "assessed_at": "2023-05-02T10:00:00Z",
        "decision": "approved",
        "decided_by": "Rev Iewer",
        "decided_at": "2023-05-03T11:30:00Z",
        "decision_reason": "",
        "stands": True,
    }
    return cast(DecidedRecord, {**record, **fields})


def comment(number: int = 1, **fields: Any) -> CommentRecord:
    record = {
        "number": number,
        "reply_to": None,
        "body": "Ninth by *whose* count?",
        "author": "Rev Iewer",
        "written_at": "2023-05-02T12:00:00Z",
        "edited_at": None,
        "resolved_by": None,
        "resolved_at": None,
    }
    return cast(CommentRecord, {**record, **fields})


def event(number: int = 1, **fields: Any) -> Any:
    """Without `previous_hash` and `hash` it gets its place in a history from `linked`."""
    record = {
        "number": number,
        "act": "create" if number == 1 else "approve",
        "by": "Ana Lyst" if number == 1 else "Rev Iewer",
        "by_key": number,
        "at": f"2023-05-{number:02}T10:00:00.000000+00:00",
        "subject": ["", None],
        "changes": {"stage": [None, "open"]} if number == 1 else {"stage": ["in_review", "verified"]},
        "reason": "",
        "previous_hash": None,
        "hash": None,
    }
    return {**record, **fields}


def linked(claim: int, events: Iterable[Any]) -> list[Any]:
    """The events as the history of the claim with that key."""
    chain: list[Any] = []
    for told in events:
        previous = chain[-1]["hash"] if chain else ""
        placed = {**told, "previous_hash": previous if told["previous_hash"] is None else told["previous_hash"]}
        chain.append({**placed, "hash": event_hash(claim, placed) if told["hash"] is None else told["hash"]})
    return chain


def header(**fields: Any) -> Header:
    record = {
        "format": FORMAT,
        "version": VERSION,
        "name": "japan-and-nato-1",
        "title": "Japan and NATO",
        "description": "What the article says of budgets.",
        "licence": "CC-BY-4.0",
        "number": 1,
        "serial": 1,
        "desk": {"name": "Claim Workbench", "url": "https://desk.example.org"},
        "as_of": "2023-06-01T12:00:00Z",
        "claims": 1,
        "head": "8" * 64,
        "left_out": [],
        "with_comments": False,
        "with_captures": False,
        "with_pdf": False,
        "previous": None,
    }
    return cast(Header, {**record, **fields})


def content(claims: Iterable[ReleasedClaim] = (), **fields: Any) -> Content:
    """A release of these claims, of one when none are given; `fields` are those of its header."""
    kept = list(claims) or [claim()]
    heads = "".join("{claim} {number} {hash}\n".format(**one["head"]) for one in kept)
    told = {"claims": len(kept), "head": hashlib.sha256(heads.encode()).hexdigest(), **fields}
    return Content(header(**told), lambda: iter(kept))


def hostile() -> Content:
    """A release whose every text is one of HOSTILE."""
    kept = [
        claim(
            number,
            assertion=text,
            speaker=text[:300],
            tags=[text[:50].replace(",", "")],
            appearances=[appearance(document=text[:300], quote=text, prefix=text[:32], suffix=text[-32:])],
            evidence=[evidence(title=text[:300], finding=text, quote=text, locator=text[:100])],
            assessments=[assessment(rationale=text)],
            comments=[comment(body=text)],
            history=[event(1, reason=text, changes={"assertion": [None, text]})],
        )
        for number, text in enumerate(HOSTILE, start=1)
    ]
    return content(kept, title='<b>Hostile</b> & "quoted"', with_comments=True)


def everything(**fields: Any) -> Content:
    """A release with all that one can have, after another: hostile texts, comments, captures, what changed since."""
    hostile_ones = list(hostile().claims())
    kept = [*hostile_ones, *(claim(position) for position in range(len(hostile_ones) + 1, len(hostile_ones) + 4))]
    left = [{"reference": "CW-99", "findings": ["due"], "reason": "Later.", "by": "ana", "at": "2023-05-31T08:00:00Z"}]
    before = {"name": "japan-and-nato-1", "number": 1, "as_of": "2023-05-30T12:00:00Z", "sha256": "9" * 64}
    options = {"with_comments": True, "with_captures": True, "previous": before, "number": 2, "left_out": left}
    told = header(**{"claims": len(kept), "name": "japan-and-nato-2", **options, **fields})
    earlier = [claim(position, assertion=f"It was {position}.") for position in range(1, 4)]
    return Content(told, lambda: iter(kept), lambda: iter(earlier), lambda digest: [digest.encode()])
