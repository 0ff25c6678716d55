from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Q
from django.urls import reverse

from claims.actions.documents import frozen
from claims.actions.drafts import prepare, store_draft
from claims.actions.incoming import AlreadyStored, add_incoming, refuse_stored_page, sentences_for
from claims.fetching import FetchError
from claims.forms.documents import DetailsForm
from claims.forms.fields import LineField
from claims.intake.incoming import Incoming, from_file, from_page, silently
from claims.intake.readers import Unreadable, configured
from claims.links import LinkError
from claims.management.people import person
from claims.models import Document, Snapshot, Source, User
from claims.reading.queue import Queue
from claims.reading.worth import threshold_of
from claims.workflow import Refused


class Command(BaseCommand):
    help = (
        "Reads a document to be checked from a file (PDF, DOCX, HTML, Markdown, plain text) or an address, or the next "
        "draft of one. Details that are not given are taken from the text. Importing the same twice changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("text", metavar="FILE|URL")
        parser.add_argument("--source", default="", metavar="NAME|KEY", help="Who published it; needed for a file.")
        parser.add_argument("--title", default="")
        parser.add_argument("--authors", default="")
        parser.add_argument("--published-on", default="", metavar="DATE", help="2023, 2023-05 or 2023-05-24.")
        parser.add_argument("--language", default="", metavar="TAG", help="Such as en, ja or pt-BR.")
        parser.add_argument("--by", default="", metavar="USERNAME", help="Who imports; an admin, when not given.")
        parser.add_argument("--draft-of", type=int, metavar="NUMBER", help="The document whose next draft this is.")
        parser.add_argument("--even-so", action="store_true", help="Store a text that another document has already.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._import(options)
        except AlreadyStored as error:
            self.stdout.write(f"Nothing to do: {error}")
        except (FetchError, Unreadable, LinkError, Refused) as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error

    def _import(self, options: dict[str, Any]) -> None:
        by = person(options["by"])
        if options["draft_of"] is not None:
            self._add_draft(options, by=by)
            return
        url = options["text"] if _is_address(options["text"]) else ""
        refuse_stored_page(url)
        details = _details(options, url)
        incoming = self._read(options["text"])
        even_so = options["even_so"]
        sentences = sentences_for(incoming, details, silently, even_so=even_so)
        document = add_incoming(incoming, details, by=by, sentences=sentences, even_so=even_so)
        self._tell(document.snapshots.get())

    def _add_draft(self, options: dict[str, Any], *, by: User) -> None:
        document = Document.objects.filter(pk=options["draft_of"]).first()
        if document is None:
            raise CommandError(f"There is no document {options['draft_of']}.")
        incoming = self._read(options["text"])
        latest = document.latest_snapshot()
        if latest and latest.read() == frozen(incoming.reading.text):
            self.stdout.write(f"Nothing to do: this is the text of snapshot {latest.number} already, letter by letter.")
            return
        prepared = prepare(document, incoming.reading.text)
        snapshot = store_draft(document, prepared, by=by, origin=incoming.origin, raw=incoming.raw)
        self._tell(snapshot)
        if waiting := snapshot.reanchorings.pending().count():
            path = reverse("draft_detail", args=[document.pk, snapshot.number])
            self.stdout.write(f"Passages that wait for a decision: {waiting}, at {settings.PUBLIC_URL}{path}")

    def _read(self, place: str) -> Incoming:
        if _is_address(place):
            incoming = from_page(place, silently)
        else:
            incoming = from_file(_content(place), silently, filename=Path(place).name)
        for warning in incoming.warnings:
            self.stderr.write(f"Note: {warning}")
        return incoming

    def _tell(self, snapshot: Snapshot) -> None:
        document = snapshot.document
        threshold = threshold_of(document)
        counts = Queue(snapshot, percent=threshold or 0).counts()
        worth = f", {counts.over} undecided ones at {threshold} % or more" if threshold is not None else ""
        self.stdout.write(f"Stored snapshot {snapshot.number} of document {document.pk}, “{document}”.")
        self.stdout.write(f"{counts.sentences} sentences{worth}.")


class _DetailsForm(DetailsForm):
    title = LineField(max_length=300, required=False)


def _details(options: dict[str, Any], url: str) -> dict[str, Any]:
    """What was said of the document, cleaned as the form on the web cleans it. Raises CommandError."""
    named = options["source"]
    source = Source.objects.filter(Q(key=named) | Q(name__iexact=named)).first() if named else None
    given = {name: options[name] for name in ("title", "authors", "published_on", "language")}
    form = _DetailsForm({**given, "source": source.name if source else named, "url": url})
    if not form.is_valid():
        lines = (f"--{name.replace('_', '-')}: {' '.join(map(str, said))}" for name, said in form.errors.items())
        raise CommandError("\n".join(lines))
    return form.cleaned_data


def _is_address(place: str) -> bool:
    return "://" in place


def _content(path: str) -> bytes:
    """The bytes of a file, as far as they can be read at all. Raises CommandError."""
    try:
        with open(path, "rb") as file:
            return file.read(configured().bytes + 1)
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from error
