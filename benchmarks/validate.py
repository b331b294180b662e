"""Validation against its floor: the same bytes only decoded. CPU time, one thread, both in one run, alternating.

    python -m benchmarks.validate [rows]

The table is bikeshare's, with a text column beside. Floor: Arrow decodes the file with the contract's types. Each case
runs in a process of its own, so that its peak of memory is its own.
"""

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parents[1]
FOLDER = HERE / ".tidewheel" / "benchmarks"
RUNS = 3


def main() -> None:
    """Measure, and print one line for each format."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    files = make_files(rows)
    print(f"{rows:,} rows; CPU seconds, median of {RUNS}; peak MB of the whole process")
    for form, path in files.items():
        runs = [(measure("floor", form, path), measure("whole", form, path)) for _ in range(RUNS)]
        floor, whole = (statistics.median(run[at]["cpu"] for run in runs) for at in (0, 1))
        memory = max(run[1]["peak_mb"] for run in runs)
        print(
            f"{form:8} {path.stat().st_size / 2**20:6.0f} MB  floor {floor:5.2f} s  validation {whole:5.2f} s  "
            f"ratio {whole / floor:4.1f}  {rows / whole:10,.0f} rows/s  peak {memory:4.0f} MB"
        )


def make_files(rows: int) -> dict[str, Path]:
    """Three files of one table, made once."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet

    FOLDER.mkdir(parents=True, exist_ok=True)
    paths = {form: FOLDER / f"{rows}.{form}" for form in ("csv", "parquet", "jsonl")}
    if not all(path.exists() for path in paths.values()):
        random = np.random.default_rng(7)
        table = pa.table(
            {
                "ts": pa.array(np.arange(rows) * 3600, pa.timestamp("s")),
                "hour": np.arange(rows) % 24,
                "dow": np.arange(rows) // 24 % 7,
                "tmin": np.round(random.normal(10, 9, rows), 1).clip(-40, 50),
                "tmax": np.round(random.normal(19, 9, rows), 1).clip(-40, 50),
                "pn": np.round(random.exponential(3, rows), 1),
                "avg_7d": random.normal(150, 30, rows).clip(0),
                "note": pa.array([f"station {number}" for number in range(500)]).take(
                    pa.array(random.integers(0, 500, rows))
                ),
                "busy": random.integers(0, 2, rows),
            }
        )
        pa.csv.write_csv(table, paths["csv"])
        pa.parquet.write_table(table, paths["parquet"])
        with paths["jsonl"].open("w") as lines:
            for batch in table.to_batches(65_536):
                lines.writelines(json.dumps(row, default=str) + "\n" for row in batch.to_pylist())
    return paths


def measure(what: str, form: str, path: Path) -> dict[str, float]:
    """Run one case in a new process."""
    environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": f"{HERE / 'layers' / 'core'}:{HERE}"}
    command = [sys.executable, "-m", "benchmarks.validate_case", what, form, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)  # noqa: S603 (ourselves)
    case: dict[str, float] = json.loads(done.stdout)
    return case


if __name__ == "__main__":
    main()
