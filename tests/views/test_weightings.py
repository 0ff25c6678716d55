"""The weights of detection: everyone may look, an admin puts them in force and takes that back."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.actions import weightings
from claims.choices import JobKind
from claims.models import Job, User, Weighting
from tests import factories

SignIn = Callable[[User], Client]
LIST = "/detection/"
SHIPPED = "/detection/shipped/en/accept/"


def body(response: Any) -> str:
    return " ".join(response.content.decode().split())


def accept(weighting: Weighting) -> str:
    return reverse("weighting_accept", args=[weighting.pk])


def test_everyone_sees_what_was_learnt_and_how_good_it_is(signed_in: SignIn, reader: User, analyst: User) -> None:
    factories.weighting(by=analyst, money=0.05)
    page = body(signed_in(reader).get(LIST))
    assert "The shipped weights are in force" in page
    assert "Weights 1" in page
    assert "by analyst" in page
    assert "From 100 decided sentences of 6 documents, 40 of them claims; measured on documents held out" in page
    assert '<td role="cell" class="num">0.600</td><td role="cell" class="num"><b>0.650</b></td>' in page


def test_it_shows_what_changed_most_among_the_signals(signed_in: SignIn, reader: User) -> None:
    shipped = Weighting.objects.weights_in_force("en").signals["money"]
    factories.weighting(money=0.05)
    page = body(signed_in(reader).get(LIST))
    assert f'Money</th><td role="cell" class="num">{shipped:.2f}</td><td role="cell" class="num">0.05</td>' in page
    assert "Quantity</th>" not in page


def test_it_compares_with_the_weights_it_was_learnt_from(signed_in: SignIn, admin: User) -> None:
    first = factories.weighting(money=0.05)
    weightings.propose("en", {**first.data, "intercept": 0.0}, {**first.figures, "base": 1}, by=None)
    response = signed_in(admin).get(LIST)
    (english,) = [spoken for spoken in response.context["languages"] if spoken.code == "en"]
    assert [len(learnt.changes) for learnt in english.learnt] == [0, 1]


def test_those_who_may_not_choose_are_told_why(signed_in: SignIn, analyst: User) -> None:
    weighting = factories.weighting()
    client = signed_in(analyst)
    page = body(client.get(LIST))
    assert "Admins manage people and settings." in page
    assert accept(weighting) not in page
    assert client.post(accept(weighting)).status_code == 403
    assert client.post(SHIPPED).status_code == 403
    assert not Weighting.objects.filter(in_force=True).exists()


def test_an_admin_puts_weights_in_force_and_sentences_are_scored_anew(signed_in: SignIn, admin: User) -> None:
    weighting = factories.weighting()
    response = signed_in(admin).post(accept(weighting), follow=True)
    assert response.redirect_chain == [(LIST, 303)]
    weighting.refresh_from_db()
    assert (weighting.in_force, weighting.accepted_by) == (True, admin)
    assert Job.objects.get().kind == JobKind.RESCORE
    page = body(response)
    assert "Weights 1 of en are in force. The undecided sentences are being scored anew." in page
    assert "put in force by admin" in page
    assert f'action="{SHIPPED}"' in page


def test_it_can_be_taken_back_from_the_toast(signed_in: SignIn, admin: User) -> None:
    one, two = factories.weighting(), factories.weighting()
    client = signed_in(admin)
    client.post(accept(one))
    assert accept(one) in body(client.post(accept(two), follow=True)).partition('id="toasts"')[2]
    client.post(accept(one))
    assert list(Weighting.objects.filter(in_force=True)) == [one]


def test_the_shipped_weights_are_put_back_in_force(signed_in: SignIn, admin: User) -> None:
    weighting = factories.weighting()
    client = signed_in(admin)
    client.post(accept(weighting))
    page = body(client.post(SHIPPED, follow=True))
    assert "The shipped weights of en are in force." in page
    assert not Weighting.objects.filter(in_force=True).exists()
    assert "Were in force" in page


def test_a_language_that_is_none_is_not_found(signed_in: SignIn, admin: User) -> None:
    assert signed_in(admin).post("/detection/shipped/xx/accept/").status_code == 404
    assert signed_in(admin).post("/detection/99/accept/").status_code == 404


def test_weights_that_fit_no_longer_are_shown_and_refused(signed_in: SignIn, admin: User) -> None:
    known = factories.weighting()
    odd = weightings.propose("en", {**known.data, "signals": {"gone": 1.0}}, known.figures, by=None)
    client = signed_in(admin)
    page = body(client.get(LIST))
    assert "These weights cannot be put in force any more." in page
    assert accept(odd) not in page
    assert client.post(accept(odd)).status_code == 409


def test_many_weights_take_as_many_queries_as_one_and_the_newest_are_shown(signed_in: SignIn, admin: User) -> None:
    client = signed_in(admin)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(LIST).status_code == 200
        return len(captured)

    first = factories.weighting(by=admin)
    weightings.accept(first, by=admin)
    one = queries()
    for _ in range(25):
        factories.weighting(by=admin)
    assert queries() == one
    (english,) = [spoken for spoken in client.get(LIST).context["languages"] if spoken.code == "en"]
    assert [learnt.weighting.number for learnt in english.learnt] == [*range(26, 6, -1), 1]


def test_the_feed_tells_of_it(signed_in: SignIn, admin: User) -> None:
    weightings.accept(factories.weighting(by=admin), by=admin)
    page = body(signed_in(admin).get("/activity/"))
    assert "put in force the weighting" in page
    assert '<a href="/detection/">Weights 1 of en</a>' in page
