"""How well detection ranks sentences: `uv run python -m tests.benchmarks.detection [FOLDER] [--learn]`.

FOLDER holds public data as gzipped JSON Lines (`text`, `label`, `doc`); it is `../shared/data/detection`, seen from the
repository, unless another is given. The data is not ours to pass on and is never committed. Everything is learnt from
`claimbuster.train`; thresholds too. `--learn` writes the weights that are shipped, and takes some minutes.
"""

import argparse
import gzip
import json
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from claims.detection.figures import Figures, Scored, average_precision, best_threshold, figures
from claims.detection.language import FOLDER, language
from claims.detection.learn import refit, weigh_terms
from claims.detection.score import assess
from claims.detection.table import Example, Table
from claims.detection.weights import Weights, shipped_weights
from claims.intake.sentences import sentences

ROOT = Path(__file__).resolve().parent.parent.parent
DATA = ROOT.parent / "shared" / "data" / "detection"
SEEDS = ROOT / "seeds"
TERMS = 1_000
WORDS = 100_000
TAUGHT = "20121023_third_presidential_debate"  # of debates2020.dev; its sentences are in claimbuster.train as well

Scorer = Callable[[str], float]


@dataclass(frozen=True)
class Sentence:
    text: str
    label: bool
    document: str


def read(path: Path) -> list[Sentence]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows: Iterable[dict[str, Any]] = map(json.loads, lines)
        return [Sentence(row["text"], bool(row["label"]), row["doc"]) for row in rows if row["doc"] != TAUGHT]


def seeded() -> list[Sentence]:
    """The demonstration's own sentences: is it a claim, or an opinion, a prediction or common knowledge?"""
    desk = json.loads((SEEDS / "desk.json").read_text())
    texts = {row["key"]: (SEEDS / row["text_file"]).read_text() for row in desk["documents"] if row.get("text_file")}
    return [
        Sentence(texts[row["document"]][row["start"] : row["end"]], row["disposition"] == "claim", row["document"])
        for row in desk["sentences"]
        if row["disposition"] != "no_fact"
    ]


def systems(train: list[Sentence]) -> dict[str, Scorer]:
    shipped = shipped_weights("en")
    terms_alone = learn_terms_alone(train)
    return {
        "has a digit": lambda text: float(any(character.isdigit() for character in text)),
        f"{TERMS:,} terms alone": lambda text: assess(text, weights=terms_alone).score,
        "signals, all of one weight": lambda text: assess(text, weights=Weights.unlearnt(language("en"))).score,
        "signals": lambda text: assess(text, weights=shipped.without_terms()).score,
        "signals and terms": lambda text: assess(text).score,
    }


def examples(rows: Iterable[Sentence]) -> list[Example]:
    return [Example(row.text, row.label, row.document) for row in rows]


def learn_terms_alone(train: list[Sentence]) -> Weights:
    """What a plain bag of words learns, to compare with."""
    table = Table(examples(train), language("en"))
    nothing = Weights(intercept=-1.1, signals=dict.fromkeys(language("en").rules, 0.0))
    return weigh_terms(table, range(len(train)), nothing, TERMS)


def pairs(rows: Iterable[Sentence], scorer: Scorer) -> list[tuple[float, bool]]:
    return [(scorer(row.text), row.label) for row in rows]


def by_document(rows: list[Sentence], scorer: Scorer) -> float:
    """The mean over documents, with a worthy sentence each, of average precision."""
    found = []
    for name in sorted({row.document for row in rows}):
        own = [row for row in rows if row.document == name]
        if any(row.label for row in own):
            found.append(average_precision(pairs(own, scorer)))
    return sum(found) / len(found)


def at_threshold_of(train: list[Sentence], rows: list[Sentence], scorer: Scorer) -> Figures:
    threshold = best_threshold(pairs(train, scorer))
    return figures([Scored(score, label, score >= threshold) for score, label in pairs(rows, scorer)])


def report(folder: Path) -> None:
    train, dev = read(folder / "claimbuster.train.jsonl.gz"), read(folder / "claimbuster.dev.jsonl.gz")
    debates, tweets = read(folder / "debates2020.dev.jsonl.gz"), read(folder / "tweets2021.train.jsonl.gz")
    own = seeded()
    print(f"{'':28}{'ClaimBuster dev':>18}{'debates 2020':>14}{'tweets':>8}{'seeds':>8}")
    print(f"{'':28}{'AP':>9}{'F1':>9}{'mean AP':>14}{'AP':>8}{'AP':>8}")
    for name, scorer in systems(train).items():
        result = at_threshold_of(train, dev, scorer)
        elsewhere = average_precision(pairs(tweets, scorer)), average_precision(pairs(own, scorer))
        print(f"{name:28}{result.average_precision:>9.3f}{result.f1:>9.3f}", end="")
        print(f"{by_document(debates, scorer):>14.3f}{elsewhere[0]:>8.3f}{elsewhere[1]:>8.3f}")


def report_speed() -> None:
    """CPU seconds for the spans and the scores of an article, repeated with another number in each sentence."""
    article = (SEEDS / "japan-nato-synopsis.md").read_text()
    copies = WORDS // len(article.split()) + 1
    text = "\n\n".join(article.replace(". ", f" ({number}). ") for number in range(copies))
    started = time.process_time()
    spans = sentences(text)
    parted = time.process_time()
    for span in spans:
        assess(text[span.start : span.end])
    scored = time.process_time()
    print(f"\n{len(text.split()):,} words, {len(spans):,} sentences: ", end="")
    print(f"{parted - started:.2f} s to part, {scored - parted:.2f} s to score")


def learn(folder: Path) -> None:
    """Write the weights for English."""
    result = refit(
        examples(read(folder / "claimbuster.train.jsonl.gz")),
        language("en"),
        Weights.unlearnt(language("en")),
        terms=TERMS,
    )
    terms = {term: weight for term, weight in result.weights.terms.items() if abs(weight) >= 0.01}
    (FOLDER / "en.weights.toml").write_text(as_toml(replace(result.weights, terms=terms)), encoding="utf-8")
    print(f"held-out debates of the training part: before {result.before}\nafter {result.after}")


def as_toml(weights: Weights) -> str:
    lines = [
        "# Log-odds, learnt from public data by `python -m tests.benchmarks.detection --learn`; not written by hand."
    ]
    for name, value in weights.as_data().items():
        if isinstance(value, dict):
            lines += ["", f"[{name}]", *(f'"{key}" = {weight}' for key, weight in value.items())]
        else:
            lines.append(f"{name} = {value}")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=DATA)
    parser.add_argument("--learn", action="store_true")
    options = parser.parse_args()
    report_speed()
    if not (options.folder / "claimbuster.train.jsonl.gz").exists():
        print(f"the public data is not there: {options.folder}", file=sys.stderr)
        return
    if options.learn:
        learn(options.folder)
        shipped_weights.cache_clear()
    report(options.folder)


if __name__ == "__main__":
    main()
