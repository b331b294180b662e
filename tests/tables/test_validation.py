"""Files held against a contract: what is accepted, what is rejected row by row, what is refused as a whole."""

import gzip
import io
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tidewheel.domain.contract import Column, Contract
from tidewheel.domain.errors import UploadRefused
from tidewheel.domain.upload import Limits
from tidewheel.tables.validation import read_table, validate

CONTRACT = Contract(
    "late",
    (
        Column("at", "timestamp", unique=True),
        Column("stops", "integer", min=0, max=9, nullable=True),
        Column("miles", "number", nullable=True),
        Column("line", "string", allowed=("red", "blue"), nullable=True),
        Column("late", "boolean"),
    ),
)
HEAD = "at,stops,miles,line,late\n"
GOOD = "2026-01-01,1,1.5,red,true\n"


class Found:
    """A file that was validated."""

    def __init__(self, data, form="csv", contract=CONTRACT, gzipped=False, limits=None):
        body = io.BytesIO(data.encode() if isinstance(data, str) else data)
        limits = limits or Limits()
        batches, self.kept = [], []
        reading = read_table(body, form, gzipped, contract, limits)
        self.validation = validate(reading, contract, limits, batches.append, self.kept.append)
        self.rows = [row for batch in batches for row in batch.to_pylist()]

    def why(self) -> list:
        return [(it["row"], [(reason["column"], reason["rule"]) for reason in it["reasons"]]) for it in self.kept]


def refusal(data, *arguments, **named) -> str:
    with pytest.raises(UploadRefused) as refused:
        Found(data, *arguments, **named)
    return refused.value.code


def parquet(**columns) -> bytes:
    body = io.BytesIO()
    pq.write_table(pa.table(columns), body)
    return body.getvalue()


ROW = {"at": "2026-01-01T00:00:00Z", "stops": 1, "miles": 1.5, "line": "red", "late": True}
IN_PARQUET = parquet(**{name: [value] for name, value in (ROW | {"at": pa.scalar(0, pa.timestamp("ns"))}).items()})


def test_one_row_reads_the_same_from_every_format():
    line = "2026-01-01 00:00,1,1.5,red,true\n"
    at = pa.array([1767225600], pa.timestamp("s"))
    found = [
        Found(HEAD + line),
        Found(gzip.compress((HEAD + line).encode()), gzipped=True),
        Found("\ufeff" + HEAD.replace("\n", "\r\n") + line.replace("\n", "\r\n")),
        Found(json.dumps(ROW) + "\n", "jsonl"),
        Found(parquet(at=at, stops=pa.array([1], pa.int8()), miles=[1.5], line=["red"], late=[True]), "parquet"),
    ]

    assert all(it.rows == found[0].rows for it in found)
    assert all(it.validation.profile == found[0].validation.profile for it in found)
    assert found[0].rows[0]["at"].isoformat() == "2026-01-01T00:00:00+00:00"


BAD = {
    "x,1,1,red,true": ("at", "type"),
    "2026-02-30,1,1,red,true": ("at", "type"),
    ",1,1,red,true": ("at", "null"),
    "2026-01-02,1.5,1,red,true": ("stops", "type"),
    "2026-01-02,99999999999999999999,1,red,true": ("stops", "type"),
    "2026-01-02,-1,1,red,true": ("stops", "min"),
    "2026-01-02,10,1,red,true": ("stops", "max"),
    "2026-01-02,1,inf,red,true": ("miles", "finite"),
    "2026-01-02,1,1e400,red,true": ("miles", "finite"),
    '2026-01-02,1,"1,5",red,true': ("miles", "type"),
    "2026-01-02,1,1,Red,true": ("line", "allowed"),
    "2026-01-02,1,1,red\0,true": ("line", "allowed"),
    "2026-01-02,1,1,red,maybe": ("late", "type"),
    "2026-01-01T01:00:00+01:00,1,1,red,true": ("at", "unique"),
}


@pytest.mark.parametrize("line", BAD)
def test_a_bad_row_costs_itself_and_says_why(line):
    found = Found(HEAD + GOOD + line + "\n" + GOOD.replace("01-01", "01-09"))

    assert (found.validation.accepted, found.validation.rejected) == (2, 1)
    assert found.why()[0][0] == 2
    assert BAD[line] in found.why()[0][1]
    assert all(reason.remedy for reason in found.validation.reasons)


FINE = ["2026-01-02T10:00:00.123456Z,+3,-.5e3,,0", "2026-01-02 10:00+05:30, 3 ,nan,blue,FALSE", "2026-01-02,3.0,,red,1"]


@pytest.mark.parametrize("line", FINE)
def test_what_tools_write_is_understood(line):
    assert Found(HEAD + line + "\n").validation.rejected == 0


def test_ragged_rows_are_rejected_and_do_not_shift_the_numbers_of_others():
    lines = [GOOD.replace("01-01", f"01-{day:02}") for day in range(1, 29)]
    lines[3], lines[9], lines[20] = "1,2\n", "x,1,1,red,true\n", "a,b,c,d,e,f,g\n"

    assert Found(HEAD + "".join(lines)).why() == [
        (4, [("", "ragged")]),
        (21, [("", "ragged")]),
        (10, [("at", "type")]),
    ]


def test_lines_that_are_no_objects_are_rejected_by_their_numbers():
    lines = [
        json.dumps(ROW),
        "{",
        "[1]",
        '{"at": 1, "at": 2}',
        '{"miles": NaN}',
        json.dumps(ROW | {"at": "2026-01-02"}),
    ]

    found = Found("\n".join(lines), "jsonl")

    assert found.validation.accepted == 2
    assert [row for row, _ in found.why()] == [2, 3, 4, 5]


def test_json_values_of_other_types_are_rejected():
    rows = [
        ROW,
        ROW | {"stops": True},
        ROW | {"stops": 2**70},
        ROW | {"line": 1},
        ROW | {"late": "true"},
        ROW | {"at": 5},
    ]

    found = Found("\n".join(map(json.dumps, rows)), "jsonl")

    assert [rule for _, [rule, *_] in found.why()] == [
        (name, "type") for name in ("stops", "stops", "line", "late", "at")
    ]


def test_large_numbers_and_half_characters_of_json_are_no_fault_of_ours():
    lines = [json.dumps(ROW | {"miles": 2**60 + 1}), json.dumps(ROW | {"at": "2026-01-02", "line": "\ud800"})]

    found = Found("\n".join(lines), "jsonl")

    assert found.rows[0]["miles"] == 2.0**60
    assert found.why() == [(2, [("", "json")])]


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


@given(st.lists(st.integers(0, 40), max_size=80))
def test_of_equal_unique_values_the_first_row_stays(days):
    contract = Contract("late", (Column("at", "integer", unique=True), Column("late", "boolean")))

    found = Found("at,late\n" + "".join(f"{day},true\n" for day in days), contract=contract)

    assert [row["at"] for row in found.rows] == list(dict.fromkeys(days))


@given(st.lists(st.tuples(st.text(max_size=8), st.booleans()), max_size=30))
def test_any_text_survives_csv_and_json(rows):
    contract = Contract("late", (Column("note", "string"), Column("late", "boolean")))
    written = ["note,late"] + ['"{}",{}'.format(text.replace('"', '""'), late) for text, late in rows]
    lines = [json.dumps({"note": text, "late": late}) for text, late in [("first", True), *rows]]

    by_csv = Found("\n".join(written) + "\n", contract=contract)
    by_json = Found("\n".join(lines) + "\n", "jsonl", contract)

    expected = [text for text, _ in rows if "\0" not in text]
    assert [row["note"] for row in by_csv.rows] == expected
    assert [row["note"] for row in by_json.rows] == ["first", *expected]
