"""The desk of one person, and the activity of all."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from claims.actions import assessments, claims
from claims.choices import Priority, Role
from claims.keyset import Count
from claims.models import Assessment, Mention
from claims.views import desk_context, pace
from tests import factories

DESK = reverse("desk")
ACTIVITY = reverse("activity")


@pytest.fixture
def shown(signed_in):
    """The HTML of a person's desk."""
    return lambda person: signed_in(person).get(DESK).content.decode()


def submitted_claim(by, **fields):
    claim = factories.claim(by=by, **fields)
    factories.submitted(claim, by=by)
    return claim


# --- the heading


@pytest.mark.parametrize(
    ("counts", "news"),
    [
        ({}, "Nothing is waiting for you"),
        ({"reviews": 1}, "One review is waiting for you"),
        ({"reviews": 2, "due": 3}, "Two reviews are waiting for you, and three checks are due"),
        ({"mine": 12, "mentions": 1, "due": 1}, "12 claims are assigned to you, and one new remark names you"),
    ],
)
def test_the_heading_tells_the_two_most_pressing_matters(counts, news):
    matters = {name: Count(counts.get(name, 0)) for name in ("reviews", "mine", "mentions", "due")}
    assert desk_context.headline(matters) == news


def test_the_heading_does_not_pretend_to_have_counted_all():
    matters = {name: Count(0) for name in ("reviews", "mine", "mentions")} | {"due": Count(1000, is_capped=True)}
    assert desk_context.headline(matters) == "1,000+ checks are due"


# --- an empty desk


@pytest.mark.parametrize("role", Role)
def test_a_new_desk_greets_everyone(role, shown, db):
    html = shown(factories.user("someone", role))
    assert "Nothing is waiting for you" in html
    assert "Your queue is clear." in html
    assert "No document is under check." in html


def test_a_clear_queue_offers_claims_that_have_nobody(shown, analyst):
    factories.claim()
    assert "1 open claim has no one on it." in shown(analyst)


def test_a_reader_is_not_asked_to_work(shown, reader):
    factories.claim()
    html = shown(reader)
    assert "Read the verified claims" in html
    assert "Pick an open claim" not in html
    assert reverse("document_add") not in html


# --- reviews


def test_a_reviewer_sees_what_waits_for_them_longest_first(shown, analyst, reviewer):
    first = submitted_claim(analyst, assertion="The first assertion.")
    submitted_claim(analyst, assertion="The second assertion.")
    html = shown(reviewer)
    assert "Two reviews are waiting for you" in html
    assert html.index("The first assertion.") < html.index("The second assertion.")
    assert f"{first.reference} · analyst proposes supported" in html


def test_nobody_is_asked_to_review_their_own(shown, reviewer):
    submitted_claim(reviewer)
    assert "Waiting for my review" not in shown(reviewer)


def test_an_analyst_is_not_asked_to_review(shown, analyst, reviewer):
    submitted_claim(reviewer)
    assert "Waiting for my review" not in shown(analyst)


# --- assigned to me


def test_my_claims_say_what_is_to_be_known_of_them(shown, analyst, reviewer):
    bare = factories.claim(by=analyst, assertion="A bare assertion.")
    claims.take(bare, by=analyst)
    drafted = factories.claim(by=analyst, assertion="A drafted assertion.", priority=Priority.URGENT)
    claims.take(drafted, by=analyst)
    factories.evidence_for(drafted, by=analyst)
    assessments.save_draft(drafted, by=analyst, verdict=factories.verdict("outdated"))

    html = shown(analyst)
    assert f"{bare.reference} · No evidence yet" in html
    assert f"{drafted.reference} · Draft verdict: outdated · 1 piece of evidence" in html
    assert html.index("A drafted assertion.") < html.index("A bare assertion."), "the urgent one comes first"


def test_a_claim_that_was_sent_back_says_by_whom_and_why(shown, analyst, reviewer):
    claim = submitted_claim(analyst)
    assessments.return_(claim, by=reviewer, version=claim.version, reason="A second source, please.")
    assert "Sent back by reviewer: “A second source, please.”" in shown(analyst)


def test_a_return_is_forgotten_once_the_claim_was_approved(shown, analyst, reviewer):
    claim = submitted_claim(analyst)
    assessments.return_(claim, by=reviewer, version=claim.version, reason="A second source, please.")
    factories.submitted(claim, by=analyst)
    assessments.approve(claim, by=reviewer, version=claim.version)
    claims.reopen(claim, by=analyst, reason="A newer table.")
    assert "Sent back" not in shown(analyst).split("Latest activity")[0]


def test_only_some_of_many_claims_are_shown_with_the_way_to_all(shown, analyst):
    for _ in range(desk_context.SHOWN + 2):
        claims.take(factories.claim(), by=analyst)
    html = shown(analyst)
    assert "Seven claims are assigned to you" in html
    assert html.count("No evidence yet") == desk_context.SHOWN
    assert f"{reverse('claim_list')}?assignee=me&amp;stage=open" in html


# --- mentions


def test_remarks_that_name_me_come_with_the_unseen_first(shown, analyst, reviewer):
    claim = factories.claim()
    for body in ("@analyst an old matter", "@analyst a new matter"):
        factories.comment(claim, by=reviewer, body=body)
    Mention.objects.filter(comment__body__contains="new").update(seen_at=timezone.now())
    html = shown(analyst)
    assert "One new remark names you" in html
    assert html.index("an old matter") < html.index("a new matter")


def test_a_remark_on_a_source_leads_to_it(shown, analyst, reviewer):
    comment = factories.comment(factories.source(name="SIPRI"), by=reviewer, body="@analyst look")
    assert comment.get_absolute_url() in shown(analyst)


def test_markup_in_a_remark_stays_text(shown, analyst, reviewer):
    factories.comment(factories.claim(), by=reviewer, body="@analyst <script>alert(1)</script>")
    assert "<script>alert" not in shown(analyst)


def test_all_mentions_are_marked_as_seen_and_only_mine(signed_in, analyst, reviewer):
    factories.comment(factories.claim(), by=reviewer, body="@analyst and @reviewer")
    html = signed_in(analyst).post(reverse("see_mentions"), follow=True).content.decode()
    assert "One mention marked as seen." in html
    assert "Mark all as seen" not in html
    assert [mention.user for mention in Mention.objects.filter(seen_at=None)] == [reviewer]


def test_mentions_are_not_marked_by_following_a_link(signed_in, analyst):
    assert signed_in(analyst).get(reverse("see_mentions")).status_code == 405


# --- due


def test_due_claims_say_why_and_how_they_stand(shown, analyst):
    changed, dated = factories.verified_claim(), factories.verified_claim(recheck_on="2023-05")
    claims.fall_due(changed, by=analyst, reason="Its evidence changed.")
    html = shown(analyst)
    assert f"{changed.reference} · stands as supported as of May 2023 · Its evidence changed." in html
    assert f"{dated.reference} · stands as supported as of May 2023 · Its re-check has come." in html
    assert "May 2023" in html
    assert "Two checks are due" in html


def test_a_check_in_the_future_is_not_due(shown, analyst):
    factories.verified_claim(recheck_on=str(timezone.localdate() + timedelta(days=1)))
    assert "Due for re-check" not in shown(analyst)


# --- documents


def test_documents_in_work_show_how_far_they_are(shown, analyst):
    snapshot = factories.snapshot()
    factories.claim_in_text(snapshot=snapshot)
    html = shown(analyst)
    assert str(snapshot.document.title) in html
    assert 'aria-label="1 open"' in html


def test_a_document_used_only_as_evidence_is_not_in_work(shown, analyst):
    page = factories.document(title="A reference page")
    factories.snapshot(document=page)
    assert "A reference page" not in shown(analyst).split("Latest activity")[0]


# --- pace


def test_approvals_are_counted_by_week(db):
    monday = date(2025, 11, 17)
    made = [factories.verified_claim() for _ in range(3)]
    assert pace.pace(timezone.localdate()).weeks[-1].count == 3
    assert pace.pace(timezone.localdate()).most == len(made)
    assert pace.pace(timezone.localdate() + timedelta(weeks=20)).total == 0
    assert [week.monday for week in pace.pace(monday + timedelta(days=3)).weeks][-1] == monday


# --- links


@pytest.mark.parametrize("role", Role)
def test_every_link_of_a_full_desk_leads_somewhere(role, signed_in, analyst):
    person = factories.user("someone", role)
    submitted_claim(analyst)
    factories.claim_in_text(assignee=None if role == Role.READER else person)
    factories.verified_claim(recheck_on="2023")
    factories.comment(factories.claim(), by=analyst, body="@someone look")
    client = signed_in(person)
    main = client.get(DESK).content.decode().split("<main")[1].split("</main>")[0]
    for link in set(re.findall(r'href="([^"]+)"', main)):
        assert client.get(unescape(link)).status_code == 200, link


# --- cost


def test_a_fuller_desk_asks_no_more_queries(signed_in, analyst, reviewer, django_assert_max_num_queries):
    def fill():
        for _ in range(3):
            submitted_claim(analyst)
            claims.take(factories.claim(), by=reviewer)
            factories.comment(factories.claim(), by=analyst, body="@reviewer look")
            factories.verified_claim(recheck_on="2023")
            factories.claim_in_text()

    client = signed_in(reviewer)
    fill()
    client.get(DESK)
    with django_assert_max_num_queries(40) as few:
        client.get(DESK)
    fill()
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(DESK)


# --- activity


def test_the_activity_says_who_did_what_to_which_record(signed_in, analyst, reviewer):
    claim = submitted_claim(analyst)
    assessments.approve(claim, by=reviewer, version=claim.version)
    factories.snapshot(by=analyst)
    factories.claim_set(by=analyst, title="A set")
    html = " ".join(signed_in(analyst).get(ACTIVITY).content.decode().split())
    link = f'<a class="id" href="{claim.get_absolute_url()}">{claim.reference}</a>'
    assert f"<b>analyst</b> submitted an assessment of {link}" in html
    assert f"<b>reviewer</b> approved the assessment of {link} as supported" in html
    assert "added a snapshot to the document <a" in html
    assert "added the claim set <a" in html


def test_a_comment_in_the_activity_leads_to_itself(signed_in, analyst):
    comment = factories.comment(factories.claim(), body="Where from?")
    html = signed_in(analyst).get(ACTIVITY).content.decode()
    assert comment.get_absolute_url() in html
    assert "Where from?" in html


def test_the_activity_is_narrowed_to_a_person_and_an_act(signed_in, analyst, reviewer):
    one, other = factories.claim(by=analyst), factories.claim(by=reviewer)
    claims.take(one, by=analyst)
    client = signed_in(analyst)
    by_person = client.get(ACTIVITY, {"by": "@reviewer"}).content.decode()
    assert other.get_absolute_url() in by_person
    assert one.get_absolute_url() not in by_person
    by_act = client.get(ACTIVITY, {"act": "take"}).content.decode()
    assert "took up the claim" in by_act.split('id="results"')[1]
    assert "created the claim" not in by_act.split('id="results"')[1]


@pytest.mark.parametrize(
    ("query", "reason"),
    [({"by": "nobody"}, "Nobody here has this username."), ({"act": "explode"}, "is not one of the available choices")],
)
def test_a_filter_that_means_nothing_is_refused_in_words(query, reason, signed_in, analyst):
    response = signed_in(analyst).get(ACTIVITY, query)
    assert response.status_code == 400
    assert reason in response.content.decode()


def test_a_page_marker_that_was_altered_is_refused(signed_in, analyst):
    response = signed_in(analyst).get(ACTIVITY, {"after": "abc"})
    assert response.status_code == 400
    assert "page marker" in response.content.decode()


def test_older_activity_is_a_page_further(signed_in, analyst, monkeypatch):
    monkeypatch.setattr("claims.views.desk.ACTIVITY_SIZE", 2)
    made = [factories.claim(by=analyst) for _ in range(3)]
    client = signed_in(analyst)
    first = client.get(ACTIVITY, {"act": "create"})
    assert made[0].get_absolute_url() not in first.content.decode()
    cursor = first.context_data["page"].next_cursor
    second = client.get(ACTIVITY, {"act": "create", "after": cursor})
    assert made[0].get_absolute_url() in second.content.decode()
    assert made[2].get_absolute_url() not in second.content.decode()


def test_htmx_gets_the_events_alone(signed_in, analyst):
    factories.claim()
    headers = {"HX-Request": "true", "HX-Target": "results"}
    html = signed_in(analyst).get(ACTIVITY, headers=headers).content.decode()
    assert "<html" not in html
    assert "created the claim" in html


def test_events_of_records_that_are_gone_stay_readable(signed_in, analyst, admin):
    from claims.actions.verdicts import delete_verdict

    delete_verdict(factories.verdict("misleading"), by=admin)
    assert "which is gone" in signed_in(analyst).get(ACTIVITY).content.decode()


def test_more_events_ask_no_more_queries(signed_in, analyst, django_assert_max_num_queries):
    client = signed_in(analyst)
    factories.verified_claim()
    client.get(ACTIVITY)
    with django_assert_max_num_queries(15) as few:
        client.get(ACTIVITY)
    for _ in range(5):
        factories.verified_claim()
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(ACTIVITY)


def test_assessments_of_one_claim_say_nothing_about_another(shown, analyst, reviewer):
    claim = submitted_claim(analyst)
    assessments.return_(claim, by=reviewer, version=claim.version, reason="No.")
    other = factories.claim()
    claims.take(other, by=analyst)
    assert f"{other.reference} · No evidence yet" in shown(analyst)
    assert Assessment.objects.decided().count() == 1
