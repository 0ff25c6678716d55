"""What the address of the document page asks for, and addresses of other places on it."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict

from claims.choices import Stage
from claims.models import Document
from claims.reading import selecting

STAGES = frozenset({*Stage, "undecided"})


@dataclass(frozen=True)
class Place:
    """The parameters of the page; 0 or empty for what was not asked.

    `snapshot` and `part` count from 1. `touched` is the key of the mark that an act changed just before: its
    paragraphs are sent anew. `kept` are those parameters that links and acts carry along.
    """

    snapshot: int = 0
    claim: int = 0
    sentence: int = 0
    part: int = 0
    stage: str = ""
    tab: str = ""
    touched: str = ""

    @classmethod
    def parse(cls, query: QueryDict) -> "Place":
        """Raises ValueError, in words for the reader, when the address makes no sense."""
        stage = query.get("stage", "")
        if stage and stage not in STAGES:
            raise ValueError(f"“{stage[:40]}” is not a stage. Take one of the links of the legend.")
        numbers = {name: _number(query, name) for name in ("snapshot", "claim", "sentence", "part")}
        return cls(**numbers, stage=stage, tab=query.get("tab", "")[:20], touched=query.get("touched", "")[:20])

    @property
    def key(self) -> str:
        """The key of the mark that the address selects, empty when it selects none."""
        return str(self.claim) if self.claim else f"s{self.sentence}" if self.sentence else ""

    @property
    def kept(self) -> str:
        """To be put behind another parameter: `&stage=open&tab=history`, or nothing."""
        values = {"snapshot": self.snapshot or "", "stage": self.stage, "tab": self.tab, "part": self.part or ""}
        given = {name: value for name, value in values.items() if value}
        return f"&{urlencode(given)}" if given else ""

    def url(self, document: Document, *, key: str = "", touched: str = "") -> str:
        """The address at which the mark of that key is selected; of the document itself, without one."""
        query = selecting(key) + self.kept + (f"&touched={touched}" if touched else "")
        return f"{document.get_absolute_url()}?{query.lstrip('&')}".rstrip("?")


def _number(query: QueryDict, name: str) -> int:
    """The parameter as a whole number from 1; 0 when it is missing."""
    text = query.get(name, "")
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and int(text[:18]) > 0):
        raise ValueError(f"“{text[:40]}” is not the number of a {name}.")
    return int(text[:18])  # what no database could hold is no id either
