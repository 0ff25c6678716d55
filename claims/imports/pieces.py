"""Evidence as files have it: a link of a table, a rating of others, a piece of our own exports. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from claims import limits
from claims.actions.new_claims import NewEvidence, NewOrigin
from claims.choices import Derivation
from claims.imports import values as cells
from claims.imports.nodes import day_of
from claims.imports.rows import RowError
from claims.links import LinkError, normalise_url
from claims.models import Verdict

NO_DETAILS = "Named in the imported file."

_NO_VERDICTS: Mapping[str, Verdict] = {}


def new_evidence(item: Mapping[str, Any], verdicts: Mapping[str, Verdict] = _NO_VERDICTS) -> NewEvidence:
    """From the shape of exports.records.EvidenceRecord, much of which may be missing. Raises RowError and LinkError."""
    return _evidence(item, normalise_url(cells.text_in(item.get("url"))), verdicts)


def exported_evidence(item: Mapping[str, Any], verdicts: Mapping[str, Verdict]) -> NewEvidence:
    """As `new_evidence`, of one of our exports: its document may have a title and a source instead of an address."""
    url = cells.text_in(item.get("url"))
    piece = _evidence(item, normalise_url(url) if url else "", verdicts)
    if not url and not (piece.title and piece.source):
        raise RowError("nothing tells the document.")
    grade = cells.text_in(item.get("grade"))[:1]
    return replace(piece, origin=_origin(item.get("derived_from")), makes_source=bool(piece.source), grade=grade)


def _evidence(item: Mapping[str, Any], url: str, verdicts: Mapping[str, Verdict]) -> NewEvidence:
    quote, finding = cells.long_text(item.get("quote"), limits.TEXT), cells.text_in(item.get("finding"))
    finding = finding if len(finding) <= limits.TEXT else f"{finding[: limits.TEXT - 1]}…"
    return NewEvidence(
        url=url,
        title=cells.one_line(cells.text_in(item.get("title"))[:300], 300),
        source=cells.one_line(cells.text_in(item.get("source"))[:200]),
        published_on=day_of(cells.text_in(item.get("published_on"))),
        language=cells.language(item.get("language")),
        stance=cells.stance(item.get("stance")),
        finding=cells.long_text(finding, limits.TEXT) or ("" if quote else NO_DETAILS),
        quote=quote,
        locator=cells.one_line(item.get("locator")),
        credibility=cells.credibility(item.get("grade")),
        provenance=cells.provenance(item.get("provenance")),
        was_read=item.get("was_read") is True,
        accessed_on=cells.day(item.get("accessed_on")),
        method=cells.one_line(item.get("method"), 120),
        alone_says=cells.one_line(item.get("alone_says"), 300),
        alone_verdict=verdicts.get(cells.text_in(item.get("alone_verdict"))),
    )


def _origin(item: Any) -> NewOrigin | None:
    """Out of what the document came; None where that is not said so that it can be stored."""
    if not isinstance(item, Mapping):
        return None
    try:
        url = cells.text_in(item.get("url"))
        title, source = cells.one_line(item.get("title"), 300), cells.one_line(item.get("source"))
        derivation = cells.text_in(item.get("derivation"))
        if derivation not in Derivation.values or not title or not (url or source):
            return None
        return NewOrigin(title, normalise_url(url) if url else "", source, derivation)
    except (RowError, LinkError):
        return None
