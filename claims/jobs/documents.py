"""Reading documents and drafts in the background: a page, a file or a long paste comes in, and is stored whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse

from claims.actions.documents import frozen, scoring_in
from claims.actions.drafts import prepare, store_draft
from claims.actions.incoming import AlreadyStored, add_incoming, refuse_stored_page, sentences_for
from claims.choices import JobKind, Origin
from claims.fetching import FetchError
from claims.intake.incoming import (
    FETCHING,
    READING,
    SCORING,
    STORING,
    Incoming,
    from_file,
    from_page,
    from_paste,
    sentences_of,
)
from claims.intake.readers import Unreadable
from claims.jobs.progress import Failure, Progress
from claims.jobs.queue import start
from claims.links import LinkError
from claims.models import Document, IntegrityFault, Job, Source, Upload, User
from claims.workflow import Refused

COMPARING = "Comparing it with the last draft"
NOTHING_CHANGED = "Nothing changed: this is the text that is stored already, letter by letter. Nothing was stored."
_STEPS = {
    Origin.FETCHED: (FETCHING, READING, SCORING),
    Origin.UPLOADED: (READING, SCORING),
    Origin.PASTED: (SCORING,),
}
_DETAILS = ("title", "url", "authors", "published_on", "language")


def start_document(
    origin: Origin, details: dict[str, Any], *, by: User, upload: Upload | None = None, even_so: bool = False
) -> Job:
    """Read a document from its address, or from `upload`. `details` are those of forms.documents.DetailsForm."""
    params = {name: details.get(name, "") for name in _DETAILS}
    source = details.get("source")
    params |= {"origin": origin, "source": source and source.pk, "even_so": even_so}
    params["steps"] = [*_STEPS[origin], STORING]
    title = params["title"] or _name(origin, params["url"], upload)
    return start(JobKind.DOCUMENT, by=by, title=title, params=params, upload=upload)


def start_draft(document: Document, origin: Origin, *, by: User, url: str = "", upload: Upload | None = None) -> Job:
    """Read the document's next draft from this address, or from `upload`."""
    params = {"origin": origin, "url": url, "steps": [*_STEPS[origin], COMPARING, STORING]}
    title = f"{document}: {_name(origin, url, upload)}"
    return start(JobKind.DRAFT, by=by, title=title, params=params, upload=upload, document=document)


def _name(origin: Origin, url: str, upload: Upload | None) -> str:
    return url if origin == Origin.FETCHED else (upload and upload.name) or "pasted text"


def read_document(job: Job, progress: Progress) -> None:
    """The work of JobKind.DOCUMENT."""
    params = job.params
    typed = {name: params[name] for name in _DETAILS} | {"source": Source.objects.filter(pk=params["source"]).first()}
    with _in_words():
        refuse_stored_page(params["url"])
        incoming = _bring_in(job, progress)
        even_so = params["even_so"]
        sentences = sentences_for(incoming, typed, progress.report, even_so=even_so)
        progress.report(STORING)
        with progress.storing(warnings=list(incoming.warnings)) as report:
            document = add_incoming(incoming, typed, by=job.started_by, sentences=sentences, even_so=even_so)
            Job.objects.filter(pk=job.pk).update(document=document)
            report |= {"url": reverse("triage", args=[document.pk]), "label": "Go through its sentences"}


def read_draft(job: Job, progress: Progress) -> None:
    """The work of JobKind.DRAFT."""
    document = job.document
    if document is None:
        raise Failure("The document whose draft this is was not named.")
    with _in_words():
        incoming = _bring_in(job, progress)
        text = frozen(incoming.reading.text)
        latest = document.latest_snapshot()
        if latest and latest.read() == text:
            with progress.storing(url=document.get_absolute_url(), lines=[NOTHING_CHANGED]):
                return
        sentences = sentences_of(text, *scoring_in(document.language), progress.report)
        progress.report(COMPARING)
        prepared = prepare(document, text, sentences)
        progress.report(STORING)
        with progress.storing(warnings=list(incoming.warnings)) as report:
            snapshot = store_draft(document, prepared, by=job.started_by, origin=incoming.origin, raw=incoming.raw)
            report["url"] = reverse("draft_detail", args=[document.pk, snapshot.number])
            report["label"] = "Go through what changed"


def _bring_in(job: Job, progress: Progress) -> Incoming:
    origin = Origin(job.params["origin"])
    if origin == Origin.FETCHED:
        return from_page(job.params["url"], progress.report)
    upload = job.file()
    if upload is None:
        raise Failure("The file is not there any more.")
    if origin == Origin.PASTED:
        return from_paste(upload.data.decode())
    return from_file(upload.data, progress.report, filename=upload.name, content_type=upload.content_type)


@contextmanager
def _in_words() -> Iterator[None]:
    """What a text may be refused for becomes the reason for which the job failed."""
    try:
        yield
    except (FetchError, Unreadable, LinkError, Refused, IntegrityFault) as error:
        raise Failure(str(error)) from error
    except ValidationError as error:
        raise Failure(" ".join(error.messages)) from error
    except AlreadyStored as error:
        raise Failure(str(error), url=error.document.get_absolute_url(), label="Open the document") from error
