"""Our tables as others read them: frictionless, csvw, and LibreOffice, which opens them as a person would.

LibreOffice is `soffice`, of Debian's libreoffice-calc-nogui.
"""

import csv
import gzip
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from claims.releases.archive import Seal, save_archive
from claims.releases.content import Content
from claims.releases.formats import members
from claims.releases.formats.cells import fitting
from claims.releases.formats.schema import tables_of
from claims.releases.manifest import describe
from claims.releases.signing import Signer
from tests.releases import contents
from tests.releases.building import HEAD, secret_key

pytestmark = pytest.mark.judges

TABLES = [table.name for table in tables_of(contents.header(with_comments=True))]
# Comma, quotation mark, UTF-8, from line 1; then: quoted cells are not text for that, numbers and formulas are found.
AS_CSV = "44,34,76,1,,0,false,true,false,false,false,0,true"
ALL_SHEETS = "44,34,76,1,,0,true,true,false,false,false,-1"
MARKUP = '<r></r></is></c><c r="Z9" t="str"><f>HYPERLINK("https://evil.example.org")</f><v>1</v></c><r></r>'
FORMULA = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}formula"
LINK = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}a"


def whole() -> Content:
    """Hostile texts and all else that a release can have, with captures of a page and of a spreadsheet."""
    content = contents.everything()
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    sheet = contents.capture(content_type=media_type, sha256="a" * 64, warc_sha256="", warc_bytes=None)
    two = [contents.claim(97, assertion="see;=1+1;that"), contents.claim(98, assertion=MARKUP)]
    claims = [*content.claims(), *two, contents.claim(99, captures=[sheet])]
    header = {**content.header, "claims": len(claims)}
    return replace(
        content, header=header, claims=lambda: iter(claims), kept=lambda _: [gzip.compress(b"WARC", mtime=0)]
    )


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an unpacked release."""
    folder = tmp_path_factory.mktemp("release")
    content = whole()
    with Signer.unlock(secret_key()) as signer:
        as_of = datetime(2023, 6, 1, 12, tzinfo=UTC)
        seal = Seal("r", content.header["claims"], as_of, HEAD, signer, describe(content.header))
        save_archive(folder / "r.zip", members(content), seal=seal)
    with zipfile.ZipFile(folder / "r.zip") as archive:
        archive.extractall(folder / "files")
    return folder / "files"


@pytest.fixture
def altered(release: Path, tmp_path: Path) -> Path:
    """A copy of it, to be altered."""
    return Path(shutil.copytree(release, tmp_path / "files"))


def judged(program: str, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """What a program says that was installed with this Python."""
    path = Path(sys.executable).parent / program
    if not path.exists():
        pytest.skip(f"needs {program}")
    return subprocess.run([path, *arguments], cwd=folder, capture_output=True, text=True, check=False)


frictionless = partial(judged, "frictionless", "validate", "datapackage.json")
csvwvalidate = partial(judged, "csvwvalidate", "-v", "csv-metadata.json")


def test_frictionless_finds_nothing_wrong_with_a_release(release: Path) -> None:
    said = frictionless(folder=release)

    assert said.returncode == 0, said.stdout + said.stderr
    assert "INVALID" not in said.stdout


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("evidence.csv", b"refutes", b"derides"),
        ("claims.csv", b'"CW-2","2",', b'"CW-1","2",'),
        ("claims.xlsx", b"PK", b"KP"),
    ],
)
def test_frictionless_would_find_it(altered: Path, file: str, old: bytes, new: bytes) -> None:
    data = (altered / file).read_bytes()
    assert old in data
    (altered / file).write_bytes(data.replace(old, new, 1))

    assert frictionless(folder=altered).returncode != 0


def test_csvw_finds_nothing_wrong_with_the_tables(release: Path) -> None:
    said = csvwvalidate(folder=release)

    assert said.returncode == 0, said.stdout + said.stderr


@pytest.mark.parametrize(
    ("old", "new"), [(b'"CW-1","1"', b'"CW-x","1"'), (b'"CW-2","1"', b'"CW-1","1"'), (b',"2023-05-02",', b',"May",')]
)
def test_csvw_would_find_it(altered: Path, old: bytes, new: bytes) -> None:
    data = (altered / "evidence.csv").read_bytes()
    assert old in data
    (altered / "evidence.csv").write_bytes(data.replace(old, new, 1))

    assert csvwvalidate(folder=altered).returncode != 0


def converted(*files: Path, to: str, into: Path, reading: str = "") -> list[Path]:
    """What LibreOffice makes of files, in the order of their names."""
    soffice = shutil.which("soffice")
    if not soffice:
        pytest.skip("needs LibreOffice")
    profile = f"-env:UserInstallation={(into / 'profile').as_uri()}"
    filter_ = [f"--infilter=Text - txt - csv (StarCalc):{reading}"] if reading else []
    command = [soffice, profile, "--headless", *filter_, "--convert-to", to, "--outdir", str(into / "made"), *files]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return sorted((into / "made").iterdir())


def formulas(path: Path) -> list[str]:
    """Of a flat OpenDocument file."""
    return [node.attrib[FORMULA] for node in _parsed(path).iter() if FORMULA in node.attrib]


def _parsed(path: Path) -> ElementTree.Element:
    return ElementTree.parse(path).getroot()  # noqa: S314 (LibreOffice wrote it)


def cells(path: Path) -> Iterator[str]:
    """The texts of a CSV file, with the breaks of lines as LibreOffice has them."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from (plain(cell) for line in csv.reader(file) for cell in line)


def plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def test_libreoffice_finds_no_formula_in_the_workbook_and_only_links_of_the_web(release: Path, tmp_path: Path) -> None:
    (book,) = converted(release / "claims.xlsx", to="fods", into=tmp_path)

    links = {node.attrib["{http://www.w3.org/1999/xlink}href"] for node in _parsed(book).iter(LINK)}
    assert formulas(book) == []
    assert links
    assert all(link.startswith("https://") for link in links)


def test_libreoffice_reads_every_text_of_the_workbook_as_it_is(release: Path, tmp_path: Path) -> None:
    made = converted(release / "claims.xlsx", to=f"csv:Text - txt - csv (StarCalc):{ALL_SHEETS}", into=tmp_path)
    told = {path.stem.rpartition("-")[2]: list(cells(path)) for path in made}

    assert set(told) == {"About", *(name.capitalize() for name in TABLES)}
    for claim in whole().claims():
        assert plain(fitting(claim["assertion"], claim["reference"])) in told["Claims"]
        for piece in claim["evidence"]:
            assert plain(fitting(piece["quote"], claim["reference"])) in told["Evidence"]
    assert "2023-05-02" in told["Evidence"]


@pytest.mark.parametrize("separator", [",", ";"])
def test_libreoffice_finds_no_formula_in_the_tables_though_it_looks_for_them(
    release: Path, tmp_path: Path, separator: str
) -> None:
    live = tmp_path / "live.csv"
    live.write_text(f"a,b\r\n2{separator}=1+1\r\n")
    reading = AS_CSV.replace("44", str(ord(separator)), 1)

    made = converted(live, *(release / f"{name}.csv" for name in TABLES), to="fods", into=tmp_path, reading=reading)

    found = {path.stem: formulas(path) for path in made}
    assert found.pop("live")
    assert found == {name: [] for name in TABLES}


def test_libreoffice_reads_every_text_of_the_tables_as_it_is(release: Path, tmp_path: Path) -> None:
    """All columns but those of which it makes numbers and dates, which a person could have it not do."""
    to = f"csv:Text - txt - csv (StarCalc):{ALL_SHEETS[:-3]}"
    made = converted(*(release / f"{name}.csv" for name in TABLES), to=to, into=tmp_path, reading=AS_CSV)

    for path in made:
        name = path.name.split(".")[0].split("-")[0]
        expected = {cell for cell in cells(release / f"{name}.csv") if not cell[:1].isdigit() and len(cell) < 32_768}
        assert expected <= {*cells(path), "true", "false"}
