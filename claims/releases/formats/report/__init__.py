"""report.html: the release for reading, on a screen and on paper. One file, with its style: no script, nothing loaded.

Written as the claims come, in three passes over them: counts, contents, claims.
"""

from collections.abc import Iterator
from pathlib import Path

from claims.releases.archive import Member
from claims.releases.content import Content
from claims.releases.formats.report import front
from claims.releases.formats.report.claim import article, entry
from claims.releases.formats.report.front import Counts

REPORT = "report.html"
SHEET = Path(__file__).parents[3] / "static/claims/css/report.css"  # public pages are drawn by it too


def members(content: Content) -> Iterator[Member]:
    yield Member(REPORT, lambda: report(content))


def report(content: Content) -> Iterator[bytes]:
    """The report, a piece at a time."""
    yield from (piece.encode() for piece in _pieces(content))


def _pieces(content: Content) -> Iterator[str]:
    header = content.header
    yield front.opening_of(header, SHEET.read_text(encoding="utf-8"))
    yield from front.summary(header, _counts(content), [])
    yield '<nav aria-labelledby="contents"><h2 id="contents">Contents</h2>\n<ol class="contents">\n'
    yield from (entry(claim) for claim in content.claims())
    yield '</ol></nav>\n<section aria-labelledby="claims"><h2 id="claims" tabindex="-1">Claims</h2>\n'
    for claim in content.claims():
        yield "".join(article(claim))
    yield "</section>\n"
    yield from front.left_out(header)
    yield from front.checking(header)
    yield "</main>\n</body>\n</html>\n"


def _counts(content: Content) -> Counts:
    found: Counts = {}
    for claim in content.claims():
        verdict = claim["verdict"]
        key = verdict["key"] if verdict else ""
        found[key] = (verdict, found.get(key, (verdict, 0))[1] + 1)
    return found
