"""Several people acting at the same moment: each in a thread of its own, with a database connection of its own."""

from collections.abc import Callable, Sequence
from threading import Barrier, Thread

from django.db import connection

Act = Callable[[], object]


def race(acts: Sequence[Act]) -> list[object]:
    """Start all acts at once; what each returned, or the exception that it raised, in their order.

    An act must load what it changes by itself: two requests never share an object.
    """
    results: list[object] = [None] * len(acts)
    start = Barrier(len(acts))

    def run(number: int) -> None:
        try:
            start.wait(timeout=10)
            results[number] = acts[number]()
        except Exception as error:  # noqa: BLE001  whatever it is, the test is to see it
            results[number] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def failures(results: Sequence[object]) -> list[type]:
    return [type(result) for result in results if isinstance(result, Exception)]
