"""The buttons of a claim: every act with its address and, when it is refused, the reason."""

from dataclasses import dataclass

from django.urls import reverse

from claims.choices import Act, Stage
from claims.models import Claim
from claims.workflow import RULES, Facts, Refusal, refusal


@dataclass(frozen=True)
class ActButton:
    """One act on one claim for one person. `refusal` says why not; `asks` whether a form comes first."""

    act: Act
    label: str
    url: str
    icon: str
    refusal: Refusal | None
    asks: bool

    @property
    def needs_reason(self) -> bool:
        return RULES[self.act].needs_reason


# act: label, URL name, icon, whether it opens a form of its own first
_BUTTONS: dict[Act, tuple[str, str, str, bool]] = {
    Act.TAKE: ("Take up", "claim_take", "user", False),
    Act.RELEASE: ("Release", "claim_release", "out", False),
    Act.ASSIGN: ("Assign", "claim_assign", "user", True),
    Act.DISMISS: ("Dismiss", "claim_dismiss", "x", True),
    Act.RESTORE: ("Restore", "claim_restore", "recheck", False),
    Act.REOPEN: ("Reopen", "claim_reopen", "recheck", True),
    Act.EDIT: ("Edit", "claim_edit", "pen", True),
    Act.ORGANISE: ("Organise", "claim_organise", "recheck", True),
    Act.DRAFT: ("Save draft", "assessment_draft", "", False),
    Act.SUBMIT: ("Request review", "assessment_submit", "", False),
    Act.WITHDRAW: ("Withdraw", "assessment_withdraw", "left", False),
    Act.APPROVE: ("Approve", "assessment_approve", "check", False),
    Act.RETURN: ("Send back", "assessment_return", "", False),
    Act.CONFIRM: ("Confirm", "claim_confirm", "check", True),
    Act.WITHDRAW_CONFIRMATION: ("Withdraw the confirmation", "confirmation_withdraw", "left", False),
    Act.APPROVE_CONFIRMATION: ("Approve", "confirmation_approve", "check", False),
    Act.RETURN_CONFIRMATION: ("Send back", "confirmation_return", "", False),
    Act.ADD_EVIDENCE: ("Add evidence", "evidence_add", "plus", False),
    Act.COMMENT: ("Comment", "claim_comment_add", "", False),
    Act.RELATE: ("Relate", "relation_add", "link", False),
}

# What someone would look for at each stage; IN_PROGRESS depends on who works on the claim.
_ROWS: dict[Stage, tuple[Act, ...]] = {
    Stage.OPEN: (Act.TAKE, Act.ASSIGN, Act.DISMISS),
    Stage.IN_REVIEW: (Act.WITHDRAW,),
    Stage.VERIFIED: (Act.CONFIRM, Act.REOPEN),
    Stage.DISMISSED: (Act.RESTORE,),
}


def act_buttons(claim: Claim, facts: Facts) -> dict[str, ActButton]:
    """Act value to its button, for every act that has one."""
    return {
        act.value: ActButton(act, label, reverse(name, args=[claim.pk]), icon, refusal(act, facts), asks)
        for act, (label, name, icon, asks) in _BUTTONS.items()
    }


def act_row(buttons: dict[str, ActButton], facts: Facts) -> list[ActButton]:
    """The buttons to show at this stage. A refused one is shown, with its reason, where one would look for it."""
    if facts.stage == Stage.VERIFIED and facts.author is not None:
        return [buttons[Act.WITHDRAW_CONFIRMATION], buttons[Act.REOPEN]]
    if facts.stage != Stage.IN_PROGRESS:
        return [buttons[act] for act in _ROWS[facts.stage]]
    mine = facts.assignee == facts.actor
    shown = [Act.RELEASE] if mine else [Act.TAKE]
    if not mine and buttons[Act.RELEASE].refusal is None and facts.assignee is not None:
        shown.append(Act.RELEASE)
    return [buttons[act] for act in (*shown, Act.ASSIGN, Act.DISMISS)]
