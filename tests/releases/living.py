"""A small desk on which people do one thing after another, at random: what is refused does not happen."""

import random
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from claims import passages
from claims.actions import (
    assessments,
    calendars,
    captures,
    claims,
    comments,
    confirmations,
    derivations,
    discredit,
    documents,
    drafts,
    evidence,
    people,
    quotes,
    reanchorings,
    relations,
    searches,
    source_merges,
    sources,
    verdicts,
    workings,
)
from claims.choices import Derivation, Origin, Outcome, Reanchored, RelationKind, Role, Stage, Stance
from claims.fetching import Hop
from claims.intake.capturing import Attempt, read_upload
from claims.models import (
    Claim,
    Comment,
    Document,
    Evidence,
    Reanchoring,
    Relation,
    ReleaseCalendar,
    Search,
    Source,
    SourceMerge,
    StaleVersion,
    User,
    Verdict,
    Working,
)
from claims.workflow import Refused
from tests import factories

T = TypeVar("T")

TEXTS = (
    "Japan has the ninth-largest military budget. The treaty was signed in 1951. Budgets have grown since.",
    "A new beginning. Japan has the ninth-largest military budget. The treaty was signed in 1951. Budgets grew.",
    "The treaty was signed in 1951, it says. Japan has the tenth-largest military budget of the world.",
    "Japan has the ninth-largest military budget. Or not. Japan has the ninth-largest military budget.",
)
QUOTES = ("Japan has the ninth-largest military budget", "The treaty was signed in 1951", "Nothing of this is there")


class Desk:
    """`step` does one thing; `claims` are those that everything is about."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.analyst = factories.user("analyst", Role.ANALYST, first_name="Ann", last_name="Lyst")
        self.reviewer = factories.user("reviewer", Role.REVIEWER)
        self.admin = factories.user("admin", Role.ADMIN)
        self.sources = [factories.source(name=f"Publisher {number}") for number in range(3)]
        self.articles = [factories.snapshot(text=TEXTS[0]).document for _ in range(2)]
        self.pages = [factories.document(source=source, title="A page") for source in self.sources]
        self.claims = [self._claim(number) for number in range(3)]
        self.done = 0

    def _claim(self, number: int) -> Claim:
        snapshot = self.articles[number % 2].latest_snapshot()
        assert snapshot
        return factories.claim_in_text(snapshot=snapshot, quote=QUOTES[number % 2], recheck_on="2031")

    @property
    def keys(self) -> list[int]:
        return [claim.pk for claim in self.claims]

    def any(self, rows: Sequence[T]) -> T:
        return self.chance.choice(rows)

    def word(self) -> str:
        return self.any(["amber", "birch", "cedar", "delta", "ember"]) + str(self.chance.randrange(100))

    def step(self) -> None:
        """One act by one person; what cannot be done now is not done."""
        act: Callable[[], Any] = self.any(self._acts())
        try:
            with transaction.atomic():
                act()
            self.done += 1
        except (Refused, ValidationError, StaleVersion, IndexError):
            pass

    def _acts(self) -> list[Callable[[], Any]]:
        return [getattr(self, name) for name in sorted(dir(self)) if name.startswith("do_")]

    def claim(self, *stages: Stage) -> Claim:
        """One of the claims, in one of these stages."""
        found: Claim = self.row(Claim.objects.filter(pk__in=self.keys, stage__in=stages or list(Stage)).order_by("pk"))
        return found

    def row(self, rows: Any) -> Any:
        return self.any(list(rows))

    def piece(self) -> Evidence:
        found: Evidence = self.row(Evidence.objects.filter(claim__in=self.keys, retracted_at=None))
        return found

    # --- claims

    def do_edit(self) -> None:
        claim, words = self.claim(), {"speaker": self.word(), "as_of": self.any(["2022", "2023-05", "2024-01-31"])}
        claims.edit_claim(claim, by=self.analyst, version=claim.version, assertion=f"It is {self.word()}.", **words)

    def do_organise(self) -> None:
        claim, tags = self.claim(), {self.word() for _ in range(self.chance.randrange(3))}
        recheck = self.any(["", "2030", "2020-05", claim.recheck_on])
        args: dict[str, Any] = {
            "version": claim.version,
            "priority": claim.priority,
            "recheck_on": recheck,
            "tags": tags,
        }
        claims.organise_claim(claim, by=self.analyst, **args)

    def do_follow(self) -> None:
        calendar = self.any([None, *ReleaseCalendar.objects.all()])
        calendars.follow_calendar(self.claim(), calendar, by=self.analyst)

    def do_dismiss_or_restore(self) -> None:
        claim = self.claim()
        if self.chance.random() < 0.3:
            claims.dismiss(claim, by=self.analyst, reason="Not worth it.")
        else:
            claims.restore(claim, by=self.analyst)

    def do_reopen(self) -> None:
        claims.reopen(self.claim(Stage.VERIFIED), by=self.reviewer, reason="It was wrong.")

    # --- assessments

    def _judged(self, claim: Claim) -> dict[str, Any]:
        decisive = self.any([None, *claim.evidence.filter(retracted_at=None)])
        told = {"decisive": decisive, "decisive_reason": "It is official."} if decisive else {}
        return {"rationale": f"Because of {self.word()}.", "as_of": self.any(["2023", "2024-02"]), **told}

    def do_draft(self) -> None:
        assessments.save_draft(self.claim(), by=self.analyst, verdict=self.any(list(Verdict.objects.all())))

    def do_submit(self) -> None:
        claim, verdict = self.claim(Stage.OPEN, Stage.IN_PROGRESS), self.any(list(Verdict.objects.in_use()))
        assessments.submit(claim, by=self.analyst, version=claim.version, verdict=verdict, **self._judged(claim))

    do_submit_again = do_submit

    def do_withdraw(self) -> None:
        assessments.withdraw(self.claim(Stage.IN_REVIEW), by=self.analyst)

    def do_decide(self) -> None:
        claim = self.claim(Stage.IN_REVIEW)
        assessments.approve(claim, by=self.reviewer, version=claim.version, note=self.any(["", "Good."]))

    do_decide_again = do_decide
    do_decide_once_more = do_decide

    def do_return(self) -> None:
        claim = self.claim(Stage.IN_REVIEW)
        assessments.return_(claim, by=self.reviewer, version=claim.version, reason="Say more.")

    def do_confirm(self) -> None:
        claim = self.claim(Stage.VERIFIED)
        confirmations.confirm(
            claim, by=self.analyst, rationale=f"Still {self.word()}.", as_of=f"20{self.chance.randrange(25, 60)}"
        )

    def do_settle_confirmation(self) -> None:
        claim, fate = self.claim(Stage.VERIFIED), self.chance.randrange(3)
        if fate == 0:
            confirmations.withdraw_confirmation(claim, by=self.analyst)
        elif fate == 1:
            confirmations.return_confirmation(claim, by=self.reviewer, version=claim.version, reason="No.")
        else:
            confirmations.approve_confirmation(claim, by=self.reviewer, version=claim.version)

    # --- evidence

    def do_add_evidence(self) -> None:
        page, quote = self.any(self.pages), self.any(["", *QUOTES])
        alone = {"alone_verdict": self.any([None, *Verdict.objects.all()]), "alone_says": self.word()}
        content = {"finding": self.word(), "quote": quote, "credibility": self.any([1, 3, 6]), **alone}
        evidence.add_evidence(self.claim(), page, by=self.analyst, stance=self.any(list(Stance)), **content)

    do_add_more = do_add_evidence

    def do_edit_evidence(self) -> None:
        piece = self.piece()
        content: dict[str, Any] = self.any(
            [
                {"quote": self.any(QUOTES)},
                {"finding": self.word(), "accessed_on": timezone.localdate()},
                {"stance": self.any(list(Stance)), "was_read": self.any([True, False])},
                {"alone_verdict": self.any([None, *Verdict.objects.all()])},
            ]
        )
        evidence.edit_evidence(piece, by=self.analyst, version=piece.version, **content)

    do_edit_more = do_edit_evidence

    def do_retract(self) -> None:
        evidence.retract_evidence(self.piece(), by=self.analyst, reason="The wrong table.")

    def do_choose_place(self) -> None:
        piece = self.row(Evidence.objects.filter(retracted_at=None, places__gt=1))
        starts = [place[0] for place in passages.sight(piece.quote, piece.snapshot.text).places]
        quotes.choose_place(piece, self.any(starts), by=self.analyst, version=piece.version)

    def do_look_again(self) -> None:
        quotes.place_quotes(self.any(self.pages), by=self.analyst)

    def do_capture(self) -> None:
        page = Document.objects.get(pk=self.any(self.pages).pk)
        attempt = read_upload(self.any(TEXTS).encode(), lambda *_: None, filename="page.txt", content_type="text/plain")
        captures.store_capture(page, captures.prepare(page, attempt), by=self.analyst)

    do_capture_again = do_capture

    def do_fail_to_capture(self) -> None:
        page, now = Document.objects.get(pk=self.any(self.pages).pk), timezone.now()
        gone: dict[str, Any] = {"outcome": Outcome.STATUS, "chain": (Hop("https://a.example/", 410, "192.0.2.1"),)}
        how = self.any([gone, {"outcome": Outcome.UNREACHABLE}])
        attempt = Attempt(origin=Origin.FETCHED, asked_at=now, finished_at=now, **how)
        captures.store_capture(page, captures.prepare(page, attempt), by=self.analyst)

    # --- documents and sources

    def do_edit_document(self) -> None:
        document = self.row(Document.objects.filter(pk__in=[one.pk for one in [*self.pages, *self.articles]]))
        fields: dict[str, Any] = self.any(
            [
                {"title": f"Title {self.word()}", "published_on": self.any(["", "2022"])},
                {"source": self.any(self.sources)},
                {"reliability_override": self.any(["", "A", "D"]), "reliability_override_reason": "Checked."},
                {"language": self.any(["en", "ja"]), "accessed_on": timezone.localdate()},
            ]
        )
        documents.edit_document(document, by=self.analyst, version=document.version, url=document.url, **fields)

    do_edit_another = do_edit_document

    def do_derive(self) -> None:
        one, origin = (Document.objects.get(pk=self.any(self.pages).pk) for _ in range(2))
        origin_or_none = self.any([None, origin])
        derivations.set_origin(one, origin_or_none, self.any(list(Derivation)), by=self.analyst)

    def do_discredit(self) -> None:
        record = self.row([*Source.objects.all(), *Document.objects.all()])
        args: dict[str, Any] = {
            "version": record.version,
            "letter": self.any(["C", "D", "E"]),
            "reason": "It was made up.",
        }
        discredit.discredit(record, list(Claim.objects.filter(pk__in=self.keys)), by=self.admin, **args)

    def do_edit_source(self) -> None:
        source = Source.objects.get(pk=self.any(self.sources).pk)
        fields = self.any([{"name": f"Publisher {self.word()}"}, {"reliability": self.any(["A", "B", "C"])}])
        sources.edit_source(source, by=self.admin, version=source.version, **fields)

    def do_merge(self) -> None:
        one, into = (Source.objects.get(pk=self.any(self.sources).pk) for _ in range(2))
        source_merges.merge_sources(one, into, by=self.admin, reason="One and the same.")

    def do_undo_merge(self) -> None:
        source_merges.undo_merge(self.row(SourceMerge.objects.filter(undone_at=None)), by=self.admin)

    def do_calendar(self) -> None:
        if known := list(ReleaseCalendar.objects.all()):
            chosen, rule = self.any(known), self.any(["quarterly", "every April"])
            calendars.edit_calendar(chosen, by=self.admin, version=chosen.version, name=self.word(), rule=rule)
        source = Source.objects.get(pk=self.any(self.sources).pk)
        calendars.add_calendar(source, by=self.admin, name=self.any(["Table", self.word()]), rule="every May")

    def do_edit_verdict(self) -> None:
        verdict = self.row(Verdict.objects.all())
        fields: dict[str, Any] = {"name": f"Verdict {self.word()}", "rating": self.any([None, 1, 5])}
        verdicts.edit_verdict(verdict, by=self.admin, **fields)

    def do_rename_person(self) -> None:
        person: User = self.any([self.analyst, self.reviewer])
        role = Role.ANALYST if person == self.analyst else Role.REVIEWER
        people.edit_person(person, by=self.admin, role=role, first_name=self.word(), last_name=self.word())

    # --- texts and appearances

    def do_appear(self) -> None:
        snapshot = self.any(self.articles).latest_snapshot()
        assert snapshot
        start = self.chance.randrange(len(snapshot.text) - 12)
        claims.add_appearance(self.claim(), snapshot, start, start + 12, by=self.analyst)

    def do_add_draft(self) -> None:
        drafts.add_draft(Document.objects.get(pk=self.any(self.articles).pk), self.any(TEXTS), by=self.analyst)

    def do_decide_on_passage(self) -> None:
        row = self.row(Reanchoring.objects.filter(decision=""))
        decision = self.any([Reanchored.SAME, Reanchored.RECHECK, Reanchored.NEW_CLAIM, Reanchored.DROPPED])
        args: dict[str, Any] = {"reason": "It says so.", "assertion": f"It is {self.word()}."}
        if row.start is None and decision != Reanchored.DROPPED:
            args |= {"start": 0, "end": 16}
        reanchorings.decide(row, decision, by=self.analyst, **args)
        if row.result and row.result.claim_id not in self.keys:
            self.claims.append(row.result.claim)

    do_decide_on_another = do_decide_on_passage

    def do_take_decision_back(self) -> None:
        reanchorings.take_back(self.row(Reanchoring.objects.exclude(decision="")), by=self.analyst)

    do_take_another_back = do_take_decision_back

    # --- what belongs to claims

    def do_search(self) -> None:
        searches.add_search(
            self.claim(), by=self.analyst, place=self.word(), searched_on=timezone.localdate(), words=self.word()
        )

    def do_retract_search(self) -> None:
        searches.retract_search(self.row(Search.objects.filter(retracted_at=None)), by=self.analyst, reason="Found.")

    def do_show_working(self) -> None:
        claim, piece = self.claim(), self.piece()
        make = self.any([factories.working, factories.rank_table])
        make(claim, by=self.analyst, piece=self.any([piece, *claim.evidence.filter(retracted_at=None)]))

    def do_change_working(self) -> None:
        working = self.row(Working.objects.filter(kind="formula", claim__in=self.keys))
        piece = self.any(list(working.claim.evidence.filter(retracted_at=None)))
        given = [workings.GivenInput(name, str(self.chance.randrange(1, 9)), piece) for name in ("budget", "gdp")]
        content = {"kind": "formula", "formula": "budget / gdp", "expected": "2", "note": self.any(["", self.word()])}
        parts = workings.Parts(inputs=given)
        workings.change_working(working, by=self.analyst, version=working.version, parts=parts, **content)

    def do_remove_working(self) -> None:
        working = self.row(Working.objects.filter(claim__in=self.keys))
        workings.remove_working(working, by=self.analyst, version=working.version, reason="It was wrong.")

    def do_relate(self) -> None:
        kind = self.any([RelationKind.DEPENDS_ON, RelationKind.DEPENDS_ON, RelationKind.CONTRADICTS])
        relations.relate(self.claim(), kind, self.claim(), by=self.analyst, note=self.any(["", self.word()]))

    def do_unrelate(self) -> None:
        relations.unrelate(self.row(Relation.objects.all()), by=self.analyst)

    def do_comment(self) -> None:
        parent = self.any([None, *Comment.objects.exclude(claim=None)])
        comments.add_comment(parent.claim if parent else self.claim(), by=self.analyst, body=self.word(), parent=parent)

    def do_edit_comment(self) -> None:
        comment = self.row(Comment.objects.all())
        comments.edit_comment(comment, by=self.analyst, version=comment.version, body=self.word())

    def do_resolve(self) -> None:
        comments.resolve_thread(self.row(Comment.objects.filter(parent=None)), by=self.reviewer)

    def do_open_thread(self) -> None:
        comments.reopen_thread(self.row(Comment.objects.filter(parent=None)), by=self.reviewer)
