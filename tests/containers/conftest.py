"""The containers' code as SageMaker runs it: an unpacked archive, a process of its own, the image's packages."""

import json
import os
import subprocess
import tarfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tidewheel.aws.source import collect

ROOT = Path(__file__).parents[2]
PYTHON = os.environ.get("TIDEWHEEL_IMAGE_PYTHON", str(ROOT / ".tidewheel" / "env" / "image" / "bin" / "python"))


@pytest.fixture(scope="session")
def code(tmp_path_factory):
    """The folder that `sourcedir.tar.gz` unpacks to."""
    folder = tmp_path_factory.mktemp("code")
    for name, body in collect().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(body)
    return folder


@pytest.fixture
def job(code, tmp_path):
    return Job(code, tmp_path)


class Job:
    """One machine of SageMaker: its folders, and the processes that run on it."""

    def __init__(self, code: Path, root: Path) -> None:
        self.code = code
        self.root = root

    def folder(self, *names: str) -> Path:
        path = self.root.joinpath(*names)
        path.mkdir(parents=True, exist_ok=True)
        return path

    def put(self, table: pa.Table, *names: str) -> Path:
        folder = self.folder(*names)
        pq.write_table(table, folder / "part-00000.parquet")
        return folder

    def train(self, table: pa.Table, name: str = "current", *, validation: pa.Table | None = None, **hyperparameters):
        """Run the training; the folder of the model. Environment variables are given in capitals."""
        variables = {key: hyperparameters.pop(key) for key in list(hyperparameters) if key.isupper()}
        env = {
            "SM_HPS": json.dumps({"seed": 7, "num_round": 30} | hyperparameters),
            "SM_CHANNEL_TRAIN": str(self.put(table, name, "train")),
            "SM_MODEL_DIR": str(self.folder(name, "model")),
            "SM_OUTPUT_DIR": str(self.folder(name, "output")),
            "SM_NUM_CPUS": "1",
        }
        if validation is not None:
            env["SM_CHANNEL_VALIDATION"] = str(self.put(validation, name, "validation"))
        self.run("train.py", env | variables)
        return self.root / name / "model"

    def pack(self, name: str, into: str) -> None:
        """`model.tar.gz` of a trained model, where the evaluation looks for it."""
        with tarfile.open(self.folder("input", into) / "model.tar.gz", "w:gz") as packed:
            for path in (self.root / name / "model").iterdir():
                packed.add(path, path.name)

    def evaluate(self, table: pa.Table, **asked):
        """Run the evaluation; its `evaluation.json`."""
        self.put(table, "input", "holdout")
        defaults = {"confidence": 0.95, "seed": 7, "slices": [], "event_time": None, "champion": False}
        request = {"evaluation": defaults | {"candidates": ["current"]} | asked}
        (self.folder("input", "request") / "request.json").write_text(json.dumps(request))
        self.run("evaluate.py", {"TIDEWHEEL_INPUT": str(self.root / "input"), **self.output})
        return json.loads((self.root / "output" / "evaluation.json").read_text())

    @property
    def output(self) -> dict[str, str]:
        folder = self.folder("output")
        return {"TIDEWHEEL_OUTPUT": str(folder), "TIDEWHEEL_MESSAGE": str(folder / "message")}

    def serve(self, model: Path, script: str) -> str:
        """Run a few lines beside the model's own serving code; what they print."""
        return self.run("-c", {"PYTHONPATH": str(model / "code"), "MODEL": str(model)}, script, where=model)

    def run(self, program: str, env: dict[str, str], *arguments: str, where: Path | None = None) -> str:
        command = [PYTHON, program, *arguments]
        base = {"PATH": os.environ["PATH"], "TMPDIR": str(self.folder("tmp")), "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            command, cwd=where or self.code, env=base | env, check=False, capture_output=True, text=True
        )
        if done.returncode:
            raise Failed(done.returncode, done.stderr)
        return done.stdout


class Failed(Exception):
    """The process ended with another code than 0."""


def rows(count: int = 400, seed: int = 1, **columns) -> pa.Table:
    """Rows with a rule to learn: `y` follows `x` and `colour`; `when` is an hour of 2012 each."""
    draw = np.random.default_rng(seed)
    x = draw.normal(size=count)
    colour = draw.choice(["blue", "green", "red"], size=count)
    when = np.datetime64("2012-01-01T00", "us") + np.arange(count) * np.timedelta64(3_600_000_000, "us")
    value = 3 * x + (colour == "red") * 4 + draw.normal(scale=0.3, size=count)
    table = {"when": when, "x": x, "colour": colour, "y": value > 1, "value": value, **columns}
    return pa.table({name: pa.array(values) for name, values in table.items() if values is not None})
