"""Keys that sign releases: made, taken over from the environment, retired. Each writes one Event on the key's chain."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from claims.actions.changes import check_permission, lock
from claims.choices import Permission, RecordAct
from claims.models import Event, SigningKey, User
from claims.releases.signing import BadKey, Key, Signer, change_passphrase, generate
from claims.workflow import Refusal, RefusalKind, Refused


class NoKey(Exception):
    """Nothing can be signed: there is no key, or it does not open. Says in words what to do."""


@contextmanager
def signer_in_use() -> Iterator[tuple[SigningKey, Signer]]:
    """The key that signs now, opened for as long as the block lasts: that of the environment, or the newest stored one.

    A key that comes with the environment for the first time is taken over: its public half is published from then on.
    Raises NoKey.
    """
    if settings.RELEASE_KEY:
        with _unlocked(settings.RELEASE_KEY, "The key in RELEASE_KEY") as signer:
            yield _of_environment(signer.key), signer
        return
    stored = SigningKey.objects.in_use().exclude(private_key="").first()
    if stored is None:
        raise NoKey("This desk has no key to sign with. Make one: manage.py signing_key create")
    with _unlocked(stored.private_key, f"The key {stored}") as signer:
        yield stored, signer


@contextmanager
def _unlocked(secret: str, what: str) -> Iterator[Signer]:
    opened = Signer.unlock(secret, settings.RELEASE_KEY_PASSPHRASE)
    try:
        signer = opened.__enter__()
    except BadKey as problem:
        raise NoKey(f"{what} cannot be used. {problem} Its passphrase is read from RELEASE_KEY_PASSPHRASE.") from None
    try:
        yield signer
    finally:
        opened.__exit__(None, None, None)


def _of_environment(key: Key) -> SigningKey:
    row = SigningKey.objects.filter(public_key=key.text).first() or adopt_key(key, by=None)
    if row.is_retired:
        raise NoKey(f"The key in RELEASE_KEY, {row}, was retired. Put another there: a retired key signs no more.")
    return row


def create_key(passphrase: str, *, by: User | None) -> SigningKey:
    """Make a key, stored under the passphrase. Raises ValidationError for a passphrase that is too short."""
    try:
        secret, public = generate(passphrase)
    except BadKey as problem:
        raise ValidationError(str(problem)) from None
    return _add(public, secret, by=by)


def adopt_key(key: Key, *, by: User | None) -> SigningKey:
    """Publish a key whose private half stays in the environment. Raises ValidationError when it is known already."""
    if SigningKey.objects.filter(public_key=key.text).exists():
        raise ValidationError(f"The key {key.id} is known here already.")
    return _add(key, "", by=by)


@transaction.atomic
def _add(public: Key, secret: str, *, by: User | None) -> SigningKey:
    _permit(by)
    row = SigningKey(key_id=public.id, public_key=public.text, private_key=secret, made_by=by)
    row.full_clean()
    row.save(force_insert=True)
    changes = {"key_id": [None, row.key_id], "public_key": [None, row.public_key]}
    Event.objects.append(row, RecordAct.ADD, by=by, changes=changes)
    return row


@transaction.atomic
def retire_key(key: SigningKey, *, by: User | None) -> None:
    """The key signs no more, and its private half is forgotten; what it signed can be checked as before."""
    _permit(by)
    lock(key)
    if key.is_retired:
        raise Refused(Refusal(RefusalKind.STAGE, f"The key {key} is retired already."))
    key.private_key, key.retired_at = "", timezone.now()
    key.save(update_fields=["private_key", "retired_at"])
    Event.objects.append(key, RecordAct.RETIRE, by=by)


@transaction.atomic
def rotate_key(passphrase: str, *, by: User | None) -> SigningKey:
    """A new stored key in place of all that signed so far."""
    old = list(SigningKey.objects.in_use())
    new = create_key(passphrase, by=by)
    for key in old:
        retire_key(key, by=by)
    return new


@transaction.atomic
def lock_anew(key: SigningKey, old: str, new: str, *, by: User | None) -> None:
    """Put a stored key under another passphrase. Raises ValidationError when the old one does not open it."""
    _permit(by)
    lock(key)
    if not key.private_key:
        raise Refused(Refusal(RefusalKind.STAGE, f"The private half of {key} is not stored here."))
    try:
        key.private_key = change_passphrase(key.private_key, old, new)
    except BadKey as problem:
        raise ValidationError(str(problem)) from None
    key.save(update_fields=["private_key"])
    Event.objects.append(key, RecordAct.CHANGE, by=by, changes={"passphrase": [None, "another"]})


def _permit(by: User | None) -> None:
    if by is not None:  # a command: whoever can run it has the database in their hands
        check_permission(by, Permission.MANAGE_PEOPLE)
