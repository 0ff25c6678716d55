"""Spreadsheets as evidence: their cells as a person sees them, and never anything that computes or runs."""

from datetime import date, datetime

import pytest

from claims.intake.readers import Format, Limits, Reading
from claims.intake.readers import read as read_apart
from claims.intake.readers.parse import parse
from tests.intake.sheets import ods, ods_row, with_hidden_sheet, with_part, with_sheet, xlsx

TABLE = [["Country", "Spending", "Rank"], ["France", 53.6, 8], ["Japan", 46.0, 10]]


def read(data: bytes, filename: str = "") -> Reading:
    return parse(data, filename=filename, limits=Limits())


def test_a_spreadsheet_is_read_row_by_row():
    reading = read(xlsx(TABLE, title="Trends"), "budgets.xlsx")
    assert reading.text == "# Budgets\n\nCountry | Spending | Rank\n\nFrance | 53.6 | 8\n\nJapan | 46 | 10"
    assert (reading.format, reading.title, reading.authors, reading.warnings) == (
        *(Format.XLSX, "Trends", ("Ann Writer",)),
        (),
    )


def test_the_process_that_reads_files_reads_spreadsheets():
    assert "Japan | 46 | 10" in read_apart(xlsx(TABLE), limits=Limits(seconds=120)).text


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (46, "General", "46"),
        (0.1 + 0.2, "General", "0.3"),
        (45992.0744, "#,##0.0", "45,992.1"),
        (2.5, "0", "3"),
        (-1234.5, "#,##0;[Red]-#,##0", "-1,235"),
        (0.0213, "0.0%", "2.1%"),
        (46, '_-"$"* #,##0.00_-', "46.00"),
        (46, "[$€-407] 0.0", "46.0"),
        (46.25, "0.0 E+00", "46.25"),
        (1e300, "0.00", "1e+300"),
        (True, "General", "TRUE"),
        (datetime(2023, 5, 24), "dd.mm.yyyy", "2023-05-24"),
        (datetime(2023, 5, 24, 12, 30), "dd.mm.yyyy hh:mm", "2023-05-24 12:30"),
        (date(2023, 5, 24), "d mmm", "2023-05-24"),
    ],
)
def test_a_figure_is_read_as_it_is_shown(value, number_format, shown):
    assert read(xlsx([[value]], formats={"A1": number_format})).text == f"# Budgets\n\n{shown}"


def test_the_stored_result_of_a_formula_is_read_and_a_missing_one_said():
    rows = '<row r="1"><c r="A1"><f>20+26</f><v>46</v></c><c r="B1"><f>WEBSERVICE("http://192.0.2.1")</f></c></row>'
    reading = read(with_sheet(rows))
    assert reading.text == "# Budgets\n\n46"
    assert "1 formula has no stored result" in reading.warnings[0]


def test_a_formula_in_words_is_text():
    rows = '<row r="1"><c r="A1" t="inlineStr"><is><t>=cmd|\' /C calc\'!A0</t></is></c></row>'
    assert read(with_sheet(rows)).text == "# Budgets\n\n=cmd|' /C calc'!A0"


def test_a_hidden_sheet_is_left_out_and_mentioned():
    reading = read(with_hidden_sheet())
    assert "Kept from readers" not in reading.text
    assert reading.warnings == ("Left out, as it is hidden: 1 of its sheets.",)


def test_macros_and_links_to_other_files_are_left_packed():
    data = with_part(xlsx(TABLE), "xl/vbaProject.bin", b"Shell")
    data = with_part(data, "xl/externalLinks/externalLink1.xml", "<externalLink/>")
    assert "Japan | 46 | 10" in read(data).text


def test_a_sheet_that_lies_about_its_size_is_read_by_its_cells():
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    assert read(with_sheet(rows, size="A1:XFD1048576")).text == "# Budgets\n\n1\n\n2"


def test_an_opendocument_spreadsheet_is_read_as_it_was_shown():
    repeated = '<table:table-row table:number-rows-repeated="1048574"><table:table-cell/></table:table-row>'
    rows = ods_row("Country", "Spending") + ods_row("Japan", "46.0<text:s/>bn<text:line-break/>USD") + repeated
    reading = read(ods(rows), "budgets.ods")
    assert (reading.text, reading.format) == (
        "# Budgets\n\nCountry | Spending\n\nJapan | 46.0 bn USD",
        Format.ODS,
    )


def test_what_is_repeated_in_an_opendocument_spreadsheet_is_read_as_often():
    rows = ods_row("n.a.", repeated='table:number-rows-repeated="2"')
    assert read(ods(rows)).text == "# Budgets\n\nn.a.\n\nn.a."


def test_a_note_pinned_to_a_cell_is_not_what_it_shows():
    note = "<office:annotation><text:p>Hidden remark</text:p></office:annotation>"
    rows = f"<table:table-row><table:table-cell>{note}<text:p>46</text:p></table:table-cell></table:table-row>"
    assert read(ods(rows)).text == "# Budgets\n\n46"


def test_a_hidden_sheet_of_an_opendocument_spreadsheet_is_left_out():
    visible = '</table:table><table:table table:name="Shown">' + ods_row("Japan")
    reading = read(ods(ods_row("Kept from readers") + visible, style='table:display="false"'))
    assert reading.text == "# Shown\n\nJapan"
    assert reading.warnings == ("Left out, as it is hidden: 1 of its sheets.",)


@pytest.mark.parametrize("name", ["table.csv", "table.tsv"])
def test_separated_values_are_plain_text(name):
    reading = read(b"Country,Spending\nJapan,46.0\n", name)
    assert (reading.text, reading.warnings) == ("Country,Spending\nJapan,46.0\n", ())
