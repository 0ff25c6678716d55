"""The working of a claim on its pages: shown in words, edited in a form that grows, refused at the right field."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from claims.actions.evidence import retract_evidence
from claims.actions.relations import relate
from claims.actions.workings import FIELDS, GivenRow, Parts, change_working
from claims.choices import RelationKind
from claims.models import Claim, Evidence, User, Working
from tests import factories

SignIn = Callable[[User], Client]


@pytest.fixture
def desk(signed_in: SignIn, analyst: User) -> Client:
    return signed_in(analyst)


@pytest.fixture
def claim(analyst: User) -> Claim:
    return factories.claim(by=analyst, assertion="Japan has the ninth-largest military budget.")


def rank_data(*rows: tuple[str, ...], **fields: Any) -> dict[str, Any]:
    """A form of a rank table; rows are (place, name, value[, evidence])."""
    names = ("place", "name", "value", "evidence")
    data = {f"rows-{at}-{name}": cell for at, row in enumerate(rows) for name, cell in zip(names, row, strict=False)}
    data |= {"rows-TOTAL_FORMS": len(rows), "rows-INITIAL_FORMS": 0, "kind": "rank", "version": 0}
    return {**data, "subject": "Japan", "expected": "9", "unit": "US$ bn", **fields}


def formula_data(*rows: tuple[str, ...], **fields: Any) -> dict[str, Any]:
    names = ("name", "value", "unit", "year", "evidence")
    data = {f"rows-{at}-{name}": cell for at, row in enumerate(rows) for name, cell in zip(names, row, strict=False)}
    data |= {"rows-TOTAL_FORMS": len(rows), "rows-INITIAL_FORMS": 0, "kind": "formula", "version": 0}
    return {**data, "formula": "a", "expected": "50", "tolerance": "2", "tolerance_in": "percent", **fields}


AROUND = (("9", "South Korea", "46.4"), ("10", "Japan", "46.0"))


def edit(claim: Claim) -> str:
    return reverse("working_edit", args=[claim.pk])


def preview(claim: Claim) -> str:
    return reverse("working_preview", args=[claim.pk])


def text(client: Client, url: str, **kwargs: Any) -> str:
    return client.get(url, **kwargs).content.decode()


def test_a_rank_table_is_saved_and_told_in_words(desk: Client, claim: Claim) -> None:
    response = desk.post(edit(claim), rank_data(*AROUND))
    assert response.status_code == 303
    assert response.url == f"/claims/{claim.pk}/#working"
    page = text(desk, claim.get_absolute_url())
    assert "Gives 10th; the claim says 9th: does not agree." in page
    assert "Working saved: it gives 10th" in page


def test_a_long_table_shows_the_rows_near_both_places_first(desk: Client, claim: Claim) -> None:
    figures = [90, 80, 70, 60, 50, 40, 35, 30, 25, 20, 15]
    rows = tuple((str(at), f"Land {at}", str(value)) for at, value in enumerate(figures, 1))
    desk.post(edit(claim), rank_data(*rows, subject="Land 7", expected="6"))
    response = desk.get(claim.get_absolute_url())
    near = response.context_data["shown"].near
    assert [(line.place, line.is_claimed, line.is_subject) for line in near] == [
        *((4, False, False), (5, False, False), (6, True, False), (7, False, True), (8, False, False)),
        (9, False, False),
    ]
    page = response.content.decode()
    assert page.index('id="working"') < page.index("Evidence</h2>")
    assert page.count("claimed for Land 7") == 2  # in short, and among all rows
    assert "All 11 rows" in page


def test_a_table_that_says_no_places_gets_those_of_its_values(desk: Client, claim: Claim) -> None:
    desk.post(edit(claim), rank_data(("", "Japan", "46.0"), ("", "France", "53.6"), expected="2"))
    shown = desk.get(claim.get_absolute_url()).context_data["shown"]
    assert [(line.part.name, line.place) for line in shown.lines] == [("Japan", 2), ("France", 1)]
    assert shown.near == []


def test_a_premise_stands_beside_the_working_on_both_sides(desk: Client, claim: Claim, analyst: User) -> None:
    other = factories.verified_claim(by=analyst, key="jn-99", verdict_key="outdated")
    relate(claim, RelationKind.DEPENDS_ON, other, by=analyst)
    for one in (claim, other):
        factories.rank_table(one)
    assert "Rests on</span> <a" in text(desk, claim.get_absolute_url())
    assert "On it rests</span> <a" in text(desk, other.get_absolute_url())


def test_a_formula_is_saved_and_told_in_words(desk: Client, claim: Claim) -> None:
    piece = factories.evidence_for(claim)
    assert desk.post(edit(claim), formula_data(("a", "46.0", "", "2022", str(piece.pk)))).status_code == 303
    assert "Outside tolerance: 46.0 against 50 ± 2 %." in text(desk, claim.get_absolute_url())


@pytest.mark.parametrize(("target", "shown"), [("main", True), ("panel", True)])
def test_the_result_is_in_the_fragments_too(desk: Client, claim: Claim, target: str, shown: bool) -> None:
    factories.rank_table(claim)
    page = text(desk, claim.get_absolute_url(), headers={"HX-Request": "true", "HX-Target": target})
    assert ("Gives 10th; the claim says 9th" in page) is shown


def test_readers_see_the_working_and_no_way_to_change_it(signed_in: SignIn, reader: User, claim: Claim) -> None:
    factories.rank_table(claim)
    client = signed_in(reader)
    page = text(client, claim.get_absolute_url())
    assert "Gives 10th" in page
    assert edit(claim) not in page
    assert client.get(edit(claim)).status_code == 403


@pytest.mark.parametrize(
    ("fields", "field", "says"),
    [
        ({"formula": "a / 0"}, "formula", "divides by zero"),
        ({"formula": "a / (a - a)"}, "formula", "divides by zero"),
        ({"formula": "10**10**10"}, "formula", "at most 100"),
        ({"formula": "10**99 * 10**99"}, "formula", "beyond 10**100"),
        ({"formula": "-" * 60 + "a"}, "formula", "nested more than 40 deep"),
        ({"formula": "__import__('os').system('id')"}, "formula", "none of these"),
        ({"formula": "a.__class__.__mro__"}, "formula", "none of these"),
        ({"formula": "open(a)"}, "formula", "functions of a formula are"),
        ({"formula": "٤٦ * a"}, "formula", "none of these"),
        ({"formula": "nan"}, "formula", "No input is called"),
        ({"formula": "1e999"}, "formula", "none of these"),
        ({"expected": "inf"}, "expected", "not a number"),
        ({"expected": "NaN"}, "expected", "not a number"),
        ({"expected": "٤٦"}, "expected", "not a number"),
        ({"tolerance": "inf"}, "tolerance", "not a number"),
        ({"unit": "people"}, "unit", "The formula gives US$ bn; the claim says people"),
        ({"formula": "a.real"}, "formula", "none of these"),
        ({"formula": "b"}, "formula", "No input is called"),
        ({"formula": ""}, "formula", "Write the formula"),
        ({"formula": "a" * 501}, "formula", "At most 500"),
        ({"expected": ""}, "expected", "Say what the claim says"),
        ({"expected": "much"}, "expected", "not a number"),
        ({"tolerance": "-2"}, "tolerance", "not negative"),
    ],
)
@pytest.mark.parametrize("view", [edit, preview])
def test_a_refused_formula_is_422_with_the_reason_at_its_field(
    desk: Client, claim: Claim, view: Callable[[Claim], str], fields: dict[str, str], field: str, says: str
) -> None:
    piece = factories.evidence_for(claim)
    began = time.process_time()
    response = desk.post(view(claim), formula_data(("a", "46.0", "US$ bn", "", str(piece.pk)), **fields))
    assert time.process_time() - began < 5  # of which the formula takes next to nothing: see tests/working
    assert response.status_code == 422
    assert says in "".join(response.context_data["form"].errors[field])
    assert response.context_data["form"][field].value() == fields[field]
    assert f'id="working-{field}_error"' in response.content.decode()
    assert not Working.objects.exists()


def test_inputs_whose_units_do_not_agree_are_refused_in_words(desk: Client, claim: Claim) -> None:
    piece = str(factories.evidence_for(claim).pk)
    rows = (("a", "46.0", "US$ bn", "2022", piece), ("b", "5", "people", "2022", piece))
    response = desk.post(edit(claim), formula_data(*rows, formula="a + b"))
    assert response.status_code == 422
    assert "US$ bn beside people" in "".join(response.context_data["form"].errors["formula"])


@pytest.mark.parametrize(
    ("row", "field", "says"),
    [
        (("2a", "1", "", "", "{piece}"), "name", "cannot be a name"),
        (("a", "lots", "", "", "{piece}"), "value", "not a number"),
        (("a", "", "", "", "{piece}"), "value", "Give the value"),
        (("", "1", "", "", "{piece}"), "name", "Give the name"),
        (("a", "1", "", "", ""), "evidence", "Choose the piece"),
        (("a", "1", "", "", "{other}"), "evidence", "not one of the available choices"),
        (("a", "1", "", "3000", "{piece}"), "year", "less than or equal"),
    ],
)
def test_a_refused_cell_is_422_with_the_reason_in_it(
    desk: Client, claim: Claim, row: tuple[str, ...], field: str, says: str
) -> None:
    pieces = {"piece": factories.evidence_for(claim).pk, "other": factories.evidence_for(factories.claim()).pk}
    response = desk.post(edit(claim), formula_data(tuple(cell.format(**pieces) for cell in row)))
    assert response.status_code == 422
    assert says in str(response.context_data["table"].forms[0].errors[field])
    assert f'id="id_rows-0-{field}_error"' in response.content.decode()


def test_what_is_wrong_with_the_whole_table_is_told_over_it(desk: Client, claim: Claim) -> None:
    response = desk.post(edit(claim), rank_data(AROUND[1], AROUND[1]))
    assert response.status_code == 422
    assert "is in the table twice" in response.context_data["table_errors"][0]
    assert 'id="working-rows-error"' in response.content.decode()


def test_pasted_rows_go_into_the_table_with_a_look_at_what_they_give(desk: Client, claim: Claim) -> None:
    piece = factories.evidence_for(claim)
    pasted = "Rank\tCountry\tUS$ bn\n9\tSouth Korea\t46.4\n10\tJapan\t46.0\n"
    response = desk.post(preview(claim), rank_data(paste=pasted, paste_evidence=str(piece.pk)))
    assert response.status_code == 200
    assert "Gives 10th; the claim says 9th: does not agree." in response.content.decode()
    rows = response.context_data["table"].forms
    assert [row["name"].value() for row in rows] == ["South Korea", "Japan", "", "", ""]
    assert rows[1]["evidence"].value() == str(piece.pk)
    assert not Working.objects.exists()


def test_pasted_rows_are_looked_at_before_they_are_saved(desk: Client, claim: Claim) -> None:
    response = desk.post(edit(claim), rank_data(paste="9;South Korea;46,4\n10;Japan;46,0"))
    assert response.status_code == 200
    assert "Not saved yet" in response.content.decode()
    assert not Working.objects.exists()


@pytest.mark.parametrize("pasted", ["only words", "1\t2\n3", "a\tb\tc\td\te", "x" * 50_001])
def test_a_paste_that_is_no_table_is_422_at_its_field(desk: Client, claim: Claim, pasted: str) -> None:
    response = desk.post(preview(claim), rank_data(*AROUND, paste=pasted))
    assert response.status_code == 422
    assert response.context_data["form"].errors["paste"]
    assert response.context_data["form"]["paste"].value() == pasted


def test_more_rows_keep_what_is_typed(desk: Client, claim: Claim) -> None:
    response = desk.post(preview(claim), rank_data(*AROUND, ("", "", ""), subject=""))
    assert response.status_code == 422
    assert [row["value"].value() for row in response.context_data["table"].forms] == ["46.4", "46.0", "", "", ""]


@pytest.mark.parametrize("total", ["", "-1", "x", "99999", "1001", "٣"])
def test_a_forged_number_of_rows_does_no_harm(desk: Client, claim: Claim, total: str) -> None:
    response = desk.post(edit(claim), rank_data(*AROUND) | {"rows-TOTAL_FORMS": total})
    assert response.status_code in (303, 422)


def test_a_kind_that_does_not_exist_is_refused(desk: Client, claim: Claim) -> None:
    assert desk.post(edit(claim), rank_data(*AROUND, kind="guess")).status_code == 422


def changed_meanwhile(working: Working, by: User) -> None:
    content = {name: getattr(working, name) for name in FIELDS}
    rows = [GivenRow("Japan", "46.0"), GivenRow("Ukraine", "44.0")]
    change_working(working, by=by, version=working.version, parts=Parts(rows=rows), **content)


def test_a_stale_save_is_409_with_both_and_goes_over_the_newer_one_when_sent_again(
    desk: Client, claim: Claim, reviewer: User
) -> None:
    working = factories.rank_table(claim)
    changed_meanwhile(working, reviewer)
    response = desk.post(edit(claim), rank_data(*AROUND, version=1))
    page = response.content.decode()
    assert response.status_code == 409
    assert "Gives 1st; the claim says 9th" in page
    assert "South Korea" in page
    assert response.context_data["form"]["version"].value() == "2"
    assert desk.post(edit(claim), rank_data(*AROUND, version=2)).status_code == 303


def test_a_working_removed_meanwhile_is_409_and_can_be_saved_anew(desk: Client, claim: Claim) -> None:
    response = desk.post(edit(claim), rank_data(*AROUND, version=1))
    assert response.status_code == 409
    assert "removed the working meanwhile" in response.content.decode()
    assert desk.post(edit(claim), rank_data(*AROUND, version=0)).status_code == 303


def test_of_two_first_savings_the_second_is_409_with_both(
    desk: Client, claim: Claim, reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from claims.views import workings as view

    factories.working(claim, by=reviewer)
    answers, stored = iter([None]), view._working  # nothing yet when the form is read; it is there a moment later
    monkeypatch.setattr(view, "_working", lambda claim: next(answers, stored(claim)))
    response = desk.post(edit(claim), rank_data(*AROUND))
    page = response.content.decode()
    assert response.status_code == 409
    assert "South Korea" in page
    assert "budget / gdp * 100" in page
    assert response.context_data["form"].errors == {}
    assert response.context_data["form"]["version"].value() == "1"
    assert Working.objects.get().formula


def test_a_late_first_save_is_409_with_both(desk: Client, claim: Claim, reviewer: User) -> None:
    factories.working(claim, by=reviewer)
    response = desk.post(edit(claim), rank_data(*AROUND))
    assert response.status_code == 409
    assert "budget / gdp * 100" in response.content.decode()
    assert desk.post(edit(claim), rank_data(*AROUND, version=1)).status_code == 303


def test_pressing_save_twice_does_one_thing(desk: Client, claim: Claim) -> None:
    data = rank_data(*AROUND, token="4a52a0a1-8b94-4a35-b6b5-6d8b1a3f0001")
    assert [desk.post(edit(claim), data).status_code for _ in range(2)] == [303, 303]
    assert Working.objects.get().version == 1


def test_the_form_starts_from_what_is_stored_or_from_the_kind_of_the_claim(desk: Client, claim: Claim) -> None:
    assert desk.get(edit(claim)).context_data["is_rank"]
    factories.working(claim)
    response = desk.get(edit(claim))
    assert not response.context_data["is_rank"]
    assert 'value="budget / gdp * 100"' in response.content.decode()
    assert desk.get(f"{edit(claim)}?kind=rank").context_data["is_rank"]


def test_a_working_is_removed_with_a_reason(desk: Client, claim: Claim) -> None:
    factories.rank_table(claim)
    url = reverse("working_remove", args=[claim.pk])
    assert desk.get(url).status_code == 200
    assert desk.post(url, {"reason": ""}).status_code == 422
    assert desk.post(url, {"reason": "Another table.", "version": 1}).status_code == 303
    assert not Working.objects.exists()
    assert desk.get(url).status_code == 404


def test_retracted_evidence_is_told_beside_the_result(desk: Client, claim: Claim, analyst: User) -> None:
    piece = factories.evidence_for(claim)
    factories.rank_table(claim, piece=piece)
    retract_evidence(piece, by=analyst, reason="Wrong table.")
    assert "Rests on retracted evidence: France, South Korea, Japan, Ukraine." in text(desk, claim.get_absolute_url())


def test_the_number_of_queries_does_not_grow_with_rows(
    desk: Client, claim: Claim, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    piece = factories.evidence_for(claim)
    factories.rank_table(claim, piece=piece)
    with django_assert_max_num_queries(60) as few:
        desk.get(claim.get_absolute_url())
    rows = [GivenRow(f"Land {number}", str(number + 1), None, piece) for number in range(100)]
    other = factories.claim()
    factories.rank_table(other, parts=Parts(rows=[GivenRow(row.name, row.value) for row in rows]), subject="Land 1")
    with django_assert_max_num_queries(len(few)):
        desk.get(other.get_absolute_url())
    with django_assert_max_num_queries(25):
        desk.get(edit(other))


def test_the_matrix_shows_each_source_by_method_and_what_decides(desk: Client, claim: Claim, analyst: User) -> None:
    first, second = two_counts(claim)
    factories.submitted(claim, by=analyst, decisive=second, decisive_reason="It was out before the article.")
    response = desk.get(claim.get_absolute_url())
    matrix, page = response.context_data["matrix"], response.content.decode()
    assert matrix.methods == ["SIPRI, 2021", "SIPRI, 2022"]
    assert [source for source, _ in matrix.rows] == [first.document.source, second.document.source]
    assert [[len(pieces) for _, pieces in cells] for _, cells in matrix.rows] == [[1, 0], [0, 1]]
    assert "It was out before the article." in page
    assert page.count('class="decisive"') == 1


def two_counts(claim: Claim) -> tuple[Evidence, Evidence]:
    said = (("SIPRI, 2021", "supported", "Ninth."), ("SIPRI, 2022", "refuted", "Tenth."))
    first, second = (
        factories.evidence_for(claim, method=method, alone_verdict=factories.verdict(key), alone_says=says)
        for method, key, says in said
    )
    return first, second


def test_a_submission_without_the_decisive_piece_is_422_at_that_field(desk: Client, claim: Claim) -> None:
    two_counts(claim)
    data = {"version": claim.version, "verdict": factories.verdict().pk, "rationale": "So.", "as_of": "2023-05"}
    response = desk.post(reverse("assessment_submit", args=[claim.pk]), data)
    assert response.status_code == 422
    assert "Say which one decides" in str(response.context_data["assessment_form"].errors["decisive"])


def test_a_submission_names_the_decisive_piece(desk: Client, claim: Claim) -> None:
    _, second = two_counts(claim)
    data = {"version": claim.version, "verdict": factories.verdict().pk, "rationale": "So.", "as_of": "2023-05"}
    data |= {"decisive": second.pk, "decisive_reason": "The later table."}
    assert desk.post(reverse("assessment_submit", args=[claim.pk]), data).status_code == 303
    assert claim.assessments.get().decisive == second


def test_what_a_piece_means_alone_is_edited_with_it(desk: Client, claim: Claim) -> None:
    piece = factories.evidence_for(claim)
    url = reverse("evidence_edit", args=[piece.pk])
    data = {"version": 1, "stance": "refutes", "finding": "So.", "credibility": 1, "provenance": "found"}
    data |= {"was_read": "on", "method": "SIPRI, 2022", "alone_says": "Tenth.", "alone_verdict": "refuted"}
    assert desk.post(url, data).status_code == 303
    piece.refresh_from_db()
    assert (piece.method, piece.alone_says) == ("SIPRI, 2022", "Tenth.")
    assert piece.alone_verdict == factories.verdict("refuted")
    stale = desk.post(url, data | {"alone_says": "Eleventh."})
    assert stale.status_code == 409
