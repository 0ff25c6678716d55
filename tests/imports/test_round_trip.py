"""Our own exports of the demonstration desk, imported where nothing is stored yet, and where everything is."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from claims.exports import FORMATS, claim_records, keys_of
from claims.models import Claim, Evidence, User
from claims.models.event import Event
from claims.seeds import Desk, load
from tests import factories
from tests.imports.files import imported, reasons

KEPT = ("assertion", "kind", "speaker", "as_of")
FILES = ("csv", "json", "jsonl", "claimreview")


@pytest.fixture(scope="module")
def exported(django_db_setup: None, django_db_blocker: Any) -> tuple[dict[str, str], dict[str, Any]]:
    """The desk's exports by format, and by key what they should bring back."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        load(Desk.read(Path(settings.BASE_DIR) / "seeds"))
        claims = Claim.objects.all()
        files = {name: "".join(FORMATS[name].write(claim_records(keys_of(claims)))) for name in FILES}
        told = {
            str(claim.key).upper(): wording(claim)
            for claim in claims.prefetch_related("tags").select_related("verdict")
        }
        transaction.set_rollback(True)
    return files, told


def wording(claim: Claim) -> dict[str, Any]:
    tags = sorted(tag.name for tag in claim.tags.all())
    return {name: getattr(claim, name) for name in KEPT} | {"tags": tags, "verdict": claim.verdict_id}


@pytest.mark.parametrize("name", FILES)
def test_an_export_comes_back_into_an_empty_desk(name: str, exported: Any, analyst: User) -> None:
    files, told = exported
    report = imported(files[name], analyst, f"claims.{FORMATS[name].suffix}")
    assert reasons(report) == []
    expected = {key: one for key, one in told.items() if name != "claimreview" or one["verdict"]}
    back = {claim.reference: wording(claim) for claim in Claim.objects.prefetch_related("tags")}
    assert back == {key: {**one, "verdict": None} for key, one in expected.items()}
    assert Evidence.objects.count() > 100
    assert imported(files[name], analyst, f"claims.{FORMATS[name].suffix}").here == len(expected)


@pytest.mark.parametrize("name", FILES)
def test_an_export_changes_nothing_on_its_own_desk(name: str, analyst: User) -> None:
    factories.verified_claim(by=analyst, key="a-1", as_of="2023")
    text = "".join(FORMATS[name].write(claim_records(keys_of(Claim.objects.all()))))
    before = Event.objects.count()
    report = imported(text, analyst, f"claims.{FORMATS[name].suffix}")
    assert (report.here, report.rows) == (1, 1)
    assert Event.objects.count() == before


@pytest.mark.parametrize("name", FILES)
def test_a_claim_without_a_key_is_known_by_the_address_of_its_desk(name: str, analyst: User) -> None:
    factories.verified_claim(by=analyst)
    text = "".join(FORMATS[name].write(claim_records(keys_of(Claim.objects.all()))))
    assert imported(text, analyst, f"claims.{FORMATS[name].suffix}").here == 1


@pytest.mark.parametrize("name", FILES)
def test_places_come_back_where_the_text_is_stored(name: str, analyst: User, reviewer: User) -> None:
    claim = factories.claim_in_text(by=analyst, key="a-1")
    factories.submitted(claim, by=analyst)
    from claims.actions.assessments import approve

    approve(claim, by=reviewer, version=claim.version)
    text = "".join(FORMATS[name].write(claim_records([claim.pk])))
    report = imported(text.replace("A-1", "B-1"), analyst, f"claims.{FORMATS[name].suffix}")
    assert reasons(report) == []
    old, new = claim.appearances.get(), Claim.objects.get(key="B-1").appearances.get()
    assert (new.snapshot, new.start, new.end, new.exact) == (old.snapshot, old.start, old.end, old.exact)
