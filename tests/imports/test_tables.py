"""Reading files: what they are, and their rows with the line on which each begins."""

import io

import pytest

from claims.imports import BadFile, Plan, Shape, open_table
from tests.imports.files import table


def rows(data: bytes | str, name: str = "claims.csv") -> list[tuple[int, dict[str, object] | str]]:
    return [(row.line, row.problem or dict(row.values)) for row in table(data, name).rows()]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_makes_most_of_the_header(delimiter: str) -> None:
    lines = [delimiter.join(["claim", "kind"]), delimiter.join(["A, b; c.", "event"])]
    data = "\n".join(lines) if delimiter not in ",;" else f'claim{delimiter}kind\n"A, b; c."{delimiter}event'
    assert rows(data) == [(2, {"claim": "A, b; c.", "kind": "event"})]


def test_a_first_line_that_only_names_the_delimiter_is_no_header() -> None:
    assert rows("sep=;\nclaim;kind\nA;event\n") == [(3, {"claim": "A", "kind": "event"})]


def test_lines_count_as_an_editor_counts_them() -> None:
    data = 'claim,note\r\n"two\r\nlines",x\r\n\r\n"a ""quoted"" word",y\r\n'
    assert rows(data) == [
        (2, {"claim": "two\r\nlines", "note": "x"}),
        (5, {"claim": 'a "quoted" word', "note": "y"}),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_encodings_are_found(encoding: str) -> None:
    words = "Die Größe der Brücke über den Fluß beträgt fünf Meter, sagt der Bürgermeister."
    assert rows(f'claim\n"{words}"\n'.encode(encoding)) == [(2, {"claim": words})]


def test_a_guessed_encoding_is_told() -> None:
    words = "Größe, Brücke, fünf, Fluß und Bürgermeister; schön, natürlich, möglich"
    assert "windows-125" in table(f'claim\n"{words}"\n'.encode("cp1252")).warnings[0]


def test_what_our_export_escaped_for_spreadsheets_is_put_back() -> None:
    assert rows("claim\n'=1+1\n''=1\n'tis so\n") == [
        (2, {"claim": "=1+1"}),
        (3, {"claim": "'=1"}),
        (4, {"claim": "'tis so"}),
    ]


def test_columns_without_a_name_or_with_another_s_get_one() -> None:
    found = table("claim,,claim\na,b,c\n")
    assert found.columns == ("claim", "Column 2", "claim (2)")
    assert "Columns of one name: claim" in found.warnings[0]


def test_a_row_with_too_many_cells_is_refused_and_one_with_too_few_is_not() -> None:
    assert rows("claim,kind\na,b,c\nd\ne,f,,\n") == [
        (2, "It has 3 cells, and the first row names 2 columns."),
        (3, {"claim": "d"}),
        (4, {"claim": "e", "kind": "f"}),
    ]


def test_broken_quotation_marks_refuse_their_row_only() -> None:
    found = rows('claim\n"a"b\nc\n"d\ne\n')
    assert [line for line, _ in found] == [2, 3, 4]
    assert "write a quotation mark in a cell twice" in str(found[0][1])
    assert found[1][1] == {"claim": "c"}
    assert "none closes it" in str(found[2][1])


@pytest.mark.parametrize(
    ("data", "shape", "lines"),
    [
        ('[{"claim": "a"},\n{"claim": "b"}]', Shape.JSON, [1, 2]),
        ('{"claims": [\n {"claim": "a"},\n {"claim": "b"}\n], "count": 2}', Shape.JSON, [2, 3]),
        ('{"claim": "a"}', Shape.JSON, [1]),
        ('{"claim": "a"}\n\n{"claim": "b"}\n', Shape.JSONL, [1, 3]),
    ],
)
def test_json_comes_in_four_shapes(data: str, shape: Shape, lines: list[int]) -> None:
    found = table(data, "claims.json")
    assert found.shape is shape
    assert [row.line for row in found.rows()] == lines
    assert found.columns == ("claim",)


def test_numbers_keep_their_digits() -> None:
    assert rows('[{"claim": 2023, "x": 1e400, "y": 0.10}]')[0][1] == {"claim": "2023", "x": "1e400", "y": "0.10"}


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ('{"claims": [{"claim": "a"}], "count": 2}', "It says that it holds 2 claims, and holds 1: it is not whole."),
        ('[{"claim": "a"}', "it ends before it is whole"),
        ('[{"claim": "a"},]', "a comma missing, or one too many"),
        ('[{"claim": "a"} {"claim": "b"}]', "a comma missing"),
        ('[{"claim": "a"}] more', "more in the file behind the end"),
        ('{"claim" "a"}', "a name and a colon are missing"),
        ('[\n{"claim": }]', "line 2 column"),
    ],
)
def test_json_that_is_none_says_what_is_wrong(data: str, problem: str) -> None:
    with pytest.raises(BadFile, match=problem.replace("(", r"\(")):
        rows(data)


def test_rows_are_read_one_by_one() -> None:
    """Of a file of 30 MB, the first row costs about as much as that of a small one."""
    stream = _Counted(b"claim\n" + b"A claim of some length, which goes on.\n" * 800_000)
    found = open_table(stream, "claims.csv")
    stream.read_bytes = 0
    assert next(found.rows()).line == 2
    assert stream.read_bytes < 100_000


class _Counted(io.BytesIO):
    read_bytes = 0

    def read(self, size: int | None = -1) -> bytes:
        piece = super().read(size)
        self.read_bytes += len(piece)
        return piece


@pytest.mark.parametrize(
    ("header", "field", "column"),
    [
        ("Statement;Type;Who;Date", "assertion", "Statement"),
        ("Statement;Type;Who;Date", "kind", "Type"),
        ("CLAIM_TEXT\tas-of date", "as_of", "as-of date"),
        ("claim,Topics", "tags", "Topics"),
        ("claim,url", "link", "url"),
    ],
)
def test_columns_are_guessed_from_their_names(header: str, field: str, column: str) -> None:
    assert Plan.guess(table(f"{header}\nx\n")).columns[field] == column


def test_a_column_can_be_chosen_and_another_dropped() -> None:
    found = table("Satz,claim,Type\na,b,c\n")
    plan = Plan.guess(found).mapped({"assertion": "Satz", "kind": ""}, found)
    assert plan.columns == {"assertion": "Satz"}
    with pytest.raises(BadFile, match="no column “Text”"):
        plan.mapped({"assertion": "Text"}, found)
    with pytest.raises(BadFile, match="no field “assert”"):
        plan.mapped({"assert": "Satz"}, found)
