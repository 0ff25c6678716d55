"""Text that tries to be markup, a formula, or another reading order, in every field and on every page that shows it."""

import csv
import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.hands import make_claim, make_document, path_of, post

MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)>'\"</textarea><b>"
LETTERS = "e\u0301 \U0001f468\u200d\U0001f469\u200d\U0001f467 \u202egnp.exe\u202c"
HOSTILE = f"=cmd|'/C calc'!A0 {MARKUP} {LETTERS} {{{{ 7|add:7 }}}}"


def test_text_stays_text_everywhere(sign_in: SignIn) -> None:
    page, admin = sign_in("analyst"), sign_in("admin")
    dialogs: list[str] = []
    for one in (page, admin):
        one.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    shows, quiet = write_everywhere(page, admin)

    for address in shows:
        page.goto(address)
        assert "<script>alert(1)" in page.locator("main").inner_text(), address
        assert smuggled(page) == 0, address
    for address in quiet:
        page.goto(address)
        assert smuggled(page) == 0, address
    page.keyboard.press("Control+k")
    page.keyboard.type("cmd calc")
    expect(page.locator("#palette [role=option]").first).to_contain_text("<script>")
    assert smuggled(page) == 0

    assert dialogs == []


def smuggled(page: Page) -> int:
    """How many elements the text brought in."""
    return page.locator("img[src=x], script:not([src]), main b:empty").count()


def write_everywhere(page: Page, admin: Page) -> tuple[list[str], list[str]]:
    """Fill every free field; the addresses that must show what was typed, and further ones that may."""
    source = path_of(post(admin, "/sources/add/", {"name": HOSTILE, "kind": "other", **grade()}))
    post(page, f"{source}comments/add/", {"body": HOSTILE})
    text = f"{HOSTILE}\n\nAnother paragraph."
    document = make_document(page, text, HOSTILE)
    claim = make_claim(page, document, text, HOSTILE)
    edit_claim(page, claim)
    discuss(page, claim)
    made = {"title": HOSTILE, "description": HOSTILE, "licence": HOSTILE[:60]}
    claim_set = path_of(post(page, "/sets/add/", made))
    post(page, f"{claim_set}claims/add/", {"references": f"C-{claim}"})
    assess(page, claim)
    shows = [source, document, f"/claims/{claim}/", claim_set, "/sets/", f"{document}?claim={claim}&tab=history"]
    shows += ["/activity/", "/documents/", f"/claims/?q=C-{claim}", f"{document}?claim={claim}", "/sources/?q=cmd"]
    return shows, ["/", "/claims/", f"/claims/{claim}/assign/", f"/claims/{claim}/organise/", "/palette/?q=cmd"]


def grade() -> dict[str, str]:
    return {"reliability": "B", "reliability_reason": HOSTILE, "notes": HOSTILE}


def edit_claim(page: Page, claim: int) -> None:
    names = ("assertion", "speaker", "reference_period", "how_to_check")
    wording = {"version": "1", "kind": "event", "as_of": "2023", **dict.fromkeys(names, HOSTILE)}
    post(page, f"/claims/{claim}/edit/", wording)
    version = re.search(r'name="version" value="(\d+)"', page.request.get(f"/claims/{claim}/organise/").text())
    assert version
    sorting = {"version": version[1], "priority": "2", "tags": f"{MARKUP[:50]}, {LETTERS}"}
    post(page, f"/claims/{claim}/organise/", sorting)


def discuss(page: Page, claim: int) -> None:
    said = dict.fromkeys(("title", "quote", "finding", "locator"), HOSTILE)
    evidence = {"url": f"https://www.example.org/{claim}", "stance": "context", "provenance": "found", **said}
    post(page, f"/claims/{claim}/evidence/add/", {**evidence, "credibility": "3"})
    post(page, f"/claims/{claim}/comments/add/", {"body": f"{HOSTILE}\n\n[link](javascript:alert(3)) @analyst"})
    post(page, f"/claims/{claim}/relations/add/", {"kind": "depends_on", "other": "JN-01", "note": HOSTILE})


def assess(page: Page, claim: int) -> None:
    form = page.request.get(f"/claims/{claim}/").text()
    verdict = re.search(r'name="verdict" value="(\d+)"', form)
    version = re.search(r'name="version" value="(\d+)"', form)
    assert verdict
    assert version
    given = {"version": version[1], "verdict": verdict[1], "rationale": HOSTILE, "as_of": "2023"}
    post(page, f"/claims/{claim}/assessment/submit/", given)


def test_no_cell_of_a_file_is_a_formula(sign_in: SignIn) -> None:
    page = sign_in("analyst")
    document = make_document(page, HOSTILE, HOSTILE)
    make_claim(page, document, HOSTILE, HOSTILE)

    answer = page.request.get(f"{document}export.csv?stage=open")

    rows = list(csv.reader(answer.text().lstrip("\ufeff").splitlines()))
    assert len(rows) == 2
    assert not [cell for cell in rows[1] if cell.startswith(("=", "+", "-", "@", "\t"))]
