"""Which sentences are worth checking, and why."""

import dataclasses
import json
import math
import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.detection.figures import average_precision
from claims.detection.language import FOLDER, codes, language, parse
from claims.detection.score import TERM, Worthiness, assess, logistic
from claims.detection.weights import shipped_weights

SEEDS = Path(__file__).parent.parent / "seeds"
ENGLISH = language("en")
SHIPPED = shipped_weights("en")

GERMAN = """
numbers = "zwei, drei, Million, Millionen"

[signals.Menge]
side = "for"
says = "Zählt oder misst."
words = "#, Prozent"

[signals.Meinung]
side = "against"
says = "Meint."
words = "glaube, finde"
except = "finde statt"

[assertions]
joints = "und, aber"
verbs = "ist, hat, *te"
"""


def reasons(sentence: str, **context: bool) -> dict[str, tuple[str, ...]]:
    """The named signals of a sentence with their words, without the terms."""
    found = assess(sentence, weights=SHIPPED.without_terms(), **context).signals
    return {signal.name: signal.words for signal in found}


@pytest.mark.parametrize(
    ("sentence", "name", "words"),
    [
        ("The harbour is the second-largest in Europe.", "ranking", ("second-largest",)),
        ("It handled 37 ferries that night.", "quantity", ("37",)),
        ("About 40 per cent of the ferries were late.", "share", ("per cent",)),
        ("The pier cost €3.5 million.", "money", ("€",)),
        ("The pier cost €3.5 million.", "large number", ("million",)),
        ("The town has 12,400 berths.", "large number", ("12,400",)),
        ("Ferries are slower than trains.", "comparison", ("slower", "than")),
        ("The pier burnt down in March 1911.", "date", ("1911",)),
        ("She bought it three years ago.", "date", ("three years ago",)),
        ("Today the mayor met Anna Lind of the Harbour Board.", "named entity", ("Anna Lind of the Harbour Board",)),
        ("The mayor told reporters that it leaks.", "attribution", ("told",)),
        ("According to the port, it leaks.", "attribution", ("According to",)),
        ("Councillors voted to close the pier.", "vote or law", ("voted",)),
        ("Fares rose again.", "trend", ("rose",)),
        ("The flood was caused by a broken gate.", "causal", ("caused",)),
        ("The gate was never repaired.", "negation", ("never",)),
        ("I believe the pier is charming.", "opinion", ("believe",)),
        ("I believe the pier is charming.", "first person", ("I",)),
        ("Who paid for the pier?", "question", ("?",)),
        ("The pier will collapse someday.", "prediction", ("will", "someday")),
        ("They should mend the gate.", "obligation", ("should",)),
        ("The gate may leak.", "possibility", ("may",)),
        ("Thank you for the question.", "courtesy", ("Thank", "question")),
        ("Take the early ferry if possible.", "appeal", ("Take",)),
        ("The gate isn’t closed.", "state", ("isn’t",)),
    ],
)
def test_a_sentence_gives_a_named_signal_by_the_words_that_show_it(sentence, name, words):
    assert reasons(sentence)[name] == words


def test_every_signal_says_what_it_means_and_weighs_on_its_own_side():
    for name, rule in ENGLISH.rules.items():
        assert rule.says.endswith(".")
        assert SHIPPED.signals[name] * rule.sign >= 0


@pytest.mark.parametrize(
    ("plain", "weaker"),
    [
        ("The port lost 40 ships in 1911.", "I think the port lost 40 ships in 1911."),
        ("The port lost 40 ships in 1911.", "Did the port lose 40 ships in 1911?"),
        ("The port lost 40 ships.", "The port will lose 40 ships."),
        ("The port lost 40 ships.", "The port should lose 40 ships."),
        ("The ferry is the fastest in the world.", "The ferry is nice."),
    ],
)
def test_opinions_questions_predictions_and_wishes_score_lower(plain, weaker):
    assert assess(weaker).score < assess(plain).score


def test_a_heading_scores_lower_than_the_same_words_in_the_text():
    assert assess("Fares rose by 40 percent", is_heading=True).score < assess("Fares rose by 40 percent").score
    assert reasons("Fares rose", is_heading=True)["heading"] == ("Fares rose",)


def test_the_longest_entry_counts_and_exceptions_do_not():
    assert reasons("It closed last year.")["date"] == ("last year",)
    assert "ranking" not in reasons("The forest lies in the west.")


def test_a_year_is_a_date_and_not_a_quantity():
    assert "quantity" not in reasons("It closed in 1911.")
    assert "date" in reasons("It closed in 1911.")


def test_more_of_a_signal_counts_for_more_but_never_twice_as_much():
    weights = [
        {signal.name: signal.weight for signal in assess(f"It has {'7 ' * times}gates.").signals}["quantity"]
        for times in (1, 2, 3, 30)
    ]
    assert weights == sorted(weights)
    assert weights[1] > weights[0]
    assert weights[3] <= 2 * weights[0]


@pytest.mark.parametrize(
    ("sentence", "count"),
    [
        ("The port has nine gates.", 1),
        ("The port has nine gates, and the oldest was built in 1911.", 2),
        ("The port grew, the town shrank; the railway closed.", 3),
        ("The port, which opened in 1911, is the largest in the north.", 2),
        ("Ferries, trains and buses are late.", 1),
        ("Nine gates", 1),
        ("", 0),
    ],
)
def test_several_assertions_in_one_sentence_are_counted(sentence, count):
    found = assess(sentence)
    assert found.assertions == count
    assert found.has_several_assertions == (count > 1)


def test_the_reasons_add_up_to_the_score():
    found = assess("In 1911 the port lost 40 ships, but I think it will recover.")
    assert any(signal.name == TERM for signal in found.signals)
    log_odds = SHIPPED.intercept + sum(signal.weight for signal in found.signals)
    assert found.score == pytest.approx(logistic(log_odds))
    assert [abs(signal.weight) for signal in found.signals] == sorted(
        (abs(signal.weight) for signal in found.signals), reverse=True
    )


def test_reasons_can_be_kept_as_json():
    found = assess("The port lost 40 ships.")
    assert json.loads(json.dumps(dataclasses.asdict(found)))["signals"][0]["name"]


@pytest.mark.parametrize("nothing", ["", "   ", "🙂🙂", "—", "…?!", "\u200f\u202e"])
def test_what_has_no_words_scores_nothing(nothing):
    assert assess(nothing) == Worthiness(0.0, (), 0)


@pytest.mark.parametrize(
    "sentence",
    [
        "Fares 🚢🚢 rose by 40 % 🙂!",
        "ارتفعت الأسعار بنسبة 40٪ في عام 1911.",
        "המחירים עלו ב-40 אחוזים",
        "日本は島国です。",
        "It\u0000 rose\ud800 by 7.",
    ],
)
def test_any_script_is_scored(sentence):
    assert 0 < assess(sentence).score < 1


@pytest.mark.parametrize(
    "piece",
    ["Ab of the ", "word ", "A.", "9,", "1,000", "? ", "“", "the the ", "has ", "a-", "ß", "\n", "one in ", "I have "],
)
def test_a_very_long_sentence_takes_time_in_proportion(piece):
    sentence = "The " + piece * (200_000 // len(piece))
    started = time.process_time()
    found = assess(sentence)
    assert time.process_time() - started < 5
    assert all(len(signal.words) <= 8 for signal in found.signals)
    assert all(len(word) <= 100 for signal in found.signals if signal.name != TERM for word in signal.words)


@given(st.text(max_size=80), st.booleans())
def test_a_sentence_always_scores_the_same_between_0_and_1(text, is_heading):
    found = assess(text, is_heading=is_heading)
    assert found == assess(text, is_heading=is_heading)
    assert 0 <= found.score <= 1
    assert math.isfinite(found.score)


@given(st.text(max_size=40), st.sampled_from(["", " ", "\n", "🙂", " …"]))
def test_adding_nothing_changes_nothing(text, nothing):
    sentence = f"{text} word"
    assert assess(sentence + nothing) == assess(sentence)


def test_the_demonstration_ranks_claims_above_what_is_none():
    desk = json.loads((SEEDS / "desk.json").read_text())
    text = (SEEDS / "japan-nato-synopsis.md").read_text()
    pairs = [
        (assess(text[row["start"] : row["end"]]).score, row["disposition"] == "claim")
        for row in desk["sentences"]
        if row["document"] == "japan-nato-synopsis" and row["disposition"] != "no_fact"
    ]
    assert len(pairs) > 50
    assert average_precision(pairs) > 0.85


def test_a_language_that_is_not_there_is_named():
    assert "en" in codes()
    with pytest.raises(LookupError, match="“tlh”"):
        assess("nuqneH", code="tlh")


def test_a_second_language_is_a_data_file_alone(tmp_path, monkeypatch):
    for module in ("language", "weights"):
        monkeypatch.setattr(f"claims.detection.{module}.FOLDER", tmp_path)
    (tmp_path / "de.toml").write_text(GERMAN)
    found = assess("Der Hafen hat 37 Millionen Gäste und ich finde ihn schön.", code="de")
    assert {signal.name: signal.words for signal in found.signals} == {
        "Menge": ("37", "Millionen"),
        "Meinung": ("finde",),
    }
    language.cache_clear()
    shipped_weights.cache_clear()


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('side = "for"', 'side = "pro"', "neither “for” nor “against”"),
        ("except =", "unless =", "unless, which means nothing"),
    ],
)
def test_a_wrong_language_file_says_what_is_wrong(before, after, message):
    with pytest.raises(ValueError, match=message):
        parse("de", tomllib.loads(GERMAN.replace(before, after)))


def test_the_language_files_hold_no_whole_sentence():
    words = [
        len(entry.split())
        for path in FOLDER.glob("*.weights.toml")
        for entry in tomllib.loads(path.read_text())["terms"]
    ]
    assert max(words) <= 2
