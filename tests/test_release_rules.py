"""What the database holds of claim sets, releases and signing keys, attacked as in test_database_rules."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection

from claims import guards
from claims.choices import ReleaseState, Visibility
from claims.models import (
    Claim,
    ClaimSet,
    Correction,
    Omission,
    Recipient,
    Release,
    ReleaseClaim,
    SigningKey,
    User,
)
from tests import factories
from tests.test_database_rules import NOW, Attack, Desk, _cases, copy, copying, execute, row, truncate, updating

HASH = "a" * 64


@pytest.fixture
def desk(analyst: User, reviewer: User) -> Desk:
    """A release of each state, with what belongs to it, and a claim set of each kind."""
    claim, other = factories.verified_claim(), factories.verified_claim()
    picked = factories.claim_set(claims=(claim, other))
    of_filter = ClaimSet.objects.create(title="Filter", kind="filter", filter="stage=verified", added_by=analyst)
    document = factories.document()
    of_document = ClaimSet.objects.create(title="Text", kind="document", document=document, added_by=analyst)
    key = SigningKey.objects.create(key_id="0123456789ABCDEF", public_key="RWT")
    retired = SigningKey.objects.create(key_id="F" * 16, public_key="RWU", retired_at=NOW)
    issued = {"size": 9, "sha256": HASH, "signing_key": key, "ready_at": NOW}
    ready = _release(picked, 1, claim, reviewer, state=ReleaseState.READY, path="1.zip", **issued)
    gone = {"withdrawn_by": reviewer, "withdrawn_at": NOW, "withdrawal_reason": "Wrong."}
    public = {"token": "t" * 32, "published_at": NOW, "visibility": Visibility.UNLISTED}
    withdrawn = _release(
        picked, 2, claim, reviewer, state=ReleaseState.WITHDRAWN, path="2.zip", **issued, **gone, **public
    )
    return {
        "building": row(_release(picked, 3, claim, reviewer)),
        "failed": row(_release(picked, 4, claim, reviewer, state=ReleaseState.FAILED, problem="No room.")),
        "ready": row(ready),
        "withdrawn": row(withdrawn),
        "entry": row(ready.entries.get()),
        "entry_building": row(ReleaseClaim.objects.get(release__number=3)),
        "recipient": row(Recipient.objects.create(release=ready, text="The editor.", sent_by=reviewer)),
        "correction": row(Correction.objects.create(release=ready, claim=claim, text="No.", written_by=reviewer)),
        "key": row(key),
        "retired": row(retired),
        "picked": row(picked),
        "item": row(picked.items.first()),
        "filter": row(of_filter),
        "of_document": row(of_document),
        "document": row(document),
        "omission": row(_omission(picked, other, analyst)),
        "job": row(factories.job(by=analyst)),
        "claim": row(claim),
        "other": row(other),
        "analyst": row(analyst),
        "reviewer": row(reviewer),
    }


def _release(claim_set: ClaimSet, number: int, claim: Claim, by: User, **fields: Any) -> Release:
    content = {"title": "Set", "frozen_at": NOW, "claim_count": 1, "head_hash": HASH, "made_by": by}
    release = Release.objects.create(claim_set=claim_set, number=number, serial=number, name=f"set-{number}", **content)
    entry = {"position": 1, "event_number": 3, "event_hash": HASH, "verdict_key": "supported", "record_sha256": HASH}
    ReleaseClaim.objects.create(release=release, claim=claim, **entry)
    if fields.get("state") == ReleaseState.WITHDRAWN:  # the way goes by ready
        before = {name: value for name, value in fields.items() if not name.startswith("withdraw")}
        Release.objects.filter(pk=release.pk).update(**{**before, "state": ReleaseState.READY})
    Release.objects.filter(pk=release.pk).update(**fields)
    return release


def _omission(claim_set: ClaimSet, claim: Claim, by: User) -> Omission:
    return Omission.objects.create(claim_set=claim_set, claim=claim, reason="Later.", left_out_by=by)


def deleting(name: str) -> Attack:
    return lambda desk: execute(f"DELETE FROM {desk[name].table} WHERE id = %s", desk[name].pk)


def replacing(name: str, **values: Any) -> Attack:
    return lambda desk: copy(desk[name], "INSERT OR REPLACE", id=desk[name].pk, **values)


FILE: dict[str, Any] = {"path": "3.zip", "size": 9, "sha256": HASH, "signing_key_id": "key", "ready_at": NOW}
WITHDRAWN: dict[str, Any] = {"withdrawn_by_id": "analyst", "withdrawn_at": NOW, "withdrawal_reason": "Wrong."}
ANEW: dict[str, Any] = {"number": 9, "serial": 9, "name": "set-9"}  # a copy of the building release lacks nothing else

ATTACKS: dict[str, list[Attack]] = {
    "claim_set_kind_is_known": [copying("picked", title="Other", kind="odd")],
    "claim_set_with_a_filter_is_one": [updating("picked", filter="stage=open")],
    "claim_set_of_a_document_has_one": [
        copying("of_document", title="Other", document_id=None),
        copying("picked", title="Other", document_id="document"),
    ],
    "omission_is_unique": [copying("omission")],
    "omission_has_a_reason": [updating("omission", reason="")],
    "signing_key_id_has_its_length": [copying("key", key_id="0123", public_key="RWV")],
    "signing_key_has_its_public_key": [copying("key", key_id="0" * 16, public_key="")],
    "release_number_is_unique": [copying("building", serial=9, name="set-9")],
    "release_path_is_unique": [updating("building", state="ready", **{**FILE, "path": "1.zip"})],
    "release_numbers_start_at_1": [
        copying("building", **{**ANEW, "number": 0}),
        copying("building", **{**ANEW, "serial": 0}),
    ],
    "release_has_a_title": [
        copying("building", title="", **ANEW),
        copying("building", **{**ANEW, "name": ""}),
    ],
    "release_has_claims": [copying("building", claim_count=0, **ANEW)],
    "release_state_is_known": [copying("building", state="odd", **ANEW), updating("building", state="odd")],
    "release_visibility_is_known": [updating("withdrawn", visibility="friends")],
    "release_has_its_file_when_ready": [
        updating("building", state="ready"),
        updating("building", **FILE),
        *(updating("building", state="ready", **{**FILE, name: ""}) for name in ("path", "sha256")),
        *(
            updating("building", state="ready", **{**FILE, name: None})
            for name in ("signing_key_id", "ready_at", "size")
        ),
        updating("building", state="ready", **{**FILE, "sha256": "a"}),
        updating("building", state="ready", **{**FILE, "size": 0}),
    ],
    "release_says_why_it_failed": [
        updating("building", state="failed"),
        updating("building", problem="No room."),
    ],
    "release_withdrawal_is_whole": [
        updating("ready", state="withdrawn"),
        updating("ready", **WITHDRAWN),
        *(updating("ready", state="withdrawn", **{**WITHDRAWN, name: ""}) for name in ("withdrawal_reason",)),
        *(updating("ready", state="withdrawn", **{**WITHDRAWN, f"withdrawn_{name}": None}) for name in ("by_id", "at")),
    ],
    "release_is_public_at_an_address": [
        updating("ready", visibility="listed"),
        updating("ready", token="x" * 32),
        updating("ready", token="", published_at=NOW),
        updating("building", token="x" * 32, published_at=NOW, visibility="listed"),
    ],
    "release_holds_a_claim_once": [copying("entry_building", position=2)],
    "release_position_is_unique": [copying("entry_building", claim_id="other")],
    "release_claim_is_whole": [
        copying("entry_building", claim_id="other", position=0),
        copying("entry_building", claim_id="other", event_number=0),
        copying("entry_building", claim_id="other", event_hash="a"),
        copying("entry_building", claim_id="other", verdict_key=""),
        copying("entry_building", claim_id="other", record_sha256=""),
    ],
    "recipient_has_a_text": [copying("recipient", text="")],
    "correction_has_a_text": [copying("correction", text="")],
}

UNIQUE_COLUMNS: dict[str, Attack] = {
    "claims_release.serial": copying("building", number=9, name="set-9"),
    "claims_release.name": copying("building", number=9, serial=9),
    "claims_release.token": updating("ready", token="t" * 32, published_at=NOW),
    "claims_signingkey.key_id": copying("key", public_key="RWV"),
    "claims_signingkey.public_key": copying("key", key_id="0" * 16),
}

GUARDED: dict[str, list[Attack]] = {
    "claim_set_keeps_its_kind": [
        updating("picked", kind="filter"),
        updating("filter", kind="document", filter="", document_id="document"),
    ],
    "claim_set_item_on_insert": [copying("item", claim_set_id="filter"), copying("item", claim_set_id="of_document")],
    "claim_set_item_on_update": [updating("item", claim_set_id="filter")],
    "release_keeps_its_content": [
        *(
            updating(state, **{name: value})
            for state in ("building", "ready", "withdrawn")
            for name, value in {
                **{"claim_set_id": "filter", "number": 9, "serial": 9, "title": "x", "description": "x"},
                **{"licence": "x", "frozen_at": "2020-01-01", "claim_count": 2, "head_hash": "x"},
                **{"left_out": "[1]", "made_by_id": "analyst", "made_at": "2020-01-01", "name": "x"},
                **{"with_comments": True, "with_captures": True, "with_pdf": True, "previous_id": "failed"},
                **{"job_id": "job"},
            }.items()
        )
    ],
    "release_keeps_its_file": [
        *(
            updating("ready", **{name: value})
            for name, value in {
                **{"path": "9.zip", "size": 10, "sha256": "b" * 64, "signing_key_id": "retired"},
                **{"ready_at": "2020-01-01", "problem": "x"},
            }.items()
        ),
        updating("failed", problem="Another."),
        updating("failed", state="ready", problem="", **FILE),
    ],
    "release_goes_one_way": [
        updating(
            "ready", state="building", **dict.fromkeys(("size", "signing_key_id", "ready_at")), path="", sha256=""
        ),
        updating("withdrawn", state="ready", withdrawn_by_id=None, withdrawn_at=None, withdrawal_reason=""),
        updating("failed", state="building", problem=""),
        updating("building", state="withdrawn", **FILE, **WITHDRAWN),
    ],
    "release_withdrawal_is_final": [
        updating("withdrawn", withdrawal_reason="Another."),
        updating("withdrawn", withdrawn_by_id="analyst"),
        updating("withdrawn", withdrawn_at="2020-01-01"),
    ],
    "release_keeps_its_address": [
        updating("withdrawn", token="u" * 32),
        updating("withdrawn", published_at="2020-01-01"),
        updating("withdrawn", token=None, published_at=None, visibility="no"),
    ],
    "release_begins_unbuilt": [copying("ready", **ANEW, path="9.zip"), copying("failed", **ANEW)],
    "release_claim_while_building": [
        copying("entry", claim_id="other", position=2),
        copying("entry_building", claim_id="other", position=2),
        copying("entry_building", release_id="failed", claim_id="other", position=2),
    ],
    "recipient_of_an_issued_release": [
        copying("recipient", release_id="building"),
        copying("recipient", release_id="failed"),
    ],
    "correction_of_a_claim_in_it": [
        copying("correction", claim_id="other"),
        copying("correction", release_id="building"),
    ],
    "releaseclaim_no_update": [updating("entry", verdict_key="refuted"), updating("entry_building", event_number=9)],
    "recipient_no_update": [updating("recipient", text="Nobody.")],
    "correction_no_update": [updating("correction", text="Yes.")],
    "signingkey_keeps_its_key": [
        updating("key", key_id="0" * 16),
        updating("key", public_key="RWV"),
        updating("key", made_by_id="analyst"),
        updating("retired", retired_at=None),
        updating("retired", private_key="x"),
    ],
    "release_no_delete": [deleting("building"), deleting("ready"), deleting("failed")],
    "releaseclaim_no_delete": [deleting("entry"), deleting("entry_building")],
    "recipient_no_delete": [deleting("recipient")],
    "correction_no_delete": [deleting("correction")],
    "signingkey_no_delete": [deleting("key"), deleting("retired")],
    "release_no_replace": [
        replacing("building", title="x"),
        lambda desk: copy(desk["building"], "INSERT OR REPLACE", serial=9, name="set-9"),
        lambda desk: copy(desk["building"], "INSERT OR REPLACE", serial=9, number=9),
        lambda desk: copy(desk["building"], "INSERT OR REPLACE", number=9),
    ],
    "releaseclaim_no_replace": [
        replacing("entry_building", event_number=9),
        lambda desk: copy(desk["entry_building"], "INSERT OR REPLACE", event_number=9),
    ],
    "recipient_no_replace": [replacing("recipient", text="x")],
    "correction_no_replace": [replacing("correction", text="x")],
    "signingkey_no_replace": [
        replacing("key", private_key="x"),
        lambda desk: copy(desk["key"], "INSERT OR REPLACE", public_key="RWV"),
    ],
    **{
        f"{table}_no_truncate": [lambda desk, table=table: truncate(f"claims_{table}")]
        for table in ("release", "releaseclaim", "recipient", "correction", "signingkey")
    },
}


@pytest.mark.parametrize(("name", "attack"), _cases(ATTACKS))
def test_the_database_refuses_what_a_constraint_forbids(desk: Desk, name: str, attack: Attack) -> None:
    with pytest.raises(IntegrityError) as caught:
        attack(desk)
    # SQLite names the columns of a unique key, and guards speak before some of the constraints.
    guarding = [guard.message for guard in guards.GUARDS if guard.table.startswith("claims_release")]
    accepted = ["UNIQUE constraint failed", *guarding]
    said = str(caught.value)
    assert name in said or any(words in said for words in accepted)


@pytest.mark.parametrize(("column", "attack"), UNIQUE_COLUMNS.items())
def test_the_database_refuses_a_second_row_of_the_same_name(desk: Desk, column: str, attack: Attack) -> None:
    accepted = f"{column}|is never replaced" if connection.vendor == "sqlite" else "duplicate key"
    with pytest.raises(IntegrityError, match=accepted):
        attack(desk)


@pytest.mark.parametrize(("name", "attack"), _cases(GUARDED))
def test_the_database_refuses_what_a_guard_forbids(desk: Desk, name: str, attack: Attack) -> None:
    guard = next(guard for guard in guards.GUARDS if guard.name == name)
    if guard.only not in ("", connection.vendor):
        pytest.skip(f"{connection.vendor} has no such statement")
    messages = {other.message for other in guards.GUARDS if (other.table, other.event) == (guard.table, guard.event)}
    with pytest.raises(IntegrityError, match="|".join(messages)):
        attack(desk)


ALLOWED: dict[str, Callable[[Desk], None]] = {
    "a release becomes ready": updating("building", state="ready", **FILE),
    "a release fails": updating("building", state="failed", problem="No room."),
    "a ready release is published": updating("ready", token="x" * 32, published_at=NOW, visibility="listed"),
    "a ready release is withdrawn": updating("ready", state="withdrawn", **WITHDRAWN),
    "a public release is no longer listed": updating("withdrawn", visibility="no"),
    "a key is retired": updating("key", retired_at=NOW),
    "a secret is encrypted anew": updating("key", private_key="x"),
    "a filter changes": updating("filter", filter="stage=open"),
    "a claim comes back in": deleting("omission"),
}


@pytest.mark.parametrize("act", ALLOWED.values(), ids=ALLOWED)
def test_what_may_change_can(desk: Desk, act: Attack) -> None:
    act(desk)
