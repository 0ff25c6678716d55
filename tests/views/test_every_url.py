"""Every address of the project, asked for by everyone: rights hold, nothing falls over, nothing is forgotten.

`ENTRIES` says of each address who may use it and how. An address without an entry fails the last test.
"""

from collections.abc import Callable, Iterator
from datetime import date
from http.cookies import SimpleCookie
from typing import Any, NamedTuple

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import models, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.resolvers import RoutePattern
from pytest_django.fixtures import Settings

from claims.actions import assessments, comments, confirmations, relations, searches, suggestions
from claims.choices import ROLE_PERMISSIONS, Permission, Role
from claims.jobs import keep_upload
from claims.models import Claim, ReleaseCalendar, User
from tests import factories

SignIn = Callable[[User], Client]
GET, POST = "GET", "POST"
WORK, REVIEW, SOURCES = Permission.WORK, Permission.REVIEW, Permission.MANAGE_SOURCES
PEOPLE, RELEASE = Permission.MANAGE_PEOPLE, Permission.RELEASE


class Entry(NamedTuple):
    """Which right an address takes (None: being signed in), by which methods, about which record of the desk."""

    needs: Permission | None
    methods: tuple[str, ...]
    record: str = ""
    conditional: bool = False  # may refuse with 403 even those who hold the right: it depends on whose it is
    hidden: bool = False  # or answer them with 404, as if it were not there


def page(record: str = "", *, needs: Permission | None = None) -> Entry:
    return Entry(needs, (GET,), record)


def act(record: str = "", *, needs: Permission | None = WORK, conditional: bool = False) -> Entry:
    return Entry(needs, (POST,), record, conditional)


def form(record: str = "", *, needs: Permission = WORK, conditional: bool = False) -> Entry:
    return Entry(needs, (GET, POST), record, conditional)


ENTRIES: dict[str, Entry] = {
    "desk": page(),
    "activity": page(),
    "see_mentions": act(needs=None),
    "palette": page(),
    "profile": page(),
    "keys": page(),
    "single_keys": act(needs=None),
    "document_list": page(),
    "document_add": form(),
    "document_detail": page("document"),
    "draft_add": form("document"),
    "job_list": page(needs=WORK),
    "job_detail": Entry(WORK, (GET,), "job", conditional=True),
    "job_refused": Entry(WORK, (GET,), "job", hidden=True),
    "job_cancel": act("job", conditional=True),
    "document_claim_add": form("document"),
    "document_captures": page("document"),
    "document_capture": act("document"),
    "capture_accept": act("capture"),
    "capture_raw": page("capture"),
    "capture_warc": Entry(None, (GET,), "capture", hidden=True),
    "link_list": page(),
    "link_recheck": act(),
    "evidence_file_add": form("claim"),
    "document_export": page("document", needs=WORK),
    "draft_detail": page("drafted"),
    "reanchoring_decide": act("reanchoring"),
    "reanchoring_reopen": act("reanchoring"),
    "weighting_list": page(),
    "weighting_accept": act("weighting", needs=PEOPLE),
    "weighting_accept_shipped": act(needs=PEOPLE),
    "document_coverage": page("document"),
    "document_complete": act("document"),
    "document_memo": page("document"),
    "suggestion_add": form("appearance"),
    "suggestion_answer": act("suggestion"),
    "document_reopen": act("document"),
    "sentence_dispose": act("sentence"),
    "sentence_claim_add": act("sentence"),
    "triage": page("document"),
    "triage_bulk": act("document"),
    "triage_undo": act("document"),
    "claim_list": page(),
    "claim_export": page(needs=WORK),
    "claim_import": form(),
    "release_import": form(),
    "release_import_check": Entry(WORK, (GET, POST), "upload", hidden=True),
    "claim_set_approve": act("claim_set", needs=REVIEW),
    "claim_import_map": Entry(WORK, (GET, POST), "upload", hidden=True),
    "claim_bulk": act(),
    "claim_detail": page("claim"),
    "claim_edit": form("claim"),
    "claim_organise": form("claim"),
    "claim_take": act("claim"),
    "claim_release": act("taken", conditional=True),
    "claim_assign": form("claim"),
    "claim_dismiss": form("claim"),
    "claim_restore": act("claim"),
    "claim_reopen": form("verified"),
    "assessment_draft": act("claim"),
    "assessment_submit": act("claim"),
    "assessment_withdraw": act("in_review", conditional=True),
    "assessment_approve": act("in_review", needs=REVIEW),
    "assessment_return": act("in_review", needs=REVIEW),
    "document_edit": form("document"),
    "document_leaning": page("document"),
    "document_discredit": form("document"),
    "document_origin": form("document"),
    "working_edit": form("claim"),
    "working_preview": act("claim"),
    "working_remove": form("worked"),
    "evidence_add": form("claim"),
    "evidence_edit": form("evidence"),
    "evidence_retract": form("evidence"),
    "due_list": page(),
    "claim_confirm": form("verified"),
    "claim_follow": form("claim"),
    "confirmation_withdraw": act("confirmed", conditional=True),
    "confirmation_approve": act("confirmed", needs=REVIEW),
    "confirmation_return": act("confirmed", needs=REVIEW),
    "calendar_add": form("source", needs=SOURCES),
    "calendar_edit": form("calendar", needs=SOURCES),
    "calendar_retire": act("calendar", needs=SOURCES),
    "calendar_unretire": act("calendar", needs=SOURCES),
    "search_add": form("claim"),
    "search_retract": form("search"),
    "document_text": page("document"),
    "document_quotes": act("document"),
    "evidence_capture": page("evidence"),
    "evidence_quote": act("evidence"),
    "evidence_place": act("evidence"),
    "claim_comment_add": act("claim"),
    "comment_edit": form("comment", conditional=True),
    "comment_resolve": act("comment"),
    "comment_reopen": act("comment"),
    "relation_add": form("claim"),
    "relation_remove": act("relation"),
    "source_list": page(),
    "source_add": form(needs=SOURCES),
    "source_detail": page("source"),
    "source_edit": form("source", needs=SOURCES),
    "source_retire": act("source", needs=SOURCES),
    "source_unretire": act("source", needs=SOURCES),
    "source_merge": form("source", needs=SOURCES),
    "merge_undo": act("merge", needs=SOURCES),
    "source_leaning": page("source"),
    "source_discredit": form("source", needs=SOURCES),
    "source_comment_add": act("source"),
    "claim_set_list": page(),
    "claim_set_add": form(),
    "claim_set_detail": page("claim_set"),
    "claim_set_edit": form("claim_set"),
    "claim_set_add_claims": act("claim_set"),
    "claim_set_remove_claims": act("claim_set"),
    "claim_set_export": page("claim_set", needs=WORK),
    "claim_set_move": Entry(WORK, (POST,), "claim_set", hidden=True),
    "claim_set_preflight": page("claim_set"),
    "claim_set_leave_out": act("claim_set"),
    "claim_set_take_back": act("claim_set"),
    "claim_set_size": page("claim_set"),
    "release_add": form("claim_set", needs=RELEASE),
    "release_list": page(),
    "release_detail": page("release"),
    "release_compare": page("release"),
    "release_compare_json": Entry(None, (GET,), "release", hidden=True),
    "release_download": page("release"),
    "release_left_out": page("release"),
    "release_history": page("release"),
    "release_recipients": page("release"),
    "release_recipient_add": act("release", needs=RELEASE),
    "release_corrections": page("release"),
    "release_correct": form("release", needs=RELEASE),
    "release_publish": form("release", needs=RELEASE),
    "release_withdraw": form("release", needs=RELEASE),
}
# What readers without an account see: releases by the token in their address, of which these tests have none.
READERS = {
    *("robots", "published_list", "published_feed", "published_keys", "published_key", "published_release"),
    *("published_release_feed", "published_zip", "published_file", "published_claim", "verify_release"),
}
# Signing in and out, and what people without a session may reach.
PUBLIC = {
    *READERS,
    *("account_login", "account_logout", "account_inactive", "account_signup", "account_confirm_email"),
    *("account_email_verification_sent", "account_reset_password", "account_reset_password_done"),
    *("account_reset_password_from_key", "account_reset_password_from_key_done", "account_confirm_login_code"),
    *("admin:login", "admin:jsi18n"),
}
# Pages of the sign-in library about one's own account.
OWN_ACCOUNT = {"account_change_password", "account_set_password", "account_email", "account_reauthenticate"}
PLAIN: dict[str, str] = {}
HTMX = {"HX-Request": "true", "HX-Target": "main"}
VALUES: dict[str, Any] = {"format": "json", "code": "en", "uidb36": "zzzz", "key": "a-b", "number": 2}
VALUES |= {"app_label": "claims", "content_type_id": 1}
VALUES |= {"token": "nowhere", "reference": "CW-1", "key_id": "0" * 16, "name": "report.html"}


class Address(NamedTuple):
    name: str
    parameters: tuple[str, ...]


def addresses() -> Iterator[Address]:
    return _walk(get_resolver().url_patterns, "")


def _walk(patterns: list[URLPattern | URLResolver], space: str) -> Iterator[Address]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else space)
        elif pattern.name:  # the admin has two nameless ones, which only redirect
            shape = pattern.pattern
            names = shape.converters if isinstance(shape, RoutePattern) else shape.regex.groupindex
            yield Address(f"{space}{pattern.name}", tuple(names))


@pytest.fixture(autouse=True)
def _as_if_nobody_had_asked_before(settings: Settings) -> None:
    cache.clear()  # it counts for the rate limits
    # What the sign-in library and the admin look up twice is no loop; the tests of our own views mind loops.
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.startswith("zeal.")]


@pytest.fixture
def desk(analyst: User, reviewer: User) -> dict[str, models.Model]:
    """One record for every kind of address."""
    claim = factories.claim_in_text(by=analyst)
    snapshot = claim.appearances.get().snapshot
    taken, in_review = factories.claim(by=analyst), factories.claim(by=analyst)
    assessments.save_draft(taken, by=analyst, verdict=None, rationale="Perhaps.")
    factories.submitted(in_review, by=analyst)
    comment = comments.add_comment(claim, by=analyst, body="See @reviewer, @analyst.")
    first = factories.claim_in_text(by=analyst).appearances.get().snapshot
    draft = factories.snapshot(document=first.document, text="Nothing is left.", by=analyst)
    return {
        "claim": claim,
        "taken": taken,
        "in_review": in_review,
        "verified": factories.verified_claim(),
        "worked": factories.working(factories.claim()).claim,
        "document": snapshot.document,
        "drafted": draft.document,
        "reanchoring": draft.reanchorings.get(),
        "sentence": snapshot.sentences.last(),
        "source": snapshot.document.source,
        "evidence": factories.evidence_for(claim, by=analyst),
        "capture": factories.capture(by=analyst),
        "comment": comment,
        "confirmed": _confirmed(analyst),
        "calendar": ReleaseCalendar.objects.create(source=factories.source(), name="Table", rule="every April"),
        "appearance": claim.appearances.get(),
        "suggestion": suggestions.suggest(claim.appearances.get(), "Other words.", by=analyst),
        "search": searches.add_search(claim, by=analyst, place="SIPRI", words="Japan", searched_on=date(2026, 11, 1)),
        "relation": relations.relate(claim, "depends_on", taken, by=analyst),
        "claim_set": factories.claim_set(by=analyst, claims=(claim,)),
        "weighting": factories.weighting(),
        "merge": factories.merge(),
        "job": factories.job(by=analyst),
        "release": (release := factories.release(by=analyst)),
        "released": release.entries.get().claim,
        "upload": keep_upload(by=analyst, name="claims.csv", content_type="text/csv", data=b"claim\nOne.\n"),
    }


def _confirmed(by: User) -> Claim:
    """A verified claim with a confirmation that waits."""
    claim = factories.verified_claim()
    confirmations.confirm(claim, by=by, rationale="It still says so.", as_of="2026-11")
    return claim


def url_of(address: Address, desk: dict[str, models.Model]) -> str:
    entry = ENTRIES.get(address.name)
    values = dict(VALUES)
    if entry and entry.record:
        values["pk"] = desk[entry.record].pk
    values["claim"] = desk["released"].pk
    values["object_id"] = values["id"] = _admin_object(address.name)
    return reverse(address.name, kwargs={name: values[name] for name in address.parameters})


def _admin_object(name: str) -> Any:
    """The key of some record of the model that an address of the admin is about; of the first claim otherwise."""
    label = name.removeprefix("admin:").partition("_")[0]
    model_name = name.removeprefix(f"admin:{label}_").rpartition("_")[0]
    known = {f"{model._meta.app_label}_{model._meta.model_name}": model for model in apps.get_models()}
    model = known.get(f"{label}_{model_name}", User)
    first = model._default_manager.order_by("pk").first()
    return first.pk if first else 1


def ask(client: Client, method: str, url: str, headers: dict[str, str]) -> HttpResponse | Exception:
    """The answer, or what was raised instead of one; nothing that the request did is kept."""
    cookies = SimpleCookie(client.cookies)
    with transaction.atomic():
        try:
            response = client.generic(method, url, content_type="application/x-www-form-urlencoded", headers=headers)
            if response.streaming:
                b"".join(response.streaming_content)
        except Exception as error:  # noqa: BLE001  whatever it is, it would have been a 500
            response = error
        transaction.set_rollback(True)
    client.cookies = cookies
    return response


def complaint(answer: HttpResponse | Exception, accepted: set[int]) -> str:
    if isinstance(answer, Exception):
        return f"raised {answer!r}"
    return "" if answer.status_code in accepted else f"answered {answer.status_code}, not one of {sorted(accepted)}"


def accepted(address: Address, method: str, role: Role) -> set[int]:
    """The statuses with which the address may answer someone of this role."""
    entry = ENTRIES.get(address.name)
    if entry is None:
        return _accepted_elsewhere(address, role)
    if method not in entry.methods:
        return {405}
    if entry.needs and entry.needs not in ROLE_PERMISSIONS[role]:
        return {403}
    fine = {200, 302} if method == GET else {200, 204, 302, 303, 400, 409, 422}
    return fine | ({403} if entry.conditional else set()) | ({404} if entry.hidden else set())


def _accepted_elsewhere(address: Address, role: Role) -> set[int]:
    if address.name in READERS:
        return {200, 404, 405, 422}
    if not address.name.startswith("admin:"):
        return {200, 302, 303, 400, 403, 404, 405}
    if role == Role.ADMIN:
        return {200, 302, 400, 403, 404, 405}
    return {302, 403, 404} | ({200} if address.name in PUBLIC else set())


@pytest.mark.parametrize("headers", [PLAIN, HTMX], ids=["plain", "htmx"])
@pytest.mark.parametrize("method", [GET, POST])
@pytest.mark.parametrize("role", Role)
def test_everyone_gets_what_their_role_may_have(
    signed_in: SignIn, desk: dict[str, models.Model], role: Role, method: str, headers: dict[str, str]
) -> None:
    client = signed_in(factories.user(f"a-{role}", role))
    complaints = []
    for address in addresses():
        answer = ask(client, method, url_of(address, desk), headers)
        if said := complaint(answer, accepted(address, method, role)):
            complaints.append(f"{address.name}: {said}")
    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize("headers", [PLAIN, HTMX], ids=["plain", "htmx"])
@pytest.mark.parametrize("method", [GET, POST])
def test_strangers_are_sent_to_sign_in(
    client: Client, desk: dict[str, models.Model], method: str, headers: dict[str, str]
) -> None:
    complaints = []
    for address in addresses():
        url = url_of(address, desk)
        answer = ask(client, method, url, headers)
        public = address.name in PUBLIC
        if said := complaint(answer, {200, 302, 303, 400, 403, 404, 405, 422} if public else {302, 401, 403, 404, 405}):
            complaints.append(f"{address.name}: {said}")
        elif (
            not public
            and isinstance(answer, HttpResponse)
            and answer.status_code == 302
            and "/login/" not in answer.url
        ):
            complaints.append(f"{address.name}: sent to {answer.url}")
    assert not complaints, "\n".join(complaints)


def test_every_address_has_an_entry() -> None:
    ours = {address.name for address in addresses() if not address.name.startswith("admin:")}
    assert ours == ENTRIES.keys() | {name for name in PUBLIC | OWN_ACCOUNT if not name.startswith("admin:")}
