"""The same content makes the same release, byte for byte, in any process."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLACES = (
    {"LC_ALL": "C", "TZ": "UTC", "PYTHONHASHSEED": "1", "TIME_ZONE": "UTC"},
    {"LC_ALL": "C.UTF-8", "LANG": "tr_TR.UTF-8", "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "4294967295"}
    | {"TIME_ZONE": "America/St_Johns", "DESK_NAME": "Another", "HOME": "/nonexistent", "COLUMNS": "20"},
)
BUILD = """
import json, sys
import django
django.setup()
from pathlib import Path
from datetime import UTC, datetime
from claims.releases.archive import Seal, save_archive
from claims.releases.formats import members
from claims.releases.manifest import describe
from claims.releases.signing import Signer
from tests.releases import contents
from tests.releases.building import HEAD, secret_key
content = contents.everything()
with Signer.unlock(secret_key()) as signer:
    as_of = datetime(2023, 6, 1, 12, tzinfo=UTC)
    seal = Seal(content.header["name"], content.header["claims"], as_of, HEAD, signer, describe(content.header))
    sealed = save_archive(Path(sys.argv[1]), members(content), seal=seal)
print(json.dumps([[file.name, file.sha256] for file in sealed.files]))
"""


def build(path: Path, place: dict[str, str]) -> dict[str, str]:
    """Build it in a process of its own; the SHA-256 of each file by name."""
    environment = {name: value for name, value in os.environ.items() if name not in ("LANG", "LC_ALL", "LANGUAGE")}
    environment |= {"DJANGO_SETTINGS_MODULE": "tests.settings", "DATA_DIR": str(path.parent / "data"), **place}
    command = [sys.executable, "-c", BUILD, str(path)]
    made = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    return dict(json.loads(made.stdout))


def test_two_processes_of_different_places_make_the_same_release(tmp_path: Path) -> None:
    """All but report.pdf, for which test_pdf says the same."""
    first, second = (build(tmp_path / f"{n}.zip", place) for n, place in enumerate(PLACES))

    assert {"claims.xlsx", "claims.csv", "claimreview.jsonld", "annotations.jsonld", "report.html"} < set(first)
    assert first == second
    assert (tmp_path / "0.zip").read_bytes() == (tmp_path / "1.zip").read_bytes()
