import getpass
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from claims.actions import signing_keys
from claims.management.people import named
from claims.models import SigningKey, User
from claims.releases.signing import BadKey, Key, Signer, public_key
from claims.workflow import Refused

VARIABLE = "RELEASE_KEY_PASSPHRASE"


class Command(BaseCommand):
    help = (
        "Keys that sign releases. A stored key is encrypted under a passphrase, which the workers read from "
        f"{VARIABLE}; without that variable it is asked for here. Public keys are never forgotten."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
        for name, (_, told) in _ACTS.items():
            act = acts.add_parser(name, help=told)
            if name in ("retire", "public"):
                act.add_argument("key", help="the key's number, as `list` shows it")
            act.add_argument("--by", metavar="USERNAME", help="who does it; nobody in particular when not given")

    def handle(self, *args: Any, act: str, **options: Any) -> None:
        work, _ = _ACTS[act]
        try:
            work(self, by=named(options["by"]) if options["by"] else None, number=options.get("key"))
        except ValidationError as problem:
            raise CommandError(" ".join(problem.messages)) from None
        except (BadKey, Refused, signing_keys.NoKey) as problem:
            raise CommandError(str(problem)) from None

    def create(self, *, by: User | None, number: str | None) -> None:
        if SigningKey.objects.in_use().exclude(private_key="").exists():
            raise CommandError("There is a key already. `signing_key rotate` puts a new one in its place.")
        self._tell("Made", signing_keys.create_key(_new_passphrase(), by=by))

    def rotate(self, *, by: User | None, number: str | None) -> None:
        self._tell("Made", signing_keys.rotate_key(_new_passphrase(), by=by))
        self.stdout.write("Those before it are retired: they sign no more, and what they signed stays valid.")

    def adopt(self, *, by: User | None, number: str | None) -> None:
        self._tell("Took over", signing_keys.adopt_key(_key_of_environment(), by=by))

    def retire(self, *, by: User | None, number: str | None) -> None:
        key = _key(number)
        signing_keys.retire_key(key, by=by)
        self.stdout.write(f"{key} is retired. It signs no more; what it signed stays valid.")

    def passphrase(self, *, by: User | None, number: str | None) -> None:
        key = SigningKey.objects.in_use().exclude(private_key="").first()
        if key is None:
            raise CommandError("No key is stored here.")
        old = settings.RELEASE_KEY_PASSPHRASE or getpass.getpass("Passphrase until now: ")
        signing_keys.lock_anew(key, old, _asked_twice(), by=by)
        self.stdout.write(f"{key} opens with the new passphrase. Put that into {VARIABLE} for the workers.")

    def public(self, *, by: User | None, number: str | None) -> None:
        self.stdout.write(public_key(_key(number).public_key).file.decode(), ending="")

    def list(self, *, by: User | None, number: str | None) -> None:
        rows = SigningKey.objects.order_by("-pk")
        for key in rows:
            self.stdout.write(f"{key.key_id}  {_state(key):<24}  {key.public_key}")
        if not rows:
            self.stdout.write("No key yet. `signing_key create` makes one.")

    def _tell(self, did: str, key: SigningKey) -> None:
        self.stdout.write(f"{did} the key {key.key_id}. Publish its public half where readers find it:")
        self.stdout.write(f"  {key.public_key}")


_ACTS: dict[str, tuple[Callable[..., None], str]] = {
    "create": (Command.create, "make the first key"),
    "rotate": (Command.rotate, "make a new key, and retire those before it"),
    "adopt": (Command.adopt, "publish the public half of the key in RELEASE_KEY, which stays there"),
    "retire": (Command.retire, "let a key sign no more"),
    "passphrase": (Command.passphrase, "put the stored key under another passphrase"),
    "public": (Command.public, "print a public key as the file that minisign reads"),
    "list": (Command.list, "print all keys, the newest first"),
}


def _state(key: SigningKey) -> str:
    if key.retired_at:
        return f"retired {key.retired_at:%Y-%m-%d}"
    return "stored, in use" if key.private_key else "from the environment"


def _key(number: str | None) -> SigningKey:
    try:
        return SigningKey.objects.get(key_id=(number or "").upper())
    except SigningKey.DoesNotExist:
        raise CommandError(f"There is no key {number}.") from None


def _key_of_environment() -> Key:
    if not settings.RELEASE_KEY:
        raise CommandError("RELEASE_KEY is not set.")
    with Signer.unlock(settings.RELEASE_KEY, settings.RELEASE_KEY_PASSPHRASE) as signer:
        return signer.key


def _new_passphrase() -> str:
    return settings.RELEASE_KEY_PASSPHRASE or _asked_twice()


def _asked_twice() -> str:
    if not sys.stdin.isatty():
        raise CommandError(f"Set {VARIABLE}, or run this where a passphrase can be typed.")
    first = getpass.getpass("New passphrase: ")
    if first != getpass.getpass("Once more: "):
        raise CommandError("The two differ.")
    return first
