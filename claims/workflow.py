"""The stage table: who may do what to a claim, when, and if not, why not. Pure: no database, no request.

`RULES` is the whole truth. `refusal` answers for buttons (None means "go ahead"), `check` raises for actions.
A refusal is a value with a sentence for people and a kind for HTTP: "right" is 403, "stage" is 409.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from claims.choices import EDITABLE, Act, Permission, Stage


@dataclass(frozen=True)
class Facts:
    """What the rules look at: the claim's stage and people, and who is asking with which permissions."""

    stage: Stage
    actor: int | None
    permissions: frozenset[Permission] = frozenset()
    assignee: int | None = None
    author: int | None = None  # of the assessment that waits for a decision


class RefusalKind(StrEnum):
    RIGHT = "right"
    STAGE = "stage"


@dataclass(frozen=True)
class Refusal:
    kind: RefusalKind
    reason: str

    def __str__(self) -> str:
        return self.reason


class Refused(Exception):
    """An act that the workflow does not allow; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.reason)
        self.refusal = refusal


Condition = Callable[[Facts], Refusal | None]


def _not_taken_already(facts: Facts) -> Refusal | None:
    if facts.assignee is None:
        return None
    if facts.assignee != facts.actor:
        if facts.stage == Stage.IN_PROGRESS:
            reason = "Someone else is working on this claim. Ask them to release it, or assign it to yourself."
        else:
            reason = "This claim is assigned to someone else. Assign it to yourself first."
        return Refusal(RefusalKind.STAGE, reason)
    if facts.stage == Stage.IN_PROGRESS:
        return Refusal(RefusalKind.STAGE, "You have already taken up this claim.")
    return None


def _by_assignee_or_reviewer(facts: Facts) -> Refusal | None:
    if facts.assignee == facts.actor or Permission.REVIEW in facts.permissions:
        return None
    return Refusal(RefusalKind.RIGHT, "Only the person working on this claim, or a reviewer, can release it.")


def _by_its_author(facts: Facts) -> Refusal | None:
    if facts.author == facts.actor:
        return None
    return Refusal(RefusalKind.RIGHT, "Only the author of the assessment can withdraw it.")


def _by_another(facts: Facts) -> Refusal | None:
    if facts.author != facts.actor:
        return None
    return Refusal(RefusalKind.RIGHT, "You wrote this assessment. A second person must decide on it.")


def _something_waits(facts: Facts) -> Refusal | None:
    return None if facts.author is not None else Refusal(RefusalKind.STAGE, "No confirmation of this claim waits.")


def _nothing_waits(facts: Facts) -> Refusal | None:
    return None if facts.author is None else Refusal(RefusalKind.STAGE, "A confirmation waits for review already.")


@dataclass(frozen=True)
class Rule:
    """From which stages an act is possible, where it leads (None: the stage stays), what it asks of the actor."""

    sources: frozenset[Stage]
    target: Stage | None = None
    permission: Permission = Permission.WORK
    needs_reason: bool = False
    conditions: tuple[Condition, ...] = field(default=())


ANY_STAGE = frozenset(Stage)
NOT_DISMISSED = ANY_STAGE - {Stage.DISMISSED}

RULES: dict[Act, Rule] = {
    Act.TAKE: Rule(EDITABLE, Stage.IN_PROGRESS, conditions=(_not_taken_already,)),
    Act.RELEASE: Rule(frozenset({Stage.IN_PROGRESS}), Stage.OPEN, conditions=(_by_assignee_or_reviewer,)),
    Act.ASSIGN: Rule(EDITABLE),
    Act.DRAFT: Rule(EDITABLE),
    Act.SUBMIT: Rule(EDITABLE, Stage.IN_REVIEW),
    Act.WITHDRAW: Rule(frozenset({Stage.IN_REVIEW}), Stage.IN_PROGRESS, conditions=(_by_its_author,)),
    Act.APPROVE: Rule(
        frozenset({Stage.IN_REVIEW}), Stage.VERIFIED, permission=Permission.REVIEW, conditions=(_by_another,)
    ),
    Act.RETURN: Rule(
        frozenset({Stage.IN_REVIEW}),
        Stage.IN_PROGRESS,
        permission=Permission.REVIEW,
        needs_reason=True,
        conditions=(_by_another,),
    ),
    # A claim stays verified while a confirmation waits: only its as-of date, and whether it is due, hang on that.
    Act.CONFIRM: Rule(frozenset({Stage.VERIFIED}), conditions=(_nothing_waits,)),
    Act.WITHDRAW_CONFIRMATION: Rule(frozenset({Stage.VERIFIED}), conditions=(_something_waits, _by_its_author)),
    Act.APPROVE_CONFIRMATION: Rule(
        frozenset({Stage.VERIFIED}), permission=Permission.REVIEW, conditions=(_something_waits, _by_another)
    ),
    Act.RETURN_CONFIRMATION: Rule(
        frozenset({Stage.VERIFIED}),
        permission=Permission.REVIEW,
        needs_reason=True,
        conditions=(_something_waits, _by_another),
    ),
    Act.REOPEN: Rule(frozenset({Stage.VERIFIED}), Stage.OPEN, needs_reason=True),
    Act.DISMISS: Rule(EDITABLE, Stage.DISMISSED, needs_reason=True),
    Act.RESTORE: Rule(frozenset({Stage.DISMISSED}), Stage.OPEN),
    Act.CREATE: Rule(frozenset(), Stage.OPEN),
    Act.EDIT: Rule(EDITABLE),
    Act.ORGANISE: Rule(ANY_STAGE),
    Act.ADD_EVIDENCE: Rule(NOT_DISMISSED),
    Act.EDIT_EVIDENCE: Rule(NOT_DISMISSED),
    Act.RETRACT_EVIDENCE: Rule(NOT_DISMISSED, needs_reason=True),
    Act.PLACE_QUOTE: Rule(ANY_STAGE),
    Act.CHOOSE_PLACE: Rule(NOT_DISMISSED),
    Act.ADD_SEARCH: Rule(NOT_DISMISSED),
    Act.RETRACT_SEARCH: Rule(NOT_DISMISSED, needs_reason=True),
    Act.SET_WORKING: Rule(NOT_DISMISSED),
    Act.EDIT_WORKING: Rule(NOT_DISMISSED),
    Act.REMOVE_WORKING: Rule(NOT_DISMISSED, needs_reason=True),
    Act.ADD_APPEARANCE: Rule(NOT_DISMISSED),
    Act.RELATE: Rule(ANY_STAGE),
    Act.UNRELATE: Rule(ANY_STAGE),
    Act.COMMENT: Rule(ANY_STAGE),
    Act.EDIT_COMMENT: Rule(ANY_STAGE),
    Act.RESOLVE_COMMENT: Rule(ANY_STAGE),
    Act.REOPEN_COMMENT: Rule(ANY_STAGE),
    Act.FALL_DUE: Rule(frozenset({Stage.VERIFIED}), needs_reason=True),
}

_PERMISSION_REASONS: dict[Permission, str] = {
    Permission.WORK: "Your role reads. Ask an admin for the analyst role to work on claims.",
    Permission.REVIEW: "Deciding on an assessment takes the reviewer role.",
    Permission.RELEASE: "Your role reads. Ask an admin for the analyst role to build and hand out releases.",
    Permission.MANAGE_SOURCES: "Admins manage sources. Propose the change in a comment on the source.",
    Permission.MANAGE_VERDICTS: "Admins edit the verdict scale.",
    Permission.MANAGE_PEOPLE: "Admins manage people and settings.",
}

# Why an act is impossible at a stage, where more can be said than the stage's name.
_STAGE_HINTS: dict[tuple[Act, Stage], str] = {
    (Act.EDIT, Stage.IN_REVIEW): "An assessment of this wording is in review. Withdraw or return it first.",
    (Act.EDIT, Stage.VERIFIED): "This wording is verified. Reopen the claim first.",
    (Act.EDIT, Stage.DISMISSED): "This claim is dismissed. Restore it first.",
    (Act.SUBMIT, Stage.IN_REVIEW): "Another assessment of this claim is already in review.",
    (Act.SUBMIT, Stage.VERIFIED): "This claim is verified. Reopen it to assess it again.",
    (Act.DISMISS, Stage.IN_REVIEW): "An assessment is in review. Withdraw or return it first.",
    (Act.DISMISS, Stage.VERIFIED): "This claim is verified. Reopen it first.",
    (Act.ASSIGN, Stage.IN_REVIEW): "This claim is in review; nobody works on it until it is decided.",
}


def permission_refusal(permission: Permission, permissions: frozenset[Permission]) -> Refusal | None:
    """Why someone with these permissions may not do what asks for `permission`; None when they may."""
    if permission in permissions:
        return None
    return Refusal(RefusalKind.RIGHT, _PERMISSION_REASONS[permission])


def refusal(act: Act, facts: Facts) -> Refusal | None:
    """Why this person may not do this now; None when they may."""
    rule = RULES[act]
    if denied := permission_refusal(rule.permission, facts.permissions):
        return denied
    if facts.stage not in rule.sources:
        default = f"Not possible while the claim is {facts.stage.label.lower()}."
        return Refusal(RefusalKind.STAGE, _STAGE_HINTS.get((act, facts.stage), default))
    for condition in rule.conditions:
        if denied := condition(facts):
            return denied
    return None


def check(act: Act, facts: Facts) -> Stage:
    """The stage the act leads to. Raises Refused with the reason when the act is not allowed."""
    if denied := refusal(act, facts):
        raise Refused(denied)
    return RULES[act].target or facts.stage


def diagram() -> str:
    """The transitions that change the stage, as a Mermaid state diagram (docs/workflow.md carries it)."""
    lines = ["stateDiagram-v2", f"    [*] --> {Stage.OPEN}: {Act.CREATE}"]
    for act, rule in RULES.items():
        if rule.target is None:
            continue
        notes = [note for note, holds in _notes(rule) if holds]
        label = f"{act} ({', '.join(notes)})" if notes else str(act)
        lines += [f"    {source} --> {rule.target}: {label}" for source in Stage if source in rule.sources]
    return "\n".join(lines) + "\n"


def _notes(rule: Rule) -> list[tuple[str, bool]]:
    return [
        ("reviewer", rule.permission == Permission.REVIEW),
        ("by another", _by_another in rule.conditions),
        ("by its author", _by_its_author in rule.conditions),
        ("reason", rule.needs_reason),
    ]
