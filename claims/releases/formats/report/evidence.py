"""What a claim rests on, in a report: its evidence, how independent that is, its working, searches. HTML. Pure."""

from collections.abc import Hashable, Iterator

from claims.choices import Derivation, Provenance, QuoteStatus, Stance, StillThere
from claims.exports.records import EvidenceRecord, SearchRecord
from claims.exports.workings import WorkingRecord
from claims.independence import Independence, independence
from claims.releases.content import CaptureRecord, ReleasedClaim
from claims.releases.formats.report.words import bdi, day, grade, html, label, lines, link, moment, plural

_NOT_SEEN = frozenset({QuoteStatus.DIFFERS, QuoteStatus.NOT_FOUND, QuoteStatus.SEVERAL})


def evidence(claim: ReleasedClaim) -> Iterator[str]:
    """The pieces, numbered, with what the desk keeps of each."""
    yield "<h4>Evidence</h4>"
    if not claim["evidence"]:
        yield "<p>There is no evidence.</p>"
        return
    yield from _independence(claim)
    yield '<ol class="evidence">'
    for piece, kept in zip(claim["evidence"], claim["captures"], strict=True):
        yield f'<li data-stance="{html(piece["stance"])}">{_piece(piece, kept)}</li>'
    yield "</ol>"


def _piece(piece: EvidenceRecord, kept: CaptureRecord | None) -> str:
    by = [bdi(piece["source"]), f"published {day(piece['published_on'])}" if piece["published_on"] else ""]
    by.append(html(piece["locator"]))
    title = link(piece["url"], bdi(piece["title"]))
    parts = [f'<p><b class="stance">{label(Stance, piece["stance"])}:</b> {title}<br>{_joined(by)}</p>']
    if piece["finding"]:
        parts.append(f'<p dir="auto">{lines(piece["finding"])}</p>')
    if piece["quote"]:
        parts.append(f'<blockquote dir="auto"><p>{lines(piece["quote"])}</p></blockquote>')
    return "".join([*parts, '<ul class="facts">', *(f"<li>{fact}</li>" for fact in _facts(piece, kept)), "</ul>"])


def _joined(parts: list[str]) -> str:
    return ", ".join(part for part in parts if part)


def _facts(piece: EvidenceRecord, kept: CaptureRecord | None) -> Iterator[str]:
    """Each in HTML, without a stop."""
    if said := grade(piece["grade"]):
        yield said
    if piece["quote"]:
        status = label(QuoteStatus, piece["quote_status"])
        yield f"<b>{status}</b>" if piece["quote_status"] in _NOT_SEEN else status
    if kept:
        yield f"Captured {moment(kept['captured_at'])}, SHA-256 <code>{html(kept['sha256'])}</code>"
    elif not piece["quote"]:
        yield "Not captured"
    if piece["still"]:
        yield f"Seen again: {label(StillThere, piece['still']).lower()}"
    if piece["accessed_on"]:
        yield f"Accessed {day(piece['accessed_on'])}"
    yield label(Provenance, piece["provenance"])
    if not piece["was_read"]:
        yield "<b>Not read</b>"
    if origin := piece["derived_from"]:
        work = link(origin["url"], bdi(origin["title"]))
        yield f"{label(Derivation, origin['derivation'])}, from {work} by {bdi(origin['source'])}"
    if piece["alone_says"]:
        method = f" ({bdi(piece['method'])})" if piece["method"] else ""
        yield f"On its own it says: {bdi(piece['alone_says'])}{method}"


def _independence(claim: ReleasedClaim) -> Iterator[str]:
    """How many voices speak on each side: pieces that share a publisher or an origin speak with one."""
    own = frozenset(
        trait for place in claim["appearances"] for trait in _traits(place["document"], place["url"], place["source"])
    )
    for side, words in ((Stance.SUPPORTS, "For"), (Stance.REFUTES, "Against")):
        numbers = [number for number, piece in enumerate(claim["evidence"]) if piece["stance"] == side]
        if numbers:
            found = independence([_traits_of(claim["evidence"][number]) for number in numbers], own)
            yield f"<p>{words}: {found}.{_shared(found, numbers)}</p>"


def _shared(found: Independence, numbers: list[int]) -> str:
    said = [
        f" Numbers {_named(voice, numbers)} count as one: they share a publisher or an origin."
        for voice in found.voices
        if len(voice) > 1
    ]
    if found.own:
        said.append(f" {_told(found.own, numbers)} from those who make the claim.")
    return "".join(said)


def _told(places: tuple[int, ...], numbers: list[int]) -> str:
    return f"Number{'' if len(places) == 1 else 's'} {_named(places, numbers)} come{'s' if len(places) == 1 else ''}"


def _named(places: tuple[int, ...], numbers: list[int]) -> str:
    return ", ".join(str(numbers[place] + 1) for place in places)


def _traits_of(piece: EvidenceRecord) -> frozenset[Hashable]:
    own = _traits(piece["title"], piece["url"], piece["source"])
    if origin := piece["derived_from"]:
        return own | _traits(origin["title"], origin["url"], origin["source"])
    return own


def _traits(title: str, url: str, source: str) -> frozenset[Hashable]:
    return frozenset({("document", url or title), ("source", source)})


def working(record: WorkingRecord) -> Iterator[str]:
    """The figures from which the number in the claim follows."""
    yield "<h4>Working</h4>"
    result = record["result"]
    yield f"<p>{html(_upper(result['says']))}.</p>" if result else "<p>The figures give no result.</p>"
    if record["formula"]:
        yield f"<p><code>{html(record['formula'])}</code></p>"
    yield from _inputs(record) if record["inputs"] else ()
    yield from _ranks(record) if record["rows"] else ()
    for note in [*(result["notes"] if result else ()), record["note"]]:
        yield f'<p dir="auto">{lines(note)}</p>' if note else ""


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]


def _inputs(record: WorkingRecord) -> Iterator[str]:
    yield from _head("Figures", ["Name", "Value", "Unit", "Year", "Evidence"])
    for part in record["inputs"]:
        year = str(part["year"]) if part["year"] is not None else ""
        yield _row([part["name"], part["value"], part["unit"], year, _number(part["evidence"])])
    yield "</tbody></table>"


def _ranks(record: WorkingRecord) -> Iterator[str]:
    yield from _head("The table around the rank", ["Place", "Name", "Value", "Evidence"])
    for part in record["rows"]:
        place = str(part["place"]) if part["place"] is not None else ""
        yield _row([place, part["name"], part["value"], _number(part["evidence"])])
    yield "</tbody></table>"


def _head(caption: str, columns: list[str]) -> Iterator[str]:
    cells = "".join(f'<th scope="col">{column}</th>' for column in columns)
    yield f"<table><caption>{caption}</caption><thead><tr>{cells}</tr></thead><tbody>"


def _row(cells: list[str]) -> str:
    return "<tr>" + "".join(f"<td>{bdi(cell)}</td>" for cell in cells) + "</tr>"


def _number(evidence: int | None) -> str:
    return "" if evidence is None else f"No. {evidence + 1}"


def searches(records: list[SearchRecord]) -> Iterator[str]:
    """Where nothing was found, so that another can look again."""
    yield f'<h4>Searches that found nothing</h4><ul aria-label="{plural(len(records), "search", "searches")}">'
    for search in records:
        note = f" {bdi(search['note'])}" if search["note"] else ""
        words = f"<q>{html(search['words'])}</q>"
        yield f'<li dir="auto">{bdi(search["place"])}, {day(search["searched_on"])}, with the words {words}.{note}</li>'
    yield "</ul>"
