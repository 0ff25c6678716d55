"""How work grows with its input, as a ratio of CPU times in one run: a busy machine does not fail it."""

import time
from collections.abc import Callable

TIMES_LARGER = 8
NEGLIGIBLE = 0.5  # CPU seconds; below this nobody could be made to wait


def assert_grows_in_step(work: Callable[[str], object], unit: str, count: int) -> None:
    """Eight times the text takes about eight times as long; work that squares would take 64 times."""
    small, large = (_seconds(work, unit * n) for n in (count // TIMES_LARGER, count))
    assert large < NEGLIGIBLE or large < small * TIMES_LARGER * 4


def _seconds(work: Callable[[str], object], text: str) -> float:
    started = time.process_time()
    work(text)
    return time.process_time() - started
