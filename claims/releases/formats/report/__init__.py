"""The release for reading: report.html and, of a short release, report.pdf, which is the same page on paper.

report.html is one file, with its style: no script, nothing loaded. It is written as the claims come, in three passes
over them: counts, contents, claims. A PDF is laid out as a whole, in memory, and so is made of short releases only; the
report of a longer one says so.
"""

from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

from claims.releases.archive import Member
from claims.releases.content import Content
from claims.releases.formats.report import front
from claims.releases.formats.report.claim import article, entry
from claims.releases.formats.report.front import Counts
from claims.releases.formats.report.words import plural
from claims.releases.pdf import pdf

REPORT, PDF = "report.html", "report.pdf"
SHEET = Path(__file__).parents[3] / "static/claims/css/report.css"  # public pages are drawn by it too
MOST_CLAIMS = 100
MOST_BYTES = 1 << 20
"""What goes into a PDF, at most: claims, and bytes of their HTML. See docs/releases.md for what that takes."""


def members(content: Content) -> Iterator[Member]:
    yield Member(REPORT, lambda: report(content))
    if has_pdf(content):
        yield Member(PDF, lambda: pdf(report(content), content.header["name"]))


def has_pdf(content: Content) -> bool:
    """Whether the release has a PDF: it was asked for, and is not too long."""
    return content.header["with_pdf"] and not _is_too_long(content)


def _is_too_long(content: Content) -> bool:
    if content.header["claims"] > MOST_CLAIMS:
        return True
    sizes = (len(piece.encode()) for claim in content.claims() for piece in article(claim))
    return any(total > MOST_BYTES for total in accumulate(sizes))


def report(content: Content) -> Iterator[bytes]:
    """The report, a piece at a time."""
    yield from (piece.encode() for piece in _pieces(content))


def _pieces(content: Content) -> Iterator[str]:
    header = content.header
    yield front.opening_of(header, SHEET.read_text(encoding="utf-8"))
    yield from front.summary(header, _counts(content), _notes(content))
    yield '<nav aria-labelledby="contents"><h2 id="contents">Contents</h2>\n<ol class="contents">\n'
    yield from (entry(claim) for claim in content.claims())
    yield '</ol></nav>\n<section aria-labelledby="claims"><h2 id="claims" tabindex="-1">Claims</h2>\n'
    for claim in content.claims():
        yield "".join(article(claim))
    yield "</section>\n"
    yield from front.left_out(header)
    yield from front.checking(header)
    yield "</main>\n</body>\n</html>\n"


def _notes(content: Content) -> list[str]:
    """In HTML."""
    if not content.header["with_pdf"] or not _is_too_long(content):
        return []
    most = f"{plural(MOST_CLAIMS, 'claim')} and {MOST_BYTES >> 20} MiB of text"
    return [f"This release has no PDF: one is made of at most {most}. This page prints well instead."]


def _counts(content: Content) -> Counts:
    found: Counts = {}
    for claim in content.claims():
        verdict = claim["verdict"]
        key = verdict["key"] if verdict else ""
        found[key] = (verdict, found.get(key, (verdict, 0))[1] + 1)
    return found
