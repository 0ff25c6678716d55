"""Hands that count what they do, and things made for one test so that it shares nothing with the others."""

import re
from itertools import count

from playwright.sync_api import APIResponse, FilePayload, Locator, Page

_numbers = count(1)


class Hands:
    """Acts on a page, counted as the project counts them: a click, a key that is not typing, one typed text."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.acts = 0
        self.clicks = 0

    def click(self, place: Locator) -> None:
        place.click()
        self.acts += 1
        self.clicks += 1

    def key(self, name: str) -> None:
        self.page.keyboard.press(name)
        self.acts += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.acts += 1

    def paste(self, text: str) -> None:
        """As one typed text: it goes in where the focus is. What copied it elsewhere is not counted."""
        self.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.page.evaluate("text => navigator.clipboard.writeText(text)", text)
        self.page.keyboard.press("Control+v")
        self.acts += 1


def make_document(page: Page, text: str, title: str = "") -> str:
    """The path of a new document with this text, added by the person of the page through the form."""
    title = title or f"Made for a test {next(_numbers)}"
    fields = {"title": title, "source": "NATO", "published_on": "2023-05", "language": "en", "text": text}
    fields |= {"even_so": "on"}  # the same words in one test as in another
    answer = post(page, "/documents/add/", fields, follow=False)  # it leads on to the triage
    return answer.headers["location"].removesuffix("triage/")


def make_draft(page: Page, document: str, text: str) -> str:
    """The path of the walk through the document's next draft, which the person of the page pastes."""
    return path_of(post(page, f"{document}drafts/add/", {"how": "pasted", "text": text}))


def make_job(page: Page, **fields: str) -> str:
    """The path of a job that reads a text too long to be stored while one waits, or what `fields` say."""
    text = "" if fields else f"Text number {next(_numbers)} of a test.\n\n" + "Japan joined the summit. " * 5_000
    fields = {"title": "A long text", "source": "NATO", "text": text, **fields}
    return post(page, "/documents/add/", fields, follow=False).headers["location"]


def ended(page: Page, job: str) -> str:
    """The path of the job, once it has ended: until then its page may lead away from what is tested at any moment."""
    for _ in range(300):
        if 'hx-trigger="every 1s"' not in page.request.get(job).text():
            return job
        page.wait_for_timeout(200)
    raise AssertionError(f"{job} did not end")


def make_upload(page: Page, name: str, text: str) -> str:
    """The path of the page that asks for the columns of a file with claims, just sent by the person of the page."""
    file: FilePayload = {"name": name, "mimeType": "text/plain", "buffer": text.encode()}
    fields = {"csrfmiddlewaretoken": form_token(page), "file": file}
    answer = page.request.post("/claims/import/", multipart=fields, max_redirects=0)
    assert answer.status == 302, answer.text()[:2000]
    return answer.headers["location"]


def make_claim(page: Page, document: str, text: str, quote: str, assertion: str = "") -> int:
    """The id of a new claim of these words of the document's text; offsets in code points, as Python counts."""
    start = text.index(quote)
    place = {"snapshot": "1", "start": str(start), "end": str(start + len(quote))}
    fields = {"assertion": assertion or quote, "kind": "event", "as_of": "2023-05", **place}
    answer = post(page, f"{document}claims/add/", fields)
    found = re.search(r"claim=(\d+)", answer.url)
    assert found, answer.text()
    return int(found[1])


def make_release(page: Page, references: str = "JN-01, JN-02") -> str:
    """The path of a release of these claims of the seeds, of a new set, made by the person of the page."""
    made = path_of(post(page, "/sets/add/", {"title": f"Released for a test {next(_numbers)}", "licence": "CC-BY-4.0"}))
    post(page, f"{made}claims/add/", {"references": references})
    job = path_of(post(page, f"{made}releases/add/", {}))
    for _ in range(300):
        if found := re.search(r'href="(/releases/\d+/)">See the release', page.request.get(job).text()):
            return found[1]
        page.wait_for_timeout(200)
    raise AssertionError(f"{job} did not build a release: {page.request.get(job).text().partition('<main')[2][:2000]}")


def keep_release(page: Page, release: str) -> str:
    """The path of the page that asks what to make of a release that the person of the page sent back to the desk."""
    buffer = page.request.get(f"{release}download/").body()
    file: FilePayload = {"name": "release.zip", "mimeType": "application/zip", "buffer": buffer}
    fields = {"csrfmiddlewaretoken": form_token(page), "file": file}
    answer = page.request.post("/claims/import/release/", multipart=fields, max_redirects=0)
    assert answer.status == 302, answer.text()[:2000]
    return answer.headers["location"]


def new_text(page: Page, *assertions: str) -> tuple[str, list[int]]:
    """A document whose paragraphs are these assertions, each an open claim: its title, and the ids of the claims."""
    title, text = f"Text number {next(_numbers)} of a test", "\n\n".join(assertions)
    document = make_document(page, text, title)
    return title, [make_claim(page, document, text, one) for one in assertions]


def new_claim(page: Page, assertion: str = "Japan joined the summit.") -> int:
    """The id of an open claim in a document of its own."""
    return new_text(page, assertion)[1][0]


def new_review(page: Page, assertion: str = "Japan joined the summit.") -> int:
    """The id of a claim with an assessment in review, proposed by the person of the page."""
    claim = new_claim(page, assertion)
    propose(page, claim)
    return claim


def propose(page: Page, claim: int) -> None:
    """Put the claim in review, with the first verdict of the scale."""
    form = page.request.get(f"/claims/{claim}/").text()
    verdict = re.search(r'name="verdict" value="(\d+)"', form)
    assert verdict
    assessment = {"version": "1", "verdict": verdict[1], "rationale": "The communiqué lists it.", "as_of": "2023-05"}
    post(page, f"/claims/{claim}/assessment/submit/", assessment)


def post(page: Page, path: str, fields: dict[str, str], *, follow: bool = True) -> APIResponse:
    """Send a form as the person of the page, and follow the redirect if asked to."""
    form = {"csrfmiddlewaretoken": form_token(page), **fields}
    answer = page.request.post(path, form=form, max_redirects=20 if follow else 0)
    assert answer.status < 400, f"{path} answered {answer.status}: {answer.text()[:2000]}"
    return answer


def form_token(page: Page) -> str:
    """What every form of the person of the page carries."""
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.request.get("/keys/").text())
    assert found
    return found[1]


def path_of(answer: APIResponse) -> str:
    found = re.search(r"https?://[^/]+(/[^?#]*)", answer.url)
    assert found
    return found[1]
