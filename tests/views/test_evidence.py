"""Evidence: adding a link, editing what is said about it, retracting it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from claims.actions import claims
from claims.actions.evidence import edit_evidence, retract_evidence
from claims.models import Claim, Document, Event, Evidence, Source, User
from tests import factories

SignIn = Callable[[User], Client]
PANEL = {"HX-Request": "true", "HX-Target": "panel"}
LINK = "https://example.org/report"


def add(client: Client, claim: Claim, headers: dict[str, str] | None = None, **fields: Any) -> Any:
    data = {"url": LINK, "stance": "supports", "quote": "It is so.", "credibility": 6, "provenance": "found", **fields}
    return client.post(reverse("evidence_add", args=[claim.pk]), data, headers=headers or {})


def edit_fields(evidence: Evidence, **fields: Any) -> dict[str, Any]:
    return {
        "version": evidence.version,
        "stance": evidence.stance,
        "finding": evidence.finding,
        "credibility": evidence.credibility,
        "provenance": evidence.provenance,
        **fields,
    }


def test_a_link_a_quote_and_a_stance_are_enough(signed_in: SignIn, analyst: User) -> None:
    claim = factories.claim()

    response = add(signed_in(analyst), claim)

    evidence = claim.evidence.get()
    assert response.status_code == 303
    assert response["Location"] == f"{claim.get_absolute_url()}#evidence-{evidence.pk}"
    assert (evidence.document.url, evidence.document.source.name) == (LINK, "example.org")
    assert (evidence.stance, evidence.quote, evidence.added_by) == ("supports", "It is so.", analyst)
    assert Event.objects.of(claim).latest_first()[0].subject_id == evidence.pk


def test_it_leads_back_to_the_page_it_came_from(signed_in: SignIn, analyst: User) -> None:
    response = add(signed_in(analyst), factories.claim(), headers=PANEL, next="/documents/1/?claim=2")

    assert (response.status_code, response["Location"]) == (303, "/documents/1/?claim=2")


def test_the_same_address_in_another_spelling_is_stored_once(signed_in: SignIn, analyst: User) -> None:
    one, other = factories.claim(), factories.claim()
    client = signed_in(analyst)

    add(client, one)
    add(client, other, url="HTTP://EXAMPLE.ORG:80/report?utm_source=mail#part", stance="refutes")

    assert one.evidence.get().document == other.evidence.get().document
    assert Document.objects.count() == 1


def test_an_address_goes_to_the_source_with_that_homepage(signed_in: SignIn, analyst: User) -> None:
    known = factories.source(homepage="https://www.example.org/")
    claim = factories.claim()

    add(signed_in(analyst), claim, title="A report", published_on="24 May 2023")

    document = claim.evidence.get().document
    assert (document.source, document.title, document.published_on) == (known, "A report", "2023-05-24")


def test_a_site_nobody_graded_becomes_an_ungraded_source(signed_in: SignIn, analyst: User) -> None:
    add(signed_in(analyst), factories.claim(), url="https://www.fresh.example/a")

    source = Source.objects.get(name="fresh.example")
    assert (source.reliability, source.homepage) == ("F", "https://www.fresh.example/")


def test_a_source_can_be_named(signed_in: SignIn, analyst: User) -> None:
    source = factories.source("Harbour Daily")
    claim = factories.claim()

    add(signed_in(analyst), claim, source="harbour daily")

    assert claim.evidence.get().document.source == source


def test_an_unknown_source_is_refused_at_its_field(signed_in: SignIn, analyst: User) -> None:
    response = add(signed_in(analyst), factories.claim(), source="Nobody’s Gazette")

    assert response.status_code == 422
    assert "No source has this name" in response.content.decode()


def test_a_stored_document_can_be_chosen(signed_in: SignIn, analyst: User) -> None:
    document, claim = factories.document(title="White paper"), factories.claim()

    add(signed_in(analyst), claim, url="white", document=document.pk)

    assert claim.evidence.get().document == document


def test_words_instead_of_a_link_offer_the_stored_documents_that_have_them(signed_in: SignIn, analyst: User) -> None:
    document = factories.document(title="White paper of 2022")

    response = add(signed_in(analyst), factories.claim(), url="white paper")

    assert response.status_code == 422
    assert f'name="document" value="{document.pk}"' in response.content.decode()


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("", "Paste the link"),
        ("javascript:alert(1)", "Only web addresses"),
        ("file:///etc/passwd", "Only web addresses"),
        ("data:text/html,x", "Only web addresses"),
        ("http://127.0.0.1/", "by number"),
        ("http://[::1]/", "by number"),
        ("http://0x7f.1/", "by number"),
        ("https://localhost/", "only inside a network"),
        ("https://me:secret@example.org/", "user name or password"),
        ("https://example.org/" + "a" * 5000, "at most 2,000"),
        ("https://exa\x00mple.org/", "NUL"),
    ],
)
def test_a_bad_link_is_refused_with_the_reason_and_the_text_kept(
    signed_in: SignIn, analyst: User, url: str, told: str
) -> None:
    response = add(signed_in(analyst), factories.claim(), url=url, quote="Keep these words.")

    page = response.content.decode()
    assert response.status_code == 422
    assert told in page
    assert "Keep these words." in page
    assert not Document.objects.exists()
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"stance": ""}, "Say whether it supports or refutes"),
        ({"stance": "proves"}, "proves is not one of the available choices"),
        ({"quote": ""}, "Quote what it says"),
        ({"quote": "x" * 10_001}, "At most 10000 characters"),
        ({"credibility": 7}, "Select a valid choice"),
        ({"published_on": "2023-13"}, "There is no month 13"),
        ({"accessed_on": "2999-01-01"}, "still to come"),
        ({"document": "999999"}, "not stored here"),
        ({"document": "x' OR 1=1"}, "not stored here"),
    ],
)
def test_what_is_missing_or_wrong_is_said_at_the_field(
    signed_in: SignIn, analyst: User, fields: dict[str, Any], told: str
) -> None:
    response = add(signed_in(analyst), factories.claim(), **fields)

    assert response.status_code == 422
    assert told in response.content.decode()


def test_htmx_gets_the_form_alone_in_its_place(signed_in: SignIn, analyst: User) -> None:
    response = add(signed_in(analyst), factories.claim(), headers=PANEL, url="ftp://example.org/")

    assert response.status_code == 422
    assert response["HX-Retarget"] == "#evidence-add"
    assert response.content.decode().lstrip().startswith('<details class="facet" id="evidence-add"')


def test_a_second_press_of_the_button_adds_nothing(signed_in: SignIn, analyst: User) -> None:
    claim, client = factories.claim(), signed_in(analyst)
    token = "11111111-2222-3333-4444-555555555555"

    first, second = add(client, claim, token=token), add(client, claim, token=token)

    assert first["Location"] == second["Location"]
    assert claim.evidence.count() == 1


def test_markup_in_a_finding_is_text(signed_in: SignIn, analyst: User) -> None:
    claim, client = factories.claim(), signed_in(analyst)
    evidence = factories.evidence_for(claim, finding="<script>alert(1)</script>", quote="\u202ereversed 👩‍🚀 e\u0301")

    page = client.get(reverse("evidence_edit", args=[evidence.pk])).content.decode()

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_reader_is_told_to_ask_for_the_role(signed_in: SignIn, reader: User) -> None:
    response = add(signed_in(reader), factories.claim())

    assert response.status_code == 403
    assert "Your role reads" in response.content.decode()


def test_a_dismissed_claim_takes_no_evidence_and_stores_no_document(signed_in: SignIn, analyst: User) -> None:
    claim = factories.claim()
    claims.dismiss(claim, by=analyst, reason="Opinion.")

    response = add(signed_in(analyst), claim)

    assert response.status_code == 409
    assert not Document.objects.exists()


def test_the_form_has_a_page_of_its_own(signed_in: SignIn, analyst: User) -> None:
    response = signed_in(analyst).get(reverse("evidence_add", args=[factories.claim().pk]), {"url": LINK})

    assert response.status_code == 200
    assert f'value="{LINK}"' in response.content.decode()


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (LINK, "example.org becomes a source"),
        ("https://sipri.org/x", "New document of SIPRI"),
        ("https://sipri.org/stored", "Stored already: Trends"),
        ("trend", "Trends"),
        ("nothing like it", "No stored title"),
    ],
)
def test_while_a_link_is_typed_it_says_where_it_would_go(
    signed_in: SignIn, analyst: User, typed: str, told: str
) -> None:
    sipri = factories.source("SIPRI", homepage="https://www.sipri.org/")
    factories.document(source=sipri, title="Trends", url="https://sipri.org/stored")
    headers = {"HX-Request": "true", "HX-Target": "evidence-documents"}

    response = signed_in(analyst).get(
        reverse("evidence_add", args=[factories.claim().pk]), {"url": typed}, headers=headers
    )

    assert told in response.content.decode()
    assert "<html" not in response.content.decode()


def test_while_a_source_is_typed_it_offers_names(signed_in: SignIn, analyst: User) -> None:
    factories.source("Harbour Daily")
    headers = {"HX-Request": "true", "HX-Target": "evidence-sources"}

    response = signed_in(analyst).get(
        reverse("evidence_add", args=[factories.claim().pk]), {"source": "harb"}, headers=headers
    )

    assert '<option value="Harbour Daily">' in response.content.decode()


def test_it_can_be_edited(signed_in: SignIn, analyst: User) -> None:
    evidence = factories.evidence_for(factories.claim())

    fields = edit_fields(evidence, stance="refutes", locator="Table 1", credibility=2)
    response = signed_in(analyst).post(reverse("evidence_edit", args=[evidence.pk]), fields)

    evidence.refresh_from_db()
    assert response.status_code == 303
    assert (evidence.stance, evidence.locator, evidence.credibility) == ("refutes", "Table 1", 2)


def test_a_stale_edit_shows_both_texts_and_can_be_saved_merged(signed_in: SignIn, analyst: User) -> None:
    evidence = factories.evidence_for(factories.claim(), finding="First.")
    colleague = factories.user("ines", first_name="Ines", last_name="Okoye")
    stale = edit_fields(evidence, finding="Mine, long thought over.")
    edit_evidence(evidence, by=colleague, version=1, finding="Theirs.")
    client, url = signed_in(analyst), reverse("evidence_edit", args=[evidence.pk])

    response = client.post(url, stale)

    page = response.content.decode()
    assert response.status_code == 409
    assert "Theirs." in page
    assert "Mine, long thought over." in page
    assert "Ines Okoye saved this" in page
    assert 'name="version" value="2"' in page
    assert client.post(url, {**stale, "finding": "Both.", "version": 2}).status_code == 303
    evidence.refresh_from_db()
    assert evidence.finding == "Both."


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30])
def test_a_forged_version_is_stale(signed_in: SignIn, analyst: User, version: str) -> None:
    evidence = factories.evidence_for(factories.claim())

    fields = edit_fields(evidence, finding="Other.", version=version)
    response = signed_in(analyst).post(reverse("evidence_edit", args=[evidence.pk]), fields)

    assert response.status_code == 409


def test_an_edit_without_finding_and_quote_is_refused(signed_in: SignIn, analyst: User) -> None:
    evidence = factories.evidence_for(factories.claim())

    fields = edit_fields(evidence, finding=" ")
    response = signed_in(analyst).post(reverse("evidence_edit", args=[evidence.pk]), fields)

    assert response.status_code == 422
    assert "Quote what it says" in response.content.decode()


def test_it_is_retracted_with_a_reason(signed_in: SignIn, analyst: User) -> None:
    evidence = factories.evidence_for(factories.claim())

    response = signed_in(analyst).post(reverse("evidence_retract", args=[evidence.pk]), {"reason": "Wrong year."})

    evidence.refresh_from_db()
    assert response.status_code == 303
    assert (evidence.is_retracted, evidence.retraction_reason) == (True, "Wrong year.")


def test_retracting_takes_a_reason(signed_in: SignIn, analyst: User) -> None:
    evidence = factories.evidence_for(factories.claim())
    client, url = signed_in(analyst), reverse("evidence_retract", args=[evidence.pk])

    plain, inline = client.post(url, {"reason": "  "}), client.post(url, {"reason": ""}, headers=PANEL)

    assert (plain.status_code, inline.status_code) == (422, 422)
    assert "Say why" in plain.content.decode()
    assert inline["HX-Retarget"] == f"#retract-{evidence.pk}"


@pytest.mark.parametrize("act", ["evidence_edit", "evidence_retract"])
def test_retracted_evidence_no_longer_changes(signed_in: SignIn, analyst: User, act: str) -> None:
    evidence = factories.evidence_for(factories.claim())
    fields = edit_fields(evidence, reason="Again.")
    retract_evidence(evidence, by=analyst, reason="Wrong year.")

    response = signed_in(analyst).post(reverse(act, args=[evidence.pk]), fields)

    assert response.status_code == 409
    assert "Wrong year." in response.content.decode()


def test_evidence_that_is_not_there_is_not_found(signed_in: SignIn, analyst: User) -> None:
    client = signed_in(analyst)

    assert client.get(reverse("evidence_edit", args=[4711])).status_code == 404
    assert client.get(reverse("evidence_add", args=[4711])).status_code == 404
