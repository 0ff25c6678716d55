from collections import Counter
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from claims.actions.captures import GONE_AFTER, prepare, store_capture
from claims.choices import Health
from claims.jobs.captures import LeftAlone, visit
from claims.management.people import person
from claims.models import Claim, Document, Evidence, IntegrityFault, User


class Command(BaseCommand):
    help = (
        "Looks again at the pages given as evidence: whether they still say what is quoted from them. Verified claims "
        "that rest on words that changed or are gone fall due. Sites are asked politely, one page after another; one "
        "that is busy is left for the next run. For cron."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        for_days = "Not looked at for so long; pages that could not be read are looked at again on the next day."
        parser.add_argument("--older-than", type=int, default=0, metavar="DAYS", help=for_days)
        parser.add_argument("--claim", default="", metavar="KEY", help="Only the evidence of this claim: JN-51, or 78.")
        parser.add_argument("--limit", type=int, default=None, metavar="N", help="At most so many pages.")
        parser.add_argument("--by", default="", metavar="USERNAME", help="In whose name; an admin, when not given.")

    def handle(self, *args: Any, **options: Any) -> None:
        by = person(options["by"])
        documents = _to_visit(options["older_than"], options["claim"])
        counts: Counter[str] = Counter()
        # By key, for a run may take hours: each is read anew when its turn has come.
        for pk in list(documents.values_list("pk", flat=True)[: options["limit"]]):
            counts[self._visit(Document.objects.get(pk=pk), by)] += 1
        told = ", ".join(f"{number} {what.lower()}" for what, number in sorted(counts.items()))
        self.stdout.write(f"Looked at {counts.total()} pages: {told}." if counts else "There is nothing to look at.")

    def _visit(self, document: Document, by: User) -> str:
        """How the link is now; what is not expected is said at once."""
        try:
            store_capture(document, prepare(document, visit(document, _silently)), by=by)
        except LeftAlone as error:
            self.stderr.write(f"{document.pk} {document}: {error}")
            return "left alone"
        except IntegrityFault as error:
            self.stderr.write(f"{document.pk} {document}: {error}")
            return "altered in store"
        if document.health_reason:
            self.stderr.write(f"{document.pk} {document}: {document.health_reason}")
        return str(document.get_health_display())


def _to_visit(days: int, claim: str) -> QuerySet[Document]:
    """Those that were never looked at come first, then the ones not looked at for longest."""
    bearing = Evidence.objects.in_force().filter(document=OuterRef("pk"))
    if claim:
        bearing = bearing.filter(claim=_claim(claim))
    documents = Document.objects.filter(Exists(bearing), url_key__isnull=False)
    if days:
        now = timezone.now()
        waits = Q(health__in=[Health.UNREACHABLE, Health.NOT_CAPTURED], looked_at__lt=now - GONE_AFTER)
        documents = documents.filter(Q(looked_at=None) | Q(looked_at__lt=now - timedelta(days=days)) | waits)
    return documents.order_by(F("looked_at").asc(nulls_first=True), "pk")


def _claim(key: str) -> Claim:
    """Raises CommandError when there is none."""
    named = Q(key=key) | Q(pk=int(key)) if key.isascii() and key.isdigit() else Q(key=key)
    if claim := Claim.objects.filter(named).first():
        return claim
    raise CommandError(f"There is no claim {key}.")


def _silently(step: str, done: int, total: int) -> None:
    """A Report for work that nobody watches."""
