"""Read a file in a process of its own.

Parsers of PDF, DOCX and HTML are large, partly in C, and the files come from anywhere. The process has limits on time,
memory and output that the operating system enforces, no secrets in its environment, and no way to the network. If it
dies, one file was not read.
"""

import json
import logging
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from claims.intake.readers.reading import Format, Limits, Reading, Unreadable

_ROOT = Path(__file__).resolve().parents[3]
_OUT_OF_MEMORY = (b"MemoryError", b"bad_alloc", b"Cannot allocate", b"failed to map")
logger = logging.getLogger(__name__)


def configured() -> Limits:
    """The limits of the desk's READ_MAX_… settings."""
    from django.conf import settings  # the reading process imports this module too, and needs no Django

    return Limits(
        bytes=settings.READ_MAX_BYTES,
        characters=settings.READ_MAX_CHARACTERS,
        seconds=settings.READ_MAX_SECONDS,
        memory=settings.READ_MAX_MEMORY,
    )


def read(data: bytes, *, filename: str = "", content_type: str = "", limits: Limits | None = None) -> Reading:
    """The text of a file. Raises Unreadable when there is none to be had within `limits` (None: the desk's own).

    `filename` and `content_type` are what was claimed about the file; a warning says so where they are wrong.
    """
    limits = limits or configured()
    if not data:
        raise Unreadable("The file is empty.")
    if len(data) > limits.bytes:
        raise Unreadable(
            f"The file has {len(data) / 1_000_000:,.1f} MB; at most {limits.bytes / 1_000_000:,.0f} MB are read."
        )
    answer = json.loads(_run(data, filename, content_type, limits))
    if refused := answer.get("unreadable"):
        raise Unreadable(refused)
    lists = {name: tuple(answer[name]) for name in ("authors", "warnings")}
    return Reading(**{**answer, **lists, "format": Format(answer["format"])})


def _run(data: bytes, filename: str, content_type: str, limits: Limits) -> bytes:
    """What the reading process answers, as JSON. Raises Unreadable when it does not get that far."""
    about = {"filename": filename[:500], "content_type": content_type[:500], "limits": asdict(limits)}
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        try:
            done = subprocess.run(  # noqa: S603
                [sys.executable, "-P", "-m", "claims.intake.readers.child"],
                input=json.dumps(about).encode() + b"\n" + data,
                stdout=out,  # files, not pipes: the process can fill them only up to its limit
                stderr=errors,
                env={"PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8"},
                timeout=limits.seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise Unreadable(f"Reading the file took longer than {limits.seconds:g} seconds.") from None
        out.seek(0)
        errors.seek(0)
        if done.returncode:
            raise _failure(done.returncode, errors.read(), limits)
        return out.read()


def _failure(code: int, errors: bytes, limits: Limits) -> Unreadable:
    if any(sign in errors for sign in _OUT_OF_MEMORY):
        return Unreadable(f"Reading the file takes more than {limits.memory / 1_000_000:,.0f} MB of memory.")
    logger.warning("The reading process ended with %s: %s", code, errors.decode(errors="replace")[-2_000:])
    return Unreadable("The file cannot be read: it is damaged, or made to do damage.")
