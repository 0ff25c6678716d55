"""Downloads of claims: those of the list as it is filtered, of a document, of a claim set.

The query string is that of the list of claims. Only verified claims are in the file, unless `stage` names others.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import TypeVar

from django.http import Http404, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from claims.choices import Permission
from claims.exports import FORMATS, claim_records, keys_in_set, keys_in_text, keys_of
from claims.exports.selection import chosen_claims
from claims.filters import ClaimFilter
from claims.http import Request, needs, problem
from claims.models import ClaimSet, Document
from claims.models.claim import ClaimQuerySet
from claims.reading.members import BrokenFilter

Piece = TypeVar("Piece")


@require_safe
@needs(Permission.WORK)
def claim_export(request: Request, format: str) -> HttpResponseBase:
    return _download(request, format, "claims", keys_of)


@require_safe
@needs(Permission.WORK)
def document_export(request: Request, pk: int, format: str) -> HttpResponseBase:
    document = get_object_or_404(Document, pk=pk)
    return _download(request, format, document.title, lambda claims: keys_in_text(claims, document))


@require_safe
@needs(Permission.WORK)
def claim_set_export(request: Request, pk: int, format: str) -> HttpResponseBase:
    claim_set = get_object_or_404(ClaimSet.objects.visible_to(request.user), pk=pk)
    try:
        return _download(request, format, claim_set.title, lambda claims: keys_in_set(claims, claim_set))
    except BrokenFilter as broken:
        return problem(request, 409, str(broken))


def _download(
    request: Request, key: str, title: str, keys: Callable[[ClaimQuerySet], Iterable[int]]
) -> HttpResponseBase:
    """The file, streamed. What fails midway breaks the connection off: the file then does not look whole."""
    format = FORMATS.get(key)
    if format is None:
        raise Http404(f"There is no format “{key}”.")
    chosen = ClaimFilter.parse(request.GET)
    if chosen.problems:
        return problem(request, 400, " ".join(str(one) for one in chosen.problems))
    records = _begun(claim_records(keys(chosen_claims(chosen, request.user))))
    disposition = content_disposition_header(True, format.filename(title)) or "attachment"
    return StreamingHttpResponse(
        format.write(records), content_type=format.content_type, headers={"Content-Disposition": disposition}
    )


def _begun(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """The same, with the first one made already: what fails at once becomes an error page, not half a file."""
    return chain(list(islice(pieces, 1)), pieces)
