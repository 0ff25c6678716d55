from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from claims.models import Capture, Document
from tests import factories
from tests.fetching.conftest import FILLING

pytestmark = pytest.mark.django_db


@pytest.fixture
def piece(admin, site, living):
    """A quote from the living page, on which a verified claim rests."""
    document = factories.document(url=f"{site}/living")
    claim = factories.verified_claim(key="JN-51")
    piece = factories.evidence_for(claim, document=document, quote="ninth-largest military budget")
    type(claim).objects.filter(pk=claim.pk).update(due_at=None, due_reason="")
    return piece


def recheck(*args):
    out, errors = StringIO(), StringIO()
    call_command("recheck_evidence", *args, stdout=out, stderr=errors)
    return out.getvalue(), errors.getvalue()


def test_pages_are_looked_at_and_a_changed_one_makes_its_claim_due(piece, living):
    assert recheck()[0] == "Looked at 1 pages: 1 captured.\n"
    living.write("Japan has the tenth-largest military budget.", *FILLING)
    assert recheck()[0] == "Looked at 1 pages: 1 changed.\n"
    piece.claim.refresh_from_db()
    assert "says something else now" in piece.claim.due_reason


def test_a_page_that_cannot_be_read_is_told_of_with_the_reason(piece, living):
    living.status = 403
    out, errors = recheck()
    assert out == "Looked at 1 pages: 1 not captured.\n"
    assert "The site answered 403" in errors


def test_a_busy_site_is_left_for_the_next_run(piece, living):
    living.status, living.headers = 503, {"Retry-After": "600"}
    recheck()
    out, errors = recheck()
    assert ("1 left alone" in out, "left alone until" in errors, len(living.asked)) == (True, True, 1)


def test_only_what_was_not_looked_at_for_days_is_looked_at(piece):
    recheck()
    assert recheck("--older-than", "30")[0] == "There is nothing to look at.\n"
    Document.objects.filter(pk=piece.document_id).update(looked_at=timezone.now() - timedelta(days=31))
    assert "Looked at 1" in recheck("--older-than", "30")[0]


def test_only_the_evidence_of_one_claim_is_looked_at(piece, site):
    factories.evidence_for(factories.claim(), document=factories.document(url=f"{site}/page"))
    recheck("--claim", "JN-51")
    assert list(Capture.objects.values_list("document", flat=True)) == [piece.document_id]


def test_what_was_never_looked_at_comes_first(piece, site):
    recheck()
    other = factories.document(url=f"{site}/page")
    factories.evidence_for(factories.claim(), document=other)
    recheck("--limit", "1")
    assert Capture.objects.latest("pk").document == other


def test_a_claim_that_is_not_there_is_said_to_be_none(admin):
    with pytest.raises(CommandError, match="There is no claim JN-99"):
        recheck("--claim", "JN-99")


def test_a_page_that_no_evidence_rests_on_is_not_asked_for(admin, site, living):
    factories.document(url=f"{site}/living")
    assert recheck()[0] == "There is nothing to look at.\n"


def test_what_could_not_be_read_is_looked_at_again_on_the_next_day(piece, living):
    recheck()
    living.status = 404
    recheck()
    assert recheck("--older-than", "30")[0] == "There is nothing to look at.\n"
    Document.objects.filter(pk=piece.document_id).update(looked_at=timezone.now() - timedelta(hours=23))
    assert recheck("--older-than", "30")[0] == "Looked at 1 pages: 1 unreachable.\n"
