"""What the pages of a published release show. The HTML of a claim is that of the release's own report.html."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString

from claims.choices import Finding, Visibility
from claims.exports.records import VerdictRecord
from claims.markdown import render
from claims.models import Correction, Release
from claims.releases.content import LeftOutRecord, ReleasedClaim
from claims.releases.formats.claimreview import desk_of, embedded, release_review
from claims.releases.formats.report.claim import article
from claims.releases.formats.report.marks import bar, drawn, place_of
from claims.releases.formats.report.words import label, moment, visible
from claims.releases.licences import licence_url
from claims.releases.shelf import Shelf, Tally
from claims.views.public import absolute

SHOWN = 20
"""Claims on a page."""
LEFT_OUT = 50
"""Claims left out that are named on the page; the report names all."""
CORRECTIONS = 20
"""Corrections at the top of the page; all stand at their claims."""
UNNAMED_FILES = frozenset({"SHA256SUMS.minisig", "minisign.pub", "SHA256SUMS", "verify.py"})
"""Files that are of use only with the others, in the ZIP."""


@dataclass(frozen=True)
class Shown:
    """A claim on a page: its HTML, its own page, and the corrections of what is said here of it."""

    claim: ReleasedClaim
    path: str
    html: SafeString
    corrections: list["Notice"]

    @property
    def title(self) -> str:
        return visible(self.claim["assertion"])


@dataclass(frozen=True)
class Notice:
    """A correction as it is shown, and the page of the claim that it is about."""

    correction: Correction
    path: str
    html: SafeString


@dataclass(frozen=True)
class Row:
    """A verdict in the summary: name and bar as HTML, how many claims have it, and where those are listed."""

    name: SafeString
    bar: SafeString
    count: int
    query: str
    is_chosen: bool


@dataclass(frozen=True)
class LeftOut:
    """A claim that is not in the release, and why."""

    reference: str
    findings: str
    reason: str
    at: SafeString


def release_context(release: Release, shelf: Shelf, verdict: str | None = None) -> dict[str, Any]:
    """What every page of a release says of it. `verdict` is the key of that whose claims alone are listed."""
    header, path = shelf.header, reverse("published_release", args=[release.token])
    left_out = header["left_out"]
    return {
        "release": release,
        "title": visible(f"{header['title']}, release {header['number']}"),
        "header": {**header, "title": visible(header["title"]), "description": visible(header["description"])},
        "as_of": SafeString(moment(header["as_of"])),
        "licence_url": licence_url(header["licence"]),
        "path": path,
        "canonical": absolute(path),
        "is_unlisted": release.visibility != Visibility.LISTED,
        "verdict": verdict,
        "tally": list(_rows(shelf.tally, verdict)),
        "files": [file for file in shelf.files if file.name not in UNNAMED_FILES],
        "left_out": [_left_out(one) for one in left_out[:LEFT_OUT]],
        "more_left_out": max(0, len(left_out) - LEFT_OUT),
        **{f"{name}_feed": reverse("published_release_feed", args=[release.token, name]) for name in ("atom", "json")},
    }


def _rows(tallies: Sequence[Tally], chosen: str | None) -> Iterable[Row]:
    most = max((tally.claims for tally in tallies), default=0)
    for verdict, count in sorted(tallies, key=lambda tally: (place_of(tally.verdict), key_of(tally.verdict))):
        name, key = SafeString(drawn(verdict)), key_of(verdict)
        yield Row(name, SafeString(bar(verdict, count, most)), count, f"?verdict={key}", key == chosen)


def key_of(verdict: VerdictRecord | None) -> str:
    return verdict["key"] if verdict else ""


def _left_out(one: LeftOutRecord) -> LeftOut:
    findings = "; ".join(label(Finding, finding) for finding in one["findings"])
    return LeftOut(
        visible(one["reference"]), SafeString(findings), visible(one["reason"]), SafeString(moment(one["at"]))
    )


def claims_shown(
    release: Release,
    shelf: Shelf,
    claims: Sequence[ReleasedClaim],
    corrections: Mapping[int, list[Correction]],
    *,
    is_page: bool = False,
) -> list[Shown]:
    """The claims as HTML, with links to pages of this release where the file has addresses of the desk.

    `is_page`: the claim is what the page is about, so that its assertion is the page's heading.
    """
    public = _addressed(release, shelf, claims)
    return [
        Shown(
            claim,
            claim_path(release, claim["reference"]),
            _html(claim, is_page=is_page),
            corrections_shown(release, corrections.get(claim["head"]["claim"], [])),
        )
        for claim in public
    ]


def _html(claim: ReleasedClaim, *, is_page: bool) -> SafeString:
    html = "".join(article(claim))
    if is_page:  # only our own markup has tags: what people wrote is escaped, and their Markdown has no headings
        for old, new in (("h3", "h1"), ("h4", "h2")):
            html = html.replace(f"<{old}", f"<{new}").replace(f"</{old}>", f"</{new}>")
    return SafeString(html)


def _addressed(release: Release, shelf: Shelf, claims: Sequence[ReleasedClaim]) -> list[ReleasedClaim]:
    """The claims with public addresses: their own, and of what they rest on where that is in the release."""
    premises = sorted({premise["reference"] for claim in claims for premise in claim["rests_on"]})
    here = shelf.places(premises) if premises else {}
    return [_with_addresses(release, claim, here) for claim in claims]


def _with_addresses(release: Release, claim: ReleasedClaim, here: Mapping[str, int]) -> ReleasedClaim:
    rests_on = [
        {**premise, "url": claim_address(release, premise["reference"]) if premise["reference"] in here else ""}
        for premise in claim["rests_on"]
    ]
    found = {**claim, "url": claim_address(release, claim["reference"]), "rests_on": rests_on}
    return cast(ReleasedClaim, found)


def reviews(release: Release, shelf: Shelf, claims: Sequence[ReleasedClaim]) -> SafeString:
    """The claims as ClaimReview, to stand in a `script` element; the address of each is its own page. May be empty."""
    desk = desk_of(shelf.header)
    public = [claim for claim in _addressed(release, shelf, claims) if claim["verdict"]]
    nodes = [release_review(claim, desk) for claim in public]
    if not nodes:
        return SafeString("")
    return SafeString(embedded(nodes[0] if len(nodes) == 1 else {"@graph": nodes}))


def corrections_shown(release: Release, corrections: "QuerySet[Correction] | Sequence[Correction]") -> list[Notice]:
    """The newest of them, as many as fit on a page."""
    return [
        Notice(one, claim_path(release, one.claim.reference), render(visible(one.text)))
        for one in corrections[:CORRECTIONS]
    ]


def claim_path(release: Release, reference: str) -> str:
    return reverse("published_claim", args=[release.token, reference])


def claim_address(release: Release, reference: str) -> str:
    return absolute(claim_path(release, reference))
