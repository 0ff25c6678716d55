"""What the files of a release cost: `uv run python -m tests.benchmarks.releasing [--claims 1000 100000] [--only NAME]`.

For each number of claims a process of its own makes every file of a release of generated claims, as
claims.releases.formats lists them, and packs, signs and writes the ZIP, without a database. Peak is anonymous memory,
as in memory.py: for a file, the most that was seen while it was written, what others before it kept included.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django  # noqa: E402

django.setup()

from claims.releases.archive import Member, Seal, save_archive  # noqa: E402
from claims.releases.content import Content, ReleasedClaim  # noqa: E402
from claims.releases.formats import members  # noqa: E402
from claims.releases.signing import Signer  # noqa: E402
from tests.releases import contents  # noqa: E402
from tests.releases.building import manifest, secret_key  # noqa: E402

TARGET = 1.5
"""Of the peak at the largest number of claims and that at the smallest."""


def generated(count: int) -> Content:
    def claims() -> Iterator[ReleasedClaim]:
        return (contents.claim(number) for number in range(1, count + 1))

    return Content(contents.header(claims=count), claims)


class Peak:
    """The most anonymous memory of this process, in MB, looked at every 20 ms."""

    def __init__(self) -> None:
        self.now = self.most = 0.0
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while True:
            with open("/proc/self/status") as status:
                found = next(int(line.split()[1]) / 1024 for line in status if line.startswith("RssAnon"))
            self.now, self.most = max(self.now, found), max(self.most, found)
            time.sleep(0.02)

    def taken(self) -> float:
        """The most since this was last asked."""
        found, self.now = self.now, 0.0
        return found


def watched(files: Iterable[Member], peak: Peak) -> Iterator[Member]:
    """The files, each telling its size, seconds and peak as it is done."""
    for one in files:
        yield Member(one.name, lambda one=one: _told(one, peak))  # type: ignore[misc]


def _told(one: Member, peak: Peak) -> Iterator[bytes]:
    peak.taken()
    begun, size = time.perf_counter(), 0
    for piece in one.chunks():
        size += len(piece)
        yield piece
    seconds = time.perf_counter() - begun
    print(f"  {one.name:32} {size / 1e6:9.1f} MB {seconds:8.1f} s {peak.taken():8.0f} MB", flush=True)


def measure(count: int, only: str) -> float:
    content, peak = generated(count), Peak()
    chosen = (one for one in members(content) if only in one.name or one.name == "release.json")
    with tempfile.TemporaryDirectory() as folder, Signer.unlock(secret_key()) as signer:
        instant = datetime(2023, 6, 1, 12, tzinfo=UTC)
        seal = Seal("benchmark-1", count, instant, content.header["head"], signer, manifest)
        save_archive(Path(folder) / "benchmark-1.zip", watched(chosen, peak), seal=seal)
    return peak.most


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, nargs="+", default=[1_000, 100_000])
    parser.add_argument("--only", default="", help="only files with this in their name")
    parser.add_argument("--here", action="store_true", help="measure the first number in this process")
    options = parser.parse_args()
    if options.here:
        print(measure(options.claims[0], options.only))
        return
    peaks = []
    for count in options.claims:
        print(f"{count:,} claims", flush=True)
        command = [sys.executable, "-m", "tests.benchmarks.releasing", "--here", "--claims", str(count)]
        done = subprocess.run([*command, "--only", options.only], stdout=subprocess.PIPE, text=True, check=True)
        *lines, peak = done.stdout.splitlines()
        print("\n".join(lines), f"\n  peak {float(peak):.0f} MB")
        peaks.append(float(peak))
    ratio = max(peaks) / min(peaks)
    print(f"ratio of the peaks {ratio:.2f}, target {TARGET}: {'met' if ratio <= TARGET else 'NOT met'}")


if __name__ == "__main__":
    main()
