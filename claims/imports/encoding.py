"""In which encoding a file is, found by reading it once in pieces. Pure."""

import codecs
import io
import re
from collections.abc import Iterator
from typing import BinaryIO

from claims.imports.rows import MAX_LINE, BadFile
from claims.intake.readers.decoding import likeliest_encoding

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, with whose mark it begins
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_PIECE = 1 << 16
_SAMPLE = 1 << 16
"""Bytes of lines beyond ASCII that the guesser is shown; more make it slow, not better."""

_ESCAPED = re.compile("[\udc80-\udcff]")
_BEYOND_ASCII = re.compile("[^\x00-\x7f]")


def encoding_of(stream: BinaryIO) -> tuple[str, str]:
    """Python's name of the encoding, and a warning or "".

    Its mark decides; then UTF-8, if more of it is whole than broken; then a guess. Raises BadFile.
    """
    stream.seek(0)
    head = stream.read(_PIECE)
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding, ""
    if head.count(0) > len(head) // 10:
        raise BadFile("This is not text. Save it as CSV or JSON in UTF-8; a workbook has to be exported first.")
    broken, whole, sample = _utf8(stream)
    if broken == 0:
        return "utf-8", ""
    if broken <= whole:
        return "utf-8", f"{broken:,} bytes are no UTF-8; rows with them are refused."
    if not (encoding := likeliest_encoding(sample)):
        raise BadFile("Its encoding cannot be told. Save the file as UTF-8.")
    shown = "windows-" + encoding[2:] if encoding.startswith("cp") else encoding
    return encoding, f"The encoding was guessed to be {shown}; look whether accents and quotes are right."


def _utf8(stream: BinaryIO) -> tuple[int, int, bytes]:
    """How many bytes are no UTF-8, how many letters beyond ASCII are, and pieces of the file with the former."""
    decoder = codecs.getincrementaldecoder("utf-8")(errors="surrogateescape")
    broken = whole = 0
    sample = b""
    stream.seek(0)
    piece = b"begin"
    while piece:
        piece = stream.read(_PIECE)
        beyond = _BEYOND_ASCII.findall(decoder.decode(piece, final=not piece))
        wrong = len(_ESCAPED.findall("".join(beyond)))
        broken, whole = broken + wrong, whole + len(beyond) - wrong
        if wrong and len(sample) < _SAMPLE:
            sample += b"\n".join(line for line in piece.splitlines() if not line.isascii())[:_SAMPLE]
    return broken, whole, sample


def text_of(stream: BinaryIO, encoding: str) -> io.TextIOWrapper:
    """The stream as text, line ends as they are; bytes that do not fit come as half surrogates, for rows to refuse."""
    stream.seek(0)
    errors = "surrogateescape" if encoding.startswith("utf-8") else "replace"
    return io.TextIOWrapper(io.BufferedReader(_Kept(stream)), encoding=encoding, errors=errors, newline="")


def lines(stream: BinaryIO, encoding: str, longest: int = MAX_LINE) -> Iterator[str]:
    """The physical lines with their ends. Raises BadFile at one that is longer than any claim can be."""
    text = text_of(stream, encoding)
    number = 0
    while line := text.readline(longest + 1):
        number += 1
        if len(line) > longest:
            raise BadFile(f"Line {number:,} has more than {longest:,} characters. Put each claim on a line of its own.")
        yield line


class _Kept(io.RawIOBase):
    """Reads from a stream and leaves it open when it is closed itself: the file is read more than once."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        piece = self._stream.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)
