"""One claim of a report, as HTML. Pure."""

from collections.abc import Iterator

from claims.choices import ClaimKind
from claims.exports.records import AppearanceRecord, AssessmentRecord
from claims.markdown import render
from claims.releases.content import CommentRecord, ReleasedClaim
from claims.releases.formats.report.evidence import evidence, searches, working
from claims.releases.formats.report.marks import drawn, mark_of
from claims.releases.formats.report.words import bdi, day, html, label, lines, link, moment, opening, plural, visible

IN_CONTENTS = 160
"""Code points of an assertion in the list of contents."""


def anchor(claim: ReleasedClaim) -> str:
    """What leads to the claim within the report."""
    return f"claim-{claim['position']}"


def entry(claim: ReleasedClaim) -> str:
    """The claim in the list of contents."""
    words = opening(claim["assertion"], IN_CONTENTS)
    return f'<li>{drawn(claim["verdict"])} <a href="#{anchor(claim)}" dir="auto">{words}</a></li>\n'


def article(claim: ReleasedClaim) -> Iterator[str]:
    yield f'<article class="claim" id="{anchor(claim)}" aria-labelledby="{anchor(claim)}-says">'
    yield from _head(claim)
    yield from _verdict(claim)
    yield from _appearances(claim["appearances"])
    yield from evidence(claim)
    if claim["working"]:
        yield from working(claim["working"])
    if claim["searches"]:
        yield from searches(claim["searches"])
    yield from _premises(claim)
    yield from _comments(claim["comments"])
    yield from _record(claim)
    yield "</article>\n"


def _head(claim: ReleasedClaim) -> Iterator[str]:
    about = [html(claim["reference"]), label(ClaimKind, claim["kind"])]
    about.append(f"said by {bdi(claim['speaker'])}" if claim["speaker"] else "")
    about.append(f"about {bdi(claim['reference_period'])}" if claim["reference_period"] else "")
    yield f'<header><p class="about">{" · ".join(part for part in about if part)}</p>'
    yield (
        f'<h3 id="{anchor(claim)}-says" dir="auto">'
        f'<span class="said" data-verdict="{mark_of(claim["verdict"])}">{lines(claim["assertion"])}</span></h3>'
    )
    yield f'<p class="given">{drawn(claim["verdict"])}</p></header>'


def _verdict(claim: ReleasedClaim) -> Iterator[str]:
    """Verdict and confidence in sentences of their own: good evidence is one thing, what it says another."""
    found = claim["assessment"]
    if found is None:
        return
    yield f"<p>The verdict holds as of {day(found['as_of'])}.</p>"
    yield f'<div class="why" dir="auto">{markdown(found["rationale"])}</div>'
    if found["confidence"]:
        yield f"<p>The quality of the evidence gives {html(found['confidence'])} confidence.</p>"
    if decisive := found["decisive"]:
        work = link(decisive["url"], bdi(decisive["title"]))
        yield f'<p dir="auto">Where the pieces differ, {work} decides. {lines(decisive["reason"])}</p>'


def markdown(text: str) -> str:
    """Markdown as HTML that can stand in the report, whatever it holds."""
    return str(render(visible(text)))


def _appearances(places: list[AppearanceRecord]) -> Iterator[str]:
    if not places:
        return
    yield '<h4>Where it is said</h4><ul class="places">'
    for place in places:
        on = f", {day(place['published_on'])}" if place["published_on"] else ""
        words = f"{html(place['prefix'])}<mark>{lines(place['quote'])}</mark>{html(place['suffix'])}"
        work = f"{link(place['url'], bdi(place['document']))}, {bdi(place['source'])}{on}"
        yield f'<li><blockquote dir="auto"><p>…{words}…</p></blockquote><p>{work}</p></li>'
    yield "</ul>"


def _premises(claim: ReleasedClaim) -> Iterator[str]:
    if not claim["rests_on"]:
        return
    yield "<h4>Rests on</h4><ul>"
    for premise in claim["rests_on"]:
        note = f": {bdi(premise['note'])}" if premise["note"] else ""
        yield f"<li>{link(premise['url'], html(premise['reference']))}{note}</li>"
    yield "</ul>"


def _comments(remarks: list[CommentRecord]) -> Iterator[str]:
    if not remarks:
        return
    yield '<h4>Comments</h4><ol class="comments">'
    for remark in remarks:
        to = f", to {remark['reply_to']}" if remark["reply_to"] else ""
        done = f". Resolved by {bdi(remark['resolved_by'])}" if remark["resolved_by"] else ""
        by = f"<p><b>{bdi(remark['author'])}</b>, {moment(remark['written_at'])}{to}{done}</p>"
        yield f'<li>{by}<div dir="auto">{markdown(remark["body"])}</div></li>'
    yield "</ol>"


def _record(claim: ReleasedClaim) -> Iterator[str]:
    """Who answers for it, and by what its history can be told from another."""
    yield '<footer class="record">'
    if claim["assessment"]:
        yield f"<p>{_people(claim['assessment'])}</p>"
    again = f" To be checked again {day(claim['recheck_on'])}." if claim["recheck_on"] else ""
    head = claim["head"]
    yield (
        f"<p>{_reference(claim)}, {plural(head['number'], 'event')} in its history, the newest with the hash "
        f"<code>{html(head['hash'])}</code>.{again}</p></footer>"
    )


def _reference(claim: ReleasedClaim) -> str:
    return link(claim["url"], html(claim["reference"]))


def _people(found: AssessmentRecord) -> str:
    said = f"Assessed by {bdi(found['assessed_by'])}"
    said += f", {moment(found['assessed_at'])}" if found["assessed_at"] else ""
    said += f"; approved by {bdi(found['approved_by'])}"
    said += f", {moment(found['approved_at'])}." if found["approved_at"] else "."
    return f"{said} {lines(found['approval_note'])}" if found["approval_note"] else said
