"""Weights of detection: learnt from decisions, kept for ever, and in force only once a person says so."""

import hashlib
import json
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from claims.actions.changes import check_permission
from claims.choices import Permission, RecordAct
from claims.detection.language import language
from claims.detection.learn import FOLDS, Refit, refit
from claims.models import Event, User, Weighting
from claims.models.event import Changes
from claims.models.weighting import WeightingQuerySet
from claims.reading.decisions import decisions


def learn(code: str, *, terms: int = 0, by: User | None = None) -> Weighting:
    """Learn from the desk's decisions, and store what came of it as a proposal: it counts for nothing yet.

    `terms` is how many terms are chosen anew; 0 keeps those in force. Raises LookupError for an unknown language,
    ValueError when there are too few decisions, and IntegrityFault.
    """
    spoken = language(code)
    examples = list(decisions(code))
    chosen = Weighting.objects.of_language(code).filter(in_force=True).first()
    learnt = refit(examples, spoken, Weighting.objects.weights_in_force(code), terms=terms)
    documents = len({example.group for example in examples})
    figures = _figures(learnt) | {"base": chosen.number if chosen else 0, "documents": documents}
    return propose(code, learnt.weights.as_data(), figures | {"by_document": documents >= FOLDS}, by=by)


@transaction.atomic
def propose(code: str, data: dict[str, Any], figures: dict[str, Any], *, by: User | None) -> Weighting:
    """Keep weights as the next of their language. `by` is None for whoever runs the server."""
    last = _locked(code).last()
    number = last.number + 1 if last else 1
    weighting = Weighting.objects.create(language=code, number=number, data=data, figures=figures, learnt_by=by)
    # History keeps no fractions; the hash says which weights they are.
    digest = hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()
    changes: Changes = {"language": [None, code], "number": [None, number], "sha256": [None, digest]}
    Event.objects.append(weighting, RecordAct.ADD, by=by, changes=changes)
    return weighting


@transaction.atomic
def accept(weighting: Weighting, *, by: User) -> None:
    """Score with these weights from now on. Does nothing when they are in force.

    Raises ValidationError when they no longer fit the signals of their language.
    """
    check_permission(by, Permission.MANAGE_PEOPLE)
    try:
        weighting.weights  # noqa: B018  parsing them is the check
    except ValueError as error:
        raise ValidationError(f"{weighting} cannot be put in force any more. {error}") from error
    list(_locked(weighting.language))
    weighting.refresh_from_db()
    if weighting.in_force:
        return
    _retire(weighting.language, by=by, reason=f"{weighting} were put in force.")
    weighting.in_force, weighting.accepted_by, weighting.accepted_at = True, by, timezone.now()
    weighting.save(update_fields=["in_force", "accepted_by", "accepted_at"])
    Event.objects.append(weighting, RecordAct.ACCEPT, by=by)


@transaction.atomic
def accept_shipped(code: str, *, by: User) -> None:
    """Score with the weights that come with the language from now on. Raises LookupError for an unknown one."""
    check_permission(by, Permission.MANAGE_PEOPLE)
    language(code)
    list(_locked(code))
    _retire(code, by=by, reason="The shipped weights were put in force.")


def _locked(code: str) -> WeightingQuerySet:
    """The weightings of a language, oldest first; two people who choose among them wait for each other."""
    return Weighting.objects.of_language(code).order_by("number").select_for_update(no_key=True)


def _retire(code: str, *, by: User, reason: str) -> None:
    for old in Weighting.objects.of_language(code).filter(in_force=True):
        old.in_force = False
        old.save(update_fields=["in_force"])
        Event.objects.append(old, RecordAct.RETIRE, by=by, reason=reason)


def _figures(learnt: Refit) -> dict[str, Any]:
    """As Weighting.figures holds them: rounded, so that they read as they were measured."""
    both = {"before": learnt.before, "after": learnt.after}
    rounded = {name: {key: round(value, 4) for key, value in one._asdict().items()} for name, one in both.items()}
    return {**rounded, "examples": learnt.examples, "worthy": learnt.worthy}
