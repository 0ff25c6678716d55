"""What people read when something went wrong: a page with a way back, or a toast when htmx asked."""

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse

from claims.http import problem

STATUSES = [400, 403, 404, 409, 413]


@pytest.fixture
def as_analyst(analyst):
    def ask(*, htmx):
        request = RequestFactory().post("/")
        request.user = analyst
        request.htmx = htmx
        return request

    return ask


@pytest.mark.parametrize("status", STATUSES)
def test_a_problem_is_a_page_with_its_reason_and_a_way_back(as_analyst, status):
    response = problem(as_analyst(htmx=False), status, "Because of <this>.")

    html = response.rendered_content
    assert response.status_code == status
    assert "Because of &lt;this&gt;." in html
    assert f'href="{reverse("desk")}"' in html
    assert html.count("<h1") == 1


@pytest.mark.parametrize("status", STATUSES)
def test_htmx_gets_the_reason_as_a_toast_and_nothing_else(as_analyst, status):
    response = problem(as_analyst(htmx=True), status, "Because of <this>.")

    html = response.rendered_content
    assert response.status_code == status
    assert html.strip() == '<div data-toast data-tone="error"><span>Because of &lt;this&gt;.</span></div>'


def test_an_unknown_address_says_so_to_a_stranger_too(client, db):
    response = client.get("/nothing/here/")
    assert response.status_code == 404
    assert "Nothing is here" in response.content.decode()


def test_a_form_from_elsewhere_is_refused_with_the_reason(analyst, client):
    client.handler.enforce_csrf_checks = True
    client.force_login(analyst, backend="allauth.account.auth_backends.AuthenticationBackend")

    response = client.post(reverse("account_logout"))

    assert response.status_code == 403
    assert "reload the page" in response.content.decode()


def test_the_page_for_a_broken_server_needs_nothing_from_it():
    html = render_to_string("500.html")
    assert "Something broke" in html
    assert 'href="/"' in html
