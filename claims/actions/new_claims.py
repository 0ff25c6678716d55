"""What claims that come in many at once bring with them: values that were checked, not stored yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from claims.links import url_key
from claims.models import Snapshot, Verdict
from claims.passages import Passage


@dataclass(frozen=True, slots=True)
class NewOrigin:
    """The document out of which another came, and how (choices.Derivation)."""

    title: str
    url: str
    source: str
    derivation: str


@dataclass(frozen=True, slots=True)
class NewEvidence:
    """A page, or what has no address, that bears on a claim. `source` names who published it.

    Without it, or where nobody here is called so, the site of the address decides; `makes_source` makes a source of the
    name instead. `grade` is the letter that another desk gave, a proposal; `told` says for the history what else was
    said of the piece.
    """

    url: str
    stance: str
    title: str = ""
    source: str = ""
    published_on: str = ""
    finding: str = ""
    quote: str = ""
    locator: str = ""
    credibility: int = 6
    provenance: str = "found"
    was_read: bool = False
    accessed_on: date | None = None
    method: str = ""
    alone_verdict: Verdict | None = None
    alone_says: str = ""
    origin: NewOrigin | None = None
    makes_source: bool = False
    grade: str = ""
    language: str = ""
    told: str = ""

    @property
    def page(self) -> str:
        """What makes its document itself: the address in its one spelling, else who published it under which title."""
        return url_key(self.url) if self.url else nameless_page(self.source, self.title)


def nameless_page(source: str, title: str) -> str:
    """What makes a document without an address itself."""
    return f"{source.casefold()}\n{title}"


@dataclass(frozen=True, slots=True)
class NewSearch:
    """A search that found nothing."""

    place: str
    searched_on: date
    words: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class NewWorking:
    """Figures that were computed once: `columns` of Working, and of its inputs or of its rows.

    `evidence` of a part is the number of a piece in the claim's `evidence`, from 0.
    """

    columns: Mapping[str, Any]
    inputs: Sequence[Mapping[str, Any]] = ()
    rows: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class NewAssessment:
    """A verdict that another desk gave, proposed here: somebody else than who imports it has to decide.

    `decisive` is the number of a piece in the claim's `evidence`, from 0. `reason` says who gave it there.
    """

    verdict: Verdict
    rationale: str
    as_of: str
    confidence: str
    decisive: int | None
    decisive_reason: str
    reason: str


@dataclass(slots=True)
class NewClaim:
    """`columns` of Claim, of which `key` is one; `reason` says where the claim comes from."""

    columns: Mapping[str, Any]
    tags: Sequence[str] = ()
    places: Sequence[tuple[Snapshot, Passage]] = ()
    evidence: Sequence[NewEvidence] = ()
    searches: Sequence[NewSearch] = ()
    working: NewWorking | None = None
    reason: str = ""
    proposal: NewAssessment | None = None
    comments: Sequence[str] = field(default=())
