"""Signals are weighed anew by what people decided, and measured on what was held out."""

import dataclasses
import json
import math

import pytest

from claims.detection.figures import Scored, average_precision, best_threshold, figures
from claims.detection.language import language
from claims.detection.learn import refit
from claims.detection.regression import Column, fit
from claims.detection.table import Example
from claims.detection.weights import Weights, shipped_weights

ENGLISH = language("en")
SHIPPED = shipped_weights("en")


def decisions(count: int) -> list[Example]:
    """A desk at which claims are what was reported, and nothing else counts, in ten documents."""
    kinds = [
        ("Gate {} leaks, the mayor told the port.", True),
        ("According to the keeper, gate {} leaks.", True),
        ("Gate {} is the largest in the world.", False),
        ("The pier by gate {} is nice.", False),
    ]
    return [
        Example(kinds[number % 4][0].format(number), kinds[number % 4][1], group=f"document {number % 10}")
        for number in range(count)
    ]


def test_refitting_follows_the_desks_own_decisions_and_says_how_well():
    result = refit(decisions(200), ENGLISH, SHIPPED)
    assert (result.examples, result.worthy) == (200, 100)
    assert result.after.average_precision > result.before.average_precision
    assert result.after.f1 > result.before.f1
    assert result.weights.signals["attribution"] > SHIPPED.signals["attribution"]
    assert result.weights.signals["ranking"] < SHIPPED.signals["ranking"]


def test_refitting_is_the_same_each_time_and_leaves_the_old_weights_alone():
    old = SHIPPED.as_data()
    assert refit(decisions(60), ENGLISH, SHIPPED) == refit(decisions(60), ENGLISH, SHIPPED)
    assert SHIPPED.as_data() == old


def test_no_signal_changes_sides_whatever_is_decided():
    contrary = [dataclasses.replace(one, is_worthy=not one.is_worthy) for one in decisions(200)]
    result = refit(contrary, ENGLISH, SHIPPED)
    assert Weights.parse(result.weights.as_data(), ENGLISH) == result.weights


def test_signals_that_no_decision_shows_keep_their_weight():
    assert refit(decisions(60), ENGLISH, SHIPPED).weights.signals["heading"] == SHIPPED.signals["heading"]


def test_decisions_from_one_document_are_parted_by_sentence():
    single = [dataclasses.replace(one, group="document") for one in decisions(60)]
    assert refit(single, ENGLISH, SHIPPED).after.average_precision > 0.9


def test_terms_are_learnt_on_top_and_names_and_numbers_are_none_of_them():
    examples = [
        Example(
            f"Today {'Lind' if number % 2 else 'Berg'} saw the {'lighthouse' if number % 2 else 'garden'} {number}.",
            number % 2 == 1,
            f"document {number}",
        )
        for number in range(80)
    ]
    terms = refit(examples, ENGLISH, Weights.unlearnt(ENGLISH), terms=12).weights.terms
    assert terms["lighthouse"] > 0 > terms["garden"]
    assert not any("lind" in term or "berg" in term or term[-1].isdigit() for term in terms)


def test_too_few_decisions_teach_nothing():
    with pytest.raises(ValueError, match="Too few decisions to learn from: 4 sentences are claims and 4 are not"):
        refit(decisions(8), ENGLISH, SHIPPED)


def test_regression_finds_the_odds_of_the_labels():
    everywhere = Column(range(4), [1.0] * 4)
    assert fit([everywhere], [True, True, True, False], [0.0] * 4) == [pytest.approx(math.log(3), abs=0.01)]
    held = Column(range(4), [1.0] * 4, prior=0.0, penalty=1e6)
    assert fit([held], [True, True, True, False], [0.0] * 4) == [pytest.approx(0, abs=0.01)]
    one_sided = Column(range(4), [1.0] * 4, sign=-1)
    assert fit([one_sided], [True, True, True, False], [0.0] * 4) == [0.0]


def test_figures_are_those_of_the_textbook():
    pairs = [(0.9, True), (0.8, False), (0.7, True), (0.1, False)]
    assert average_precision(pairs) == pytest.approx((1 + 2 / 3) / 2)
    assert average_precision([(0.5, True), (0.5, False)]) == 0.5
    assert best_threshold(pairs) == 0.7
    assert best_threshold([(0.3, False)]) == 0.5
    measured = figures([Scored(score, label, score >= 0.75) for score, label in pairs])
    assert (measured.precision, measured.recall, measured.f1) == (0.5, 0.5, 0.5)
    assert figures([]) == (0, 0, 0, 0)


def test_weights_go_through_plain_data_and_fit_the_signals():
    data = json.loads(json.dumps(SHIPPED.as_data()))
    assert Weights.parse(data, ENGLISH) == SHIPPED
    with pytest.raises(ValueError, match="weigh against their side: quantity"):
        Weights.parse(data | {"signals": data["signals"] | {"quantity": -1.0}}, ENGLISH)
    with pytest.raises(ValueError, match="Signals and weights differ: rhyme"):
        Weights.parse(data | {"signals": data["signals"] | {"rhyme": 1.0}}, ENGLISH)
