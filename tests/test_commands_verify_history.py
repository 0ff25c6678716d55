"""verify_history finds what someone with the database's password did to the record."""

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from claims import guards
from claims.actions import assessments, claims
from claims.actions.people import edit_person
from claims.choices import Role
from claims.models import Claim, Event, User
from tests import factories

Sql = Callable[..., None]


def verify() -> str:
    out = StringIO()
    call_command("verify_history", stdout=out)
    return out.getvalue()


@pytest.fixture
def tamper(db: None) -> Sql:
    """Run SQL behind the product's back, the guards taken away for it and put back after."""

    def run(sql: str, *params: object) -> None:
        with connection.cursor() as cursor:
            for guard in guards.GUARDS:
                for statement in guards.drop_sql(connection, guard):
                    cursor.execute(statement)
            cursor.execute(sql, params)
        guards.install()

    return run


@pytest.fixture
def claim(analyst: User, reviewer: User) -> Claim:
    """A claim whose history has four events, the third an edit and the last an assignment."""
    made = factories.claim(by=analyst, assertion="Four members spend more.", recheck_on="2027-04")
    claims.take(made, by=analyst)
    claims.edit_claim(made, by=analyst, version=made.version, assertion="Only four members spend more.")
    claims.assign(made, by=analyst, to=reviewer)
    return made


def test_a_whole_history_is_counted(claim: Claim) -> None:
    factories.snapshot()
    said = verify()
    assert "History is whole" in said
    assert "1 claims as their history says, 1 texts with their hash" in said


def test_the_history_of_a_whole_working_life_is_whole(analyst: User, reviewer: User) -> None:
    claim = factories.claim_in_text(by=analyst)
    claims.organise_claim(
        claim, by=analyst, version=claim.version, priority=3, recheck_on="2027-04-30", tags=["NATO", "budget"]
    )
    assessments.save_draft(claim, by=analyst, verdict=factories.verdict("refuted"), as_of="2022")
    factories.submitted(claim, by=analyst)
    assessments.return_(claim, by=reviewer, version=claim.version, reason="Which table?")
    factories.submitted(claim, by=analyst)
    assessments.approve(claim, by=reviewer, version=claim.version)
    factories.evidence_for(claim, by=analyst)
    factories.comment(claim, by=reviewer, body="See the new table, @analyst.")
    claims.reopen(claim, by=reviewer, reason="A newer table is out.")
    claims.dismiss(claim, by=analyst, reason="A duplicate.")
    assert "History is whole" in verify()


def test_a_person_may_change_their_name_without_breaking_history(claim: Claim, reviewer: User) -> None:
    edit_person(reviewer, by=None, role=Role.REVIEWER, username="second_reader")
    edit_person(reviewer, by=None, role=Role.REVIEWER, username="second_reviewer")
    assert "History is whole" in verify()


def test_an_altered_reason_breaks_the_chain_at_that_event(claim: Claim, tamper: Sql) -> None:
    tamper(
        "UPDATE claims_event SET reason = 'forged' WHERE object_type = 'claim' AND object_id = %s AND number = 3",
        claim.pk,
    )
    with pytest.raises(CommandError, match=f"claim {claim.pk}, event 3: its content does not fit its hash"):
        verify()


def test_an_altered_event_with_a_new_hash_breaks_the_link_of_the_next(claim: Claim, tamper: Sql) -> None:
    event = Event.objects.of(claim).get(number=2)
    event.reason = "forged"
    tamper("UPDATE claims_event SET reason = 'forged', hash = %s WHERE id = %s", event.expected_hash(), event.pk)
    with pytest.raises(CommandError, match=f"claim {claim.pk}, event 3: it does not name the hash of the event before"):
        verify()


def test_an_event_cut_out_of_the_middle_is_missed_by_its_number(claim: Claim, tamper: Sql) -> None:
    tamper("DELETE FROM claims_event WHERE object_type = 'claim' AND object_id = %s AND number = 2", claim.pk)
    with pytest.raises(CommandError, match=f"claim {claim.pk}, event 3: event 2 is missing"):
        verify()


def test_a_cut_off_end_is_seen_in_the_row(claim: Claim, tamper: Sql) -> None:
    tamper("DELETE FROM claims_event WHERE object_type = 'claim' AND object_id = %s AND number = 4", claim.pk)
    with pytest.raises(CommandError, match=f"claim {claim.pk}: assignee is 'reviewer' in the table, but 'analyst'"):
        verify()


def test_a_cut_off_end_that_changed_no_field_is_seen_in_the_time(claim: Claim, tamper: Sql) -> None:
    factories.comment(claim)
    tamper("DELETE FROM claims_event WHERE object_type = 'claim' AND object_id = %s AND number = 5", claim.pk)
    with pytest.raises(CommandError, match="the end of its history is missing"):
        verify()


def test_a_chain_cut_off_whole_is_missed(claim: Claim, tamper: Sql) -> None:
    tamper("DELETE FROM claims_event WHERE object_type = 'claim' AND object_id = %s", claim.pk)
    with pytest.raises(CommandError, match=f"claim {claim.pk}: it has no history"):
        verify()


def test_an_assertion_changed_by_sql_differs_from_its_history(claim: Claim, tamper: Sql) -> None:
    tamper("UPDATE claims_claim SET assertion = 'Nobody spends more.' WHERE id = %s", claim.pk)
    with pytest.raises(CommandError, match="assertion is 'Nobody spends more.' in the table, but 'Only four"):
        verify()


def test_a_change_by_sql_shows_even_after_the_next_act(claim: Claim, analyst: User, tamper: Sql) -> None:
    tamper("UPDATE claims_claim SET speaker = 'Nobody' WHERE id = %s", claim.pk)
    claim.refresh_from_db()
    claims.edit_claim(claim, by=analyst, version=claim.version, speaker="The author")
    with pytest.raises(CommandError, match=f"claim {claim.pk}, event 5: speaker was None.*'Nobody'"):
        verify()


def test_a_verdict_changed_by_sql_differs_from_its_history(tamper: Sql) -> None:
    claim = factories.verified_claim()
    tamper("UPDATE claims_claim SET verdict_id = %s WHERE id = %s", factories.verdict("refuted").pk, claim.pk)
    with pytest.raises(CommandError, match="verdict is 'refuted' in the table, but 'supported' by its history"):
        verify()


def test_a_text_changed_by_sql_no_longer_has_its_hash(tamper: Sql) -> None:
    snapshot = factories.snapshot()
    tamper("UPDATE claims_snapshot SET text = 'Other words.' WHERE id = %s", snapshot.pk)
    with pytest.raises(CommandError, match=f"snapshot {snapshot.pk}: its text does not have its hash"):
        verify()


def test_a_text_changed_together_with_its_hash_differs_from_its_history(tamper: Sql) -> None:
    snapshot = factories.snapshot()
    tamper("UPDATE claims_snapshot SET text = 'a', text_sha256 = 'b' WHERE id = %s", snapshot.pk)
    with pytest.raises(CommandError, match=f"snapshot {snapshot.pk}: its hash is not the one that history gives"):
        verify()


def test_a_missing_trigger_is_named(db: None) -> None:
    with connection.cursor() as cursor:
        for statement in guards.drop_sql(connection, guards.GUARDS[0]):
            cursor.execute(statement)
    with pytest.raises(CommandError, match="the trigger event_no_update is missing"):
        verify()


def test_the_first_of_several_breaks_is_named(tamper: Sql) -> None:
    first, second = factories.claim(), factories.claim()
    for claim in (second, first):
        tamper("UPDATE claims_claim SET assertion = 'Forged.' WHERE id = %s", claim.pk)
    with pytest.raises(CommandError, match=f"claim {first.pk}: assertion"):
        verify()
