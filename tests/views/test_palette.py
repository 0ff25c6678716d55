"""Search or jump: as a dialog's list, and as a page."""

import pytest
from django.urls import reverse

from claims.actions import sources
from claims.actions.claims import fall_due
from claims.choices import Role
from claims.views.palette_commands import commands_for
from claims.views.palette_results import MOST, OWN, results
from tests import factories

PALETTE = reverse("palette")
HTMX = {"HX-Request": "true", "HX-Target": "palette-list"}


@pytest.fixture
def offered(analyst):
    """Group name to the labels in it, for what an analyst types."""
    return lambda typed, user=analyst: {
        group.name: [option.label for option in group.options] for group in results(typed, user)
    }


def test_words_find_claims_documents_sources_sets_and_people(offered):
    factories.claim(assertion="Japan met NATO in 2022.")
    factories.document(title="NATO in Asia", source=factories.source(name="NATO newsroom"))
    factories.claim_set(title="NATO claims")
    factories.user("nato_expert")
    assert offered("nato") == {
        "Claims": ["Japan met NATO in 2022.", "All claims with “nato”"],
        "Documents": ["NATO in Asia"],
        "Sources": ["NATO newsroom"],
        "Claim sets": ["NATO claims"],
        "People": ["Claims of nato_expert"],
    }


def test_a_source_is_found_by_its_other_names_and_a_retired_one_says_so(offered, admin, analyst):
    source = sources.add_source(by=admin, name="Peace Institute", aliases=["Fredsinstitutet"])
    assert offered("fredsinst")["Sources"] == ["Peace Institute"]
    sources.retire_source(source, by=admin)
    (found,) = next(group.options for group in results("fredsinst", analyst) if group.name == "Sources")
    assert found.hint == "Source, retired"


def test_triage_and_coverage_are_reached_by_their_word_and_a_title(offered):
    japan, korea = (factories.document(title=title, under_check=True) for title in ("Japan today", "Korea today"))
    factories.document(title="Japan without a text", under_check=True)
    for document in (japan, korea):
        factories.snapshot(document=document)
    assert offered("triage japan")["Documents"] == ["Triage Japan today"]
    assert offered("Coverage")["Documents"] == ["Coverage of Korea today", "Coverage of Japan today"]
    (found,) = [group for group in results("coverage kor", factories.user("maker")) if group.name == "Documents"]
    assert [option.url for option in found.options] == [reverse("document_coverage", args=[korea.pk])]


def test_what_the_desk_learnt_is_reached_by_its_name(offered):
    assert offered("> detection") == {"Commands": ["Go to detection: what makes a sentence worth checking"]}


def test_a_word_may_be_typed_half(offered):
    factories.claim(assertion="Kishida joined the summit.")
    assert "Kishida joined the summit." in offered("kishi")["Claims"]


def test_prefixes_ask_for_one_kind(offered):
    factories.claim(assertion="Claims of the analyst.")
    assert list(offered("#analyst")) == ["Claims"]
    assert offered("@analyst") == {"People": ["Claims of analyst"]}
    assert offered("> password") == {"Commands": ["Change password"]}


def test_a_reference_comes_first(offered):
    claim = factories.claim(assertion="The one.")
    imported = factories.claim(assertion="The imported one.", key="JN-51")
    for typed in (f"C-{claim.pk}", f"c-{claim.pk}", f"#C-{claim.pk}"):
        assert offered(typed)["Claims"][0] == "The one.", typed
    assert offered("jn-51")["Claims"] == [imported.assertion]


def test_a_reference_without_script_leads_straight_to_the_claim(signed_in, analyst):
    plain, imported = factories.claim(), factories.claim(key="JN-51")
    for typed, claim in ((f" C-{plain.pk} ", plain), ("jn-51", imported)):
        assert signed_in(analyst).get(PALETTE, {"q": typed}).headers["Location"] == claim.get_absolute_url()


def test_a_reference_of_nothing_is_searched_for(signed_in, analyst):
    for typed in ("C-999999", "C-999999999999999999999", "C-"):
        assert signed_in(analyst).get(PALETTE, {"q": typed}).status_code == 200


def test_the_empty_palette_offers_my_claims_and_the_commands(offered, analyst):
    factories.claim(assertion="Mine.", assignee=analyst)
    factories.claim(assertion="Not mine.")
    groups = offered("")
    assert groups["My claims"] == ["Mine."]
    assert "Add a document" in groups["Commands"]


def test_commands_are_those_that_one_may_use(offered, reader, admin):
    assert "Add a document" not in offered(">", reader)["Commands"]
    assert "Administration" not in offered(">", reader)["Commands"]
    assert "Administration" in offered(">", admin)["Commands"]


def test_commands_show_their_keys(signed_in, analyst):
    html = signed_in(analyst).get(PALETTE, {"q": ">add a document"}, headers=HTMX).content.decode()
    assert '<span class="hint dim small"><kbd>G</kbd> <kbd>A</kbd></span>' in html


def test_the_queue_of_due_claims_says_how_many_wait(signed_in, analyst):
    fall_due(factories.verified_claim(), by=analyst, reason="A newer table.")
    html = signed_in(analyst).get(PALETTE, {"q": "due for"}, headers=HTMX).content.decode()
    assert f'href="{reverse("due_list")}"' in html
    assert '<span class="hint dim small">1</span>' in html


@pytest.mark.parametrize("role", Role)
def test_every_command_on_offer_leads_somewhere(role, signed_in, db):
    person = factories.user("someone", role)
    client = signed_in(person)
    commands = list(commands_for(person, ""))
    assert len(commands) <= MOST - OWN
    for command in commands:
        assert client.get(command.url).status_code == 200, command


def test_no_more_than_twenty_are_offered(offered):
    for number in range(12):
        factories.claim(assertion=f"Show NATO {number}.")
        factories.document(title=f"Show {number}", source=factories.source(name=f"Show {number}"))
        factories.claim_set(title=f"Show {number}")
        factories.user(f"show{number}")
    for typed in ("show", "#", "@", ">", "", "#show"):
        assert sum(map(len, offered(typed).values())) <= MOST + 1, typed


def test_htmx_gets_options_for_the_listbox(signed_in, analyst):
    factories.claim(assertion="Japan met NATO.")
    html = signed_in(analyst).get(PALETTE, {"q": "nato"}, headers=HTMX).content.decode()
    assert "<html" not in html
    assert 'role="option"' in html
    assert "Japan met NATO." in html


def test_the_page_works_without_script(signed_in, analyst):
    claim = factories.claim(assertion="Japan met NATO.")
    html = signed_in(analyst).get(PALETTE, {"q": "nato"}).content.decode()
    assert f'href="{claim.get_absolute_url()}"' in html
    assert 'role="option"' not in html
    assert 'value="nato"' in html


def test_nothing_found_is_said(signed_in, analyst):
    client = signed_in(analyst)
    assert "Nothing is called that." in client.get(PALETTE, {"q": "@zzz"}, headers=HTMX).content.decode()
    assert "Nothing is called “@zzz”." in client.get(PALETTE, {"q": "@zzz"}).content.decode()


@pytest.mark.parametrize(
    "typed",
    [
        '"',
        "NEAR(",
        "*",
        "^",
        "-nato",
        "😀",
        "\x00",
        "a\u202eb",
        "x" * 10_000,
        "%",
        "_",
        "=cmd|' /C calc'!A0",
        "# ",
        "<b>",
    ],
)
def test_odd_input_finds_nothing_and_breaks_nothing(typed, signed_in, analyst):
    client = signed_in(analyst)
    for headers in ({}, HTMX):
        response = client.get(PALETTE, {"q": typed}, headers=headers)
        assert response.status_code == 200
        assert "<b>" not in response.content.decode()


def test_more_records_ask_no_more_queries(signed_in, analyst, django_assert_max_num_queries):
    client = signed_in(analyst)

    def fill():
        factories.document(title="Nato paper")
        factories.verified_claim(assertion="Nato grew.")
        factories.claim(assertion="Nato shrank.")

    fill()
    client.get(PALETTE, {"q": "nato"}, headers=HTMX)
    with django_assert_max_num_queries(15) as few:
        client.get(PALETTE, {"q": "nato"}, headers=HTMX)
    fill()
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(PALETTE, {"q": "nato"}, headers=HTMX)
