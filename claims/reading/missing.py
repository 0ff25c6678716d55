"""What stands between a document and its check being complete, in a constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass

from claims.models import Claim, Document, Reanchoring, Sentence, Snapshot

SHOWN = 10


@dataclass(frozen=True)
class Missing:
    """Of the latest text: how many of each there are, and the first SHOWN of them in the order of the text.

    Claims come in the order of their making. `has_text` is False when there is nothing to check at all.
    """

    has_text: bool = True
    sentence_count: int = 0
    claim_count: int = 0
    passage_count: int = 0
    sentences: Sequence[Sentence] = ()
    claims: Sequence[Claim] = ()
    passages: Sequence[Reanchoring] = ()

    def __bool__(self) -> bool:
        return not self.has_text or bool(self.sentence_count or self.claim_count or self.passage_count)

    @property
    def reasons(self) -> list[str]:
        """What is missing, in words; empty when nothing is."""
        if not self.has_text:
            return ["no text of it is stored"]
        counted = (
            (self.sentence_count, "sentence is undecided", "sentences are undecided"),
            (self.claim_count, "claim is neither verified nor dismissed", "claims are neither verified nor dismissed"),
            (self.passage_count, "passage waits for a decision", "passages wait for a decision"),
        )
        return [f"{count:,} {one if count == 1 else many}" for count, one, many in counted if count]


def missing(document: Document) -> Missing:
    snapshot = document.latest_snapshot()
    return missing_in(snapshot) if snapshot else Missing(has_text=False)


def missing_in(snapshot: Snapshot) -> Missing:
    """What is missing in this text. Sentences carry no reasons for their score."""
    undecided = snapshot.sentences.undecided().order_by("number").defer("signals")
    unresolved = Claim.objects.unresolved().filter(pk__in=snapshot.appearances.values("claim")).order_by("pk")
    pending = snapshot.reanchorings.pending().with_claims()
    return Missing(
        sentence_count=undecided.count(),
        claim_count=unresolved.count(),
        passage_count=pending.count(),
        sentences=list(undecided[:SHOWN]),
        claims=list(unresolved[:SHOWN]),
        passages=list(pending[:SHOWN]),
    )
