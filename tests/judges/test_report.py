"""The report before others' programs: the Nu Html Checker, and poppler on the PDF.

The checker is the npm package `vnu-jar`; VNU_JAR says where its vnu.jar lies.
"""

import json
import os
import re
import shutil
import subprocess
import unicodedata
from pathlib import Path

import pytest

from claims.releases.content import Content
from claims.releases.formats.report import members
from claims.releases.formats.report.words import visible
from claims.releases.pdf import is_installed
from tests.releases.contents import HOSTILE, claim, content, hostile

pytestmark = pytest.mark.judges
VNU = os.environ.get("VNU_JAR", "")
SHORT = [text for text in HOSTILE if len(text) < 1_000]
NFC = "Unicode Normalization Form C"  # a text is told as it was written
POLICY = "violates Content Security Policy"  # the checker takes no hash of a style; browsers do


def written(told: Content, folder: Path) -> list[Path]:
    for member in members(told):
        (folder / member.name).write_bytes(b"".join(member.chunks()))
    return sorted(folder.iterdir())


@pytest.mark.skipif(not VNU or not shutil.which("java"), reason="VNU_JAR does not name vnu.jar, or there is no Java.")
def test_the_nu_html_checker_finds_nothing_wrong_with_hostile_content(tmp_path: Path) -> None:
    (page,) = written(hostile(), tmp_path)

    done = subprocess.run(["java", "-Xss4m", "-jar", VNU, "--format", "json", str(page)], capture_output=True)

    messages = [one["message"] for one in json.loads(done.stderr)["messages"]]
    assert [text for text in messages if NFC not in text and POLICY not in text] == []


@pytest.mark.skipif(not is_installed(), reason="WeasyPrint is not installed.")
@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils is not installed.")
def test_pdftotext_finds_every_assertion(tmp_path: Path) -> None:
    claims = [claim(number, assertion=text) for number, text in enumerate(SHORT, start=1)]
    _, page = written(content(claims, with_pdf=True), tmp_path)

    found = subprocess.run(["pdftotext", "-raw", str(page), "-"], capture_output=True, check=True).stdout.decode()

    told = "".join(words(found))
    assert [word for text in SHORT for word in words(visible(text)) if word not in told] == []


def words(text: str) -> list[str]:
    """Letters and digits alone: lines end where they do, and what stands between words of two directions may move."""
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFC", text))
