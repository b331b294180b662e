"""A stack with the small projects, operated by the command alone."""

import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from local import ROOT
from local.stack import LocalStack

PROJECTS = Path(__file__).parent / "projects"
ENVIRONMENT = {"PYTHONPATH": os.pathsep.join([str(ROOT / "layers" / "core"), str(ROOT)])}
# XGBoost itself, on the artifact's own booster: nothing of ours stands between the file and the numbers.
BOOSTER = """
import json, sys, numpy, xgboost
booster = xgboost.Booster(model_file=sys.argv[1])
rows = numpy.array(json.load(sys.stdin), dtype=float)
print(json.dumps(booster.predict(xgboost.DMatrix(rows, feature_names=booster.feature_names)).tolist()))
"""


class Wheel:
    """A running stack, and the shell of somebody who operates it."""

    def __init__(self, stack: LocalStack, outputs: dict[str, str]) -> None:
        self.stack = stack
        self.outputs = outputs

    def tidewheel(self, *words: object) -> tuple[int, Any]:
        """Run the command; its exit code and facts."""
        command = [sys.executable, "-m", "cli.main", *map(str, words), "--json"]
        environment = self.stack.environment() | ENVIRONMENT | {"TIDEWHEEL_STACK": self.outputs["Prefix"]}
        answer = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True)
        return answer.returncode, json.loads(answer.stdout or answer.stderr)

    def golden(self, version: str) -> list[dict[str, Any]]:
        """The golden rows of the run that made a model version."""
        project = version.partition("/")[0]
        key = f"{project}/{self.link(version, 'run')['id']}/golden.jsonl"
        body = self.stack.client("s3").get_object(Bucket=self.outputs["ModelsBucket"], Key=key)["Body"].read()
        return [json.loads(line) for line in body.splitlines()]

    def link(self, thing: str, what: str) -> dict[str, Any]:
        """The first link of a kind in what `why` tells."""
        _, told = self.tidewheel("why", thing)
        return next(link for link in told["chain"] if link["what"] == what)

    def boosted(self, version: str, rows: list[list[float]], folder: Path) -> list[Any]:
        """What the booster of the registered artifact says of rows of numbers, in XGBoost's own words."""
        arn = self.link(version, "model")["facts"]["arn"]
        package = self.stack.client("sagemaker").describe_model_package(ModelPackageName=arn)
        bucket, _, key = package["InferenceSpecification"]["Containers"][0]["ModelDataUrl"][5:].partition("/")
        self.stack.client("s3").download_file(bucket, key, str(folder / "model.tar.gz"))
        with tarfile.open(folder / "model.tar.gz") as packed:
            packed.extractall(folder, filter="data")
        python = ROOT / ".tidewheel" / "env" / "image" / "bin" / "python"
        command = [str(python), "-c", BOOSTER, str(folder / "xgboost-model")]
        answer = subprocess.run(command, input=json.dumps(rows), capture_output=True, text=True, check=True)
        return list(json.loads(answer.stdout))


@contextmanager
def turning(name: str) -> Iterator[Wheel]:
    """A deployed stack with both projects registered, for the length of a block."""
    with LocalStack(name) as stack:
        wheel = Wheel(stack, stack.deploy())
        code, told = wheel.tidewheel(
            "project", "push", *sorted(PROJECTS.glob("*.yaml")), ROOT / "projects/bikeshare.yaml"
        )
        assert code == 0, told
        yield wheel
