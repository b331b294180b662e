"""Rows: what is understood, what is rejected and why, in every format."""

import gzip
import json

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tidewheel.domain.contract import Column, Contract

from tests.tables.found import GOOD, HEAD, ROW, Found, parquet


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
