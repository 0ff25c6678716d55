"""Two releases compared: what is said of each claim that differs, and why."""

import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from claims.releases.compare import Comparison, compare
from claims.releases.content import Content, ReleasedClaim
from claims.releases.differing import ChangeRecord, Differs
from claims.releases.formats.changes import json_lines, marked, members, plain, text_lines
from tests.releases.contents import HOSTILE, assessment, claim, content, event, evidence, header, hostile, linked

OTHER_DESK = {"name": "Other desk", "url": "https://other.example.org"}
REFUTED: Any = {"key": "refuted", "name": "Refuted", "rating": 1}


def later(old: ReleasedClaim, *events: Any, **fields: Any) -> ReleasedClaim:
    """The claim as it is told after more has happened to it."""
    fresh = [event(number, **told) for number, told in enumerate(events, start=len(old["history"]) + 1)]
    history = linked(old["head"]["claim"], [*old["history"], *fresh])
    head: Any = {"claim": old["head"]["claim"], "number": history[-1]["number"], "hash": history[-1]["hash"]}
    told: Any = {**old, "history": history, "head": head, **fields}
    return cast(ReleasedClaim, told)


def changes(old: ReleasedClaim, new: ReleasedClaim) -> list[ChangeRecord]:
    return [change for _, change in compare(content([old]), content([new])).changes()]


def test_the_same_content_has_no_changes() -> None:
    comparison = compare(content([claim(1), claim(2)]), content([claim(1), claim(2)]))
    assert comparison.is_empty
    assert comparison.unchanged == 2
    assert list(comparison.changes()) == []


def test_place_address_and_what_the_history_gained_are_no_changes() -> None:
    old = claim(1)
    new = later(old, {"act": "comment"}, position=7, url="https://desk.example.org/moved/1/", is_due=True)
    assert changes(old, new) == []


def test_claims_that_came_are_added_in_their_order_and_those_that_went_are_last() -> None:
    comparison = compare(content([claim(1), claim(2), claim(3)]), content([claim(9), claim(3), claim(4)]))
    told = [(number, change["reference"], change["differs"]) for number, change in comparison.changes()]
    assert told == [
        (1, "CW-9", ["added"]),
        (2, "CW-4", ["added"]),
        (3, "CW-1", ["left_out"]),
        (4, "CW-2", ["left_out"]),
    ]
    assert comparison.counts[Differs.ADDED] == comparison.counts[Differs.LEFT_OUT] == 2
    assert comparison.unchanged == 1


def test_a_claim_left_out_says_why_and_one_that_is_gone_from_the_set_does_not() -> None:
    told: Any = {"reference": "CW-1", "findings": ["due"], "reason": "Figures are late.", "by": "ana", "at": "2023-06"}
    comparison = compare(content([claim(1), claim(2), claim(3)]), content([claim(3)], left_out=[told]))
    found = {change["reference"]: change["left_out"] for _, change in comparison.changes()}
    assert found == {"CW-1": told, "CW-2": None}


def test_a_verdict_that_changed_says_which_it_was_and_why_by_the_history() -> None:
    old = claim(1)
    new = later(
        old,
        {"act": "reopen", "by": "Ana Lyst", "at": "2023-07-01T09:00:00.000000+00:00", "reason": "SIPRI corrected it."},
        {"act": "take", "by": "Ana Lyst"},
        {"act": "approve", "by": "Rev Iewer", "at": "2023-07-03T09:00:00.000000+00:00", "reason": ""},
        verdict=REFUTED,
        assessments=[assessment(), assessment(2, verdict=REFUTED)],
    )
    (change,) = changes(old, new)
    assert change["differs"] == ["verdict"]
    assert (change["old_verdict"], change["verdict"]) == (old["verdict"], REFUTED)
    assert [(reason["act"], reason["by"], reason["reason"]) for reason in change["reasons"]] == [
        ("reopen", "Ana Lyst", "SIPRI corrected it."),
        ("approve", "Rev Iewer", ""),
    ]


def test_a_claim_can_differ_in_several_things_and_counts_under_each() -> None:
    old = claim(1)
    new = later(
        old, {"act": "edit"}, assertion="Japan has the tenth-largest budget.", tags=["defence"], verdict=REFUTED
    )
    comparison = compare(content([old]), content([new]))
    (change,) = (change for _, change in comparison.changes())
    assert change["differs"] == ["verdict", "wording", "other"]
    assert [field["field"] for field in change["fields"]] == ["assertion", "tags"]
    for kind in (Differs.VERDICT, Differs.WORDING, Differs.OTHER):
        assert comparison.counts[kind] == len(list(comparison.changes(kind))) == 1
    assert comparison.counts[Differs.EVIDENCE] == 0


def test_evidence_is_added_retracted_or_changed() -> None:
    kept, changed = (
        evidence(title="Kept", url="https://a.example/"),
        evidence(title="Changed", url="https://b.example/"),
    )
    dropped, fresh = (
        evidence(title="Dropped", url="https://c.example/"),
        evidence(title="Fresh", url="https://d.example/"),
    )
    old = claim(1, evidence=[kept, changed, dropped], captures=[None] * 3)
    new = later(old, {"act": "edit_evidence"}, evidence=[fresh, kept, {**changed, "stance": "context"}])
    (change,) = changes(old, new)
    assert change["differs"] == ["evidence"]
    assert [(piece["change"], piece["title"]) for piece in change["evidence"]] == [
        ("changed", "Changed"),
        ("retracted", "Dropped"),
        ("added", "Fresh"),
    ]
    assert change["evidence"][0]["fields"] == [{"field": "stance", "old": "refutes", "new": "context"}]


def test_of_two_quotes_of_one_document_each_is_held_against_itself() -> None:
    first, second = evidence(quote="One."), evidence(quote="Two.")
    old = claim(1, evidence=[first, second])
    new = later(old, evidence=[{**second, "finding": "Changed."}, {**first, "grade": "A1"}])
    (change,) = changes(old, new)
    assert [[field["field"] for field in piece["fields"]] for piece in change["evidence"]] == [["grade"], ["finding"]]


def test_the_order_of_evidence_is_no_change() -> None:
    pieces = [evidence(quote="One."), evidence(quote="Two."), evidence(quote="Two.")]
    assert changes(claim(1, evidence=pieces), claim(1, evidence=pieces[::-1])) == []


def test_another_rationale_or_confidence_is_told_though_the_verdict_stands() -> None:
    old = claim(1)
    told: Any = {**(old["assessment"] or {}), "rationale": "By all counts.", "confidence": "low"}
    (change,) = changes(old, later(old, {"act": "approve"}, assessment=told))
    assert change["differs"] == ["assessment"]
    assert [field["field"] for field in change["fields"]] == ["assessment.rationale", "assessment.confidence"]


def test_a_history_that_does_not_go_on_from_the_older_one_is_told_first() -> None:
    old = claim(1)
    forged = [{**event(1), "hash": "a" * 64}, {**event(2), "hash": "b" * 64, "previous_hash": "a" * 64}]
    head: Any = {"claim": 1, "number": 2, "hash": "b" * 64}
    (change,) = changes(old, claim(1, history=forged, head=head, verdict=REFUTED))
    assert change["differs"] == ["rewritten", "verdict"]
    assert [reason["act"] for reason in change["reasons"]] == ["approve"]


def test_a_history_that_was_cut_off_is_told() -> None:
    old = claim(1)
    (change,) = changes(old, claim(1, history=old["history"][:1], head={**old["head"], "number": 1}))
    assert change["differs"] == ["rewritten"]


def test_releases_of_two_desks_are_matched_by_address_or_else_by_words() -> None:
    here = content([claim(1, assertion="One."), claim(2, assertion="Two."), claim(3, assertion="Three.")])
    there = content(
        [
            claim(1, reference="CW-71", url="https://other.example.org/71/", assertion="Two.", verdict=REFUTED),
            claim(2, reference="CW-72", assertion="Said otherwise."),
            claim(3, reference="CW-73", url="https://other.example.org/73/", assertion="One.  "),
            claim(4, reference="CW-74", url="https://other.example.org/74/", assertion="Only there."),
        ],
        desk=OTHER_DESK,
    )
    told = [(change["reference"], change["differs"]) for _, change in compare(here, there).changes()]
    assert told == [
        ("CW-71", ["verdict"]),
        ("CW-72", ["added"]),
        ("CW-73", ["wording"]),
        ("CW-74", ["added"]),
        ("CW-3", ["left_out"]),
    ]


def test_changes_are_read_in_pages_both_ways() -> None:
    comparison = compare(content([claim(99)]), content([claim(number) for number in range(1, 8)]))
    assert [number for number, _ in comparison.changes(Differs.ADDED, after=2, most=3)] == [3, 4, 5]
    assert [number for number, _ in comparison.changes_before(None, 5, 3)] == [2, 3, 4]
    assert [number for number, _ in comparison.changes(Differs.WORDING)] == []


def test_a_comparison_is_kept_in_a_file_and_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    with compare(content([claim(1)]), content([claim(1, verdict=REFUTED)]), path) as made:
        found = "".join(json_lines(made))
    with Comparison.open(path) as kept:
        assert "".join(json_lines(kept)) == found


def test_json_lines_are_one_object_with_a_change_on_each_line() -> None:
    comparison = compare(content([claim(1), claim(2)], number=1), content([claim(1, verdict=REFUTED)], number=2))
    lines = "".join(json_lines(comparison))
    told = json.loads(lines)
    assert told["format"] == "claim-workbench/changes"
    assert (told["older"]["number"], told["older"]["claims"]) == (1, 2)
    assert (told["newer"]["number"], told["newer"]["claims"]) == (2, 1)
    assert [change["reference"] for change in told["changes"]] == ["CW-1", "CW-2"]
    assert json.loads(lines.splitlines()[1].rstrip(",")) == told["changes"][0]
    assert json.loads("".join(json_lines(compare(content(), content()))))["changes"] == []


def followed(old: Content, claims: list[ReleasedClaim]) -> Content:
    previous: Any = {"name": "japan-and-nato-1", "number": 1, "as_of": "2023-06-01T12:00:00Z", "sha256": "1" * 64}
    told = header(
        number=2, name="japan-and-nato-2", previous=previous, claims=len(claims), as_of="2023-07-01T12:00:00Z"
    )
    return Content(told, lambda: iter(claims), old.claims)


def test_a_release_has_the_two_files_when_there_is_one_before_it() -> None:
    assert list(members(content())) == []
    old = content([claim(1), claim(2)])
    new = followed(old, [later(claim(1), {"act": "reopen", "reason": "Because *new* figures."}, verdict=REFUTED)])
    files = {member.name: b"".join(member.chunks()).decode() for member in members(new)}
    assert list(files) == ["CHANGES.md", "changes.json"]
    assert json.loads(files["changes.json"])["counts"]["verdict"] == 1
    text = files["CHANGES.md"]
    assert text.startswith("# What changed from japan-and-nato-1 to japan-and-nato-2\n")
    assert "- Verdict changed: 1\n" in text
    assert "Verdict: Outdated, now Refuted.\n" in text
    assert "Ana Lyst" not in text
    assert "Rev Iewer reopened the claim: Because \\*new\\* figures.\n" in text
    assert "The set does not hold it any more." in text


def test_the_same_content_makes_the_same_bytes_each_time() -> None:
    new = followed(content([claim(1)]), [claim(2), claim(1, verdict=REFUTED)])
    first, second = ([b"".join(member.chunks()) for member in members(new)] for _ in range(2))
    assert first == second


def test_every_kind_of_change_is_told_in_words() -> None:
    old = content([claim(number) for number in range(1, 7)])
    rewritten = [{**event(1), "hash": "a" * 64}]
    told: Any = {"reference": "CW-6", "findings": ["not_verified"], "reason": "Open.", "by": "ana", "at": "2023-06-30"}
    base: Any = claim(4)["assessment"]
    new = content(
        [
            claim(1, history=rewritten),
            claim(2, assertion="Japan has the tenth-largest military budget in the world, said 2 times."),
            claim(3, evidence=[evidence(grade="A1"), evidence(title="More", url="https://more.example/")]),
            claim(4, assessment={**base, "confidence": "low"}, tags=["defence"]),
            claim(5, verdict=None, working={"kind": "formula"}, searches=[]),
            claim(7),
        ],
        left_out=[told],
    )
    comparison = compare(old, new)
    text = "".join(text_lines(comparison))
    assert all(f"## {kind.label}\n" in text for kind in Differs)
    assert "Japan has the ~~ninth~~**tenth**-largest" in text
    assert "    - Grade: ~~B2~~**A1**" in text
    assert "- Added, refutes: More (SIPRI): Tenth in 2022." in text
    assert "- Confidence: ~~high~~**low**" in text
    assert "- Tags: 2, now 1; changes.json has them" in text
    assert "- Working: changed; changes.json has both" in text
    assert "Verdict: Outdated, now none." in text
    assert "Left out by ana on 2023-06-30: Open. (Not verified)" in text


@pytest.mark.parametrize("text", HOSTILE)
def test_words_of_people_stay_words_in_markdown(text: str) -> None:
    kept = plain(text)
    assert "\n" not in kept
    assert "<" not in kept.replace("\\<", "")
    assert "\n" not in marked(text, f"{text} more")


def test_a_release_of_hostile_texts_is_compared() -> None:
    files = {
        member.name: b"".join(member.chunks()).decode()
        for member in members(followed(content(), list(hostile().claims())))
    }
    told = [change["assertion"] for change in json.loads(files["changes.json"])["changes"]]
    assert set(HOSTILE) <= set(told)
    assert all(
        line.startswith(("#", "- ", "    - ", "Verdict", "Wording", "Rationale", "The "))
        for line in files["CHANGES.md"].split("\n")
        if line
    )


def test_memory_does_not_grow_with_the_claims() -> None:
    def many(number: int, **fields: Any) -> Content:
        def claims() -> Iterator[ReleasedClaim]:
            return (claim(position, **fields) for position in range(1, number + 1))

        return Content(header(claims=number), claims)

    def peak(number: int) -> int:
        tracemalloc.start()
        with compare(many(number), many(number, verdict=REFUTED)) as comparison:
            for _ in json_lines(comparison):
                pass
            assert comparison.counts[Differs.VERDICT] == number
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    assert peak(1_500) < 2 * peak(100) + 300_000
