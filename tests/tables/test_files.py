"""Files that are wrong as a whole, or meant to do harm."""

import gzip

import pyarrow as pa
import pytest
from tidewheel.domain.errors import UploadRefused
from tidewheel.domain.upload import Limits

from tests.tables.found import CONTRACT, GOOD, HEAD, ROW, Found, parquet, refusal

IN_PARQUET = parquet(**{name: [value] for name, value in (ROW | {"at": pa.scalar(0, pa.timestamp("ns"))}).items()})

REFUSED = {
    "UTF-16": (HEAD.encode("utf-16"), "WrongEncoding"),
    "UTF-16 without a mark": (HEAD.encode("utf-16-le"), "WrongEncoding"),
    "Latin-1": ((HEAD + "é\n").encode("latin-1"), "WrongEncoding"),
    "cut in a character": ((HEAD + "é").encode()[:-1], "WrongEncoding"),
    "a zip": (b"PK\x03\x04 and so on", "WrongEncoding"),
    "gzip by another name": (gzip.compress(HEAD.encode()), "WrongEncoding"),
    "semicolons": (HEAD.replace(",", ";"), "WrongSeparator"),
    "a name twice": (HEAD.replace("stops", "at"), "DuplicateColumn"),
    "a column less": (HEAD.replace("late", "Late"), "MissingColumn"),
    "a line without end": (HEAD + '2026-01-01,"' + "x" * 3_000_000, "BrokenFile"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_wrong_as_a_whole_is_refused(name):
    assert refusal(REFUSED[name][0]) == REFUSED[name][1]


def test_a_wrong_byte_is_named_with_its_place():
    with pytest.raises(UploadRefused, match="byte 25 \\(0xe9\\) is not UTF-8"):
        Found((HEAD + "é\n").encode("latin-1"))


def test_a_renamed_column_is_guessed():
    with pytest.raises(UploadRefused, match="The file has `Late`: rename it"):
        Found(HEAD.replace("late", "Late"))


def test_a_parquet_file_cut_anywhere_is_refused():
    assert {refusal(IN_PARQUET[:at], "parquet") for at in range(0, len(IN_PARQUET), 7)} == {"BrokenFile"}


def test_a_damaged_page_is_refused_or_read_but_no_fault_of_ours():
    for at in range(4, len(IN_PARQUET), 5):
        damaged = IN_PARQUET[:at] + bytes([IN_PARQUET[at] ^ 0x55]) + IN_PARQUET[at + 1 :]
        try:
            Found(damaged, "parquet")
        except UploadRefused as refused:
            assert refused.code in {"BrokenFile", "WrongType", "MissingColumn", "DuplicateColumn", "TooLarge"}  # noqa: PT017


def test_parquet_of_another_type_is_refused():
    assert refusal(parquet(at=["x"], stops=[1], miles=[1.0], line=["red"], late=[True]), "parquet") == "WrongType"


def test_columns_that_differ_harmlessly_are_reported():
    found = Found("at,late,colour\n2026-01-01,true,green\n").validation

    assert (found.accepted, found.extra, found.absent) == (1, ("colour",), ("stops", "miles", "line"))


def test_a_text_that_unfolds_is_refused_before_memory_is_gone():
    line = pa.array(["x" * 100_000]).dictionary_encode().take(pa.array([0] * 50_000))
    bomb = parquet(
        at=pa.array(range(50_000), pa.timestamp("s")),
        stops=[1] * 50_000,
        miles=[1.0] * 50_000,
        line=line,
        late=[True] * 50_000,
    )

    assert len(bomb) < 2_000_000
    assert refusal(bomb, "parquet") == "TooLarge"


def test_gzip_that_unfolds_is_refused_at_its_limit():
    bomb = gzip.compress((HEAD + GOOD * 100_000).encode())

    assert refusal(bomb, gzipped=True, limits=Limits(decoded_bytes=1 << 20)) == "TooLarge"
    assert refusal(bomb[:-20], gzipped=True) == "BrokenFile"


def test_more_rows_than_one_lambda_takes_are_refused():
    assert refusal(HEAD + GOOD * 5, limits=Limits(rows=4)) == "TooLarge"


def test_a_header_alone_has_no_rows():
    for text in (HEAD, HEAD.strip()):
        with pytest.raises(UploadRefused, match="no row"):
            Found(text).validation.check(CONTRACT)
