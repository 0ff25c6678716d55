"""The register of sources in a browser: grades, names and sites, mergers, what leans on a source, discrediting it."""

import re
from itertools import count

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn, violations, violations_in_both_schemes
from tests.browser.hands import form_token, make_document, new_claim, new_review, path_of, post
from tests.browser.test_layout import too_wide

_numbers = count(1)


@pytest.fixture
def admin(sign_in: SignIn) -> Page:
    return sign_in("admin")


@pytest.fixture
def analyst(sign_in: SignIn) -> Page:
    return sign_in("analyst")


def fresh(word: str = "Gazette") -> str:
    """A name of no other source."""
    return f"{word} number {next(_numbers)}"


def make_source(admin: Page, name: str, **fields: str) -> str:
    """The path of a new source, graded B."""
    given = {"name": name, "kind": "news", "reliability": "B", "reliability_reason": "Corrects its errors."}
    return path_of(post(admin, "/sources/add/", {**given, "even_so": "on", **fields}))


def cite(page: Page, claim: int, url: str, source: str = "", **fields: str) -> None:
    """A page of the source as evidence for the claim."""
    said = {"url": url, "source": source, "quote": "So it is.", "stance": "supports", "credibility": "2"}
    post(page, f"/claims/{claim}/evidence/add/", {**said, "provenance": "found", **fields})


def verify(claim: int, reviewer: Page) -> None:
    form = reviewer.request.get(f"/claims/{claim}/").text()
    version = re.search(r'name="version" value="(\d+)"', form)
    assert version
    post(reviewer, f"/claims/{claim}/assessment/approve/", {"version": version[1]})


def toast(page: Page, words: str) -> None:
    expect(page.locator("#toasts")).to_contain_text(words)


def aside(page: Page, heading: str) -> str:
    """The text of the section under this heading."""
    return page.locator("section", has=page.get_by_role("heading", name=heading, exact=True)).inner_text()


def test_a_grade_carries_its_reason_and_keeps_its_history(admin: Page) -> None:
    name = fresh()
    admin.goto("/sources/add/")
    admin.get_by_label("Name", exact=True).fill(name)
    admin.locator("input[name=reliability][value=C]").check(force=True)
    admin.get_by_role("button", name="Add source").click()
    expect(admin.locator(".error")).to_have_text("Say why: every letter but F carries its reason.")
    expect(admin.get_by_label("Name", exact=True)).to_have_value(name)
    admin.get_by_label("Why this letter").fill("Mixes report and comment.")
    admin.get_by_role("button", name="Add source").click()

    admin.get_by_role("link", name="Edit source").click()
    admin.locator("input[name=reliability][value=B]").check(force=True)
    admin.get_by_label("Why this letter").fill("Keeps the two apart since May.")
    admin.get_by_role("button", name="Save source").click()

    toast(admin, f"Saved {name}")
    assert "Keeps the two apart since May." in aside(admin, "Why B")
    history = aside(admin, "Grades so far")
    assert history.index("Keeps the two apart") < history.index("Mixes report and comment.")
    assert "admin, " in history


def test_names_and_sites_find_a_source_everywhere(admin: Page, analyst: Page) -> None:
    name, other = fresh("Institute of Harbours"), fresh("IH")
    path = make_source(admin, name)
    host = f"harbours-{next(_numbers)}.example.org"

    admin.goto(f"{path}edit/")
    admin.get_by_label("Other names").fill(other)
    admin.get_by_label("Sites").fill(f"https://www.{host}/about")
    admin.get_by_role("button", name="Save source").click()

    known = aside(admin, "Names and sites")
    assert other in known
    assert host in known
    analyst.goto("/sources/")
    analyst.get_by_label("Search names").fill(other)
    expect(analyst.locator("#results [data-row]")).to_have_count(1)
    expect(analyst.locator("#results")).to_contain_text(name)
    analyst.keyboard.press("Control+k")
    analyst.keyboard.type(other)
    expect(analyst.locator("#palette [role=option]", has_text=name)).to_be_visible()


def test_the_site_of_a_new_link_says_whose_it_is(admin: Page, analyst: Page) -> None:
    host = f"statistics-{next(_numbers)}.example.org"
    name = fresh("Office")
    make_source(admin, name, domains=host)
    analyst.goto(f"/claims/{new_claim(analyst)}/")

    analyst.keyboard.press("e")
    analyst.keyboard.type(f"https://data.{host}/tables/3")
    expect(analyst.locator("#evidence-documents")).to_contain_text(f"New document of {name}")
    analyst.locator("#evidence-add").get_by_label("Quote").fill("So it is.")
    analyst.get_by_role("button", name="Supports").click()

    toast(analyst, "Added: https://data.")
    expect(analyst.locator(".ev")).to_contain_text(name)


def test_a_likely_double_is_asked_about_and_added_even_so(admin: Page) -> None:
    name = fresh("Harbour Post")
    path = make_source(admin, name, aliases=f"The {name} Weekly")
    admin.goto("/sources/add/")
    admin.get_by_label("Name", exact=True).fill(f"{name.upper()} – weekly")
    admin.get_by_label("Why this letter").fill("Not known.")
    admin.get_by_role("button", name="Add source").click()

    expect(admin.get_by_role("heading", name="Is it one of these?")).to_be_visible()
    expect(admin.get_by_role("link", name=name, exact=True)).to_have_attribute("href", path)
    expect(admin.get_by_label("Why this letter")).to_have_value("Not known.")
    assert violations_in_both_schemes(admin) == []
    admin.get_by_label("It is another one: add it even so").check()
    admin.get_by_role("button", name="Add source").click()

    toast(admin, f"Added {name.upper()} – weekly")


@pytest.mark.parametrize("script", [True, False])
def test_two_entries_are_merged_after_a_preview_and_parted_again(sign_in: SignIn, script: bool) -> None:
    admin = sign_in("admin", script=script)
    twin, stays = fresh("Twin"), fresh("Original")
    path, kept = make_source(admin, twin, domains=f"twin-{next(_numbers)}.example.org"), make_source(admin, stays)
    report = f"https://www.example.org/twin-{next(_numbers)}"
    cite(admin, new_claim(admin), report, twin, title=f"Report of {twin}")
    admin.goto(path)
    admin.get_by_role("link", name="Merge into another").click()
    admin.get_by_label("Merge into").fill(twin)
    admin.get_by_role("button", name="Show what moves").click()
    expect(admin.get_by_role("alert")).to_have_text("A source cannot be merged with itself.")

    admin.get_by_label("Merge into").fill(stays)
    admin.get_by_role("button", name="Show what moves").click()
    expect(admin.locator("#main")).to_contain_text(f"Report of {twin}")
    assert re.search(r"Sites\s+1", admin.locator("dl.facts").inner_text())
    admin.get_by_label("Why").fill("One and the same.")
    admin.get_by_role("button", name="Merge the two").click()

    toast(admin, f"{twin} is merged into {stays}.")
    assert admin.url.endswith(kept)
    expect(admin.locator("#documents")).to_contain_text(f"Report of {twin}")
    assert twin in aside(admin, "Names and sites")
    admin.goto(path)
    expect(admin.locator(".note")).to_contain_text(f"Merged into {stays}.")
    if script:
        assert violations_in_both_schemes(admin) == []
    admin.get_by_role("button", name="Undo this merger").click()

    toast(admin, f"{twin} is a source of its own again.")
    expect(admin.locator("#documents")).to_contain_text(f"Report of {twin}")
    expect(admin.get_by_role("link", name="Merge into another")).to_be_visible()


def test_a_retired_source_is_offered_no_more_and_comes_back_by_undo(admin: Page) -> None:
    name = fresh()
    path = make_source(admin, name)
    admin.goto(path)
    admin.get_by_role("button", name="Retire", exact=True).click()

    toast(admin, f"{name} is retired")
    expect(admin.locator(".note")).to_contain_text("It is no longer offered")
    refused = {
        "title": fresh("Text"),
        "source": name,
        "text": "Japan joined.",
        "csrfmiddlewaretoken": form_token(admin),
    }
    assert admin.request.post("/documents/add/", form=refused).status == 422
    admin.keyboard.press("z")

    toast(admin, f"{name} is back in use.")
    expect(admin.get_by_role("button", name="Retire", exact=True)).to_be_visible()


def rests(sign_in: SignIn, name: str, *links: str) -> int:
    """A verified claim with a page of the source as evidence, and these others."""
    analyst, reviewer = sign_in("analyst"), sign_in("reviewer")
    assertion = f"{name} counted {next(_numbers)} ships."
    claim = new_review(analyst, assertion)
    cite(analyst, claim, f"https://www.example.org/{claim}/here", name)
    for number, source in enumerate(links):
        cite(analyst, claim, f"https://www.example.org/{claim}/{number}", source)
    verify(claim, reviewer)
    return claim


def test_what_leans_on_a_source_is_listed_by_how_heavily_it_does(sign_in: SignIn, admin: Page) -> None:
    name = fresh("Census")
    path = make_source(admin, name)
    only, one_of_three = rests(sign_in, name), rests(sign_in, name, "NATO", "NATO")
    admin.goto(path)
    admin.get_by_role("link", name="What leans on it").click()

    rows = admin.locator("#claims [data-row]")
    expect(rows).to_have_count(2)
    expect(rows.filter(has=admin.locator(f"[href='/claims/{only}/']"))).to_contain_text("Only evidence")
    expect(rows.filter(has=admin.locator(f"[href='/claims/{one_of_three}/']"))).to_contain_text("1 of 3 links")
    assert violations_in_both_schemes(admin) == []
    admin.get_by_role("link", name="Only evidence 1").click()

    expect(rows).to_have_count(1)
    assert "weight=only" in admin.url


@pytest.mark.parametrize("script", [True, False])
def test_a_source_is_discredited_with_the_claims_that_are_chosen(sign_in: SignIn, script: bool) -> None:
    admin = sign_in("admin", script=script)
    name = fresh("Census")
    path = make_source(admin, name)
    falls, stays = rests(sign_in, name), rests(sign_in, name)
    admin.goto(f"{path}leaning/")
    admin.get_by_role("link", name="Discredit").click()
    kept = admin.locator(f"input[name=claim][value='{stays}']")
    expect(kept).to_be_checked()

    kept.focus()
    admin.keyboard.press("Space")  # the preview is a form that keys alone can send
    admin.locator("input[name=letter]").first.focus()
    admin.keyboard.press("ArrowDown")
    admin.get_by_label("Why").fill(" ")
    admin.locator("form.cols").evaluate("form => { form.noValidate = true; }")
    admin.get_by_role("button", name="Discredit it").click()
    expect(admin.locator(".error")).to_have_text("Say why, in a sentence.")
    expect(kept).not_to_be_checked()
    if script:
        assert violations_in_both_schemes(admin) == []
    admin.get_by_label("Why").fill("It made the figures up.")
    admin.get_by_role("button", name="Discredit it").press("Enter")

    toast(admin, "1 claim reopened.")
    assert "It made the figures up." in aside(admin, "Grades")
    admin.goto(f"/claims/{falls}/")
    expect(admin.locator("#history")).to_contain_text(f"“{name}” was discredited: It made the figures up.")
    admin.goto(f"{path}leaning/")
    for claim, state in ((falls, "Open"), (stays, "Supported")):
        row = admin.locator("#claims [data-row]", has=admin.locator(f"[href='/claims/{claim}/']"))
        expect(row.locator(".stage, .verdict")).to_contain_text(state)


def test_links_that_share_a_publisher_are_one_source_on_the_page_and_in_the_panel(admin: Page, analyst: Page) -> None:
    name = fresh("Agency")
    make_source(admin, name)
    document = make_document(analyst, "Japan joined the summit.", fresh("Text"))
    claim = claim_in(analyst, document)
    for number in range(3):
        cite(analyst, claim, f"https://www.example.org/{claim}/{number}", name)

    for address in (f"/claims/{claim}/", f"{document}?claim={claim}"):
        analyst.goto(address)
        expect(analyst.locator(".group").first).to_contain_text("3 links, 1 independent source.")


def claim_in(page: Page, document: str) -> int:
    fields = {"assertion": "Japan joined the summit.", "kind": "event", "snapshot": "1", "start": "0", "end": "24"}
    found = re.search(r"claim=(\d+)", post(page, f"{document}claims/add/", {**fields, "as_of": "2023-05"}).url)
    assert found
    return int(found[1])


def test_a_document_that_came_out_of_another_is_no_second_voice(analyst: Page) -> None:
    claim = new_claim(analyst)
    story, copy = fresh("Wire story"), fresh("Copy")
    for number, title in enumerate((story, copy)):
        source = ("NATO", "Reuters")[number]
        cite(analyst, claim, f"https://www.example.org/{claim}/{number}", source, title=title)
    analyst.goto(f"/claims/{claim}/")
    expect(analyst.locator(".group").first).to_contain_text("2 links, 2 independent sources")

    analyst.locator(".ev", has_text=copy).get_by_role("link", name="Document").click()
    analyst.get_by_role("link", name="What leans on it").click()
    analyst.get_by_role("link", name="Edit what it came out of").click()
    analyst.get_by_label("Search titles").fill(story)
    analyst.get_by_role("button", name="Search").last.click()
    analyst.get_by_label(re.compile(re.escape(story))).check()
    analyst.get_by_label("How").select_option("wire")
    assert violations_in_both_schemes(analyst) == []
    analyst.get_by_role("button", name="Save").click()

    toast(analyst, f"It came out of “{story}”")
    expect(analyst.locator(".crumbs")).to_contain_text(f"Wire story, from {story}")
    analyst.goto(f"/claims/{claim}/")
    expect(analyst.locator(".group").first).to_contain_text("2 links, 1 independent source")


def test_confirmed_by_others_is_questioned_when_it_is_given_and_when_it_is_edited(analyst: Page) -> None:
    claim = new_claim(analyst)
    analyst.goto(f"/claims/{claim}/")
    analyst.keyboard.press("e")
    analyst.keyboard.type(f"https://www.example.org/{claim}/alone")
    form = analyst.locator("#evidence-add")
    form.get_by_label("Quote").fill("So it is.")
    form.get_by_text("More: finding").click()
    form.get_by_label("Credibility").select_option("1")
    form.get_by_role("button", name="Supports").click()

    toast(analyst, "all links of its side are one independent source")
    expect(analyst.locator(".ev")).to_contain_text("Graded as confirmed by other sources")
    analyst.locator(".ev").get_by_role("link", name="Edit").click()
    expect(analyst.locator(".note")).to_contain_text("all links of its side are one independent source")
    analyst.get_by_label("Locator").fill("Page 3")
    analyst.get_by_role("button", name="Save evidence").click()
    toast(analyst, "all links of its side are one independent source")


def test_a_text_says_how_much_of_its_evidence_the_author_supplied(analyst: Page) -> None:
    document = make_document(analyst, "Japan joined the summit.", fresh("Text"))
    claim = claim_in(analyst, document)
    for number, provenance in enumerate(("supplied", "found", "found", "found")):
        cite(analyst, claim, f"https://www.example.org/{claim}/{number}", "NATO", provenance=provenance)

    analyst.goto(document)
    expect(analyst.locator("#coverage")).to_contain_text("1 supplied by the author, 3 found (25 % supplied)")
    analyst.goto(f"/claims/{claim}/")
    expect(analyst.locator(".ev").first).to_contain_text("Supplied by the author")
    expect(analyst.locator(".ev").last).to_contain_text("Found by the checker")


def test_its_pages_fit_a_phone(sign_in: SignIn, admin: Page) -> None:
    name = fresh("Institute-of-harbours-and-waterways-of-the-northern-provinces")
    path = make_source(admin, name, aliases=f"{name}-too", domains=f"{'a' * 60}.{'b' * 60}.example.org")
    rests(sign_in, name, name)
    phone = sign_in("admin", width=390, dark=True)

    pages = [path, f"{path}edit/", f"{path}merge/?into=NATO", f"{path}leaning/", f"{path}discredit/"]
    assert too_wide(phone, pages) == {}
    for address in pages:
        phone.goto(address)
        assert violations(phone) == []
