"""Reading a folder of seeds; the shape of the records is described in seeds/README.md."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from claims.models import sha256

Record = dict[str, Any]
NEWSLETTER = "newsletter.json"
REGISTRY = "registry.json"
NOTICE = "notice.json"
FOLLOWING = "following.json"
QUESTIONS = "questions.json"


class SeedError(ValueError):
    """The seeds do not agree with themselves; the message says where."""


@dataclass(frozen=True)
class Newsletter:
    """A short text with its drafts, the first of which makes known claims; see claims/seeds/newsletter.py."""

    source: Record
    document: Record
    drafts: list[bytes]
    appearances: list[Record]
    sentences: list[Record]

    @classmethod
    def read(cls, folder: Path) -> "Newsletter | None":
        """None when the folder has no such text. Raises SeedError when one is there and cannot be read."""
        if not (folder / NEWSLETTER).exists():
            return None
        try:
            record: dict[str, Any] = json.loads((folder / NEWSLETTER).read_bytes())
            return cls(**{**record, "drafts": [_read_text(folder, draft) for draft in record["drafts"]]})
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise SeedError(f"{folder / NEWSLETTER} cannot be read: {error}") from error


@dataclass(frozen=True)
class Notice:
    """A page that was captured several times, and a verified claim that rests on it; see claims/seeds/notice.py."""

    document: Record
    captures: list[bytes]
    claim: Record
    evidence: Record
    verdict: str
    rationale: str

    @classmethod
    def read(cls, folder: Path) -> "Notice | None":
        """None when the folder has no such page. Raises SeedError when one is there and cannot be read."""
        if not (folder / NOTICE).exists():
            return None
        try:
            record: dict[str, Any] = json.loads((folder / NOTICE).read_bytes())
            return cls(**{**record, "captures": [_read_text(folder, capture) for capture in record["captures"]]})
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise SeedError(f"{folder / NOTICE} cannot be read: {error}") from error


@dataclass(frozen=True)
class Questions:
    """Documents with their texts, if there are any, and what is quoted from them; see claims/seeds/questions.py."""

    documents: list[tuple[Record, bytes]]
    claim: Record
    evidence: list[Record]

    @classmethod
    def read(cls, folder: Path) -> "Questions | None":
        """None when the folder has no such file. Raises SeedError when one is there and cannot be read."""
        if not (folder / QUESTIONS).exists():
            return None
        try:
            record: dict[str, Any] = json.loads((folder / QUESTIONS).read_bytes())
            documents = [(one, _read_text(folder, one) if one["text_file"] else b"") for one in record["documents"]]
            return cls(documents, record["claim"], record["evidence"])
        except (OSError, ValueError, KeyError) as error:
            raise SeedError(f"{folder / QUESTIONS} cannot be read: {error}") from error


@dataclass(frozen=True)
class Desk:
    """The records of desk.json, and the texts of the documents under check by document key."""

    sources: list[Record]
    documents: list[Record]
    claims: list[Record]
    passages: dict[str, Record]
    sentences: list[Record]
    comments: list[Record]
    relations: list[Record]
    workings: list[Record]
    texts: dict[str, bytes]
    newsletter: Newsletter | None
    notice: Notice | None
    questions: Questions | None
    following: dict[str, list[Record]] | None
    registry: dict[str, list[Record]] | None

    @classmethod
    def read(cls, folder: Path) -> "Desk":
        """Raises SeedError when a file is missing, is no JSON, or a text does not have its hash."""
        try:
            desk = json.loads((folder / "desk.json").read_bytes())
            texts = {record["key"]: _read_text(folder, record) for record in desk["documents"] if record["text_file"]}
        except (OSError, ValueError, KeyError) as error:
            raise SeedError(f"The seeds in {folder} cannot be read: {error}") from error
        return cls(
            sources=desk["sources"],
            documents=desk["documents"],
            claims=desk["claims"],
            passages={record["key"]: record for record in desk["passages"]},
            sentences=desk["sentences"],
            comments=desk["comments"],
            relations=desk["relations"],
            workings=desk["workings"],
            texts=texts,
            newsletter=Newsletter.read(folder),
            registry=_read_registry(folder),
            notice=Notice.read(folder),
            questions=Questions.read(folder),
            following=_read_following(folder),
        )


def _read_following(folder: Path) -> dict[str, list[Record]] | None:
    """As claims/seeds/following.py loads it; None when the folder has no such file."""
    if not (folder / FOLLOWING).exists():
        return None
    try:
        records: dict[str, Any] = json.loads((folder / FOLLOWING).read_bytes())
        return {name: records[name] for name in ("calendars", "searches", "confirmations")}
    except (OSError, ValueError, KeyError) as error:
        raise SeedError(f"{folder / FOLLOWING} cannot be read: {error}") from error


def _read_registry(folder: Path) -> dict[str, list[Record]] | None:
    """As claims/seeds/registry.py loads it; None when the folder has no such file."""
    if not (folder / REGISTRY).exists():
        return None
    try:
        records: dict[str, Any] = json.loads((folder / REGISTRY).read_bytes())
        return {name: records[name] for name in ("names", "mergers", "retired", "derivations", "discredited")}
    except (OSError, ValueError, KeyError) as error:
        raise SeedError(f"{folder / REGISTRY} cannot be read: {error}") from error


def _read_text(folder: Path, record: Record) -> bytes:
    raw = (folder / str(record["text_file"])).read_bytes()
    if sha256(raw) != record["sha256"]:
        raise SeedError(f"{record['text_file']} does not have the SHA-256 that is given for it.")
    return raw
