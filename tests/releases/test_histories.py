"""The histories in a release, checked by verify.py in the ZIP and in the folder: each event fits its hash and place."""

import io
import json
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from claims.models import Event
from claims.releases.archive import Member, Seal, write_archive
from claims.releases.content import CLAIMS, HEADER, Content, ReleasedClaim, header_bytes, line_of, released_claims
from claims.releases.script import verify
from claims.releases.signing import Signer
from tests import factories
from tests.releases.building import manifest, secret_key
from tests.releases.contents import claim, content, event, linked

NOT_READABLE = "line 1 of claims.jsonl is not readable as a claim with its history"


def zipped(told: Content, lines: bytes | None = None, **stated: Any) -> io.BytesIO:
    """A release of this content whose signature holds; `lines` instead of those of its claims, and what is signed."""
    header: Any = told.header
    said = b"".join(map(line_of, told.claims())) if lines is None else lines
    members = [Member(HEADER, lambda: [header_bytes(header)]), Member(CLAIMS, lambda: [said])]
    stream = io.BytesIO()
    with Signer.unlock(secret_key()) as signer:
        told_of = {"release": header["name"], "claims": header["claims"], "head": header["head"], **stated}
        write_archive(stream, members, seal=Seal(as_of=_instant(header), signer=signer, describe=manifest, **told_of))
    return stream


def _instant(header: Any) -> datetime:
    return datetime.fromisoformat(header["as_of"])


def found(*claims: ReleasedClaim, **fields: Any) -> list[str]:
    return verify.check_archive(zipped(content(claims, **fields))).wrong


def altered(place: int, **fields: Any) -> ReleasedClaim:
    """A claim with three events, one of which was altered after its hash was made."""
    history = linked(1, [event(1), event(2), event(3)])
    history[place - 1] = {**history[place - 1], **fields}
    return claim(1, history=history)


def test_histories_that_hold_are_told_of() -> None:
    result = verify.check_archive(zipped(content([claim(1), claim(2)])))
    assert result.wrong == []
    assert result.notes == ["the histories of the claims, 4 events, follow from one another up to the stated head"]


def test_the_hash_is_the_one_that_the_desk_gives_its_events(db: None) -> None:
    """What the desk hashes in its database, verify.py hashes of the release."""
    made = factories.sound_claim(assertion="“Zwölf” <b>Prozent</b> \u2028 \U0001d49c")
    factories.comment(made, body="A remark.")
    (told,) = released_claims([made.pk], with_comments=False)
    kept = json.loads(line_of(told))
    assert verify.chain_problem(made.pk, kept["history"]) == ""
    withheld = [one["act"] for one in kept["history"] if verify.is_withheld(one)]
    assert withheld == ["comment"]
    assert [one["hash"] for one in kept["history"]] == [one.expected_hash() for one in Event.objects.of(made)]


@pytest.mark.parametrize(
    "fields",
    [
        {"reason": "Another."},
        {"changes": {"stage": ["open", "verified"]}},
        {"by_key": 7},
        {"at": "2023-05-02T10:00:00.000001+00:00"},
        {"act": "reopen"},
        {"subject": ["claim", 1]},
        {"hash": "a" * 64},
        {"changes": None, "reason": None},
    ],
)
def test_an_event_that_was_altered_is_named(fields: dict[str, Any]) -> None:
    assert found(altered(2, **fields)) == ['history of "CW-1": the content of event 2 does not fit its hash']


def test_an_event_taken_out_is_named() -> None:
    whole = altered(1)["history"]
    assert found(claim(1, history=whole[:1] + whole[2:])) == ['history of "CW-1": event 2 is missing']


def test_a_history_that_was_cut_off_does_not_end_with_its_head() -> None:
    whole = altered(1)
    cut = found({**whole, "history": whole["history"][:2]})
    assert cut == ['history of "CW-1": it does not end with the event that the release names as its head']


def test_links_of_withheld_events_are_checked() -> None:
    comment = event(2, act="comment", subject=["comment", 5], changes=None, reason=None)
    history = linked(1, [event(1), comment, event(3)])
    result = verify.check_archive(zipped(content([claim(1, history=history)])))
    assert result.wrong == []
    assert result.notes[1] == "1 of these events are withheld (comments, drafts): only their links were checked"
    history[1] = {**history[1], "hash": "b" * 64}
    assert found(claim(1, history=history)) == [
        'history of "CW-1": event 3 does not name the hash of the event before it'
    ]


def test_the_history_of_another_claim_does_not_fit() -> None:
    strange = claim(1, history=linked(2, [event(1)]))
    assert found(strange) == ['history of "CW-1": the content of event 1 does not fit its hash']


def test_the_heads_come_to_the_head_that_is_stated() -> None:
    assert found(claim(1), head="0" * 64) == [
        "the heads of the claims' histories do not come to the head in release.json"
    ]
    told = content([claim(1)])
    more = zipped(Content({**told.header, "claims": 2}, told.claims))
    assert verify.check_archive(more).wrong == ["release.json states another number of claims than claims.jsonl has"]


def test_what_was_signed_is_what_the_header_states() -> None:
    told = content([claim(1)])
    for field, signed in (("name", {"release": "other-1"}), ("claims", {"claims": 9}), ("head", {"head": "0" * 64})):
        wrong = verify.check_archive(zipped(told, **signed)).wrong
        assert wrong == [f'release.json states another "{field}" than was signed']


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"[]",
        b"nonsense",
        b"\xff",
        b'{"head": {}, "history": []}',
        b"[" * 100_000,
        b'{"head": {"claim": 1, "number": 1, "hash": "x"}, "history": 7}',
        b'{"head": ' + b"9" * 5_000 + b"}",
    ],
)
def test_lines_that_are_no_claims_are_named(line: bytes) -> None:
    wrong = verify.check_archive(zipped(content([claim(1)]), line + b"\n")).wrong
    assert wrong[0] == NOT_READABLE


def test_a_file_of_claims_ends_with_a_whole_line_and_no_line_is_endless(monkeypatch: pytest.MonkeyPatch) -> None:
    told = content([claim(1)])
    whole = line_of(claim(1))
    assert "claims.jsonl does not end with a whole line" in verify.check_archive(zipped(told, whole + b"{")).wrong
    monkeypatch.setattr(verify, "LINE", 1000)
    wrong = verify.check_archive(zipped(told, b"x" * 5_000)).wrong
    assert wrong[0] == "line 1 of claims.jsonl is longer than that of a claim may be"


def test_claims_without_a_header_do_not_hold() -> None:
    assert verify.statement_problems(
        verify.nothing_yet()._replace(hashes={CLAIMS: "0"}), verify.Statement("a", 1, "b", "c", "d")
    )
    data = zipped(content([claim(1)], head="0" * 64), head="0" * 64)
    assert verify.check_archive(data).wrong == [
        "the heads of the claims' histories do not come to the head in release.json"
    ]


def test_many_faults_are_not_all_kept() -> None:
    wrong = found(*(claim(number, history=linked(0, [event(1)])) for number in range(1, 100)))
    assert len(wrong) == verify.MOST_FINDINGS + 1


def test_the_unpacked_folder_is_checked_the_same_way(tmp_path: Path) -> None:
    for name, told in (("good", content([claim(1)])), ("bad", content([altered(1, reason="Other.")]))):
        with zipfile.ZipFile(zipped(told)) as file:
            file.extractall(tmp_path / name)
    assert verify.check_folder(str(tmp_path / "good")).wrong == []
    assert verify.check_folder(str(tmp_path / "bad")).wrong == [
        'history of "CW-1": the content of event 1 does not fit its hash'
    ]
