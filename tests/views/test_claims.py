"""The claim's page in each stage and for each role, its panel, and editing wording and order."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from claims.actions import assessments, claims, relations
from claims.choices import Priority, RelationKind, Stage
from claims.models import Claim, Event, Snapshot, User
from tests import factories

HTMX_MAIN = {"HX-Request": "true", "HX-Target": "main"}
HTMX_PANEL = {"HX-Request": "true", "HX-Target": "panel"}
SignedIn = Callable[[User], Client]


def edit_url(claim: Claim) -> str:
    return reverse("claim_edit", args=[claim.pk])


def wording(claim: Claim, **changed: object) -> dict[str, object]:
    names = ("assertion", "kind", "speaker", "as_of", "reference_period", "how_to_check", "version")
    return {name: getattr(claim, name) for name in names} | changed


def sorting(claim: Claim, **changed: object) -> dict[str, object]:
    return {"version": claim.version, "priority": claim.priority, "recheck_on": "", "tags": "", **changed}


def relate(claim: Claim, other: Claim) -> None:
    relations.relate(claim, RelationKind.DEPENDS_ON, other, by=claim.added_by)


def claim_at(stage: Stage, *, by: User, reviewed_by: User) -> Claim:
    claim = factories.claim(by=by)
    if stage == Stage.IN_PROGRESS:
        claims.take(claim, by=by)
    if stage == Stage.DISMISSED:
        claims.dismiss(claim, by=by, reason="An opinion.")
    if stage in (Stage.IN_REVIEW, Stage.VERIFIED):
        factories.submitted(claim, by=by)
    if stage == Stage.VERIFIED:
        assessments.approve(claim, by=reviewed_by, version=claim.version)
    return claim


def test_the_page_shows_the_claim_its_context_evidence_and_history(signed_in: SignedIn, reader: User) -> None:
    claim = factories.claim_in_text(assertion="Japan is ninth.")
    factories.evidence_for(claim, document=factories.document(title="World military spending"))
    page = signed_in(reader).get(claim.get_absolute_url())
    assert page.status_code == 200
    for words in (
        "Japan is ninth.",
        "Japan has the <mark",
        "World military spending",
        "created the claim",
        claim.reference,
    ):
        assert words in page.content.decode()


def test_htmx_gets_the_part_it_asks_for(signed_in: SignedIn, analyst: User) -> None:
    claim = factories.claim()
    client = signed_in(analyst)
    main = client.get(claim.get_absolute_url(), headers=HTMX_MAIN).content.decode()
    panel = client.get(claim.get_absolute_url(), headers=HTMX_PANEL).content.decode()
    assert "<html" not in main + panel
    assert "claimhead" in main
    assert f'data-selected="{claim.pk}"' in panel
    assert 'hx-target="#panel"' in panel
    assert 'hx-target="#main"' in main


@pytest.mark.parametrize(
    ("tab", "words"),
    [("comments", "A remark."), ("history", "created the claim"), ("related", "depends on"), ("nonsense", "A remark.")],
)
def test_each_tab_of_the_panel_has_an_address(signed_in: SignedIn, analyst: User, tab: str, words: str) -> None:
    claim = factories.claim()
    factories.comment(claim)
    relate(claim, factories.claim())
    panel = signed_in(analyst).get(f"{claim.get_absolute_url()}?tab={tab}", headers=HTMX_PANEL).content.decode()
    assert words in panel
    assert panel.count('aria-current="true"') == 1


def test_a_refused_act_is_shown_with_its_reason(signed_in: SignedIn, reader: User) -> None:
    page = signed_in(reader).get(factories.claim().get_absolute_url()).content.decode()
    assert 'aria-disabled="true" title="Your role reads.' in page
    assert 'data-act="take"' not in page


def test_the_row_of_acts_follows_the_stage_and_the_person(signed_in: SignedIn, analyst: User, reviewer: User) -> None:
    claim = factories.claim(by=analyst)
    claims.take(claim, by=analyst)
    mine = [button.act for button in signed_in(analyst).get(claim.get_absolute_url()).context["act_row"]]
    theirs = [button.act for button in signed_in(reviewer).get(claim.get_absolute_url()).context["act_row"]]
    assert mine == ["release", "assign", "dismiss"]
    assert theirs == ["take", "release", "assign", "dismiss"]


@pytest.mark.parametrize("stage", Stage)
def test_every_stage_has_a_page(signed_in: SignedIn, analyst: User, reviewer: User, stage: Stage) -> None:
    claim = claim_at(stage, by=analyst, reviewed_by=reviewer)
    for user in (analyst, reviewer):
        for headers in ({}, HTMX_MAIN, HTMX_PANEL):
            assert signed_in(user).get(claim.get_absolute_url(), headers=headers).status_code == 200


def test_a_text_that_was_altered_is_named_and_does_not_take_the_page_down(
    signed_in: SignedIn, reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = factories.claim_in_text()
    monkeypatch.setattr(Snapshot, "is_intact", False)  # the database itself refuses to alter one
    page = signed_in(reader).get(claim.get_absolute_url())
    assert page.status_code == 200
    assert "was altered after capture" in page.content.decode()


def test_history_has_earlier_pages(signed_in: SignedIn, analyst: User) -> None:
    claim = factories.claim(by=analyst)
    for _ in range(25):
        factories.comment(claim, by=analyst)
    client = signed_in(analyst)
    assert "?before=7#history" in client.get(claim.get_absolute_url()).content.decode()
    assert "created the claim" in client.get(f"{claim.get_absolute_url()}?before=7").content.decode()


@pytest.mark.parametrize("cursor", ["x", "-1", "1e9", "²", "9" * 30])
def test_a_tampered_place_in_history_is_told_so(signed_in: SignedIn, reader: User, cursor: str) -> None:
    page = signed_in(reader).get(factories.claim().get_absolute_url(), {"before": cursor})
    assert page.status_code == 400


def test_there_is_no_page_for_a_claim_that_is_not_there(signed_in: SignedIn, reader: User) -> None:
    assert signed_in(reader).get(reverse("claim_detail", args=[10**9])).status_code == 404


def test_the_number_of_queries_does_not_grow_with_what_hangs_on_the_claim(
    signed_in: SignedIn, analyst: User, reviewer: User, django_assert_max_num_queries: Callable[..., object]
) -> None:
    small, large = factories.claim_in_text(by=analyst), factories.claim_in_text(by=analyst)
    for claim, times in ((small, 1), (large, 8)):
        for _ in range(times):
            factories.evidence_for(claim, by=analyst)
            factories.comment(claim, by=analyst, body="See @analyst.")
            relate(claim, factories.claim())
            factories.claim_set(claims=(claim,))
            factories.submitted(claim, by=analyst)
            assessments.return_(claim, by=reviewer, version=claim.version, reason="Say why.")
    client = signed_in(reviewer)
    counts = []
    for claim in (small, large):
        with django_assert_max_num_queries(40) as queries:
            client.get(claim.get_absolute_url())
        counts.append(len(queries))
    assert counts[1] <= counts[0]


def test_an_address_elsewhere_is_not_put_into_a_page(signed_in: SignedIn, analyst: User) -> None:
    claim = factories.claim()
    for url in ("claim_dismiss", "claim_edit"):
        page = signed_in(analyst).get(reverse(url, args=[claim.pk]), {"next": "javascript:alert(1)"})
        assert "javascript:" not in page.content.decode()


def test_the_wording_can_be_edited(signed_in: SignedIn, analyst: User) -> None:
    claim = factories.claim(assertion="It is ninth.")
    assert signed_in(analyst).get(edit_url(claim)).status_code == 200
    answer = signed_in(analyst).post(
        edit_url(claim), wording(claim, assertion="Japan is\u202e ninth. \u200b", as_of="24 May 2023")
    )
    assert answer.status_code == 303
    claim.refresh_from_db()
    assert (claim.assertion, claim.as_of, claim.version) == ("Japan is ninth.", "2023-05-24", 2)


def test_saving_what_is_there_already_writes_nothing(signed_in: SignedIn, analyst: User) -> None:
    claim = factories.claim()
    assert signed_in(analyst).post(edit_url(claim), wording(claim)).status_code == 303
    assert Event.objects.of(claim).count() == 1


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("assertion", "", "Say what is claimed"),
        ("assertion", " \u200b ", "Say what is claimed"),
        ("assertion", "a" * 10_000, "At most 1000 characters are allowed; this has 10000."),
        ("assertion", "a\x00b", "The text contains a NUL character."),
        ("kind", "gossip", "not one of the available choices"),
        ("as_of", "soon", ""),
        ("version", "x", ""),
        ("version", "-1", ""),
        ("version", str(2**70), ""),
    ],
)
def test_bad_wording_is_refused_at_its_field_and_kept_on_the_page(
    signed_in: SignedIn, analyst: User, field: str, value: str, message: str
) -> None:
    claim = factories.claim(assertion="As it was.")
    answer = signed_in(analyst).post(edit_url(claim), wording(claim, **{"speaker": "Kishida", field: value}))
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert "Kishida" in answer.content.decode()
    claim.refresh_from_db()
    assert (claim.assertion, claim.version) == ("As it was.", 1)


@pytest.mark.parametrize("words", ["<script>alert(1)</script> is so.", "=cmd|' /C calc'!A0", "Café 🇯🇵 e\u0301 is so."])
def test_odd_but_honest_wording_is_stored_and_shown_as_text(signed_in: SignedIn, analyst: User, words: str) -> None:
    claim = factories.claim()
    client = signed_in(analyst)
    assert client.post(edit_url(claim), wording(claim, assertion=words)).status_code == 303
    page = client.get(claim.get_absolute_url())
    assert page.status_code == 200
    assert "<script>alert" not in page.content.decode()


def test_the_wording_of_a_claim_in_review_stays(signed_in: SignedIn, analyst: User) -> None:
    claim = factories.claim(by=analyst)
    factories.submitted(claim, by=analyst)
    assert signed_in(analyst).get(edit_url(claim)).status_code == 409
    answer = signed_in(analyst).post(edit_url(claim), wording(claim, assertion="What I typed."))
    assert answer.status_code == 409
    assert "What I typed." in answer.content.decode()
    assert "Withdraw or return it first" in answer.content.decode()


def test_priority_date_and_tags_can_be_set(signed_in: SignedIn, analyst: User) -> None:
    claim = factories.verified_claim()
    url = reverse("claim_organise", args=[claim.pk])
    assert signed_in(analyst).get(url).status_code == 200
    data = sorting(claim, priority=Priority.URGENT, recheck_on="Oct 2026", tags="NATO, budget , NATO,")
    assert signed_in(analyst).post(url, data).status_code == 303
    claim.refresh_from_db()
    assert (claim.priority, claim.recheck_on, str(claim.recheck_from)) == (Priority.URGENT, "2026-10", "2026-10-01")
    assert [tag.name for tag in claim.tags.all()] == ["NATO", "budget"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("priority", "9"),
        ("priority", "x"),
        ("recheck_on", "soon"),
        ("tags", "x" * 61),
        ("tags", ",".join(map(str, range(21)))),
    ],
)
def test_bad_order_is_refused_at_its_field(signed_in: SignedIn, analyst: User, field: str, value: str) -> None:
    claim = factories.claim()
    answer = signed_in(analyst).post(reverse("claim_organise", args=[claim.pk]), sorting(claim, **{field: value}))
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()


@pytest.mark.parametrize("name", ["claim_edit", "claim_organise"])
def test_readers_edit_nothing(signed_in: SignedIn, reader: User, name: str) -> None:
    claim = factories.claim()
    url = reverse(name, args=[claim.pk])
    assert signed_in(reader).get(url).status_code == 403
    assert signed_in(reader).post(url, wording(claim, assertion="Mine.")).status_code == 403
