"""Comments: threads, mentions, and one event for each act."""

import pytest
from django.core.exceptions import ValidationError

from claims.actions.comments import add_comment, edit_comment, reopen_thread, resolve_thread, see_mentions
from claims.models import Comment, Event, Mention, User
from claims.workflow import Refused
from tests import factories


def acts(target: object) -> list[str]:
    return list(Event.objects.of(target).values_list("act", flat=True))  # type: ignore[arg-type]


def test_a_comment_mentions_active_people_once(analyst: User, reviewer: User) -> None:
    factories.user("gone", is_active=False)

    comment = factories.comment(factories.claim(), body="@reviewer, @reviewer, @gone, @nobody and `@analyst`.")

    assert list(comment.mentioned.all()) == [reviewer]


def test_an_edit_mentions_those_it_adds(analyst: User, reviewer: User) -> None:
    comment = factories.comment(factories.claim(), by=analyst, body="@reviewer")

    edit_comment(comment, by=analyst, version=1, body="@reviewer and @analyst")

    assert Mention.objects.filter(comment=comment).count() == 2


def test_an_edit_that_changes_nothing_is_no_edit(analyst: User) -> None:
    claim = factories.claim()
    comment = factories.comment(claim, by=analyst, body="Same.")

    edit_comment(comment, by=analyst, version=1, body=" Same. ")

    assert Comment.objects.get(pk=comment.pk).edited_at is None
    assert acts(claim)[-1] == "comment"


def test_seen_mentions_are_ticked_off(analyst: User) -> None:
    factories.comment(factories.claim(), body="@analyst")

    assert see_mentions(analyst) == 1
    assert see_mentions(analyst) == 0


def test_a_thread_that_is_answered_is_open_again(analyst: User) -> None:
    claim = factories.claim()
    thread = factories.comment(claim)
    resolve_thread(thread, by=analyst)

    add_comment(claim, by=analyst, body="Not quite.", parent=thread)

    assert Comment.objects.get(pk=thread.pk).resolved_at is None
    assert acts(claim)[-3:] == ["resolve_comment", "comment", "reopen_comment"]


def test_two_people_resolving_at_once_leave_one_event(analyst: User, reviewer: User) -> None:
    claim = factories.claim()
    thread = factories.comment(claim)
    as_loaded_by_the_other = Comment.objects.get(pk=thread.pk)
    resolve_thread(thread, by=analyst)

    resolve_thread(as_loaded_by_the_other, by=reviewer)

    assert Comment.objects.get(pk=thread.pk).resolved_by == analyst
    assert acts(claim).count("resolve_comment") == 1


def test_an_open_thread_is_not_reopened(analyst: User) -> None:
    claim = factories.claim()

    reopen_thread(factories.comment(claim), by=analyst)

    assert "reopen_comment" not in acts(claim)


def test_a_reply_is_not_resolved(analyst: User) -> None:
    claim = factories.claim()
    reply = factories.comment(claim, parent=factories.comment(claim))

    with pytest.raises(ValidationError, match="with their thread"):
        resolve_thread(reply, by=analyst)


def test_a_reply_stays_in_its_discussion(analyst: User) -> None:
    elsewhere = factories.comment(factories.source())

    with pytest.raises(ValidationError, match="belongs to something else"):
        add_comment(factories.claim(), by=analyst, body="Lost.", parent=elsewhere)


def test_only_the_author_edits(reviewer: User) -> None:
    comment = factories.comment(factories.claim())

    with pytest.raises(Refused, match="Only its author"):
        edit_comment(comment, by=reviewer, version=1, body="Mine.")


def test_readers_do_not_write(reader: User) -> None:
    with pytest.raises(Refused):
        add_comment(factories.claim(), by=reader, body="Hello.")


def test_comments_on_a_source_are_in_its_history(analyst: User) -> None:
    source = factories.source()

    resolve_thread(factories.comment(source), by=analyst)

    assert acts(source) == ["comment", "resolve_comment"]
