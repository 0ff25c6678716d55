"""Comments: remarks and replies, editing, resolving; what the page shows of them."""

from collections.abc import Callable

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse

from claims.actions.comments import COMMENT_LIMIT, edit_comment, resolve_thread
from claims.models import Claim, Event, Source, User
from claims.views.comment_context import threads_context
from tests import factories

SignIn = Callable[[User], Client]
PANEL = {"HX-Request": "true", "HX-Target": "panel"}


def shown(target: Claim | Source, user: User, show: str = "") -> str:
    """The discussion as a page puts it."""
    request = RequestFactory().get("/")
    request.user = user
    context = {**threads_context(target, user, show), "next_url": "/", "target": "main"}
    return render_to_string("comments/_threads.html", context, request)


def test_a_remark_is_added_and_the_answer_leads_to_it(signed_in: SignIn, analyst: User) -> None:
    claim = factories.claim()

    response = signed_in(analyst).post(reverse("claim_comment_add", args=[claim.pk]), {"body": "In which year?"})

    comment = claim.comments.get()
    assert (response.status_code, response["Location"]) == (303, f"/claims/{claim.pk}/#comment-{comment.pk}")
    assert (comment.body, comment.author) == ("In which year?", analyst)
    assert Event.objects.of(claim).latest_first()[0].act == "comment"


def test_sources_are_discussed_too(signed_in: SignIn, analyst: User) -> None:
    source = factories.source()

    response = signed_in(analyst).post(reverse("source_comment_add", args=[source.pk]), {"body": "Rather C."})

    assert response["Location"] == f"/sources/{source.pk}/#comment-{source.comments.get().pk}"


def test_a_reply_to_a_reply_goes_under_the_first_remark(signed_in: SignIn, analyst: User) -> None:
    claim = factories.claim()
    first = factories.comment(claim)
    reply = factories.comment(claim, parent=first)

    signed_in(analyst).post(reverse("claim_comment_add", args=[claim.pk]), {"body": "Third.", "parent": reply.pk})

    assert claim.comments.get(body="Third.").parent == first


@pytest.mark.parametrize("parent", ["999", "x", "1'--"])
def test_a_reply_to_nothing_is_not_found(signed_in: SignIn, analyst: User, parent: str) -> None:
    url = reverse("claim_comment_add", args=[factories.claim().pk])

    assert signed_in(analyst).post(url, {"body": "Lost.", "parent": parent}).status_code == 404


def test_a_reply_cannot_join_the_thread_of_another_claim(signed_in: SignIn, analyst: User) -> None:
    elsewhere = factories.comment(factories.claim())
    url = reverse("claim_comment_add", args=[factories.claim().pk])

    assert signed_in(analyst).post(url, {"body": "Lost.", "parent": elsewhere.pk}).status_code == 404


def test_a_second_press_says_it_once(signed_in: SignIn, analyst: User) -> None:
    claim, client = factories.claim(), signed_in(analyst)
    data = {"body": "Once.", "token": "11111111-2222-3333-4444-555555555555"}

    answers = [client.post(reverse("claim_comment_add", args=[claim.pk]), data) for _ in range(2)]

    assert answers[0]["Location"] == answers[1]["Location"]
    assert claim.comments.count() == 1


@pytest.mark.parametrize(
    ("body", "told"),
    [("  ", "Write something"), ("x" * (COMMENT_LIMIT + 1), "At most 10000"), ("a\x00b", "NUL")],
)
def test_a_bad_remark_is_refused_at_its_field(signed_in: SignIn, analyst: User, body: str, told: str) -> None:
    response = signed_in(analyst).post(reverse("claim_comment_add", args=[factories.claim().pk]), {"body": body})

    assert response.status_code == 422
    assert told in response.content.decode()


def test_htmx_gets_the_form_that_was_refused_in_its_place(signed_in: SignIn, analyst: User) -> None:
    claim = factories.claim()
    thread = factories.comment(claim)
    client, url = signed_in(analyst), reverse("claim_comment_add", args=[claim.pk])

    remark = client.post(url, {"body": ""}, headers=PANEL)
    reply = client.post(url, {"body": "", "parent": thread.pk}, headers=PANEL)

    assert remark["HX-Retarget"] == "#comment-form"
    assert reply["HX-Retarget"] == f"#reply-{thread.pk}"
    assert "<html" not in remark.content.decode()


def test_readers_read(signed_in: SignIn, reader: User) -> None:
    claim = factories.claim()

    response = signed_in(reader).post(reverse("claim_comment_add", args=[claim.pk]), {"body": "Hello."})

    assert response.status_code == 403
    assert "Your role reads" in shown(claim, reader)
    assert "<textarea" not in shown(claim, reader)


def test_its_author_edits_it_and_it_says_so(signed_in: SignIn, analyst: User) -> None:
    comment = factories.comment(factories.claim(), by=analyst)

    response = signed_in(analyst).post(reverse("comment_edit", args=[comment.pk]), {"body": "Better.", "version": 1})

    comment.refresh_from_db()
    assert response.status_code == 303
    assert comment.body == "Better."
    assert "edited" in shown(comment.claim, analyst)


def test_nobody_else_edits_it(signed_in: SignIn, reviewer: User) -> None:
    comment = factories.comment(factories.claim())
    client, url = signed_in(reviewer), reverse("comment_edit", args=[comment.pk])

    assert client.get(url).status_code == 403
    assert client.post(url, {"body": "Mine now.", "version": 1}).status_code == 403
    assert f'id="edit-{comment.pk}"' not in shown(comment.claim, reviewer)


def test_a_stale_edit_shows_both_texts(signed_in: SignIn, analyst: User) -> None:
    comment = factories.comment(factories.claim(), by=analyst)
    edit_comment(comment, by=analyst, version=1, body="From the other window.")

    response = signed_in(analyst).post(
        reverse("comment_edit", args=[comment.pk]), {"body": "From this one.", "version": 1}, headers=PANEL
    )

    assert (response.status_code, response["HX-Retarget"]) == (409, "#main")
    assert "From the other window." in response.content.decode()
    assert "From this one." in response.content.decode()


def test_an_edit_has_a_page_for_browsers_without_script(signed_in: SignIn, analyst: User) -> None:
    comment = factories.comment(factories.claim(), by=analyst, body="As it is.")
    client, url = signed_in(analyst), reverse("comment_edit", args=[comment.pk])

    assert "As it is." in client.get(url).content.decode()
    assert client.post(url, {"body": "", "version": 1}).status_code == 422


def test_a_thread_is_resolved_and_the_toast_takes_it_back(signed_in: SignIn, analyst: User) -> None:
    claim = factories.claim()
    thread, client = factories.comment(claim), signed_in(analyst)

    response = client.post(reverse("comment_resolve", args=[thread.pk]), {"next": claim.get_absolute_url()})

    thread.refresh_from_db()
    assert (response.status_code, thread.resolved_by) == (303, analyst)
    client.post(reverse("comment_reopen", args=[thread.pk]))
    thread.refresh_from_db()
    assert thread.resolved_at is None


def test_resolving_twice_does_it_once(signed_in: SignIn, analyst: User) -> None:
    thread, client = factories.comment(factories.claim()), signed_in(analyst)

    answers = [client.post(reverse("comment_resolve", args=[thread.pk])).status_code for _ in range(2)]

    assert answers == [303, 303]
    assert Event.objects.filter(act="resolve_comment").count() == 1


def test_a_reply_is_not_resolved_alone(signed_in: SignIn, analyst: User) -> None:
    claim = factories.claim()
    reply = factories.comment(claim, parent=factories.comment(claim))

    assert signed_in(analyst).post(reverse("comment_resolve", args=[reply.pk])).status_code == 404


def test_resolved_threads_are_folded_or_left_out(analyst: User) -> None:
    claim = factories.claim()
    factories.comment(claim, body="Still open.")
    resolve_thread(factories.comment(claim, body="Long settled."), by=analyst)

    assert "1 resolved thread" in shown(claim, analyst)
    assert "Long settled." in shown(claim, analyst)
    assert "Long settled." not in shown(claim, analyst, "unresolved")
    assert "Still open." in shown(claim, analyst, "unresolved")


def test_a_mention_is_a_link_to_what_that_person_works_on(analyst: User) -> None:
    factories.user("teo")
    claim = factories.claim()
    factories.comment(claim, body="@teo and @nobody, look.")

    html = shown(claim, analyst)

    assert 'class="at" href="/claims/?assignee=teo"' in html
    assert "@nobody" in html
    assert "assignee=nobody" not in html


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "<svg/onload=alert(1)>",
        "![x](https://example.org/pixel.gif)",
        '<https://example.org/"onmouseover=alert(1)>',
        "</textarea><script>alert(1)</script>",
        "<style>body{display:none}</style>",
    ],
)
def test_markup_in_a_remark_does_nothing(analyst: User, attack: str) -> None:
    claim = factories.claim()
    factories.comment(claim, by=analyst, body=attack)

    html = shown(claim, analyst).lower()

    assert "<script" not in html
    assert "<img" not in html
    assert "<svg" not in html
    assert "<style" not in html
    assert 'href="javascript' not in html
    assert 'href="data' not in html
    assert "onmouseover=alert(1)>" not in html


def test_the_number_of_queries_does_not_grow_with_threads(analyst: User, django_assert_num_queries: Callable) -> None:
    claim = factories.claim()
    for number in range(3):
        thread = factories.comment(claim, body=f"@analyst {number}")
        factories.comment(claim, parent=thread, by=analyst)

    # threads with authors, replies, whom threads mention, whom replies mention, and the person's rights
    analyst.held_permissions  # noqa: B018
    with django_assert_num_queries(4):
        shown(claim, analyst)
