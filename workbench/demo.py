"""What the demo needs before Django starts: a place for its data, and secrets made for this machine."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent


def prepare_environment() -> None:
    """Set what the settings ask of the environment; what is set there already wins.

    DATABASE_URL does not: the demo, with its invented verdicts, always has an embedded database of its own.
    """
    os.environ.pop("DATABASE_URL", None)
    data_dir = Path(os.environ.setdefault("DATA_DIR", str(BASE_DIR / "var")))
    data_dir.mkdir(parents=True, exist_ok=True)
    if not os.environ.get("SECRET_KEY"):
        os.environ["SECRET_KEY"] = kept_secret(data_dir / "secret-key")
    if not os.environ.get("RELEASE_KEY_PASSPHRASE"):
        os.environ["RELEASE_KEY_PASSPHRASE"] = kept_secret(data_dir / "signing-key-passphrase")
    os.environ.setdefault("INSECURE_HTTP", "on")
    os.environ.setdefault("UNCOLLECTED_STATIC", "on")
    os.environ.setdefault("LOG_LEVEL", "WARNING")


def kept_secret(path: Path) -> str:
    """The secret in that file, made on first use; only its owner can read the file."""
    with suppress(FileExistsError):
        write_private(path, secrets.token_urlsafe(50))
    return path.read_text().strip()


def write_private(path: Path, content: str) -> None:
    """A new file that only its owner can read, from its first byte on. Raises FileExistsError when it exists."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w") as file:
        file.write(content + "\n")
