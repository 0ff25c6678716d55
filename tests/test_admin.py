"""The Django admin: who enters, what may be changed there and how, what can only be read."""

import pytest
from django.contrib import admin as django_admin
from django.contrib.auth.models import Group
from django.urls import reverse

from claims.actions.sources import add_source
from claims.choices import Permission, RecordAct, Role
from claims.models import Assessment, Claim, Document, Event, Snapshot, Source, User, Verdict
from tests import factories

REGISTERS = [Claim, Assessment, Document, Snapshot, Event]
MANAGED = [User, Verdict, Source]


def address(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.fixture
def desk(signed_in, admin):
    return signed_in(admin)


def person_fields(person, **changes):
    fields = {"username": person.username, "first_name": "", "last_name": "", "email": "", "role": "analyst"}
    return {**fields, "is_active": "on", **changes}


def verdict_fields(verdict, **changes):
    names = ("key", "name", "meaning", "mark", "position")
    rest = {"rating": verdict.rating or "", "seen_version": verdict.version}
    return {name: getattr(verdict, name) for name in names} | rest | changes


def source_fields(source, **changes):
    names = ("name", "kind", "homepage", "country", "reliability", "reliability_reason")
    return {name: getattr(source, name) for name in names} | {"seen_version": source.version, **changes}


# --- who enters


def test_a_stranger_is_sent_to_the_desks_own_sign_in(client, db):
    response = client.get(reverse("admin:index"), follow=True)
    assert response.redirect_chain[-1][0].startswith(reverse("account_login"))


@pytest.mark.parametrize("role", [Role.READER, Role.ANALYST, Role.REVIEWER])
def test_other_roles_do_not_enter(role, signed_in, db):
    client = signed_in(factories.user("someone", role))
    assert client.get(reverse("admin:index"), follow=True).status_code == 403


def test_being_staff_without_the_permission_is_not_enough(signed_in, db):
    client = signed_in(factories.user("clerk", Role.ANALYST, is_staff=True))
    for model in (*MANAGED, *REGISTERS, Group):
        assert client.get(address(model, "changelist")).status_code == 403


def test_an_admin_sees_every_page(desk):
    factories.verified_claim()
    factories.snapshot()
    for model in django_admin.site._registry:
        if model._meta.app_label in {"claims", "auth"}:
            assert desk.get(address(model, "changelist")).status_code == 200, model
            record = model._default_manager.first()
            assert desk.get(address(model, "change", record.pk)).status_code == 200, model
    assert "Workbench administration" in desk.get(reverse("admin:index")).content.decode()


# --- people


def test_a_person_is_made_with_a_role(desk, admin):
    password = "long and strange words"
    fields = {"username": "mara", "password1": password, "password2": password, "role": "reviewer"}
    desk.post(address(User, "add"), fields | {"first_name": "Mara", "last_name": "Lind", "email": "m@example.org"})
    person = User.objects.get(username="mara")
    assert person.role == Role.REVIEWER
    assert person.may(Permission.REVIEW)
    assert not person.is_staff
    assert person.check_password(password)
    event = Event.objects.of(person).get()
    assert (event.act, event.by) == (RecordAct.ADD, admin)
    assert "example.org" not in str(event.changes)


def test_a_weak_password_is_refused(desk):
    fields = {"username": "mara", "password1": "password", "password2": "password", "role": "reader"}
    response = desk.post(address(User, "add"), fields)
    assert "This password is too short" in response.content.decode()
    assert not User.objects.filter(username="mara").exists()


def test_a_new_role_replaces_the_old_one(desk, analyst):
    desk.post(address(User, "change", analyst.pk), person_fields(analyst, role="admin"))
    analyst.refresh_from_db()
    assert [group.name for group in analyst.groups.all()] == ["admin"]
    assert analyst.is_staff
    assert Event.objects.of(analyst).get().changes == {"role": ["analyst", "admin"]}


def test_who_left_is_deactivated_and_can_no_longer_work(desk, analyst):
    fields = person_fields(analyst)
    del fields["is_active"]
    desk.post(address(User, "change", analyst.pk), fields)
    analyst.refresh_from_db()
    assert not analyst.is_active
    assert not analyst.held_permissions


@pytest.mark.parametrize("change", [{"role": "reader"}, {"is_active": ""}])
def test_admins_cannot_lock_themselves_out(change, desk, admin):
    response = desk.post(address(User, "change", admin.pk), person_fields(admin, role="admin") | change, follow=True)
    assert "Ask another admin." in response.content.decode()
    admin.refresh_from_db()
    assert admin.is_active
    assert admin.role == Role.ADMIN


def test_who_acted_cannot_be_deleted(desk, analyst):
    factories.claim(by=analyst)
    assert desk.post(address(User, "delete", analyst.pk), {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=analyst.pk).exists()


def test_an_account_made_by_mistake_can_be_deleted(desk, analyst):
    desk.post(address(User, "delete", analyst.pk), {"post": "yes"})
    assert not User.objects.filter(pk=analyst.pk).exists()
    assert Event.objects.filter(object_type="user", object_id=analyst.pk, act=RecordAct.DELETE).exists()


def test_a_password_set_by_an_admin_is_on_record_but_not_in_it(desk, analyst):
    password = "other long strange words"
    url = reverse("admin:auth_user_password_change", args=[analyst.pk])
    fields = {"password1": password, "password2": password, "usable_password": "true", "set-password": "1"}
    assert desk.post(url, fields).status_code == 302
    analyst.refresh_from_db()
    assert analyst.check_password(password)
    event = Event.objects.of(analyst).get()
    assert event.changes == {"password": [None, "changed"]}


# --- the verdict scale


def test_an_entry_of_the_scale_is_added_through_its_action(desk, admin):
    fields = {"key": "half_true", "name": "Half true", "meaning": "Partly so.", "mark": "disputed", "position": 35}
    desk.post(address(Verdict, "add"), fields)
    event = Event.objects.of(Verdict.objects.get(key="half_true")).get()
    assert (event.act, event.by) == (RecordAct.ADD, admin)


def test_a_change_of_the_scale_writes_what_changed(desk):
    verdict = factories.verdict("disputed")
    desk.post(address(Verdict, "change", verdict.pk), verdict_fields(verdict, name="Contested"))
    event = Event.objects.of(verdict).get()
    assert event.act == RecordAct.CHANGE
    assert event.changes == {"name": ["Disputed", "Contested"]}


def test_a_change_over_another_change_is_refused(desk):
    verdict = factories.verdict("disputed")
    fields = verdict_fields(verdict, name="Contested")
    Verdict.objects.filter(pk=verdict.pk).update(version=9)
    response = desk.post(address(Verdict, "change", verdict.pk), fields)
    assert "Someone else changed this meanwhile" in response.content.decode()
    assert 'value="Contested"' in response.content.decode()
    verdict.refresh_from_db()
    assert verdict.name == "Disputed"


def test_the_key_of_a_used_verdict_stays(desk):
    verdict = factories.verified_claim().verdict
    desk.post(address(Verdict, "change", verdict.pk), verdict_fields(verdict, key="renamed", name="Confirmed"))
    verdict.refresh_from_db()
    assert (verdict.key, verdict.name) == ("supported", "Confirmed")


def test_a_used_verdict_is_not_deleted_and_the_reason_is_told(desk):
    verdict = factories.verified_claim().verdict
    response = desk.post(address(Verdict, "delete", verdict.pk), {"post": "yes"}, follow=True)
    assert "This verdict is in use. Retire it instead" in response.content.decode()
    assert Verdict.objects.filter(pk=verdict.pk).exists()


def test_an_unused_verdict_can_be_deleted(desk):
    verdict = factories.verdict("misleading")
    assert desk.post(address(Verdict, "delete", verdict.pk), {"post": "yes"}).status_code == 302
    assert not Verdict.objects.filter(pk=verdict.pk).exists()


def test_verdicts_are_retired_and_put_back_with_an_event_each(desk):
    verdict = factories.verdict("outdated")
    for act in ("retire", "put_back_in_use"):
        desk.post(address(Verdict, "changelist"), {"action": act, "_selected_action": [verdict.pk]})
    acts = [event.act for event in Event.objects.of(verdict)]
    assert acts == [RecordAct.RETIRE, RecordAct.UNRETIRE]
    assert factories.verdict("outdated").retired_at is None


# --- sources


def test_a_source_is_added_and_changed_through_its_actions(desk):
    fields = {"name": "SIPRI", "kind": "think_tank", "reliability": "A", "reliability_reason": "Open method."}
    desk.post(address(Source, "add"), fields)
    source = Source.objects.get(name="SIPRI")
    desk.post(address(Source, "change", source.pk), source_fields(source, reliability="B", reliability_reason="Late."))
    events = list(Event.objects.of(source))
    assert [event.act for event in events] == [RecordAct.ADD, RecordAct.CHANGE]
    assert events[1].changes["reliability"] == ["A", "B"]


def test_a_reliability_letter_without_its_reason_is_refused_at_the_field(desk):
    response = desk.post(address(Source, "add"), {"name": "SIPRI", "kind": "think_tank", "reliability": "A"})
    assert "a reliability letter always carries its reason" in response.content.decode()


@pytest.mark.parametrize("words", ["fredsinst", "peace.example"])
def test_a_source_is_found_by_its_other_names_and_sites(desk, admin, words):
    add_source(by=admin, name="Peace Institute", aliases=["Fredsinstitutet"], domains=["peace.example"])
    page = desk.get(address(Source, "changelist"), {"q": words}).content.decode()
    assert "Peace Institute" in page
    assert "Peace Institute" not in desk.get(address(Source, "changelist"), {"q": "zebra"}).content.decode()


def test_no_source_is_deleted(desk):
    assert desk.post(address(Source, "delete", factories.source().pk), {"post": "yes"}).status_code == 403


# --- the record


@pytest.mark.parametrize("model", [*REGISTERS, Group])
def test_the_record_can_only_be_read(model, desk):
    factories.verified_claim()
    factories.snapshot()
    record = model.objects.first()
    assert desk.get(address(model, "add")).status_code == 403
    assert desk.post(address(model, "change", record.pk), {"stage": "open"}).status_code == 403
    assert desk.post(address(model, "delete", record.pk), {"post": "yes"}).status_code == 403


def test_no_page_offers_to_delete_many(desk):
    factories.verified_claim()
    for model in (*MANAGED, *REGISTERS):
        assert "delete_selected" not in desk.get(address(model, "changelist")).content.decode()


@pytest.mark.parametrize(
    ("model", "query"),
    [
        (Claim, {"q": "defence", "stage__exact": "verified"}),
        (Assessment, {"q": "table"}),
        (Document, {"q": "paper", "under_check__exact": "1"}),
        (Snapshot, {"q": "paper"}),
        (Event, {"q": "1", "object_type": "claim", "act": "create"}),
    ],
)
def test_the_registers_can_be_searched_and_filtered(model, query, desk):
    factories.verified_claim()
    assert desk.get(address(model, "changelist"), query).status_code == 200


@pytest.mark.parametrize("model", [Claim, Assessment, Event])
def test_a_longer_register_asks_no_more_queries(model, desk, django_assert_max_num_queries):
    factories.verified_claim()
    desk.get(address(model, "changelist"))
    with django_assert_max_num_queries(25) as few:
        desk.get(address(model, "changelist"))
    for _ in range(8):
        factories.verified_claim()
    with django_assert_max_num_queries(len(few.captured_queries)):
        desk.get(address(model, "changelist"))
