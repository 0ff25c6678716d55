"""How work grows with its input, as a ratio of CPU times in one run: a busy machine does not fail it."""

import time
from collections.abc import Callable

TIMES_LARGER = 8
NEGLIGIBLE = 0.5  # CPU seconds; below this nobody could be made to wait
ROUNDS = 5


def assert_grows_in_step(work: Callable[[str], object], unit: str, count: int) -> None:
    """Eight times the text takes about eight times as long; work that squares would take 64 times.

    The least times of several rounds count: what slows a round, such as the memory that other processes use, is not
    the work's own, and work that squares does so in every round.
    """
    small = large = float("inf")
    for _ in range(ROUNDS):
        small = min(small, _seconds(work, unit * (count // TIMES_LARGER)))
        large = min(large, _seconds(work, unit * count))
        if large < NEGLIGIBLE or large < small * TIMES_LARGER * 4:
            return
    raise AssertionError(f"{large:.2f} s for {count:,} times the text, {small:.2f} s for an eighth of it")


def _seconds(work: Callable[[str], object], text: str) -> float:
    started = time.process_time()
    work(text)
    return time.process_time() - started
