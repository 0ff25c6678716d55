"""The stage table is total, and whatever people do through the actions, the record holds together."""

from collections.abc import Callable
from datetime import date
from io import StringIO
from itertools import product
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.actions import assessments, claims, comments, confirmations, searches
from claims.choices import ROLE_PERMISSIONS, Act, Decision, Permission, Role, Stage
from claims.models import Claim, Event, User, Verdict
from claims.verification import Tally, breaks
from claims.workflow import RULES, Facts, Refusal, RefusalKind, Refused, check, diagram, refusal
from tests import factories

ACTOR, OTHER = 1, 2


def facts(stage: Stage, role: Role, *, assignee: int | None = None, author: int | None = None) -> Facts:
    return Facts(stage, actor=ACTOR, permissions=ROLE_PERMISSIONS[role], assignee=assignee, author=author)


def test_every_act_has_a_rule() -> None:
    assert set(RULES) == set(Act)


@pytest.mark.parametrize("act", sorted(Act))
def test_every_act_at_every_stage_leads_somewhere_or_is_refused_with_a_reason(act: Act) -> None:
    for stage, role, assignee, author in product(Stage, Role, (None, ACTOR, OTHER), (None, ACTOR, OTHER)):
        situation = facts(stage, role, assignee=assignee, author=author)
        denied = refusal(act, situation)
        if denied is None:
            assert check(act, situation) == (RULES[act].target or stage)
            continue
        assert denied.reason.endswith(".")
        with pytest.raises(Refused) as caught:
            check(act, situation)
        assert caught.value.refusal == denied


@pytest.mark.parametrize("act", sorted(Act))
def test_a_reader_is_told_of_the_missing_right_before_anything_else(act: Act) -> None:
    denied = refusal(act, facts(Stage.DISMISSED, Role.READER))
    assert denied is not None
    assert denied.kind == RefusalKind.RIGHT


def test_every_stage_can_be_reached_and_left() -> None:
    moves = [(source, rule.target) for rule in RULES.values() for source in rule.sources if rule.target]
    assert {target for _, target in moves} == set(Stage)
    assert {source for source, target in moves if source != target} == set(Stage)


def test_only_an_approval_leads_to_verified() -> None:
    assert [act for act, rule in RULES.items() if rule.target == Stage.VERIFIED] == [Act.APPROVE]


@pytest.mark.parametrize("act", [Act.APPROVE, Act.RETURN])
@pytest.mark.parametrize("role", [Role.REVIEWER, Role.ADMIN])
def test_nobody_decides_on_their_own_assessment_whatever_their_role(act: Act, role: Role) -> None:
    denied = refusal(act, facts(Stage.IN_REVIEW, role, author=ACTOR))
    assert denied == Refusal(RefusalKind.RIGHT, "You wrote this assessment. A second person must decide on it.")
    assert refusal(act, facts(Stage.IN_REVIEW, role, author=OTHER)) is None


def test_an_analyst_releases_their_own_claim_and_a_reviewer_anyones() -> None:
    assert refusal(Act.RELEASE, facts(Stage.IN_PROGRESS, Role.ANALYST, assignee=ACTOR)) is None
    assert refusal(Act.RELEASE, facts(Stage.IN_PROGRESS, Role.ANALYST, assignee=OTHER)) is not None
    assert refusal(Act.RELEASE, facts(Stage.IN_PROGRESS, Role.REVIEWER, assignee=OTHER)) is None


def test_the_diagram_shows_every_move_of_the_table() -> None:
    drawn = diagram()
    for act, rule in RULES.items():
        for source in rule.sources:
            if rule.target:
                assert f"    {source} --> {rule.target}: {act}" in drawn


def test_the_documentation_carries_the_diagram_of_today() -> None:
    call_command("workflow_diagram", check=True)


def test_a_stale_diagram_fails_the_check_and_is_mended_by_writing_it(tmp_path: Path) -> None:
    page = tmp_path / "workflow.md"
    marks = "<!-- diagram: manage.py workflow_diagram --write -->\nold\n<!-- end of diagram -->\n"
    page.write_text(f"Before.\n{marks}After.\n")
    with pytest.raises(CommandError, match="is stale"):
        call_command("workflow_diagram", check=True, page=page)
    call_command("workflow_diagram", write=True, page=page)
    call_command("workflow_diagram", check=True, page=page)
    assert page.read_text().startswith("Before.\n")
    assert page.read_text().endswith("After.\n")


def test_a_page_without_its_markers_is_refused(tmp_path: Path) -> None:
    page = tmp_path / "workflow.md"
    page.write_text("No markers.\n")
    with pytest.raises(CommandError, match="lacks the lines"):
        call_command("workflow_diagram", write=True, page=page)


def test_the_diagram_is_printed_when_nothing_else_is_asked() -> None:
    out = StringIO()
    call_command("workflow_diagram", stdout=out)
    assert out.getvalue() == diagram()


def _submit(claim: Claim, by: User) -> None:
    verdict = Verdict.objects.get(key="supported")
    assessments.submit(claim, by=by, version=claim.version, verdict=verdict, rationale="So.", as_of="2023-05")


Deed = Callable[[Claim, User], object]
# What people can do to a claim; each leaves exactly one event of that name, or none when it changes nothing.
DEEDS: dict[Act, Deed] = {
    Act.TAKE: lambda claim, by: claims.take(claim, by=by),
    Act.RELEASE: lambda claim, by: claims.release(claim, by=by),
    Act.ASSIGN: lambda claim, by: claims.assign(claim, by=by, to=by),
    Act.EDIT: lambda claim, by: claims.edit_claim(claim, by=by, version=claim.version, speaker=f"V{claim.version}"),
    Act.ORGANISE: lambda claim, by: claims.organise_claim(
        claim, by=by, version=claim.version, priority=3, recheck_on="2027", tags=[f"t{claim.version}"]
    ),
    Act.DRAFT: lambda claim, by: assessments.save_draft(claim, by=by, verdict=None, rationale="Perhaps."),
    Act.SUBMIT: _submit,
    Act.WITHDRAW: lambda claim, by: assessments.withdraw(claim, by=by),
    Act.APPROVE: lambda claim, by: assessments.approve(claim, by=by, version=claim.version),
    Act.RETURN: lambda claim, by: assessments.return_(claim, by=by, version=claim.version, reason="Why?"),
    Act.CONFIRM: lambda claim, by: confirmations.confirm(
        claim, by=by, rationale="Looked again.", as_of=f"{2030 + claim.version}"
    ),
    Act.WITHDRAW_CONFIRMATION: lambda claim, by: confirmations.withdraw_confirmation(claim, by=by),
    Act.APPROVE_CONFIRMATION: lambda claim, by: confirmations.approve_confirmation(claim, by=by, version=claim.version),
    Act.RETURN_CONFIRMATION: lambda claim, by: confirmations.return_confirmation(
        claim, by=by, version=claim.version, reason="Which table?"
    ),
    Act.ADD_SEARCH: lambda claim, by: searches.add_search(
        claim, by=by, place="SIPRI", searched_on=date(2026, 1, 1), words="Japan budget"
    ),
    Act.REOPEN: lambda claim, by: claims.reopen(claim, by=by, reason="A newer table."),
    Act.DISMISS: lambda claim, by: claims.dismiss(claim, by=by, reason="No fact."),
    Act.RESTORE: lambda claim, by: claims.restore(claim, by=by),
    Act.COMMENT: lambda claim, by: comments.add_comment(claim, by=by, body="A remark."),
    Act.ADD_EVIDENCE: lambda claim, by: factories.evidence_for(claim, by=by),
}
walks = st.lists(st.tuples(st.sampled_from(sorted(DEEDS)), st.sampled_from(sorted(Role))), max_size=25)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(walk=walks)
def test_whatever_people_do_the_record_holds_together(db: None, walk: list[tuple[Act, Role]]) -> None:
    with transaction.atomic():
        people = {role: factories.user(f"a-{role}", role) for role in Role}
        claim = factories.claim(by=people[Role.ANALYST])
        for act, role in walk:
            _try(act, claim.pk, people[role])
        claim.refresh_from_db()
        assert [str(found) for found in breaks(Tally())] == []
        transaction.set_rollback(True)


def _try(act: Act, pk: int, by: User) -> None:
    """Do it, if the table allows it; either way the claim is left as the rules want it."""
    claim = Claim.objects.get(pk=pk)
    denied = refusal(act, claim.facts_for(by))
    before, changed_at = list(Event.objects.of(claim)), claim.changed_at
    expected = RULES[act].target or claim.stage
    if denied is None:
        DEEDS[act](claim, by)
        after = Claim.objects.get(pk=pk)
        new = list(Event.objects.of(claim))[len(before) :]
        assert [event.act for event in new] == ([act] if after.changed_at != changed_at else [])
        assert after.stage == expected
    else:
        with pytest.raises(Refused) as caught, transaction.atomic():
            DEEDS[act](claim, by)
        assert caught.value.refusal == denied
        assert list(Event.objects.of(claim)) == before
    _check_invariants(Claim.objects.select_related("standing").get(pk=pk))


def _check_invariants(claim: Claim) -> None:
    assert (claim.stage == Stage.VERIFIED) == (claim.standing is not None)
    waiting = claim.assessments.pending().count()
    assert waiting == 1 if claim.stage == Stage.IN_REVIEW else waiting <= (claim.stage == Stage.VERIFIED)
    if claim.standing is not None:
        assert claim.standing.decision == Decision.APPROVED
        assert claim.standing.verdict_id == claim.verdict_id
        assert claim.standing.decided_by_id != claim.standing.author_id
    if claim.stage == Stage.IN_PROGRESS:
        assert claim.assignee_id is not None


def test_the_permissions_of_the_roles_grow_from_reader_to_admin() -> None:
    held = [ROLE_PERMISSIONS[role] for role in Role]
    assert all(less < more for less, more in zip(held, held[1:], strict=False))
    assert held[-1] == frozenset(Permission)
