"""`manage.py import_document`: a file or an address in, once, with what was stored told."""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from claims.choices import Origin
from claims.models import Document, Event, Source, User
from tests import factories

TEXT = (
    "# Budgets\n\nJapan has the ninth-largest military budget in the world. I like it. Only four members spend more.\n"
)


@pytest.fixture(autouse=True)
def desk(admin: User) -> None:
    factories.source("The Paper", key="paper")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "budget.md"
    path.write_text(TEXT)
    return path


def said(*arguments: object) -> str:
    out = StringIO()
    call_command("import_document", *map(str, arguments), stdout=out, stderr=out)
    return out.getvalue()


def test_a_file_is_stored_and_the_number_worth_checking_told(file: Path, admin: User) -> None:
    told = said(file, "--source", "the paper", "--published-on", "24 May 2023")
    document = Document.objects.get()
    assert f"Stored snapshot 1 of document {document.pk}, “Budgets”." in told
    assert re.search(r"4 sentences, 2 undecided ones at \d+ % or more", told)
    assert (document.source.name, document.published_on, document.added_by) == ("The Paper", "2023-05-24", admin)
    assert document.snapshots.get().origin == Origin.UPLOADED


def test_the_same_again_changes_nothing_and_says_so(file: Path) -> None:
    said(file, "--source", "paper")
    before = Event.objects.count()
    told = said(file, "--source", "paper", "--title", "Other words")
    assert told.startswith("Nothing to do: This text is stored already, as “Budgets”.")
    assert (Document.objects.count(), Event.objects.count()) == (1, before)
    assert "Stored snapshot 1" in said(file, "--source", "paper", "--even-so", "--title", "Other words")


def test_a_page_belongs_to_its_site_and_is_stored_once(site: str) -> None:
    assert "“Budget”" in said(f"{site}/page")
    assert Document.objects.get().source.name == "localhost"
    assert said(f"{site}/page").startswith("Nothing to do: This page is stored already")
    assert "Nothing to do: This page is stored already" in said(f"{site}/redirect?to=/page", "--even-so")


def test_a_draft_is_stored_once_and_what_waits_is_told(file: Path) -> None:
    claim = factories.claim_in_text(quote="Kishida joined the summit")
    document = claim.appearances.get().snapshot.document
    told = said(file, "--draft-of", document.pk)
    assert f"Stored snapshot 2 of document {document.pk}" in told
    assert f"Passages that wait for a decision: 1, at http://localhost:8000/documents/{document.pk}/drafts/2/" in told
    assert "Nothing to do: this is the text of snapshot 2 already" in said(file, "--draft-of", document.pk)
    assert document.snapshots.count() == 2


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["{file}"], "--source: Name the source"),
        (["{file}", "--source", "Nobody"], "--source: No source has this name"),
        (["{file}", "--source", "paper", "--published-on", "soon"], "--published-on: “soon” is not a date"),
        (["{file}", "--source", "paper", "--by", "nobody"], "There is nobody called nobody"),
        (["{file}", "--source", "paper", "--by", "ann"], "role"),
        (["{file}", "--draft-of", "99"], "There is no document 99"),
        (["/nowhere/a.txt", "--source", "paper"], "/nowhere/a.txt: No such file or directory"),
        (["/tmp", "--source", "paper"], "/tmp: Is a directory"),  # noqa: S108
        (["/dev/zero", "--source", "paper"], "at most 20 MB are read"),
        (["http://127.0.0.1/"], "names a machine by number"),
        (["file:///etc/passwd"], "Only web addresses are accepted"),
    ],
)
def test_what_cannot_be_imported_says_why(
    arguments: list[str], reason: str, file: Path, reader: User, analyst: User
) -> None:
    factories.user("ann", role=factories.Role.READER)
    before = Event.objects.count(), Source.objects.count()
    with pytest.raises(CommandError, match=reason):
        said(*(argument.format(file=file) for argument in arguments))
    assert (Event.objects.count(), Source.objects.count(), Document.objects.count()) == (*before, 0)


def test_a_name_that_is_no_text_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "caf\udce9 \u202e.txt"
    path.write_text("One sentence.")
    said(path, "--source", "paper")
    assert Document.objects.get().title == "caf?"
