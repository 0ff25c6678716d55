"""Rows of JSON and of JSON Lines: an element at a time, numbers kept as their digits. Pure.

A line of JSON Lines is a row, or a list of rows; it may stand in a `script` element, as pages embed it.

Of a JSON document the rows are the elements of its list: the document itself, or the list in `claims` (our export),
`@graph`, `dataFeedElement` or `itemListElement`. An object without such a list is one row.
"""

import json
import re
from collections.abc import Callable, Generator, Iterator
from typing import Any

from claims.imports.rows import BadFile, Row, readable

LISTS = ("claims", "@graph", "dataFeedElement", "itemListElement")

_BLANK = re.compile(r"[ \t\r\n]*")
_EMBEDDED = re.compile(r"<script\b[^>]*>\s*(?P<json>.*?)\s*</script>", re.IGNORECASE)
_CUT = "It is no JSON: it ends before it is whole."
_NO_OBJECT = "It is no object with names and values."


class Decoder:
    """JSON with what people hardly mean told apart: a name that is there twice, and NaN and Infinity, refuse the row.

    They do not stop the decoding, so that the rows behind them are reached.
    """

    def __init__(self) -> None:
        self._problem = ""
        self._json = json.JSONDecoder(
            object_pairs_hook=self._object, parse_int=str, parse_float=str, parse_constant=self._constant
        )

    def value(self, text: str, at: int) -> tuple[Any, int, str]:
        """The value that begins at `at`, where it ends, and what is wrong with it. Raises BadFile if it is no JSON."""
        self._problem = ""
        try:
            value, end = self._json.raw_decode(text, at)
        except json.JSONDecodeError as error:
            raise BadFile(f"It is no JSON: {error.msg}, line {error.lineno:,} column {error.colno:,}.") from None
        except RecursionError:
            raise BadFile(f"It is nested too deeply, line {_line(text, at):,}.") from None
        return value, end, self._problem

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs) and not self._problem:
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            self._problem = f"It has “{readable(twice)}” twice."
        return found

    def _constant(self, name: str) -> None:
        self._problem = self._problem or f"It has {name}, which is no number."


def json_lines(lines: Callable[[], Iterator[str]]) -> Iterator[Row]:
    decoder = Decoder()
    for number, line in enumerate(lines(), start=1):
        if not (content := _unembedded(line.strip())):
            continue
        try:
            value, end, problem = decoder.value(content, 0)
            if end < len(content):
                raise BadFile("There is more on the line behind its end.")
        except BadFile as error:
            # Of its place only the column says something: every line is a document of its own.
            yield Row(number, {}, str(error).replace(", line 1", ","))
        else:
            yield from (row(number, one, problem) for one in (value if isinstance(value, list) else [value]))


def _unembedded(line: str) -> str:
    """A line without the element of a page around it: so the reviews of many pages are passed on in one file."""
    return found["json"] if line.startswith("<") and (found := _EMBEDDED.fullmatch(line)) else line


def json_document(text: str) -> Iterator[Row]:
    decoder, at = Decoder(), _blank(text, 0)
    if text.startswith("[", at):
        end, _ = yield from _list(decoder, text, at)
    else:
        end = yield from _object(decoder, text, at)
    if _blank(text, end) < len(text):
        raise BadFile("There is more in the file behind the end of its JSON. If each line is a claim, name it .jsonl.")


def row(line: int, value: Any, problem: str = "") -> Row:
    if not isinstance(value, dict):
        return Row(line, {}, problem or _NO_OBJECT)
    return Row(line, value, problem)


def _object(decoder: Decoder, text: str, start: int) -> Generator[Row, None, int]:
    """The elements of every list of LISTS, or the object itself if it has none of them. Returns where it ends."""
    values: dict[str, Any] = {}
    problem, lists, count = "", 0, 0
    at = _blank(text, start + 1)
    while text[at : at + 1] not in ("}", ""):
        name, at = _name(decoder, text, at)
        if name in LISTS and text.startswith("[", at):
            at, found = yield from _list(decoder, text, at)
            lists, count = lists + 1, count + found
        else:
            value, at, wrong = decoder.value(text, at)
            problem = problem or wrong or (f"It has “{readable(name)}” twice." if name in values else "")
            values[name] = value
        at = _behind_comma(text, at, "}")
    if not text.startswith("}", at):
        raise BadFile(_CUT)
    if not lists:
        yield row(_line(text, start), values, problem)
    elif values.get("count", str(count)) != str(count):
        raise BadFile(
            f"It says that it holds {readable(values['count'])} claims, and holds {count:,}: it is not whole."
        )
    return at + 1


def _list(decoder: Decoder, text: str, at: int) -> Generator[Row, None, tuple[int, int]]:
    """The elements; returns where the list ends, and how many there were."""
    line, counted, count = _line(text, at), at, 0
    at = _blank(text, at + 1)
    while text[at : at + 1] not in ("]", ""):
        line, counted = line + text.count("\n", counted, at), at
        value, at, problem = decoder.value(text, at)
        count += 1
        yield row(line, value, problem)
        at = _behind_comma(text, at, "]")
    if not text.startswith("]", at):
        raise BadFile(_CUT)
    return at + 1, count


def _name(decoder: Decoder, text: str, at: int) -> tuple[str, int]:
    """A name of an object, and where its value begins."""
    name, end, _ = decoder.value(text, at)
    end = _blank(text, end)
    if not isinstance(name, str) or not text.startswith(":", end):
        raise BadFile(f"It is no JSON: a name and a colon are missing, line {_line(text, at):,}.")
    return name, _blank(text, end + 1)


def _behind_comma(text: str, at: int, closing: str) -> int:
    """Where the next element begins, or the closing bracket is."""
    at = _blank(text, at)
    if text.startswith(",", at):
        behind = _blank(text, at + 1)
        if not text.startswith(closing, behind):
            return behind
    elif text[at : at + 1] in (closing, ""):
        return at
    raise BadFile(f"It is no JSON: there is a comma missing, or one too many, line {_line(text, at):,}.")


def _blank(text: str, at: int) -> int:
    """Where the white space ends that begins at `at`."""
    found = _BLANK.match(text, at)
    return found.end() if found else at


def _line(text: str, at: int) -> int:
    return 1 + text.count("\n", 0, at)
