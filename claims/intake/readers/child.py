"""The reading process: limits itself, reads one file from standard input, and answers in JSON.

Standard input is one line of JSON (`filename`, `content_type`, `limits`) and then the file. The answer is the fields
of a Reading, or `unreadable` with the reason.
"""

import json
import resource
import sys
from dataclasses import asdict
from typing import Any

from claims.intake.readers.parse import parse
from claims.intake.readers.reading import Limits, Unreadable

_BYTES_PER_CHARACTER = 8  # as JSON: the worst are controls, at 6, and what is not text comes on top
_FORBIDDEN = ("socket.connect", "socket.getaddrinfo", "socket.bind", "subprocess.Popen", "os.system", "os.exec")


def main() -> None:
    about = json.loads(sys.stdin.buffer.readline())
    limits = Limits(**about["limits"])
    _confine(limits)
    data = sys.stdin.buffer.read()
    answer: dict[str, Any]
    try:
        answer = asdict(parse(data, filename=about["filename"], content_type=about["content_type"], limits=limits))
    except Unreadable as error:
        answer = {"unreadable": str(error)}
    json.dump(answer, sys.stdout)


def _confine(limits: Limits) -> None:
    seconds = int(limits.seconds) + 1
    for kind, most in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, limits.characters * _BYTES_PER_CHARACTER + 1_000_000),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))
    sys.addaudithook(_forbid)


def _forbid(event: str, arguments: tuple[Any, ...]) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(f"{event} has no place in reading a file.")


if __name__ == "__main__":
    main()
