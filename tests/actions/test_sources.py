"""Sources: admins add and grade them, and say why."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from claims import limits
from claims.actions import sources
from claims.actions.publishers import publisher_of, source_for_url
from claims.choices import RecordAct
from claims.models import Event, Source, StaleVersion, User
from claims.workflow import Refused
from tests import factories

FIELDS = {"name": "SIPRI", "kind": "think_tank", "reliability": "B", "reliability_reason": "Methods are public."}


@pytest.fixture
def sipri(admin: User) -> Source:
    return sources.add_source(by=admin, **FIELDS)


def test_a_source_is_added_with_one_event(sipri: Source, admin: User) -> None:
    event = Event.objects.of(sipri).get()
    assert (event.act, event.by) == (RecordAct.ADD, admin)
    assert event.changes == {name: [None, value] for name, value in FIELDS.items()}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 201),
        ("name", "sipri"),
        ("kind", "oracle"),
        ("homepage", "javascript:alert(1)"),
        ("country", "JPN"),
        ("reliability", "G"),
        ("reliability_reason", " "),
        ("reliability_reason", "x" * (limits.REASON + 1)),
    ],
)
def test_what_a_source_cannot_have_is_told_at_its_field(field: str, value: str, sipri: Source, admin: User) -> None:
    with pytest.raises(ValidationError) as caught:
        sources.add_source(by=admin, **{**FIELDS, "name": "Another", field: value})
    assert set(caught.value.message_dict) == {field}
    assert Source.objects.get() == sipri


def test_a_new_letter_comes_with_its_reason(sipri: Source, admin: User) -> None:
    with pytest.raises(ValidationError) as caught:
        sources.edit_source(sipri, by=admin, version=1, reliability="A", reliability_reason="")
    assert set(caught.value.message_dict) == {"reliability_reason"}
    sources.edit_source(
        sipri, by=admin, version=1, reliability="A", reliability_reason="Twenty years without an error."
    )
    event = Event.objects.of(sipri).latest("number")
    assert (event.act, event.changes["reliability"]) == (RecordAct.CHANGE, ["B", "A"])


def test_a_source_is_edited_over_the_version_that_was_seen(sipri: Source, admin: User) -> None:
    sources.edit_source(sipri, by=admin, version=1, country="SE", name="SIPRI")
    with pytest.raises(StaleVersion):
        sources.edit_source(sipri, by=admin, version=1, country="NO")
    sources.edit_source(sipri, by=admin, version=2, country="SE")
    assert Event.objects.of(sipri).count() == 2


def test_a_source_does_not_get_the_name_of_another(sipri: Source, admin: User) -> None:
    other = factories.source("NATO")
    with pytest.raises(ValidationError) as caught:
        sources.edit_source(other, by=admin, version=1, name="Sipri")
    assert set(caught.value.message_dict) == {"name"}


def test_other_names_and_sites_are_kept_with_one_event(admin: User) -> None:
    sipri = sources.add_source(
        by=admin,
        **FIELDS,
        homepage="https://www.sipri.example/",
        aliases=["Stockholm Institute", "stockholm institute", " "],
        domains=["HTTPS://Data.SIPRI.example/table?x=1"],
    )
    assert [alias.name for alias in sipri.aliases.all()] == ["stockholm institute"]
    assert [domain.host for domain in sipri.domains.all()] == ["data.sipri.example", "sipri.example"]

    sources.edit_source(sipri, by=admin, version=1, aliases=[], domains=["sipri.example"])

    event = Event.objects.of(sipri).latest("number")
    assert event.changes == {
        "aliases": [["stockholm institute"], []],
        "domains": [["data.sipri.example", "sipri.example"], ["sipri.example"]],
    }
    sources.edit_source(sipri, by=admin, version=2, aliases=[], domains=["www.sipri.example"])
    assert Event.objects.of(sipri).count() == 2


@pytest.mark.parametrize(
    ("values", "field", "told"),
    [
        ({"aliases": ["Nato"]}, "aliases", "Merge the two instead"),
        ({"aliases": ["THE ALLIANCE"]}, "aliases", "another name of NATO"),
        ({"aliases": ["x" * 201]}, "aliases", "At most 200"),
        ({"aliases": [f"name {number}" for number in range(31)]}, "aliases", "At most 30"),
        ({"domains": ["nato.example"]}, "domains", "belongs to NATO"),
        ({"domains": ["localhost"]}, "domains", "reachable only inside a network"),
        ({"domains": ["10.0.0.1"]}, "domains", "by number"),
        ({"domains": ["javascript:alert(1)"]}, "domains", "not a web address"),
        ({"name": "the alliance"}, "name", "known by this name"),
    ],
)
def test_names_and_sites_belong_to_one_source(
    sipri: Source, admin: User, values: dict[str, Any], field: str, told: str
) -> None:
    sources.add_source(
        by=admin, name="NATO", kind="intergovernmental", aliases=["The Alliance"], domains=["nato.example"]
    )
    with pytest.raises(ValidationError, match=told) as caught:
        sources.edit_source(sipri, by=admin, version=1, **values)
    assert set(caught.value.message_dict) == {field}
    assert (sipri.aliases.count(), sipri.domains.count()) == (0, 0)


@pytest.mark.parametrize(
    ("url", "owner"),
    [
        ("https://sipri.example/a", "SIPRI"),
        ("http://www.sipri.example:8080/a", "SIPRI"),
        ("https://deep.in.data.sipri.example/a", "SIPRI data"),
        ("https://notsipri.example/a", None),
        ("https://example/", None),
        ("https://old.example/page", "By homepage"),
        ("https://sub.old.example/page", None),
    ],
)
def test_a_link_belongs_to_the_source_of_the_nearest_site(admin: User, url: str, owner: str | None) -> None:
    sources.add_source(by=admin, name="SIPRI", domains=["sipri.example"])
    sources.add_source(by=admin, name="SIPRI data", domains=["data.sipri.example"])
    factories.source("By homepage", homepage="https://www.old.example/")
    found = source_for_url(url)
    assert (found.name if found else None) == owner


def test_a_new_site_becomes_an_ungraded_source_with_its_domain(analyst: User) -> None:
    source = publisher_of("https://www.new.example:8443/page", by=analyst)
    assert (source.name, source.reliability) == ("new.example", "F")
    assert publisher_of("https://blog.new.example/", by=analyst) == source


def test_a_retired_source_keeps_its_site_and_comes_back(sipri: Source, admin: User) -> None:
    sources.edit_source(sipri, by=admin, version=1, domains=["sipri.example"])
    sources.retire_source(sipri, by=admin)
    sources.retire_source(sipri, by=admin)
    assert source_for_url("https://sipri.example/") == sipri
    assert not Source.objects.named("sipri").exists()
    sources.unretire_source(sipri, by=admin)
    assert Source.objects.named("sipri").get() == sipri
    acts = [event.act for event in Event.objects.of(sipri)]
    assert acts == [RecordAct.ADD, RecordAct.CHANGE, RecordAct.RETIRE, RecordAct.UNRETIRE]


def test_a_source_is_found_by_its_other_names(sipri: Source, admin: User) -> None:
    sources.edit_source(sipri, by=admin, version=1, aliases=["Stockholm International Peace Research Institute"])
    assert Source.objects.named("stockholm international peace research institute").get() == sipri


def test_everyone_else_proposes(sipri: Source, reviewer: User) -> None:
    with pytest.raises(Refused, match="Propose the change in a comment"):
        sources.add_source(by=reviewer, **FIELDS)
    with pytest.raises(Refused):
        sources.edit_source(sipri, by=reviewer, version=1, name="Mine")
    for act in (sources.retire_source, sources.unretire_source):
        with pytest.raises(Refused):
            act(sipri, by=reviewer)
    assert Source.objects.get().name == "SIPRI"
