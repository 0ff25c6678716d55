"""Triggers that keep claim sets, releases and signing keys as they are; see guards, which installs them."""

from claims.guarding import Guard, differs

_RELEASE_CONTENT = (
    *("claim_set_id", "number", "serial", "name", "title", "description", "licence", "frozen_at", "claim_count"),
    *("left_out", "head_hash", "made_by_id", "made_at", "with_comments", "with_captures", "with_pdf", "previous_id"),
    "job_id",
)
_RELEASE_FILE = ("path", "size", "sha256", "signing_key_id", "ready_at", "problem")
_WITHDRAWAL = ("withdrawn_by_id", "withdrawn_at", "withdrawal_reason")
_RELEASE_CHANGED = " OR ".join(differs(column) for column in _RELEASE_CONTENT)
_FILE_CHANGED = " OR ".join(differs(column) for column in _RELEASE_FILE)
_WITHDRAWAL_CHANGED = " OR ".join(differs(column) for column in _WITHDRAWAL)
_STRAYS = """NEW.state <> OLD.state AND NOT (OLD.state = 'building' AND NEW.state IN ('ready', 'failed'))
    AND NOT (OLD.state = 'ready' AND NEW.state = 'withdrawn')"""
_NOT_BUILDING = """NOT EXISTS (
    SELECT 1 FROM claims_release r WHERE r.id = NEW.release_id AND r.state = 'building'
    AND NEW.position <= r.claim_count)"""
_NOT_ISSUED = """NOT EXISTS (
    SELECT 1 FROM claims_release r WHERE r.id = NEW.release_id AND r.state IN ('ready', 'withdrawn'))"""
_CORRECTS_ANOTHERS = """NOT EXISTS (
    SELECT 1 FROM claims_releaseclaim c WHERE c.release_id = NEW.release_id AND c.claim_id = NEW.claim_id)"""
_NOT_PICKED = """NOT EXISTS (
    SELECT 1 FROM claims_claimset s WHERE s.id = NEW.claim_set_id AND s.kind = 'hand')"""
_KEY_CHANGED = " OR ".join(
    [*(differs(column) for column in ("key_id", "public_key", "made_by_id", "made_at")), "OLD.retired_at IS NOT NULL"]
)
_KEPT_OF_RELEASES = {
    "release": "a release",
    "releaseclaim": "a claim of a release",
    "recipient": "a recipient",
    "correction": "a correction",
    "signingkey": "a signing key",
}
"""Tables of which no row is ever deleted, by what a row of them is called."""
_IN_THE_WAY = dict.fromkeys(_KEPT_OF_RELEASES, "t.id = NEW.id") | {
    "release": "t.id = NEW.id OR t.serial = NEW.serial OR t.name = NEW.name OR t.token = NEW.token"
    " OR (t.path = NEW.path AND t.path <> '') OR (t.claim_set_id = NEW.claim_set_id AND t.number = NEW.number)",
    "releaseclaim": "t.id = NEW.id OR (t.release_id = NEW.release_id"
    " AND (t.claim_id = NEW.claim_id OR t.position = NEW.position))",
    "signingkey": "t.id = NEW.id OR t.key_id = NEW.key_id OR t.public_key = NEW.public_key",
}
"""What a row that is there already, t, has in common with one that would replace it."""
_ONLY_PICKED = "claims are put only into a set picked by hand"

RELEASE_GUARDS: tuple[Guard, ...] = (
    Guard(
        "claim_set_keeps_its_kind",
        "claims_claimset",
        "UPDATE",
        "a claim set keeps its kind and its document",
        f"{differs('kind')} OR {differs('document_id')}",
    ),
    *(
        Guard(f"claim_set_item_on_{event.lower()}", "claims_claimsetitem", event, _ONLY_PICKED, _NOT_PICKED)
        for event in ("INSERT", "UPDATE")
    ),
    Guard(
        "release_keeps_its_content",
        "claims_release",
        "UPDATE",
        "what a release says is never changed",
        _RELEASE_CHANGED,
    ),
    Guard(
        "release_keeps_its_file",
        "claims_release",
        "UPDATE",
        "a release that was built keeps its file",
        f"OLD.state <> 'building' AND ({_FILE_CHANGED})",
    ),
    Guard("release_goes_one_way", "claims_release", "UPDATE", "a release does not go back", _STRAYS),
    Guard(
        "release_withdrawal_is_final",
        "claims_release",
        "UPDATE",
        "a withdrawal is never changed",
        f"OLD.state = 'withdrawn' AND ({_WITHDRAWAL_CHANGED})",
    ),
    Guard(
        "release_keeps_its_address",
        "claims_release",
        "UPDATE",
        "the public address of a release never changes",
        f"OLD.token IS NOT NULL AND ({differs('token')} OR {differs('published_at')})",
    ),
    Guard(
        "release_begins_unbuilt",
        "claims_release",
        "INSERT",
        "a release begins by being built",
        "NEW.state <> 'building'",
    ),
    Guard(
        "release_claim_while_building",
        "claims_releaseclaim",
        "INSERT",
        "as many claims as it says go into a release, and only while it is built",
        _NOT_BUILDING,
    ),
    Guard(
        "recipient_of_an_issued_release",
        "claims_recipient",
        "INSERT",
        "only a release that was built is sent",
        _NOT_ISSUED,
    ),
    Guard(
        "correction_of_a_claim_in_it",
        "claims_correction",
        "INSERT",
        "a correction is about a claim of an issued release",
        f"{_NOT_ISSUED} OR {_CORRECTS_ANOTHERS}",
    ),
    *(
        Guard(f"{table}_no_update", f"claims_{table}", "UPDATE", f"{_KEPT_OF_RELEASES[table]} is never changed")
        for table in ("releaseclaim", "recipient", "correction")
    ),
    Guard(
        "signingkey_keeps_its_key",
        "claims_signingkey",
        "UPDATE",
        "a signing key is retired once, and never changed",
        _KEY_CHANGED,
    ),
    *(
        Guard(f"{table}_no_delete", f"claims_{table}", "DELETE", f"{name} is never deleted")
        for table, name in _KEPT_OF_RELEASES.items()
    ),
    # SQLite's INSERT OR REPLACE deletes the row in its way without asking its triggers.
    *(
        Guard(
            f"{table}_no_replace",
            f"claims_{table}",
            "INSERT",
            f"{name} is never replaced",
            f"EXISTS (SELECT 1 FROM claims_{table} t WHERE {_IN_THE_WAY[table]})",  # noqa: S608 (all of it is ours)
            only="sqlite",
        )
        for table, name in _KEPT_OF_RELEASES.items()
    ),
    # PostgreSQL's TRUNCATE asks no trigger of single rows.
    *(
        Guard(f"{table}_no_truncate", f"claims_{table}", "TRUNCATE", f"{name} is never deleted", only="postgresql")
        for table, name in _KEPT_OF_RELEASES.items()
    ),
)
