"""Signing in and out, and one's password."""

from urllib.parse import quote

import pytest
from django.contrib.auth import get_user
from django.core import mail
from django.core.cache import cache
from django.urls import reverse

from tests.factories import PASSWORD

LOGIN = reverse("account_login")
NEW_PASSWORD = "another long password"
ENTRANCES = ["account_login", "account_signup", "account_reset_password", "account_reset_password_done"]


@pytest.fixture(autouse=True)
def _no_attempts_counted_yet():
    """Failed sign-ins are limited, and counted in the cache."""
    cache.clear()


def sign_in(client, *, name="analyst", password=PASSWORD, **fields):
    return client.post(LOGIN, {"login": name, "password": password, **fields})


def test_a_page_asks_a_stranger_to_sign_in_and_comes_back(client, analyst):
    wanted = reverse("claim_list") + "?stage=open&q=nato"

    asked = client.get(wanted)
    assert asked.headers["Location"] == f"{LOGIN}?next={quote(wanted)}"
    assert f'value="{wanted.replace("&", "&amp;")}"' in client.get(asked.headers["Location"]).content.decode()
    assert sign_in(client, next=wanted).headers["Location"] == wanted


def test_signing_in_leads_to_the_desk(client, analyst):
    response = sign_in(client)
    assert response.headers["Location"] == reverse("desk")
    assert get_user(client) == analyst


def test_the_e_mail_address_serves_as_name(client, analyst):
    analyst.email = "mara@example.org"
    analyst.save()
    assert sign_in(client, name="mara@example.org").status_code == 302


def test_a_wrong_password_keeps_the_name_and_says_so(client, analyst):
    html = sign_in(client, password="wrong", next="/claims/").content.decode()

    assert "That name and password do not match." in html
    assert 'value="analyst"' in html
    assert 'aria-invalid="true"' in html
    assert "wrong" not in html
    assert 'name="next" value="/claims/"' in html
    assert not get_user(client).is_authenticated


def test_an_unknown_name_gets_the_same_answer_as_a_wrong_password(client, analyst):
    assert "That name and password do not match." in sign_in(client, name="nobody").content.decode()


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_signing_in_never_leads_elsewhere(client, analyst, target):
    assert sign_in(client, next=target).headers["Location"] == reverse("desk")


def test_guessing_passwords_is_stopped(client, analyst):
    for _ in range(10):
        sign_in(client, password="guess")
    assert "Too many failed login attempts" in sign_in(client).content.decode()
    assert not get_user(client).is_authenticated


def test_staying_signed_in_outlives_the_browser(client, analyst):
    sign_in(client, remember="on")
    assert not client.session.get_expire_at_browser_close()


def test_not_staying_ends_with_the_browser(client, analyst):
    sign_in(client)
    assert client.session.get_expire_at_browser_close()


def test_signing_out_is_a_post(signed_in, analyst):
    client = signed_in(analyst)

    assert "Sign out?" in client.get(reverse("account_logout")).content.decode()
    assert get_user(client).is_authenticated

    assert client.post(reverse("account_logout")).headers["Location"] == LOGIN
    assert not get_user(client).is_authenticated


def test_someone_switched_off_cannot_sign_in(client, analyst):
    analyst.is_active = False
    analyst.save()
    assert sign_in(client).headers["Location"] == reverse("account_inactive")
    assert "switched off" in client.get(reverse("account_inactive")).content.decode()


def change_password(client, *, old=PASSWORD, new=NEW_PASSWORD):
    return client.post(reverse("account_change_password"), {"oldpassword": old, "password1": new, "password2": new})


def test_a_changed_password_counts_from_now_on(signed_in, analyst):
    client = signed_in(analyst)

    assert change_password(client).status_code == 302

    analyst.refresh_from_db()
    assert analyst.check_password(NEW_PASSWORD)
    assert get_user(client) == analyst


def test_changing_the_password_needs_the_old_one(signed_in, analyst):
    html = change_password(signed_in(analyst), old="forgotten").content.decode()
    assert 'id="id_oldpassword_error"' in html
    analyst.refresh_from_db()
    assert analyst.check_password(PASSWORD)


def test_a_short_password_is_refused_with_the_reason(signed_in, analyst):
    html = change_password(signed_in(analyst), new="short").content.decode()
    assert "at least 12 characters" in html
    assert 'aria-invalid="true"' in html


def test_a_forgotten_password_is_reset_by_letter(client, analyst):
    analyst.email = "mara@example.org"
    analyst.save()

    client.post(reverse("account_reset_password"), {"email": "mara@example.org"})
    link = next(word for word in mail.outbox[0].body.split() if "/password/reset/key/" in word)
    form = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})

    analyst.refresh_from_db()
    assert analyst.check_password(NEW_PASSWORD)


def test_a_reset_does_not_tell_who_has_an_account(client, db):
    response = client.post(reverse("account_reset_password"), {"email": "stranger@example.org"})
    assert response.headers["Location"] == reverse("account_reset_password_done")


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_can_sign_up(client, db, method):
    response = getattr(client, method)(reverse("account_signup"))
    assert "Accounts are made by an admin" in response.content.decode()


@pytest.mark.parametrize("name", ENTRANCES)
def test_pages_before_sign_in_wear_our_dress(client, db, name):
    html = client.get(reverse(name)).content.decode()
    assert 'class="signin"' in html
    assert "claims/css/tokens.css" in html


@pytest.mark.parametrize("name", ["account_change_password", "account_email", "account_logout"])
def test_account_pages_wear_our_dress(signed_in, analyst, name):
    html = signed_in(analyst).get(reverse(name)).content.decode()
    assert 'class="masthead"' in html
    assert "claims/css/tokens.css" in html
