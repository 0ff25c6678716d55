"""The working of a claim: stored only when it computes, told in its history; when it changes, the claim is due."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from claims.actions import assessments, evidence, workings
from claims.actions.claims import dismiss
from claims.actions.workings import GivenInput, GivenRow, Parts
from claims.choices import Act, Role, Stage, WorkingKind
from claims.history import timeline
from claims.models import Claim, Event, StaleVersion, User, Working
from claims.verification import Tally, breaks
from claims.workflow import Refused
from tests import factories


def inputs_of(working: Working, **values: str) -> Parts:
    """The working's inputs with some values replaced."""
    return Parts(
        inputs=[
            GivenInput(part.name, values.get(part.name, part.value), part.evidence, part.unit, part.year)
            for part in working.inputs.select_related("evidence")
        ]
    )


def content_of(working: Working) -> dict[str, Any]:
    return {name: getattr(working, name) for name in workings.FIELDS}


def acts(claim: Claim) -> list[str]:
    return list(Event.objects.of(claim).values_list("act", flat=True))


def test_a_formula_is_stored_with_its_figures_as_typed(analyst: User) -> None:
    working = factories.working(factories.claim(by=analyst), by=analyst)
    stored = Working.objects.get(pk=working.pk)
    assert [str(part) for part in stored.inputs.all()] == ["budget = 46.0 US$ bn (2022)", "gdp = 4232 US$ bn (2022)"]
    assert str(stored.result()) == "within tolerance: 1.08696 % against 1.1 % ± 2 %"


def test_a_rank_table_says_the_place_that_its_values_give(analyst: User) -> None:
    working = factories.rank_table(factories.claim(by=analyst), by=analyst)
    assert str(Working.objects.get(pk=working.pk).result()) == "gives 10th; the claim says 9th: does not agree"


def test_setting_a_working_is_one_event_with_its_figures(analyst: User) -> None:
    claim = factories.claim(by=analyst)
    working = factories.working(claim, by=analyst)
    event = Event.objects.of(claim).last()
    assert acts(claim)[-1] == Act.SET_WORKING
    assert event is not None
    assert event.subject_id == working.pk
    assert event.changes["working.formula"] == [None, "budget / gdp * 100"]
    piece = working.inputs.all()[0].evidence_id
    assert event.changes["working.inputs"][1][0] == f"budget = 46.0 US$ bn (2022), evidence {piece}"
    assert timeline(claim, limit=5).lines[0].fields


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ({"formula": "budget / (gdp - gdp)"}, "formula"),
        ({"formula": "budget / gnp"}, "formula"),
        ({"formula": ""}, "formula"),
        ({"formula": "__import__('os')"}, "formula"),
        ({"formula": "budget + 1" + " + 1" * 200}, "formula"),
        ({"expected": ""}, "expected"),
        ({"expected": "about one"}, "expected"),
        ({"tolerance": "-1"}, "tolerance"),
        ({"tolerance": "some"}, "tolerance"),
        ({"unit": "people"}, "unit"),
        ({"tolerance_in": "inches"}, "tolerance_in"),
        ({"note": "a\0b"}, "note"),
        ({"parts": Parts()}, "formula"),
        ({"parts": Parts(inputs=[GivenInput("budget", "1", None)])}, "inputs"),
    ],
)
def test_what_does_not_compute_is_refused_at_its_field(analyst: User, content: dict[str, Any], field: str) -> None:
    claim = factories.claim(by=analyst)
    with pytest.raises(ValidationError) as refused:
        factories.working(claim, by=analyst, **content)
    assert list(refused.value.message_dict) == [field]
    assert not Working.objects.exists()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"name": "if"}, "meaning of its own"),
        ({"name": "2b"}, "cannot be a name"),
        ({"name": "gdp"}, "Two inputs"),
        ({"value": "much"}, "not a number"),
        ({"year": 2500}, "Line 1"),
        ({"unit": "x" * 61}, "Line 1"),
    ],
)
def test_an_input_that_cannot_be_is_refused(analyst: User, given: dict[str, Any], says: str) -> None:
    claim = factories.claim(by=analyst)
    piece = factories.evidence_for(claim)
    first = GivenInput(**{"name": "budget", "value": "1", "evidence": piece, **given})
    with pytest.raises(ValidationError) as refused:
        factories.working(claim, by=analyst, parts=Parts(inputs=[first, GivenInput("gdp", "2", piece)]))
    assert says in refused.value.message_dict["inputs"][0]


def test_inputs_rest_on_evidence_in_force_of_the_same_claim(analyst: User) -> None:
    claim = factories.claim(by=analyst)
    with pytest.raises(ValidationError, match="another claim"):
        factories.working(claim, by=analyst, piece=factories.evidence_for(factories.claim()))
    piece = factories.evidence_for(claim)
    evidence.retract_evidence(piece, by=analyst, reason="Wrong page.")
    with pytest.raises(ValidationError, match="retracted"):
        factories.working(claim, by=analyst, piece=piece)


def test_a_claim_shows_one_working(analyst: User) -> None:
    claim = factories.claim(by=analyst)
    factories.working(claim, by=analyst)
    with pytest.raises(StaleVersion):
        factories.rank_table(claim, by=analyst)
    assert not Working.objects.get().is_rank


def test_what_was_removed_meanwhile_is_neither_changed_nor_removed_again(analyst: User) -> None:
    working = factories.working(factories.claim(by=analyst), by=analyst)
    workings.remove_working(Working.objects.get(), by=analyst, version=1, reason="Another table.")
    with pytest.raises(StaleVersion):
        workings.change_working(working, by=analyst, version=1, parts=Parts(), **content_of(working))
    with pytest.raises(StaleVersion):
        workings.remove_working(working, by=analyst, version=1, reason="Again.")


def test_a_changed_input_makes_a_verified_claim_due(analyst: User, reviewer: User) -> None:
    claim = factories.claim(by=analyst)
    working = factories.working(claim, by=analyst)
    factories.submitted(claim, by=analyst)
    assessments.approve(claim, by=reviewer, version=claim.version)
    parts = inputs_of(working, budget="54.1")
    workings.change_working(working, by=analyst, version=1, parts=parts, **content_of(working))
    claim.refresh_from_db()
    assert claim.stage == Stage.VERIFIED
    assert claim.is_due
    assert claim.due_reason == "An input of its working changed."
    event = Event.objects.of(claim).last()
    assert event is not None
    assert event.act == Act.EDIT_WORKING
    piece = working.inputs.all()[0].evidence_id
    assert event.changes["working.inputs"][1][0] == f"budget = 54.1 US$ bn (2022), evidence {piece}"
    assert working.version == 2


def test_retracted_evidence_of_a_working_is_the_reason_why_the_claim_is_due(analyst: User, reviewer: User) -> None:
    claim = factories.claim(by=analyst)
    piece = factories.evidence_for(claim)
    factories.working(claim, by=analyst, piece=piece)
    factories.submitted(claim, by=analyst)
    assessments.approve(claim, by=reviewer, version=claim.version)
    evidence.retract_evidence(piece, by=analyst, reason="The table was corrected.")
    claim.refresh_from_db()
    assert claim.due_reason == "Evidence on which its working rests was retracted."


def test_saving_the_same_again_is_no_act(analyst: User) -> None:
    claim = factories.claim(by=analyst)
    working = factories.working(claim, by=analyst)
    before = acts(claim)
    workings.change_working(working, by=analyst, version=1, parts=inputs_of(working), **content_of(working))
    assert acts(claim) == before
    assert working.version == 1


def test_a_change_over_a_newer_one_is_refused(analyst: User, reviewer: User) -> None:
    claim = factories.claim(by=analyst)
    working = factories.working(claim, by=analyst)
    parts, content = inputs_of(working, budget="47"), content_of(working)
    workings.change_working(working, by=reviewer, version=1, parts=parts, **content)
    with pytest.raises(StaleVersion):
        workings.change_working(working, by=analyst, version=1, parts=inputs_of(working), **content)


def test_a_refused_change_leaves_what_is_stored(analyst: User) -> None:
    working = factories.working(factories.claim(by=analyst), by=analyst)
    with pytest.raises(ValidationError):
        workings.change_working(
            working, by=analyst, version=1, parts=inputs_of(working, gdp="0"), **content_of(working)
        )
    stored = Working.objects.get(pk=working.pk)
    assert stored.version == 1
    assert [part.value for part in stored.inputs.all()] == ["46.0", "4232"]


def test_a_formula_can_become_a_rank_table(analyst: User) -> None:
    working = factories.working(factories.claim(by=analyst), by=analyst)
    rows = [GivenRow("Japan", "46.0"), GivenRow("Italy", "33.5")]
    content = content_of(working) | {"kind": WorkingKind.RANK, "subject": "Japan", "expected": "1"}
    workings.change_working(working, by=analyst, version=1, parts=Parts(rows=rows), **content)
    stored = Working.objects.get(pk=working.pk)
    assert (stored.formula, stored.inputs.count(), stored.rows.count()) == ("", 0, 2)
    assert str(stored.result()) == "gives 1st; the claim says 1st: agrees"


def test_a_removed_working_stays_in_the_history_with_the_reason(analyst: User) -> None:
    claim = factories.claim(by=analyst)
    working = factories.working(claim, by=analyst)
    with pytest.raises(ValidationError):
        workings.remove_working(working, by=analyst, version=1, reason=" ")
    workings.remove_working(working, by=analyst, version=1, reason="The claim is about a rank.")
    event = Event.objects.of(claim).last()
    assert event is not None
    assert (event.act, event.reason) == (Act.REMOVE_WORKING, "The claim is about a rank.")
    assert event.changes["working.formula"] == ["budget / gdp * 100", None]
    assert not Working.objects.exists()


def test_readers_set_no_working_and_a_dismissed_claim_takes_none(reader: User, analyst: User) -> None:
    claim = factories.claim(by=analyst)
    piece = factories.evidence_for(claim)
    with pytest.raises(Refused):
        factories.working(claim, by=reader, piece=piece)
    dismiss(claim, by=analyst, reason="Not ours.")
    with pytest.raises(Refused):
        factories.working(claim, by=analyst, piece=piece)


def test_the_whole_history_of_a_claim_with_a_working_holds(analyst: User) -> None:
    working = factories.working(factories.claim(by=analyst, kind="quantity"), by=analyst)
    workings.change_working(working, by=analyst, version=1, parts=inputs_of(working, gdp="4000"), **content_of(working))
    workings.remove_working(working, by=analyst, version=2, reason="Another way.")
    factories.rank_table(working.claim, by=analyst)
    assert not list(breaks(Tally()))


def test_a_preview_stores_nothing(analyst: User) -> None:
    claim = factories.claim(by=analyst)
    before = acts(claim)
    parts = Parts(rows=[GivenRow("Japan", "46.0"), GivenRow("Italy", "33.5")])
    found = workings.preview(claim, by=analyst, parts=parts, kind=WorkingKind.RANK, subject="Japan", expected="2")
    assert str(found) == "gives 1st; the claim says 2nd: does not agree"
    assert (acts(claim), Working.objects.count()) == (before, 0)


def two_counts(claim: Claim) -> tuple[Any, Any]:
    first = factories.evidence_for(
        claim, method="SIPRI, 2021", alone_verdict=factories.verdict("supported"), alone_says="Ninth."
    )
    second = factories.evidence_for(
        claim, method="SIPRI, 2022", alone_verdict=factories.verdict("refuted"), alone_says="Tenth."
    )
    return first, second


def test_where_evidence_leads_to_different_verdicts_one_piece_must_decide(analyst: User) -> None:
    claim = factories.claim(by=analyst)
    _, second = two_counts(claim)
    with pytest.raises(ValidationError) as refused:
        factories.submitted(claim, by=analyst)
    assert list(refused.value.message_dict) == ["decisive"]
    with pytest.raises(ValidationError) as refused:
        factories.submitted(claim, by=analyst, decisive=second)
    assert list(refused.value.message_dict) == ["decisive_reason"]
    made = factories.submitted(claim, by=analyst, decisive=second, decisive_reason="It was out before the article.")
    assert made.decisive == second


def test_a_decisive_piece_is_in_force_and_the_claims_own(analyst: User) -> None:
    claim = factories.claim(by=analyst)
    other, own = factories.evidence_for(factories.claim()), factories.evidence_for(claim)
    with pytest.raises(ValidationError, match="this claim's"):
        factories.submitted(claim, by=analyst, decisive=other, decisive_reason="Why.")
    with pytest.raises(ValidationError, match="this claim's"):
        assessments.save_draft(claim, by=analyst, verdict=None, decisive=other)
    with pytest.raises(ValidationError, match="reason is about"):
        factories.submitted(claim, by=analyst, decisive_reason="Why.")
    evidence.retract_evidence(own, by=analyst, reason="Wrong page.")
    with pytest.raises(ValidationError, match="retracted"):
        factories.submitted(claim, by=analyst, decisive=own, decisive_reason="Why.")


def test_retracted_pieces_leave_nothing_to_decide(analyst: User) -> None:
    claim = factories.claim(by=analyst)
    first, _ = two_counts(claim)
    evidence.retract_evidence(first, by=analyst, reason="Another year.")
    assert factories.submitted(claim, by=analyst).decisive is None


def test_a_decided_assessment_keeps_its_decisive_piece_and_history_names_it(analyst: User) -> None:
    claim = factories.claim(by=analyst)
    _, second = two_counts(claim)
    factories.submitted(claim, by=analyst, decisive=second, decisive_reason="The later table.")
    assessments.approve(claim, by=factories.user("checker", Role.REVIEWER), version=claim.version)
    assert claim.standing is not None
    assert claim.standing.decisive == second
    submission = Event.objects.of(claim).get(act=Act.SUBMIT)
    assert submission.changes["assessment.decisive"] == [None, f"{second.document.title} (evidence {second.pk})"]
