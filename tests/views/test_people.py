"""One's own page, and the keys."""

from django.urls import reverse

from claims import keys
from claims.choices import Role
from tests import factories


def test_the_profile_says_who_one_is(signed_in, db):
    person = factories.user("mara", Role.REVIEWER, first_name="Mara", last_name="Lind", email="mara@example.org")
    html = signed_in(person).get(reverse("profile")).content.decode()
    for fact in ("Mara Lind", "@mara", "mara@example.org", "Reviewer", reverse("account_change_password")):
        assert fact in html


def test_a_reader_without_an_address_is_told_what_it_is_for(signed_in, reader):
    assert "a forgotten password needs one" in signed_in(reader).get(reverse("profile")).content.decode()


def test_only_who_manages_people_is_led_to_their_records(signed_in, analyst, admin):
    assert "/admin/" not in signed_in(analyst).get(reverse("profile")).content.decode()
    assert f"/admin/claims/user/{admin.pk}/" in signed_in(admin).get(reverse("profile")).content.decode()


def test_the_page_of_keys_and_the_help_dialog_show_the_whole_map(signed_in, analyst):
    html = signed_in(analyst).get(reverse("keys")).content.decode()
    for section in keys.SECTIONS:
        for shortcut in section.shortcuts:
            assert html.count(f"<dd>{shortcut.does}</dd>") >= 2, shortcut


def test_single_keys_are_switched_off_without_script_and_stay_off(signed_in, analyst):
    client = signed_in(analyst)
    response = client.post(reverse("single_keys"), {"next": reverse("profile")}, follow=True)
    assert response.redirect_chain == [(reverse("profile"), 303)]
    html = response.content.decode()
    assert 'data-single-keys="off"' in html
    assert "Single-key shortcuts are off." in html
    analyst.refresh_from_db()
    assert analyst.single_keys is False


def test_single_keys_are_switched_on_with_htmx(signed_in, analyst):
    analyst.single_keys = False
    analyst.save()
    response = signed_in(analyst).post(
        reverse("single_keys"), {"single_keys": "on"}, headers={"HX-Request": "true", "HX-Target": "help"}
    )
    assert response.status_code == 204
    analyst.refresh_from_db()
    assert analyst.single_keys is True


def test_single_keys_do_not_change_by_following_a_link(signed_in, analyst):
    assert signed_in(analyst).get(reverse("single_keys")).status_code == 405


def test_single_keys_lead_nowhere_else(signed_in, analyst):
    response = signed_in(analyst).post(reverse("single_keys"), {"next": "https://evil.example/"})
    assert response.headers["Location"] == reverse("keys")
