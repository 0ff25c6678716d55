"""Every list as CSV: the same rows as the list, for the same people, safe in a spreadsheet, a row at a time."""

import csv
import io
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from claims.exports import lists
from claims.exports.csv import unescape
from claims.models import Source, User
from tests import factories

SignIn = Callable[[User], Client]
LISTS = {
    "/documents/": lists.DOCUMENTS,
    "/sources/": lists.SOURCES,
    "/links/": lists.LINKS,
    "/jobs/": lists.JOBS,
    "/due/": lists.DUE,
    "/sets/": lists.CLAIM_SETS,
    "/activity/": lists.ACTIVITY,
    "/releases/": lists.RELEASES,
}
pytestmark = pytest.mark.django_db


def rows(client: Client, address: str) -> list[dict[str, str]]:
    response: Any = client.get(address)
    assert response.status_code == 200, response.content
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"].startswith("attachment; filename=")
    assert response.streaming
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return [{name: unescape(cell) for name, cell in row.items()} for row in csv.DictReader(io.StringIO(text))]


@pytest.fixture
def desk(analyst: User) -> None:
    """Something in every list."""
    claim = factories.sound_claim()
    piece = claim.evidence.get()
    factories.evidence_for(claim, by=analyst, document=factories.document(by=analyst, url="https://a.example.org/1"))
    assert piece
    factories.claim_set(by=analyst, claims=(claim,))
    factories.document(by=analyst, title="=HYPERLINK(1)", under_check=True)
    factories.job(by=analyst)


@pytest.mark.parametrize("address", LISTS)
def test_a_list_says_under_each_column_what_its_rows_have(
    address: str, desk: None, analyst: User, signed_in: SignIn
) -> None:
    client = signed_in(analyst)
    found = rows(client, f"{address}?format=csv")
    assert found or address == "/releases/"
    assert all(list(row) == list(LISTS[address]) for row in found)
    assert all(row["page"].startswith("http") or address == "/activity/" for row in found)
    if found:
        assert "format=csv" in client.get(address).content.decode(), "the list leads to it"


@pytest.mark.parametrize("address", LISTS)
def test_a_format_that_there_is_not_is_refused(address: str, analyst: User, signed_in: SignIn) -> None:
    assert signed_in(analyst).get(f"{address}?format=xlsx").status_code == 400


@pytest.mark.parametrize("address", LISTS)
def test_who_may_not_see_the_list_may_not_have_it_as_a_file(
    address: str, reader: User, client: Client, signed_in: SignIn
) -> None:
    assert client.get(f"{address}?format=csv").status_code == 302
    signed_in(reader)
    assert client.get(f"{address}?format=csv").status_code == client.get(address).status_code


@pytest.mark.parametrize(
    "address", ["/sources/?kind=nonsense", "/activity/?by=nonsense", "/due/?why=nonsense", "/releases/?state=nonsense"]
)
def test_filters_that_make_no_sense_are_refused_as_by_the_list(address: str, analyst: User, signed_in: SignIn) -> None:
    client = signed_in(analyst)
    assert client.get(address).status_code == 400
    assert client.get(f"{address}&format=csv").status_code == 400


def test_the_file_has_what_the_filter_leaves_and_every_page_of_it(
    analyst: User, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("claims.views.list_csv.CHUNK", 7)
    Source.objects.bulk_create(Source(name=f"Source {number:03}") for number in range(120))
    Source.objects.create(name="Something else")
    found = rows(signed_in(analyst), "/sources/?q=source&format=csv")
    assert [row["name"] for row in found] == [f"Source {number:03}" for number in range(120)]


def test_what_a_spreadsheet_would_calculate_is_escaped(desk: None, analyst: User, signed_in: SignIn) -> None:
    response: Any = signed_in(analyst).get("/documents/?format=csv")
    assert '\r\n"\'=HYPERLINK(1)",' in b"".join(response.streaming_content).decode()


def test_a_private_set_is_in_nobody_elses_file(analyst: User, signed_in: SignIn) -> None:
    factories.claim_set(by=analyst, title="Mine alone")
    from claims.models import ClaimSet

    ClaimSet.objects.update(is_private=True)
    client = signed_in(factories.user("other"))
    assert rows(client, "/sets/?format=csv") == []
    assert not [row for row in rows(client, "/activity/?format=csv") if "Mine alone" in row["what"]]
    assert [row["title"] for row in rows(signed_in(analyst), "/sets/?format=csv")] == ["Mine alone"]


def test_only_an_admin_has_the_jobs_of_others(desk: None, admin: User, signed_in: SignIn) -> None:
    assert rows(signed_in(factories.user("other")), "/jobs/?format=csv") == []
    assert len(rows(signed_in(admin), "/jobs/?format=csv")) == 1


def test_queries_do_not_grow_with_the_rows_of_a_chunk(
    desk: None, analyst: User, signed_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(analyst)
    for _ in range(5):
        factories.sound_claim()
    with django_assert_max_num_queries(12):
        rows(client, "/activity/?format=csv")


def test_memory_does_not_grow_with_the_list(analyst: User, signed_in: SignIn) -> None:
    client = signed_in(analyst)

    def peak(count: int) -> int:
        known = Source.objects.count()
        Source.objects.bulk_create(
            Source(name=f"Source {number:05}", reliability_reason="x" * 400) for number in range(known, count)
        )
        response: Any = client.get("/sources/?format=csv")
        tracemalloc.start()
        for _ in response.streaming_content:
            pass
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(600)  # whatever is loaded once
    small = peak(1_200)
    assert peak(4_000) < 1.5 * small
