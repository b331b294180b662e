"""A file held against a contract that has a column of each type."""

import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
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
