"""The files of a release, one module for each kind of reader. Each makes its files of the content alone: no clock, no
database, nothing of the machine. The same content makes the same bytes.
"""

from collections.abc import Iterator

from claims.releases.archive import Member
from claims.releases.content import CLAIMS, HEADER, Content, header_bytes, line_of
from claims.releases.formats import annotations, captures, changes, claimreview, csvw, report, tables, workbook


def members(content: Content) -> Iterator[Member]:
    """All files of a release, in the order in which they stand in its ZIP."""
    yield Member(HEADER, lambda: [header_bytes(content.header)])
    yield Member(CLAIMS, lambda: (line_of(claim) for claim in content.claims()))
    yield from tables.members(content)
    yield from csvw.members(content)
    yield from workbook.members(content)
    yield from claimreview.members(content)
    yield from annotations.members(content)
    yield from changes.members(content)
    yield from captures.members(content)
    yield from report.members(content)
