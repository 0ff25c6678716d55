"""datapackage.json: what it says of a release and of each of its files."""

import json
from typing import Any

import pytest

from claims.releases.archive import Written
from claims.releases.manifest import describe
from tests.releases import contents

FILES = (
    Written("release.json", 10, "1" * 64),
    Written("claims.jsonl", 20, "2" * 64),
    Written("claims.csv", 30, "3" * 64),
    Written("evidence.csv", 40, "4" * 64),
    Written("captures/a.warc.gz", 50, "5" * 64),
)


def package(*files: Written, **fields: Any) -> Any:
    return json.loads(describe(contents.header(**fields))(files or FILES))


def resource(name: str, **fields: Any) -> Any:
    (found,) = (one for one in package(**fields)["resources"] if one["path"] == name)
    return found


def test_it_says_what_the_release_is_by_its_header_and_no_clock() -> None:
    told = package(name="japan-and-nato-3", number=3)

    assert told["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert (told["name"], told["version"], told["created"]) == ("japan-and-nato", "3.0.0", "2023-06-01T12:00:00Z")
    assert told["contributors"] == [
        {"title": "Claim Workbench", "path": "https://desk.example.org", "roles": ["publisher"]}
    ]
    assert told["release"] == {
        **{"number": 3, "serial": 1, "as_of": "2023-06-01T12:00:00Z", "licence": "CC-BY-4.0"},
        **{"claims": 1, "head": "8" * 64, "previous": None},
    }


def test_every_file_is_there_with_its_length_and_hash() -> None:
    measured = [(one["path"], one["bytes"], one["hash"]) for one in package()["resources"]]

    assert measured == [(file.name, file.bytes, f"sha256:{file.sha256}") for file in FILES]


def test_no_two_resources_have_one_name() -> None:
    files = [Written(name, 1, "1" * 64) for name in ("a/b.html", "a-b.html", "claims.csv", "claims", "Claims")]

    names = [one["name"] for one in package(*files)["resources"]]

    assert len(set(names)) == 5


def test_a_table_is_described_with_its_keys_and_what_an_empty_cell_stands_for() -> None:
    schema = resource("evidence.csv")["schema"]
    fields = {field["name"]: field for field in schema["fields"]}

    assert schema["primaryKey"] == ["reference", "number"]
    assert schema["foreignKeys"] == [
        {"fields": ["reference"], "reference": {"resource": "claims", "fields": ["reference"]}}
    ]
    assert schema["missingValues"] == [""]
    assert fields["quote"]["missingValues"] == []
    assert fields["stance"]["constraints"] == {"required": True, "enum": ["supports", "refutes", "context"]}
    assert fields["accessed_on"]["type"] == "date"
    assert all(field["description"] for field in fields.values())


def test_a_capture_is_told_in_few_words_as_there_can_be_many() -> None:
    assert set(resource("captures/a.warc.gz")) == {"name", "path", "bytes", "hash"}


def test_comments_are_described_as_a_table_only_in_a_release_that_has_them() -> None:
    comments = Written("comments.csv", 1, "1" * 64)

    (with_them,) = package(comments, with_comments=True)["resources"]

    assert with_them["type"] == "table"


@pytest.mark.parametrize(
    ("licence", "told"),
    [
        ("", None),
        (
            "CC-BY-4.0",
            {"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/", "title": "CC-BY-4.0"},
        ),
        ("BSD-3-Clause", {"name": "BSD-3-Clause", "title": "BSD-3-Clause"}),
    ],
)
def test_a_licence_is_told_if_there_is_one(licence: str, told: dict[str, str] | None) -> None:
    assert package(licence=licence).get("licenses") == ([told] if told else None)


def test_the_identifier_is_that_of_one_release_of_one_desk() -> None:
    desk = {"name": "Other", "url": "https://other.example.org"}
    ids = [package(**fields)["id"] for fields in ({}, {"serial": 2}, {"desk": desk}, {"title": "Renamed"})]

    assert ids[0] == ids[3]
    assert len(set(ids)) == 3


def test_an_address_of_the_desk_that_is_none_is_left_out() -> None:
    told = package(desk={"name": "Desk", "url": "javascript:alert(1)"})

    assert "homepage" not in told
    assert "path" not in told["contributors"][0]
