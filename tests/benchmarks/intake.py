"""How time and memory of coming in grow with a text: `uv run python -m tests.benchmarks.intake [--rounds N]`.

Each text is taken apart and scored in a process of its own, whose peak memory is read from the operating system; times
are CPU seconds, the median of the rounds. The promise: at most 2 s for 100,000 words, and memory in step with length.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from claims.intake.readers.read import read  # noqa: E402
from claims.intake.readers.reading import Limits  # noqa: E402
from claims.intake.scoring import scored_sentences  # noqa: E402
from claims.reading.marks import blocks  # noqa: E402
from claims.reading.sections import Layout  # noqa: E402
from claims.reading.states import Spot, states_of  # noqa: E402
from tests.intake.samples import Typed, pdf  # noqa: E402

SEEDS = Path(__file__).resolve().parent.parent.parent / "seeds"
SIZES = (25_000, 50_000, 100_000, 200_000)
PAGES, LINES, COLUMNS = 300, 45, 85
MB = 1_000_000


class Measured(NamedTuple):
    words: int
    characters: int
    sentences: int
    seconds: float  # of CPU, for spans and scores
    peak: float  # MB that they took on top of what the process had
    map: float  # seconds of CPU for the map of coverage


def article(words: int) -> str:
    """The seeds' article as often as it takes, with another number in each sentence, so that none is like another."""
    text = (SEEDS / "japan-nato-synopsis.md").read_text()
    copies = -(-words // len(text.split()))
    whole = "\n\n".join(text.replace(". ", f" ({number}). ") for number in range(copies))
    paragraphs, count = [], 0
    for paragraph in whole.split("\n\n"):
        paragraphs.append(paragraph)
        count += len(paragraph.split())
        if count >= words:
            break
    return "\n\n".join(paragraphs)


def measure(words: int) -> Measured:
    """In this process, which must be new: a peak never goes down."""
    list(scored_sentences("The model of sentences and the signals are loaded by this.", "en"))
    text = article(words)
    before = _peak()
    started = time.process_time()
    found = list(scored_sentences(text, "en"))
    seconds, peak = time.process_time() - started, _peak() - before
    spots = [Spot(number, one.start, one.end, True) for number, one in enumerate(found)]
    return Measured(len(text.split()), len(text), len(found), seconds, peak, _cpu(lambda: draw(text, spots)))


def draw(text: str, spots: list[Spot]) -> None:
    found = blocks(text, [spot.start for spot in spots])
    layout = Layout(text, found, [1] * len(found), spots, states_of(spots, [], []), [], [])
    for section in layout.sections():
        for stretch in section.stretches:
            assert stretch.cells
            assert stretch.name


def long_pdf() -> bytes:
    """Of PAGES pages, as dense as a report."""
    lines = textwrap.wrap(article(PAGES * LINES * 14), COLUMNS)[: PAGES * LINES]
    pages = [lines[at : at + LINES] for at in range(0, len(lines), LINES)]
    return pdf(*([Typed(line, 780 - 16 * place) for place, line in enumerate(page)] for page in pages))


def report(rounds: int) -> None:
    """A line for each size; `ratio` is how much more memory it takes than the size before, half as long."""
    columns = "{:>9} {:>10} {:>6} {:>14} {:>7} {:>6} {:>7} {:>13}"
    print(columns.format("words", "sentences", "CPU s", "s per 100,000", "MB", "ratio", "B/word", "CPU s of map"))
    last = 0.0
    for size in SIZES:
        rows = [_in_a_new_process(size) for _ in range(rounds)]
        words, sentences = rows[0].words, rows[0].sentences
        seconds, peak, drawn = (statistics.median(column) for column in list(zip(*rows, strict=True))[3:])
        per_word = f"{peak * MB / words:,.0f}"
        figures = (
            f"{seconds:.2f}",
            f"{seconds * 100_000 / words:.2f}",
            f"{peak:.1f}",
            f"{peak / last:.2f}" if last else "",
        )
        print(columns.format(f"{words:,}", f"{sentences:,}", *figures, per_word, f"{drawn:.2f}"))
        last = peak


def report_pdf() -> None:
    data = long_pdf()
    started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    reading = read(data, filename="long.pdf", limits=Limits())
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"\nA PDF of {PAGES} pages, {len(data) / MB:.1f} MB, {len(reading.text.split()):,} words: ", end="")
    print(f"read in {time.perf_counter() - started:.1f} s, {cpu:.1f} s of CPU")


def _in_a_new_process(size: int) -> Measured:
    command = [sys.executable, "-m", "tests.benchmarks.intake", "--child", str(size)]
    done = subprocess.run(command, capture_output=True, check=True, env={**os.environ, "MALLOC_ARENA_MAX": "1"})  # noqa: S603
    return Measured(*json.loads(done.stdout))


def _peak() -> float:
    """MB; the system counts in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MB


def _cpu(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--child", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(measure(options.child)))
        return
    report(options.rounds)
    report_pdf()


if __name__ == "__main__":
    main()
