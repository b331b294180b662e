"""Cold import of each function against the floor of bare boto3 plus Powertools, in alternating fresh processes.

    python -m benchmarks.cold_import [runs]

Prints medians of CPU milliseconds and the ratio to the floor of the same run.
"""

import os
import subprocess
import sys
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
FLOOR = "import boto3; from aws_lambda_powertools import Logger; boto3.client('s3'); Logger()"
TIMED = "import time; start = time.process_time(); {}; print((time.process_time() - start) * 1000)"
NAMES = ("prefix", "ledger_table", "inbox_bucket", "datasets_bucket", "models_bucket", "automation_bucket", "bus_name")


def cpu_milliseconds(statement: str) -> float:
    """CPU time of a statement in a process of its own, with what Lambda would set."""
    environment = os.environ | {name.upper(): "benchmark" for name in NAMES}
    environment |= {"PYTHONPATH": f"{ROOT / 'functions'}{os.pathsep}{ROOT / 'layers/core'}{os.pathsep}{ROOT}"}
    environment |= {"AWS_DEFAULT_REGION": "eu-west-1", "POWERTOOLS_SERVICE_NAME": "tidewheel"}
    run = [sys.executable, "-c", TIMED.format(statement)]
    return float(subprocess.run(run, env=environment, check=True, capture_output=True, text=True).stdout)  # noqa: S603


def main(runs: int = 7) -> None:
    """Time the floor and every handler in turn, `runs` times after one warm-up."""
    steps = sorted(path for path in (ROOT / "functions").glob("*/*.py") if path.stem != "__init__")
    cases = {"floor": FLOOR} | {
        f"{path.parent.name}.{path.stem}": f"import {path.parent.name}.{path.stem}" for path in steps
    }
    times: dict[str, list[float]] = {case: [] for case in cases}
    for _ in range(runs + 1):
        for case, statement in cases.items():
            times[case].append(cpu_milliseconds(statement))
    floor = median(times["floor"][1:])
    for case, measured in times.items():
        print(f"{case:28} {median(measured[1:]):7.0f} ms   {median(measured[1:]) / floor:5.2f} x floor")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
