"""A page as PDF, the same bytes on every machine that has the same WeasyPrint and Pango.

WeasyPrint is an extra, `[pdf]`, and needs libraries of the system: `is_installed` says whether all is there. It runs in
a process of its own (`press`), in an environment that is always the same: the fonts in `fonts/` are all that it sees,
and nothing can be fetched.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

from django.conf import settings

HERE = Path(__file__).parent
SECONDS = 1_800
READ = 1 << 20
_KEPT = ("PATH", "LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "SYSTEMROOT", "COVERAGE_PROCESS_START")


class NoPdf(OSError):
    """The PDF could not be made; says so in words."""


def can_make_pdf() -> bool:
    """Whether releases of this desk get one: MAKE_PDF is on, and the libraries are there."""
    return settings.MAKE_PDF and is_installed()


@cache
def is_installed() -> bool:
    """Whether this machine can make one."""
    try:
        import_module("weasyprint")
    except (ImportError, OSError):
        return False
    return True


def pdf(page: Iterable[bytes], identifier: str) -> Iterator[bytes]:
    """An HTML page as PDF/UA. `identifier` is ASCII and goes into the file in place of a random one. Raises NoPdf."""
    if not is_installed():
        raise NoPdf("This machine cannot make PDF: install the extra [pdf] and its libraries.")
    with tempfile.TemporaryDirectory(prefix="pdf-") as folder:
        source, target = Path(folder, "page.html"), Path(folder, "page.pdf")
        with source.open("wb") as file:
            file.writelines(page)
        _press(source, target, identifier)
        with target.open("rb") as file:
            while data := file.read(READ):
                yield data


def _press(source: Path, target: Path, identifier: str) -> None:
    command = [sys.executable, str(HERE / "press.py"), str(source), str(target), identifier]
    try:
        done = subprocess.run(  # noqa: S603 (our own script)
            command, env=_environment(source.parent), cwd=source.parent, capture_output=True, timeout=SECONDS
        )
    except subprocess.TimeoutExpired:
        raise NoPdf(f"The PDF was not finished after {SECONDS // 60} minutes.") from None
    if done.returncode or not target.exists():
        raise NoPdf(f"The PDF could not be made: {done.stderr.decode(errors='replace').strip()[-500:]}")


def _environment(folder: Path) -> dict[str, str]:
    """Nothing of this machine that could change a byte."""
    return {
        **{name: os.environ[name] for name in _KEPT if name in os.environ},
        "FONTCONFIG_FILE": str(HERE / "fonts.conf"),
        "XDG_CACHE_HOME": str(folder),
        "HOME": str(folder),
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONHASHSEED": "0",
        "SOURCE_DATE_EPOCH": "315532800",  # 1980-01-01, the date of every file in a release
    }
