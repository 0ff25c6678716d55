"""How well passages are found again in a new draft: `uv run python -m tests.benchmarks.reanchoring [--trials N]`.

A trial is one passage, of 2 to 40 words, and one edited text. It counts as found when what was proposed and the truth
share at least half of what they cover together; as silently wrong when it is certain, yet elsewhere. Intact
passages read the same afterwards; those settled need no person. A passage of which no word is left should be called
gone.
"""

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from claims.characters import fold
from claims.passages import Match, Passage, describe, locate
from tests.benchmarks.edits import (
    Edit,
    Paragraph,
    Tracked,
    add_emoji,
    change_words,
    curly,
    decomposed,
    delete_paragraphs,
    foreign,
    move_paragraphs,
    paragraphs,
    plain,
    respell,
    tracked,
)

SEEDS = Path(__file__).resolve().parent.parent.parent / "seeds"
TARGETS = {"5 % of words": 0.99, "10 % of words": 0.97, "20 % of words": 0.90}
PER_TEXT = 40  # passages looked for in one edited text


@dataclass
class Tally:
    counts: Counter[str] = field(default_factory=Counter)

    def share(self, name: str, of: str) -> float:
        return self.counts[name] / self.counts[of] if self.counts[of] else float("nan")


def synopsis() -> str:
    return (SEEDS / "japan-nato-synopsis.md").read_text()


def varied(chance: random.Random, words: int = 1_500) -> str:
    """An article as long as most, in which sentences hardly repeat."""
    return article(chance, words, order=1)


def repetitive(chance: random.Random, words: int = 1_500) -> str:
    """Sentences of the seeds' claims, each three times, some with one word changed: no target, only never wrong."""
    claims = [claim["assertion"] for claim in json.loads((SEEDS / "desk.json").read_text())["claims"]]
    chosen = chance.sample(claims, words // 50) * 3
    chance.shuffle(chosen)
    sentences = [near_copy(sentence, chance) if chance.random() < 0.3 else sentence for sentence in chosen]
    return "\n\n".join(" ".join(sentences[number : number + 4]) for number in range(0, len(sentences), 4))


def near_copy(sentence: str, chance: random.Random) -> str:
    words = sentence.split()
    words[chance.randrange(len(words))] = chance.choice(vocabulary())
    return " ".join(words)


def vocabulary() -> list[str]:
    return synopsis().split()


def article(chance: random.Random, words: int, order: int) -> str:
    """A walk through the synopsis: each word follows the one before it as it does somewhere there."""
    known = synopsis().replace("##", "").split()
    follow: dict[tuple[str, ...], list[str]] = {}
    for number in range(len(known) - order):
        follow.setdefault(tuple(known[number : number + order]), []).append(known[number + order])
    state = chance.choice(list(follow))
    out: list[str] = []
    for number in range(words):
        word = chance.choice(follow.get(state) or known)
        state = (*state[1:], word)
        out.append(word + ("\n\n" if number % 90 == 89 else ""))
    return " ".join(out)


TEXTS: dict[str, Callable[[random.Random], str]] = {
    "synopsis": lambda chance: synopsis(),
    "generated": varied,
    "repetitive": repetitive,
    "accents, emoji": lambda chance: foreign(synopsis(), chance),
}


def edits() -> dict[str, list[Edit]]:
    known = vocabulary()
    return {
        "5 % of words": [change_words(0.05, known)],
        "10 % of words": [change_words(0.10, known)],
        "20 % of words": [change_words(0.20, known)],
        "moved": [move_paragraphs],
        "moved, 10 % of words": [move_paragraphs, change_words(0.10, known)],
        "deleted, 10 % of words": [delete_paragraphs, change_words(0.10, known)],
        "typography": [respell(curly)],
        "plain typography": [respell(plain)],
        "NFD": [respell(decomposed)],
        "emoji put in": [add_emoji],
        "NFD, moved, 5 % of words": [respell(decomposed), move_paragraphs, change_words(0.05, known)],
    }


def passages(written: Sequence[Paragraph], old: Tracked, chance: random.Random) -> Iterator[tuple[Passage, range]]:
    for _ in range(PER_TEXT):
        paragraph = chance.choice([paragraph for paragraph in written if len(paragraph) > 1])
        size = min(len(paragraph), chance.randint(2, 40))
        first = chance.randint(0, len(paragraph) - size)
        numbers = range(paragraph[first].number, paragraph[first].number + size)
        place = old.range_of(numbers)
        assert place is not None
        yield describe(old.text, *place), numbers


def trial(text: str, kinds: list[Edit], chance: random.Random) -> Iterator[Counter[str]]:
    written = paragraphs(text)
    old = tracked(written)
    edited = written
    for edit in kinds:
        edited = edit(edited, chance)
    new = tracked(edited)
    for passage, numbers in passages(written, old, chance):
        match = locate(passage, new.text, old=old.text)
        truth = new.range_of(numbers)
        counts = verdict(match, truth)
        if truth and fold(new.text[slice(*truth)]).text == fold(passage.exact).text:
            counts.update(intact=1, settled=counts["certain"])
        yield counts


def verdict(match: Match | None, truth: tuple[int, int] | None) -> Counter[str]:
    counts = Counter(["trials", "left" if truth else "lost"])
    counts["certain"] += bool(match and match.certain)
    if truth is None:
        counts["called gone"] += match is None
        counts["wrong"] += bool(match and match.certain)
    else:
        shared = overlap(match, truth)
        counts["found"] += shared >= 0.5
        counts["wrong"] += bool(match and match.certain and not shared)
    return counts


def overlap(match: Match | None, truth: tuple[int, int]) -> float:
    """What both cover, as a share of what either covers."""
    if match is None:
        return 0.0
    both = min(match.end, truth[1]) - max(match.start, truth[0])
    return max(0, both) / (max(match.end, truth[1]) - min(match.start, truth[0]))


def measure(trials: int) -> dict[tuple[str, str], Tally]:
    table: dict[tuple[str, str], Tally] = {}
    for name, make in TEXTS.items():
        for kind, kinds in edits().items():
            chance = random.Random(f"{name} {kind}")
            tally = table.setdefault((name, kind), Tally())
            while tally.counts["trials"] < trials:
                for counts in trial(make(chance), kinds, chance):
                    tally.counts.update(counts)
    return table


def report(table: dict[tuple[str, str], Tally]) -> bool:
    heads = ("trials", "found %", "intact", "settled %", "silently wrong", "lost", "called gone %")
    print(f"{'text':16}{'edits':26}" + "".join(f"{head:>16}" for head in heads))
    good = True
    for (name, kind), tally in table.items():
        found = tally.share("found", "left")
        good &= not tally.counts["wrong"] and (name == "repetitive" or found >= TARGETS.get(kind, 0))
        print(
            f"{name:16}{kind:26}{tally.counts['trials']:>16,}{found:>16.2%}{tally.counts['intact']:>16,}"
            f"{tally.share('settled', 'intact'):>16.1%}"
            f"{tally.counts['wrong']:>16}{tally.counts['lost']:>16,}{tally.share('called gone', 'lost'):>16.1%}"
        )
    return good


def report_speed(words: int = 100_000, count: int = 300) -> None:
    chance = random.Random(words)
    written = paragraphs(article(chance, words, order=1))
    old, new = tracked(written), tracked(change_words(0.1, vocabulary())(written, chance))
    wanted = [passage for _ in range(count // PER_TEXT + 1) for passage, _ in passages(written, old, chance)][:count]
    started = time.process_time()
    for passage in wanted:
        locate(passage, new.text, old=old.text)
    print(f"\n{count} passages in {words:,} words, 10 % of them changed: {time.process_time() - started:.1f} s of CPU")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=1_000, help="for each row of the table")
    options = parser.parse_args()
    good = report(measure(options.trials))
    report_speed()
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
