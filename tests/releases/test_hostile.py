"""A ZIP from a stranger is refused for what is wrong with it, in words, and never does harm while it is read."""

import io
import json
import random
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Sequence

import pytest

from claims.releases.archive import Written
from claims.releases.script import verify
from claims.releases.script.verify import SIGNATURE, SUMS, Entry, Limits, Result, check_archive, local_header
from tests.releases.building import (
    OTHER_SECRET,
    assemble,
    build,
    directory_start,
    forge,
    headers,
    manifest,
    pack,
    parts,
    secret_key,
)

DATA, SEALED = build()
FLIPS = 500


def check(data: bytes, limits: Limits = Limits()) -> Result:  # noqa: B008
    return check_archive(io.BytesIO(data), limits=limits)


def wrong(data: bytes, limits: Limits = Limits()) -> str:  # noqa: B008
    return "; ".join(check(data, limits).wrong)


def flipped(data: bytes, at: int, bit: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :]


def changed(at: int, new: bytes) -> bytes:
    """The release with some bytes replaced."""
    return DATA[:at] + new + DATA[at + len(new) :]


def edited(edit: Callable[[list[tuple[Entry, bytes]]], Sequence[tuple[Entry, bytes]]]) -> bytes:
    return assemble(edit(parts(DATA)))


def test_the_release_itself_is_valid() -> None:
    result = check(DATA)
    assert result.wrong == []
    assert (result.statement, result.key, result.files) == (SEALED.statement, SEALED.key, 5)


def test_five_hundred_flips_of_one_bit_anywhere_are_all_rejected() -> None:
    chance = random.Random(20261122)
    places = [(chance.randrange(len(DATA)), chance.randrange(8)) for _ in range(FLIPS)]
    assert [place for place in places if not check(flipped(DATA, *place)).wrong] == []


def test_a_flip_in_any_byte_of_the_headers_the_signature_and_the_key_is_rejected() -> None:
    chance = random.Random(5)
    places = [(at, chance.randrange(8)) for at in headers(DATA)]
    assert len(places) > 1000
    assert [place for place in places if not check(flipped(DATA, *place)).wrong] == []


def test_no_byte_of_the_fields_for_large_archives_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    """With thresholds so low that a small archive has the headers of one with many files of four gigabytes."""
    monkeypatch.setattr(verify, "MANY", 4)
    monkeypatch.setattr(Entry, "is_wide", property(lambda entry: entry.size > 100))
    data, _ = build()
    assert check(data).wrong == []
    start = directory_start(data)
    places = [(at, bit) for at in [*range(60), *range(start, len(data))] for bit in range(8)]
    assert [place for place in places if not check(flipped(data, *place)).wrong] == []


def test_any_file_that_was_cut_off_is_rejected() -> None:
    lengths = [*range(0, len(DATA), 61), *range(len(DATA) - 30, len(DATA))]
    assert [length for length in lengths if not check(DATA[:length]).wrong] == []
    assert "cut off" in wrong(DATA[:5000])
    assert "cut off" in wrong(b"")


def test_the_padding_of_compressed_data_is_not_free_either() -> None:
    """The last byte of a deflate stream can have bits that no reader looks at; the signature covers them."""
    ends = [entry.offset + len(local_header(entry)) + entry.packed - 1 for entry, _ in parts(DATA)]
    places = [(at, bit) for at in ends for bit in range(8) if zipfile_reads(flipped(DATA, at, bit))]
    found = [wrong(flipped(DATA, *place)) for place in places]
    assert all(found)
    assert "the bytes of the archive are not those that were signed" in found


def zipfile_reads(data: bytes) -> bool:
    try:
        return zipfile.ZipFile(io.BytesIO(data)).testzip() is None
    except (zipfile.BadZipFile, zlib.error):
        return False


def test_an_added_file_is_named() -> None:
    assert '"evil.txt" was added' in wrong(edited(lambda pieces: [pack("evil.txt", b"x"), *pieces]))


def test_a_missing_file_is_named() -> None:
    assert '"claims.csv" is missing' in wrong(edited(lambda pieces: pieces[1:]))


def test_a_renamed_file_is_named_by_both_names() -> None:
    found = wrong(edited(lambda pieces: [(pieces[0][0]._replace(name="klaims.csv"), pieces[0][1]), *pieces[1:]]))
    assert '"claims.csv" is missing' in found
    assert '"klaims.csv" was added' in found


def test_a_changed_file_is_named() -> None:
    found = wrong(edited(lambda pieces: [pack("claims.csv", b"other"), *pieces[1:]]))
    assert '"claims.csv" is not what it was' in found
    assert '"empty.txt"' not in found


def test_every_damaged_file_is_named() -> None:
    places = [entry.offset + len(local_header(entry)) + 9 for entry, _ in parts(DATA)[:2]]
    found = wrong(flipped(flipped(DATA, places[0], 3), places[1], 3))
    assert '"claims.csv"' in found
    assert '"captures/page-1.warc.gz"' in found


def test_two_files_in_each_others_place_are_rejected() -> None:
    found = wrong(edited(lambda pieces: [pieces[1], pieces[0], *pieces[2:]]))
    assert "not those that were signed" in found


def test_the_same_name_twice_is_refused() -> None:
    assert "twice" in wrong(edited(lambda pieces: [pieces[0], *pieces]))


def test_the_same_name_in_another_case_is_refused() -> None:
    assert "differ only in case" in wrong(edited(lambda pieces: [pack("CLAIMS.csv", b"x"), *pieces]))


def test_a_file_where_another_has_its_folder_is_refused() -> None:
    assert "a file and a folder" in wrong(edited(lambda pieces: [pack("captures", b"x"), *pieces]))


@pytest.mark.parametrize(
    ("name", "words"),
    [("/etc/passwd", "absolute"), ("\\x", "absolute"), ("C:/x", "absolute"), ("../x", "climbs"),
     ("a/../../x", "climbs"), ("..\\x", "climbs"), ("x\n\x1b[31mVALID", "no file"), ("folder/", "no file"),
     ("nul", "no file"), ("x" * 300, "no file")],
)  # fmt: skip
def test_a_path_that_leaves_the_folder_is_refused_and_printed_harmlessly(name: str, words: str) -> None:
    found = wrong(edited(lambda pieces: [pack(name, b"x"), *pieces]))
    assert words in found
    assert found.isprintable()


def test_a_name_beyond_ascii_is_refused() -> None:
    assert "no file" in wrong(DATA.replace(b"empty.txt", b"empt\xc3\xa9.tx"))


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    data = edited(lambda pieces: [pack("zeros", bytes(30 << 20)), *pieces])
    tracemalloc.start()
    assert "times its size" in wrong(data)
    assert tracemalloc.get_traced_memory()[1] < 10 << 20
    tracemalloc.stop()


def test_more_than_the_reader_takes_in_all_is_refused() -> None:
    assert "at most 100 are read" in wrong(DATA, Limits(total=100))
    assert "more than" in wrong(DATA, Limits(members=3))
    assert "more than" in wrong(DATA, Limits(directory=3))
    assert "larger than such a file" in wrong(DATA, Limits(text=10))


def test_a_file_that_unpacks_to_more_than_it_says_is_stopped_there() -> None:
    entry, packed = pack("zeros", bytes(30 << 20))
    tracemalloc.start()
    found = wrong(edited(lambda pieces: [(entry._replace(size=1000), packed), *pieces]))
    assert "longer than the archive says" in found
    assert tracemalloc.get_traced_memory()[1] < 10 << 20
    tracemalloc.stop()


def test_a_file_that_unpacks_to_less_than_it_says_is_damaged() -> None:
    entry, packed = pack("short", b"abc")
    assert "damaged" in wrong(edited(lambda pieces: [(entry._replace(size=4), packed), *pieces]))


def test_bytes_behind_a_compressed_content_are_found() -> None:
    entry, packed = pack("long", b"abc")
    for surplus in (b"x", bytes(200_000)):
        hidden = (entry._replace(packed=len(packed) + len(surplus)), packed + surplus)
        assert "bytes follow its content" in wrong(edited(lambda pieces, hidden=hidden: [hidden, *pieces]))


def test_entries_that_share_their_data_are_refused() -> None:
    pieces = parts(DATA)
    twin = pieces[0][0]._replace(name="twin.csv")
    start = directory_start(DATA)
    directory = verify.directory_record(twin) + b"".join(verify.directory_record(entry) for entry, _ in pieces)
    data = DATA[:start] + directory + verify.end_records(len(pieces) + 1, len(directory), start)
    assert "overlaps" in wrong(data)


@pytest.mark.parametrize("before", [b"#!/bin/sh\n", b"MZ" + bytes(100), DATA])
def test_bytes_before_the_archive_are_found_wherever_its_offsets_point(before: bytes) -> None:
    assert f"+{len(before)} bytes" in wrong(before + DATA)
    shifted = [entry._replace(offset=entry.offset + len(before)) for entry, _ in parts(DATA)]
    directory = b"".join(verify.directory_record(entry) for entry in shifted)
    start = directory_start(DATA) + len(before)
    moved = before + DATA[: directory_start(DATA)] + directory
    found = wrong(moved + verify.end_records(len(shifted), len(directory), start))
    assert f"{len(before)} bytes before" in found


def test_bytes_between_files_and_directory_are_found() -> None:
    start = directory_start(DATA)
    end = verify.end_records(len(parts(DATA)), len(DATA) - 22 - start, start + 5)
    assert "5 bytes between" in wrong(DATA[:start] + b"hello" + DATA[start:-22] + end)


@pytest.mark.parametrize("after", [b"\0", b"hello", b"PK\5\6", bytes(70_000), bytes(200_000)])
def test_bytes_after_the_archive_are_found(after: bytes) -> None:
    assert wrong(DATA + after)


def test_a_comment_of_the_archive_is_found() -> None:
    assert "bytes follow the end" in wrong(DATA[:-2] + b"\5\0hello")
    assert "end record" in wrong(DATA[:-2] + b"\5\0")


def test_another_archive_in_the_comment_is_found() -> None:
    other, _ = build(secret=OTHER_SECRET)
    assert wrong(DATA[:-2] + struct.pack("<H", len(other)) + other)


def in_directory(field: int, new: bytes) -> bytes:
    """The first directory record with a field changed."""
    return changed(directory_start(DATA) + field, new)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        pytest.param(in_directory(8, b"\1\0"), "encrypted", id="encrypted"),
        pytest.param(in_directory(10, b"\x0c\0"), "another method", id="bzip2"),
        pytest.param(in_directory(38, struct.pack("<I", 0o120777 << 16)), "symbolic link", id="link"),
        pytest.param(in_directory(14, b"\x42"), "dates, permissions", id="another date"),
        pytest.param(in_directory(38, struct.pack("<I", 0o104755 << 16)), "dates, permissions", id="setuid"),
        pytest.param(in_directory(34, b"\1"), "dates, permissions", id="another disk"),
        pytest.param(in_directory(0, b"PK\7\x08"), "not readable", id="no record"),
        pytest.param(changed(len(DATA) - 14, b"\1\0"), "end record", id="fewer on this disk"),
        pytest.param(changed(len(DATA) - 12, b"\1\0"), "end record", id="fewer in all"),
        pytest.param(changed(len(DATA) - 6, b"\xff\xff\xff\xff"), "end record", id="no zip64 record"),
    ],
)
def test_what_the_directory_may_not_say_is_named(data: bytes, words: str) -> None:
    assert words in wrong(data)


@pytest.mark.parametrize(("length_at", "words"), [(30, "extra fields"), (32, "carries a comment")])
def test_fields_that_hide_bytes_in_the_directory_are_found(length_at: int, words: str) -> None:
    start = directory_start(DATA)
    first = len(verify.directory_record(parts(DATA)[0][0]))
    record = bytearray(DATA[start : start + first])
    record[length_at : length_at + 2] = b"\6\0"
    directory = bytes(record) + b"hidden" + DATA[start + first : -22]
    end = verify.end_records(len(parts(DATA)), len(directory), start)
    assert words in wrong(DATA[:start] + directory + end)


@pytest.mark.parametrize("at", [4, 6, 8, 10, 12, 14, 18, 22, 26, 28, 30])
def test_a_local_header_that_differs_from_the_directory_is_found(at: int) -> None:
    assert '"claims.csv": what stands before its data differs' in wrong(flipped(DATA, at, 0))


def test_numbers_that_lead_nowhere_are_survived() -> None:
    for field in (20, 24, 42):
        assert wrong(in_directory(field, b"\xff\xff\xff\xff"))
        assert wrong(in_directory(field, b"\xfe\xff\xff\xff"))
    huge = verify.end_records(3, 1 << 62, 1 << 62)
    assert "beside" in wrong(DATA[:-22] + huge)
    assert wrong(verify.end_records(0, 0, 0))
    assert wrong(bytes(100) + b"PK\5\6" + b"\xff" * 18)


def test_chance_bytes_are_survived() -> None:
    chance = random.Random(6)
    for _ in range(300):
        at = chance.randrange(len(DATA))
        assert check(changed(at, chance.randbytes(chance.randrange(1, 40)))[: len(DATA)]).wrong


FILES = {"claims.csv": b"a claim", "other.txt": b"x"}
ONE = b"0" * 64 + b"  claims.csv\n"


def test_a_forger_with_a_key_of_his_own_who_keeps_to_the_rules_is_known_by_his_key_only() -> None:
    result = check(forge(FILES, secret=OTHER_SECRET))
    assert result.wrong == []
    assert result.key
    assert result.key != SEALED.key
    asked = check_archive(io.BytesIO(forge(FILES, secret=OTHER_SECRET)), [SEALED.key])
    assert "not with the one asked for (0807060504030201)" in asked.wrong[0]


@pytest.mark.parametrize(
    ("sums", "words"),
    [
        (ONE + ONE, "twice"),
        (ONE + ONE.replace(b"claims", b"CLAIMS"), "differ only in case"),
        (ONE.replace(b"claims.csv", b"../claims.csv"), "line 1"),
        (ONE.replace(b"claims.csv", b"/etc/passwd"), "line 1"),
        (ONE + b"\n", "line 2"),
        (ONE[:-1], "whole line"),
        (ONE.replace(b"  ", b" *"), "line 1"),
        (ONE.replace(b"\n", b"\r\n"), "line 1"),
        (ONE.replace(b"claims.csv", b"SHA256SUMS"), "cannot"),
        (b"", "was added"),
        (b"\xff\xfe", "whole line"),
    ],
)
def test_sums_that_are_signed_but_not_as_they_should_be_are_refused(sums: bytes, words: str) -> None:
    assert words in wrong(forge(FILES, sums=sums))


def test_sums_in_another_order_than_the_files_are_refused() -> None:
    order = ("other.txt", "claims.csv", "datapackage.json", SUMS)
    assert "another order" in wrong(forge(FILES, order=order))


def test_a_manifest_that_names_a_file_twice_is_refused() -> None:
    def describe(files: Sequence[Written]) -> bytes:
        return manifest([*files, files[0]])

    assert 'datapackage.json: "claims.csv" is there twice' in wrong(build(describe=describe)[0])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"{", "not readable"),
        (b"[]", "not readable"),
        (b'{"resources": [3]}', "not readable"),
        (b'{"resources": [], "resources": []}', "says the same thing twice"),
        (b"[" * 200_000, "not readable"),
        (b'{"resources": [{"path": "claims.csv", "bytes": ' + b"9" * 100_000 + b', "hash": ""}]}', "other things"),
        (b'{"resources": [{"path": ["a"], "bytes": 1, "hash": ""}]}', "other things"),
        (
            json.dumps({"resources": [{"path": "gone", "bytes": 1, "hash": "sha256:" + "0" * 64}]}).encode(),
            "other things",
        ),
    ],
)
def test_a_manifest_that_cannot_be_trusted_is_refused(text: bytes, words: str) -> None:
    assert words in wrong(build(describe=lambda files: text)[0])


def test_a_release_without_a_manifest_is_refused() -> None:
    files = {"claims.csv": b"a"}
    data = assemble([piece for piece in parts(forge(files)) if piece[0].name != "datapackage.json"])
    assert "datapackage.json is missing" in wrong(data).replace('"', "")


@pytest.mark.parametrize("name", verify.TAIL)
def test_without_sums_signature_or_key_nothing_is_valid(name: str) -> None:
    assert f"missing: {name}" in wrong(edited(lambda pieces: [piece for piece in pieces if piece[0].name != name]))


def test_sums_signature_and_key_come_last() -> None:
    assert "not the last" in wrong(edited(lambda pieces: [*pieces[-3:], *pieces[:-3]]))


def replaced(name: str, content: bytes) -> bytes:
    return edited(lambda pieces: [pack(name, content) if piece[0].name == name else piece for piece in pieces])


def test_a_signature_of_another_release_is_refused() -> None:
    other, _ = build(claims=3, members=())
    assert "does not hold" in wrong(replaced(SIGNATURE, dict_of(other)[SIGNATURE]))


def test_a_changed_comment_is_refused() -> None:
    text = dict_of(DATA)[SIGNATURE].replace(b"claims=2", b"claims=9")
    assert "does not hold" in wrong(replaced(SIGNATURE, text))


def test_the_key_of_a_stranger_with_the_same_number_is_refused() -> None:
    stranger = secret_key(b"another seed of thirty-two bytes")
    data, sealed = build(secret=stranger)
    assert sealed.key.id == SEALED.key.id
    assert "asked for" in check_archive(io.BytesIO(data), [SEALED.key]).wrong[0]
    assert "does not hold" in wrong(replaced("minisign.pub", sealed.key.file))


@pytest.mark.parametrize(
    "text",
    [b"", b"\n\n\n\n", b"untrusted comment: x\nRWQ\ntrusted comment: x\nRWQ\n", b"\xff" * 500],
)
def test_what_is_no_signature_or_no_key_is_refused(text: bytes) -> None:
    assert "signature" in wrong(replaced(SIGNATURE, text))
    assert "minisign" in wrong(replaced("minisign.pub", text))


def dict_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist()}
