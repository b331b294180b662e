"""One case of benchmarks.validate: `floor` or `whole`, a format, a path; prints CPU seconds and peak memory."""

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from tidewheel.domain.contract import Column, Contract
from tidewheel.domain.upload import Limits
from tidewheel.tables.parts import PartWriter
from tidewheel.tables.schema import TYPES, schema_of
from tidewheel.tables.validation import read_table, validate

CONTRACT = Contract(
    "busy",
    (
        Column("ts", "timestamp", unique=True),
        Column("hour", "integer", min=0, max=23),
        Column("dow", "integer", min=0, max=6),
        Column("tmin", "number", min=-40, max=50),
        Column("tmax", "number", min=-40, max=50),
        Column("pn", "number", min=0, max=500),
        Column("avg_7d", "number", min=0),
        Column("note", "string", pattern="station [0-9]+"),
        Column("busy", "integer", allowed=(0, 1)),
    ),
    event_time="ts",
)


def floor(form: str, path: Path) -> None:
    """Only decode."""
    if form == "parquet":
        for _ in pa.parquet.ParquetFile(path, read_dictionary=["note"]).iter_batches(65_536, use_threads=False):
            pass
    elif form == "csv":
        types = {column.name: TYPES[column.type] for column in CONTRACT.columns} | {"ts": pa.timestamp("us")}
        reading = pa.csv.ReadOptions(use_threads=False)
        for _ in pa.csv.open_csv(path, reading, convert_options=pa.csv.ConvertOptions(column_types=types)):
            pass
    else:
        with path.open("rb") as lines:
            for line in lines:
                json.loads(line)


def whole(form: Any, path: Path) -> None:
    """Validate, profile and write as Parquet, as the step does."""
    kept: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder, path.open("rb") as body:
        parts = PartWriter(Path(folder), schema_of(CONTRACT))
        reading = read_table(body, form, False, CONTRACT, Limits())
        found = validate(reading, CONTRACT, Limits(), parts.write, kept.append)
        parts.close()
    assert not found.rejected, kept[:3]  # noqa: S101 (a benchmark of something else would be worthless)


def peak() -> float:
    """Most megabytes held at once. Not from getrusage, which remembers the process that started us."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    started = time.process_time()
    {"floor": floor, "whole": whole}[sys.argv[1]](sys.argv[2], Path(sys.argv[3]))
    print(json.dumps({"cpu": time.process_time() - started, "peak_mb": peak()}))
