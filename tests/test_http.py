"""What every view shares about HTTP: one act per submission of a form."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client, RequestFactory
from django.utils import timezone

from claims.http import Request, once
from claims.models import ClaimSet, Submission, User
from tests import factories


def sent(user: User, token: object) -> Request:
    request = RequestFactory().post("/", {"token": str(token)})
    request.user = user
    return request


def press(request: Request, title: str, *, location: str = "/sets/1/") -> str | None:
    """A view that makes a claim set; where an earlier press led, if there was one."""
    with once(request) as attempt:
        if not attempt.repeated:
            factories.claim_set(by=request.user, title=title)
            attempt.location = location
    return attempt.repeated


def test_a_second_press_does_nothing_and_learns_where_the_first_led(analyst: User) -> None:
    request = sent(analyst, uuid.uuid4())
    assert press(request, "First") is None
    assert press(request, "Second") == "/sets/1/"
    assert ClaimSet.objects.get().title == "First"


def test_what_the_first_press_led_to_may_be_a_long_address(analyst: User) -> None:
    request = sent(analyst, uuid.uuid4())
    press(request, "First", location="/claims/?q=" + "x" * 3000)
    assert len(press(request, "Second") or "") > 3000


def test_a_press_that_failed_can_be_repeated(analyst: User) -> None:
    request = sent(analyst, uuid.uuid4())
    with pytest.raises(ValidationError), once(request):
        raise ValidationError("Choose a verdict.")
    assert press(request, "Now it goes") is None


def test_a_press_with_which_nothing_was_done_can_be_repeated(analyst: User) -> None:
    request = sent(analyst, uuid.uuid4())
    with once(request):
        pass  # the form was shown again
    assert press(request, "Now it goes") is None


@pytest.mark.parametrize("token", ["", "1", "not a token", "\x00", "x" * 10_000])
def test_a_form_without_a_good_token_is_not_guarded(token: str, analyst: User) -> None:
    request = sent(analyst, token)
    assert press(request, "First") is None
    assert press(request, "Second") is None


def test_tokens_of_long_ago_are_forgotten(analyst: User) -> None:
    Submission.objects.create(token=uuid.uuid4(), user=analyst, at=timezone.now() - timedelta(days=8))
    press(sent(analyst, uuid.uuid4()), "First")
    assert Submission.objects.count() == 1


def test_the_address_of_an_act_opened_as_a_page_says_so(signed_in: Callable[[User], Client], analyst: User) -> None:
    answer = signed_in(analyst).get("/claims/bulk/")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "cannot be opened as a page" in answer.content.decode()
    fragment = signed_in(analyst).get("/claims/bulk/", headers={"HX-Request": "true"})
    assert fragment.status_code == 405
    assert "<html" not in fragment.content.decode()
