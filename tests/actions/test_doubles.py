"""What is much like a source that somebody is about to add."""

import pytest

from claims.actions import sources
from claims.actions.doubles import LikelyDouble, doubles
from claims.models import Source, User
from tests import factories
from tests.actions.test_source_merges import merged


@pytest.fixture
def sipri(admin: User) -> Source:
    name = "Stockholm International Peace Research Institute (SIPRI)"
    return sources.add_source(by=admin, name=name, aliases=["Fredsforskningsinstitutet"], domains=["sipri.example"])


@pytest.mark.parametrize(
    "name",
    [
        "SIPRI",
        "the stockholm international peace research institute",
        "Stockholm – International Peace-Research Institute",
        "S.I.P.R.I. (Stockholm International Peace Research Institute)",
        "Frèdsforskningsinstitutet",
        "sipri.example",
    ],
)
def test_a_name_that_reads_like_one_of_its_names_is_a_double(name: str, sipri: Source) -> None:
    assert [double.source for double in doubles(name)] == [sipri]


@pytest.mark.parametrize("name", ["Peace Research Institute Oslo", "Stockholm", "The", "…", "(", "()"])
def test_a_name_that_shares_some_words_is_none(name: str, sipri: Source) -> None:
    assert doubles(name) == []


@pytest.mark.parametrize("address", ["https://data.sipri.example/milex", "www.sipri.example", "http://sipri.example"])
def test_a_site_of_it_or_below_is_a_double(address: str, sipri: Source) -> None:
    assert [double.source for double in doubles("Another", addresses=[address])] == [sipri]


def test_a_site_above_it_is_a_double(admin: User) -> None:
    office = sources.add_source(by=admin, name="Office", domains=["statistics.state.example"])
    (double,) = doubles("State", addresses=["https://state.example/"])
    assert (double.source, double.why) == (office, "Publishes at statistics.state.example")


def test_each_source_is_named_once_and_few_are(sipri: Source, admin: User) -> None:
    assert len(doubles("SIPRI", ["Fredsforskningsinstitutet"], ["sipri.example"])) == 1
    for number in range(9):
        factories.source(f"Harbour ({'x' * number}y)")
    assert len(doubles("Harbour")) == 5


def test_what_was_merged_is_answered_for_by_what_it_is_merged_into(sipri: Source, admin: User) -> None:
    merged(sources.add_source(by=admin, name="The Peace Institute"), sipri, admin)
    assert {double.source for double in doubles("Peace Institute")} == {sipri}


def test_it_is_added_only_when_it_is_wanted_even_so(sipri: Source, admin: User) -> None:
    with pytest.raises(LikelyDouble):
        sources.add_source(by=admin, name="SIPRI", even_so=False)
    assert Source.objects.get() == sipri
    sources.add_source(by=admin, name="SIPRI", even_so=True)
    sources.add_source(by=admin, name="Harbour", homepage="https://harbour.example/", even_so=False)
