"""Every page of the project with an address to open it at, checked against the URLs: a page without an entry fails.

`PAGES` names what `records` made in braces.
"""

from playwright.sync_api import Page

from tests.browser.conftest import SignIn
from tests.browser.hands import (
    ended,
    keep_release,
    make_claim,
    make_document,
    make_draft,
    make_job,
    make_release,
    make_upload,
    new_review,
    path_of,
    post,
)

TEXT = "Japan joined the summit. Korea joined it too.\n\nNobody else did."
TABLE = "Claim;Type;Who\nJapan joined the summit.;event;The PM\nNobody else did.;rumour;\n"
REVIEWS = '[{"@type": "ClaimReview", "claimReviewed": "It did.", "url": "https://www.example.org/it-did"}]'
ANALYST, REVIEWER, ADMIN = "analyst", "reviewer", "admin"

# By the name of its URL. Acts and files have no page of their own.
PAGES: dict[str, list[str]] = {
    "desk": ["/"],
    "activity": ["/activity/", "/activity/?by=nobody"],
    "palette": ["/palette/", "/palette/?q=japan"],
    "profile": ["/profile/"],
    "keys": ["/keys/"],
    "document_list": ["/documents/", "/documents/?role=evidence", "/documents/?q=nothing+has+this"],
    "document_add": ["/documents/add/", "/documents/add/?again={failed_number}"],
    "draft_add": ["{document}drafts/add/"],
    "draft_detail": ["{draft}"],
    "job_list": ["/jobs/"],
    "job_detail": ["{job}", "{failed_job}"],
    "document_detail": [
        *("{document}", "{document}?sentence={sentence}", "{document}?stage=undecided", "/documents/2/"),
        *("{document}?claim={claim}", "{document}?claim={claim}&tab=history", "{document}?claim={claim}&tab=related"),
    ],
    "document_claim_add": ["{document}claims/add/", "{document}claims/add/?sentence={sentence}"],
    "document_edit": ["/documents/2/edit/"],
    "document_leaning": ["/documents/2/leaning/"],
    "document_discredit": ["/documents/2/discredit/"],
    "document_origin": ["/documents/2/origin/", "/documents/2/origin/?q=nato"],
    "triage": ["{document}triage/?from=0", "{document}triage/?from=0&sentence={sentence}", "/documents/1/triage/"],
    "document_captures": ["/documents/2/captures/"],
    "link_list": ["/links/", "/links/?state=gone"],
    "evidence_file_add": ["/claims/{claim}/evidence/file/"],
    "weighting_list": ["/detection/"],
    "document_coverage": ["{document}coverage/", "/documents/1/coverage/"],
    "document_memo": ["{document}memo/", "/documents/1/memo/"],
    "suggestion_add": ["/appearances/1/suggest/"],
    "claim_list": ["/claims/?stage=dismissed&stage=open&q=summit", "/claims/?q=nothing+has+this", "/claims/?stage=odd"],
    "claim_import": ["/claims/import/"],
    "claim_import_map": ["{table}", "{reviews}"],
    "release_import": ["/claims/import/release/"],
    "release_import_check": ["{kept_release}"],
    "claim_detail": ["/claims/1/", "/claims/{claim}/", "/claims/{in_review}/", "/claims/78/"],
    "claim_edit": ["/claims/{claim}/edit/"],
    "claim_organise": ["/claims/{claim}/organise/"],
    "claim_assign": ["/claims/{claim}/assign/"],
    "claim_dismiss": ["/claims/{claim}/dismiss/"],
    "claim_reopen": ["/claims/1/reopen/"],
    "working_edit": ["/claims/{claim}/working/?kind=formula", "/claims/{claim}/working/?kind=rank"],
    "working_remove": ["/claims/{worked}/working/remove/"],
    "evidence_add": ["/claims/{claim}/evidence/add/", "/claims/{claim}/evidence/add/?url=white"],
    "evidence_edit": ["/evidence/{evidence}/edit/"],
    "due_list": ["/due/", "/due/?why=date", "/due/?why=odd"],
    "claim_confirm": ["/claims/1/confirm/"],
    "claim_follow": ["/claims/{claim}/follow/"],
    "calendar_add": ["/sources/1/calendars/add/"],
    "calendar_edit": ["/calendars/1/edit/"],
    "search_add": ["/claims/{claim}/searches/add/"],
    "search_retract": ["/searches/{search}/retract/"],
    "document_text": ["{document}text/", "/documents/2/text/?claim={claim}"],
    "evidence_retract": ["/evidence/{evidence}/retract/"],
    "comment_edit": ["/comments/{comment}/edit/"],
    "relation_add": ["/claims/{claim}/relations/add/"],
    "source_list": ["/sources/", "/sources/?q=nothing+has+this"],
    "source_add": ["/sources/add/"],
    "source_detail": ["/sources/1/", "/sources/65/"],
    "source_edit": ["/sources/1/edit/"],
    "source_merge": ["/sources/1/merge/", "/sources/1/merge/?into=NATO"],
    "source_leaning": ["/sources/1/leaning/", "/sources/1/leaning/?weight=only"],
    "source_discredit": ["/sources/1/discredit/"],
    "claim_set_list": ["/sets/"],
    "claim_set_add": ["/sets/add/", "/sets/add/?filter=stage%3Dverified", "/sets/add/?document=1"],
    "claim_set_detail": ["{set}", "{empty_set}", "/sets/2/", "/sets/3/"],
    "claim_set_preflight": ["{set}preflight/", "{empty_set}preflight/", "{set}preflight/?finding=left_out"],
    "claim_set_edit": ["/sets/1/edit/"],
    "release_add": ["{set}releases/add/", "{empty_set}releases/add/"],
    "release_list": ["/releases/", "/releases/?state=failed", "/releases/?recalled=on"],
    "release_detail": ["{release}"],
    "release_compare": ["{release}compare/"],
    "release_left_out": ["{release}left-out/"],
    "release_history": ["{release}history/"],
    "release_recipients": ["{release}recipients/"],
    "release_corrections": ["{release}corrections/"],
    "release_correct": ["{release}claims/{released}/correct/"],
    "release_publish": ["{release}publish/"],
    "release_withdraw": ["{release}withdraw/"],
}
# Pages of the seeds, the same for everyone but for what smaller ones show too; axe takes seconds for each.
LARGE = ["/claims/", "/documents/1/", "/documents/1/?stage=verified&claim=1", "/documents/1/?claim=7", "/sets/1/"]
ACTS = {
    *("confirmation_withdraw", "confirmation_approve", "confirmation_return", "calendar_retire", "calendar_unretire"),
    *("document_quotes", "evidence_capture", "evidence_quote", "evidence_place"),
    *("document_capture", "capture_accept", "link_recheck"),
    *("suggestion_answer", "document_complete", "document_reopen", "weighting_accept", "weighting_accept_shipped"),
    *("see_mentions", "single_keys", "sentence_dispose", "claim_bulk", "claim_take", "claim_release", "claim_restore"),
    *("sentence_claim_add", "triage_bulk", "triage_undo", "reanchoring_decide", "reanchoring_reopen"),
    *("assessment_draft", "assessment_submit", "assessment_withdraw", "assessment_approve", "assessment_return"),
    *("claim_comment_add", "comment_resolve", "comment_reopen", "relation_remove", "source_comment_add"),
    *("source_retire", "source_unretire", "merge_undo"),
    *("claim_set_leave_out", "claim_set_take_back", "claim_set_size", "release_recipient_add"),
    *(
        "claim_set_approve",
        "claim_set_add_claims",
        "claim_set_remove_claims",
        "claim_set_move",
        "job_cancel",
        "working_preview",
    ),
}
FILES = {
    "release_download",
    "release_compare_json",
    "document_export",
    "claim_export",
    "claim_set_export",
    "job_refused",
    "capture_raw",
    "capture_warc",
}
ACCOUNT = ["/accounts/password/change/", "/accounts/logout/", "/accounts/email/", "/accounts/reauthenticate/"]
ENTRANCE = [
    *("/accounts/login/", "/accounts/password/reset/", "/accounts/password/reset/done/", "/accounts/inactive/"),
    *("/accounts/password/reset/key/done/", "/accounts/password/reset/key/zzzz-a-b/", "/accounts/signup/"),
]


def records(page: Page, sign_in: SignIn) -> dict[str, str | int]:
    """Something of everything, made by the person of the page; what waits for review is another's."""
    document = make_document(page, TEXT)
    claim = make_claim(page, document, TEXT, "Japan joined the summit.")
    evidence = {"url": "https://www.example.org/axe", "quote": "It did.", "stance": "supports", "provenance": "found"}
    post(page, f"/claims/{claim}/evidence/add/", {**evidence, "credibility": "2"})
    comment = post(page, f"/claims/{claim}/comments/add/", {"body": "Who **says** so?"})
    search = {"place": "The archive", "words": "Japan summit", "searched_on": "2026-11-01"}
    post(page, f"/claims/{claim}/searches/add/", search)
    made = page.request.get(f"/claims/{claim}/").text()
    text = page.request.get(f"{document}?stage=undecided").text()
    job, failed = make_job(page), make_job(page, url="http://www.example.org:9/")  # no port of the web
    drafted = make_document(page, TEXT)
    make_claim(page, drafted, TEXT, "Korea joined it too.")
    return {
        "document": document,
        "draft": make_draft(page, drafted, "Korea left it."),
        "claim": claim,
        "job": ended(page, job),
        "table": make_upload(page, "claims.csv", TABLE),
        "reviews": make_upload(page, "reviews.json", REVIEWS),
        "failed_job": ended(page, failed),
        "failed_number": failed.strip("/").rpartition("/")[2],
        "in_review": new_review(sign_in(ANALYST)),
        "evidence": made.partition('id="evidence-')[2].partition('"')[0],
        "worked": _make_working(page, claim),
        "search": made.partition('id="search-')[2].partition('"')[0],
        "comment": comment.url.partition("#comment-")[2] or made.partition('id="comment-')[2].partition('"')[0],
        "sentence": text.partition("?sentence=")[2].partition("&")[0],
        "release": (release := make_release(page)),
        "kept_release": keep_release(page, release),
        "released": page.request.get(release).text().partition("claims/")[2].partition("/")[0],
        "empty_set": path_of(post(page, "/sets/add/", {"title": f"Empty set of {claim}"})),
        "set": path_of(post(page, "/sets/add/", {"title": f"Set of {claim}", "filter": "q=first+NATO+summit"})),
    }


def _make_working(page: Page, claim: str | int) -> str | int:
    """The claim, with a rank table."""
    rows = {"rows-TOTAL_FORMS": "2", "rows-INITIAL_FORMS": "0", "rows-0-name": "Japan", "rows-1-name": "Italy"}
    rows |= {"rows-0-value": "46.0", "rows-1-value": "33.5"}
    asked = {"kind": "rank", "version": "0", "subject": "Japan", "expected": "1"}
    post(page, f"/claims/{claim}/working/", {**asked, **rows})
    return claim


def every_page(page: Page, sign_in: SignIn) -> list[str]:
    """The addresses of all pages but the large ones, as the person of the page can open them."""
    made = records(page, sign_in)
    return [address.format(**made) for addresses in PAGES.values() for address in addresses] + ACCOUNT
