"""The walk through a new draft: what was kept, and a decision on each passage that is in doubt."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from claims.actions import assessments, comments, drafts, reanchorings
from claims.choices import Disposition, Reanchored, Role, Stage
from claims.models import Claim, Document, Reanchoring, Snapshot, User
from tests import factories

SignIn = Callable[[User], Client]
HTMX = {"HX-Request": "true", "HX-Target": "main"}
BUDGET, OFFICE, FISH = "ninth-largest military budget", "The office in Tokyo is to open in 2024", "Fish live in the sea"
OLD = f"""Japan has the {BUDGET} in the world, by the count of one institute that counts such things.

{OFFICE}. {FISH}. Nobody doubts that the partnership will deepen."""
NEW = OLD.replace("is to open in 2024", "opened in May 2024").replace(f"{FISH}. ", "Birds are seen at dusk. ")


def next_draft(snapshot: Snapshot, text: str) -> Snapshot:
    return drafts.add_draft(Document.objects.get(pk=snapshot.document_id), text, by=factories.user("author"))


@pytest.fixture
def first(db: None) -> Snapshot:
    return factories.snapshot(text=OLD)


@pytest.fixture
def claims(first: Snapshot) -> dict[str, Claim]:
    return {quote: factories.claim_in_text(snapshot=first, quote=quote) for quote in (BUDGET, OFFICE, FISH)}


@pytest.fixture
def second(first: Snapshot, claims: dict[str, Claim]) -> Snapshot:
    return next_draft(first, NEW)


def row_of(claim: Claim) -> Reanchoring:
    return Reanchoring.objects.select_related("snapshot__document").filter(appearance__claim=claim).latest("pk")


def page_of(snapshot: Snapshot, row: Reanchoring | None = None) -> str:
    url = reverse("draft_detail", args=[snapshot.document_id, snapshot.number])
    return f"{url}?passage={row.pk}" if row else url


def decide(client: Client, row: Reanchoring, decision: str, *, htmx: bool = False, **fields: Any) -> HttpResponse:
    url = reverse("reanchoring_decide", args=[row.pk])
    return client.post(url, {"decision": decision, **fields}, headers=HTMX if htmx else {})


def verify(claim: Claim) -> None:
    factories.submitted(claim, by=factories.user("maker"))
    assessments.approve(claim, by=factories.user("checker", Role.REVIEWER), version=claim.version)


def test_the_page_counts_and_shows_the_first_that_waits(
    signed_in: SignIn, reader: User, second: Snapshot, claims: dict[str, Claim]
) -> None:
    response = signed_in(reader).get(page_of(second))
    assert response.status_code == 200
    assert response.context["row"] == row_of(claims[OFFICE])
    assert dict(response.context["walk"].figures) == {"Unchanged": 1, "Moved": 0, "Reworded": 1, "Gone": 1}
    assert "Snapshot 2: 2 passages wait for a decision" in response.text
    assert "1 unchanged" in response.text
    assert 'data-walk="form"' not in response.text  # a reader reads


def test_the_words_are_compared_in_their_paragraphs(
    signed_in: SignIn, analyst: User, second: Snapshot, claims: dict[str, Claim]
) -> None:
    response = signed_in(analyst).get(page_of(second, row_of(claims[OFFICE])))
    old, new = response.context["sides"]
    assert [(piece.kind, piece.text) for piece in old.pieces][1:3] == [("del", "is to open"), ("same", " in 2024")]
    assert (old.around.paragraph, new.around.paragraph) == (2, 2)
    assert new.around.after.endswith("will deepen.")
    assert '<del><span class="vh">[gone: </span>is to open<span class="vh">]</span></del>' in response.text


def test_htmx_gets_the_main_part_only_and_its_address(signed_in: SignIn, analyst: User, second: Snapshot) -> None:
    response = signed_in(analyst).get(page_of(second), headers=HTMX)
    assert response.headers["HX-Push-Url"] == page_of(second)
    assert "<html" not in response.text
    assert 'id="passage"' in response.text


@pytest.mark.parametrize("number", [1, 3])
def test_the_first_text_and_one_that_is_not_there_are_no_drafts(
    signed_in: SignIn, reader: User, second: Snapshot, number: int
) -> None:
    url = reverse("draft_detail", args=[second.document_id, number])
    assert signed_in(reader).get(url).status_code == 404


@pytest.mark.parametrize("passage", ["0", "-1", "x", "99999", "9" * 30])
def test_a_passage_of_no_such_draft_is_not_found(
    signed_in: SignIn, reader: User, second: Snapshot, passage: str
) -> None:
    assert signed_in(reader).get(f"{page_of(second)}?passage={passage}").status_code == 404


@pytest.mark.parametrize("htmx", [True, False])
def test_a_decision_leads_to_the_next_and_can_be_taken_back(
    signed_in: SignIn, analyst: User, second: Snapshot, claims: dict[str, Claim], htmx: bool
) -> None:
    client = signed_in(analyst)
    response = decide(client, row_of(claims[OFFICE]), "same", htmx=htmx)
    assert (response.status_code, response.url) == (303, page_of(second, row_of(claims[FISH])))
    followed = client.get(response.url, headers=HTMX if htmx else {})
    assert f"{claims[OFFICE].reference} stands in snapshot 2." in followed.text
    assert 'name="decided_at"' in followed.text
    row = row_of(claims[OFFICE])
    assert (row.decision, row.decided_by) == (Reanchored.SAME, analyst)
    undone = client.post(reverse("reanchoring_reopen", args=[row.pk]), {"decided_at": row.decided_at.isoformat()})
    assert (undone.status_code, undone.url) == (303, page_of(second, row))
    assert row_of(claims[OFFICE]).decision == ""


def test_when_all_are_decided_the_page_says_so_and_leads_on(
    signed_in: SignIn, analyst: User, second: Snapshot, claims: dict[str, Claim]
) -> None:
    client = signed_in(analyst)
    decide(client, row_of(claims[OFFICE]), "recheck")
    last = decide(client, row_of(claims[FISH]), "dropped")
    assert last.url == page_of(second)
    text = client.get(last.url).text
    assert "Snapshot 2 is walked through" in text
    assert reverse("triage", args=[second.document_id]) in text
    assert reverse("document_coverage", args=[second.document_id]) in text


def test_a_verdict_stands_only_with_a_reason(
    signed_in: SignIn, analyst: User, first: Snapshot, claims: dict[str, Claim]
) -> None:
    verify(claims[OFFICE])
    next_draft(first, NEW)
    client, row = signed_in(analyst), row_of(claims[OFFICE])
    refused = decide(client, row, "same", quote="opened in May 2024", htmx=True)
    assert refused.status_code == 422
    assert "Say why" in refused.text
    assert "opened in May 2024</textarea>" in refused.text
    assert decide(client, row, "same", reason="It did open, in time.").status_code == 303
    assert row_of(claims[OFFICE]).reason == "It did open, in time."


def test_a_new_claim_has_the_old_assertion_to_start_from(
    signed_in: SignIn, analyst: User, second: Snapshot, claims: dict[str, Claim]
) -> None:
    client, row = signed_in(analyst), row_of(claims[OFFICE])
    assert f"{claims[OFFICE].assertion}</textarea>" in client.get(page_of(second, row)).text
    response = decide(client, row, "new_claim", assertion="The office in Tokyo opened in May 2024.")
    made = Claim.objects.latest("pk")
    assert f"{made.reference} is made of the words now." in client.get(response.url).text
    assert made.appearances.get().snapshot == second


def test_a_double_press_decides_once(
    signed_in: SignIn, analyst: User, second: Snapshot, claims: dict[str, Claim]
) -> None:
    client, row = signed_in(analyst), row_of(claims[OFFICE])
    fields = {"assertion": "It opened.", "token": "4cb4f24e-4a3c-4e0b-8f33-04a1c1f1f1f1"}
    answers = [decide(client, row, "new_claim", **fields) for _ in range(2)]
    assert {answer.url for answer in answers} == {page_of(second, row_of(claims[FISH]))}
    assert Claim.objects.filter(assertion="It opened.").count() == 1


def test_the_words_can_be_quoted_from_elsewhere(
    signed_in: SignIn, analyst: User, second: Snapshot, claims: dict[str, Claim]
) -> None:
    client, row = signed_in(analyst), row_of(claims[FISH])
    assert decide(client, row, "same").status_code == 422  # it is gone, and nobody said where it is
    assert decide(client, row, "same", quote="Fish swim.").status_code == 422
    assert decide(client, row, "same", quote="Birds are  seen").status_code == 303
    assert row_of(claims[FISH]).result.exact == "Birds are seen"


def test_a_quote_that_is_in_two_places_is_no_place(
    signed_in: SignIn, analyst: User, second: Snapshot, claims: dict[str, Claim]
) -> None:
    refused = decide(signed_in(analyst), row_of(claims[FISH]), "same", quote="count")
    assert refused.status_code == 422
    assert "in 2 places" in refused.text


def test_of_twins_each_place_is_offered(signed_in: SignIn, analyst: User) -> None:
    twin = "Taxes fell by half in the year of the reform."
    first = factories.snapshot(text=f"Some years passed. {twin} Others came. {twin}")
    claim = factories.claim_in_text(snapshot=first, quote="Taxes fell by half")
    second = next_draft(first, f"Few years passed. {twin} No others came. {twin} And more.")
    row, client = row_of(claim), signed_in(analyst)
    assert row.decision == ""
    shown = client.get(page_of(second))
    assert shown.text.count("Unchanged, in doubt") == 2  # above the passage and in the list
    assert {value for value, _ in shown.context["form"].fields["place"].choices} == {"18-36", "80-98"}
    assert decide(client, row, "same", place="1-5").status_code == 422
    assert decide(client, row, "same", place="80-98").status_code == 303
    assert row_of(claim).result.start == 80
    assert "in doubt" not in client.get(page_of(second, row)).text


@pytest.mark.parametrize("fields", [{}, {"decision": "kept"}, {"decision": "same", "reason": "x" * 5001}])
def test_what_is_no_decision_is_shown_again(
    signed_in: SignIn, analyst: User, second: Snapshot, claims: dict[str, Claim], fields: dict[str, str]
) -> None:
    row = row_of(claims[OFFICE])
    response = signed_in(analyst).post(reverse("reanchoring_decide", args=[row.pk]), fields)
    assert response.status_code == 422
    assert row_of(claims[OFFICE]).decision == ""


def test_the_second_to_decide_sees_the_first_ones_decision_and_what_they_typed(
    signed_in: SignIn, analyst: User, reviewer: User, second: Snapshot, claims: dict[str, Claim]
) -> None:
    row = row_of(claims[OFFICE])
    reanchorings.decide(row, Reanchored.DROPPED, by=reviewer)
    late = decide(signed_in(analyst), row, "same", reason="A long thought.", htmx=True)
    assert late.status_code == 409
    assert "reviewer has decided on this passage already: no longer in the text." in late.text
    assert "A long thought." in late.text
    assert "Take it back" in late.text


def test_a_decision_in_an_overtaken_draft_is_refused_and_leads_to_the_newest(
    signed_in: SignIn, analyst: User, second: Snapshot, claims: dict[str, Claim]
) -> None:
    row, client = row_of(claims[OFFICE]), signed_in(analyst)
    third = next_draft(second, f"{NEW} More.")
    late = decide(client, row, "same", reason="A long thought.")
    assert late.status_code == 409
    assert "A newer draft has come." in late.text
    assert "A long thought." in late.text
    old = client.get(page_of(second))
    assert page_of(third) in old.text
    assert 'data-walk="form"' not in old.text


def test_what_cannot_be_taken_back_says_why(
    signed_in: SignIn, analyst: User, second: Snapshot, claims: dict[str, Claim]
) -> None:
    client, row = signed_in(analyst), row_of(claims[OFFICE])
    decide(client, row, "new_claim", assertion="It opened.")
    made = row_of(claims[OFFICE]).result.claim
    comments.add_comment(made, by=analyst, body="Where?")
    url = reverse("reanchoring_reopen", args=[row.pk])
    answer = client.post(url)
    assert answer.status_code == 409
    assert f"{made.reference}, which was made of these words, has been worked on since." in answer.text
    assert client.post(url, {"decided_at": "yesterday"}).status_code == 400


def test_a_claim_made_by_mistake_is_dismissed_and_the_toast_says_so(
    signed_in: SignIn, analyst: User, second: Snapshot, claims: dict[str, Claim]
) -> None:
    client, row = signed_in(analyst), row_of(claims[OFFICE])
    decide(client, row, "new_claim", assertion="It opened.")
    made = Claim.objects.latest("pk")
    answer = client.post(reverse("reanchoring_reopen", args=[row.pk]), follow=True)
    assert f"{made.reference} is dismissed." in answer.text
    made.refresh_from_db()
    assert made.stage == Stage.DISMISSED


def test_what_moved_says_from_which_paragraph_to_which(signed_in: SignIn, reader: User) -> None:
    """Headings are not counted, as on the document's own page."""
    parts = [f"Paragraph {n} says that number {n} is the count of all the things in it." for n in range(1, 5)]
    first = factories.snapshot(text="\n\n".join(["# Heading", *parts]))
    for n in range(1, 5):
        factories.claim_in_text(snapshot=first, quote=f"number {n} is the count")
    second = next_draft(first, "\n\n".join(["# Heading", *parts[1:], parts[0]]))
    text = " ".join(signed_in(reader).get(page_of(second)).text.split())
    assert "3 unchanged, 1 moved" in text
    assert "from ¶1 to ¶4" in text


def test_the_page_takes_as_many_queries_for_many_passages_as_for_few(
    signed_in: SignIn, analyst: User, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(analyst)
    for count in (3, 30):
        parts = [f"Paragraph {n} says that number {n} is the count of things." for n in range(count)]
        first = factories.snapshot(text="\n\n".join(parts))
        for n in range(count):
            factories.claim_in_text(snapshot=first, quote=f"number {n} is the count")
        changed = [part.replace("the count", "a sum") if n % 3 else part for n, part in enumerate(parts)]
        second = next_draft(first, "\n\n".join(changed))
        with django_assert_max_num_queries(18):
            assert client.get(page_of(second)).status_code == 200


def test_sentences_are_counted_and_lead_to_triage(
    signed_in: SignIn, reader: User, first: Snapshot, claims: dict[str, Claim]
) -> None:
    first.sentences.undecided().update(disposition=Disposition.OPINION, decided_by=reader, decided_at=first.taken_at)
    second = next_draft(first, NEW)
    sentences = signed_in(reader).get(page_of(second)).context["walk"].sentences
    assert sentences == {"kept": 2, "fresh": 2, "undecided": 2}


def test_until_it_is_done_the_document_says_what_waits(
    signed_in: SignIn, analyst: User, second: Snapshot, claims: dict[str, Claim]
) -> None:
    client = signed_in(analyst)
    for url in (second.document.get_absolute_url(), f"{second.document.get_absolute_url()}?snapshot=1"):
        text = client.get(url).text
        assert "Snapshot 2: 2 passages wait for a decision." in text
        assert "(latest, 2 to decide on)" in text
        assert page_of(second) in text
    assert "Snapshot 2: 2 to decide on" in client.get(reverse("document_list")).text
    assert "2 of the draft to decide on" in client.get(reverse("desk")).text
    for claim in (claims[OFFICE], claims[FISH]):
        decide(client, row_of(claim), "dropped")
    for url in (second.document.get_absolute_url(), reverse("document_list"), reverse("desk")):
        assert "to decide on" not in client.get(url).text


def test_an_old_text_stays_readable_with_its_claims(
    signed_in: SignIn, reader: User, second: Snapshot, claims: dict[str, Claim]
) -> None:
    """A claim that is gone leads to the newest text that has it."""
    client = signed_in(reader)
    url = second.document.get_absolute_url()
    old = client.get(f"{url}?snapshot=1")
    assert set(old.context["reading"].claims) == {claim.pk for claim in claims.values()}
    assert client.get(f"{url}?claim={claims[FISH].pk}").context["snapshot"].number == 1
    assert client.get(f"{url}?claim={claims[BUDGET].pk}").context["snapshot"].number == 2


def test_a_claim_says_that_its_passage_waits_and_where_it_was_last(
    signed_in: SignIn, analyst: User, second: Snapshot, claims: dict[str, Claim]
) -> None:
    client, gone = signed_in(analyst), claims[FISH]
    page = client.get(gone.get_absolute_url()).text
    assert "its passage there waits for a decision" in page
    assert page_of(second, row_of(gone)) in page
    decide(client, row_of(gone), "dropped")
    page = client.get(gone.get_absolute_url()).text
    assert "waits for a decision" not in page
    assert "It is in no document’s latest text any more." in page
    assert "of snapshot 1, not the latest" in page


def test_a_claim_that_was_kept_shows_its_newest_place_only(
    signed_in: SignIn, reader: User, second: Snapshot, claims: dict[str, Claim]
) -> None:
    response = signed_in(reader).get(claims[BUDGET].get_absolute_url())
    assert [place.appearance.snapshot for place in response.context["places"]] == [second]
    assert "no document’s latest text" not in response.text


def test_a_claim_whose_words_make_another_now_stays_at_its_old_place(
    signed_in: SignIn, analyst: User, second: Snapshot, claims: dict[str, Claim]
) -> None:
    client = signed_in(analyst)
    decide(client, row_of(claims[OFFICE]), "new_claim", assertion="It opened.")
    response = client.get(claims[OFFICE].get_absolute_url())
    assert [place.appearance.snapshot.number for place in response.context["places"]] == [1]


def test_history_tells_the_decision_in_words(
    signed_in: SignIn, analyst: User, second: Snapshot, claims: dict[str, Claim]
) -> None:
    client = signed_in(analyst)
    decide(client, row_of(claims[OFFICE]), "same", reason="It is the same office.")
    page = " ".join(client.get(claims[OFFICE].get_absolute_url()).text.split())
    assert "decided on a passage of the new draft" in page
    assert "It is the same office." in page
    assert "The same claim; what was found stands" in page
