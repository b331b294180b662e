"""SageMaker's jobs, as far as the flows use them: names are taken for ever, and a job takes a minute.

A model is worth what it has seen: one for each dataset of its snapshot, minus three for a spoilt one (whose id says
so), so that whoever knows the bytes of all uploads knows every verdict beforehand.
"""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from tidewheel.aws import objects

from tests.proofs.answers import Refused

MINUTES = timedelta(minutes=1)
ROWS = 1000  # of the holdout, whatever it holds
SLOPES = 1e-3


def worth(dataset_id: str) -> int:
    """What a model gains from having seen a dataset."""
    return -3 if is_spoilt(dataset_id) else 1


def is_spoilt(dataset_id: str) -> bool:
    """Whether a dataset (`ds-` and hex) does more harm than good: an eighth of all do."""
    return dataset_id.removeprefix("ds-")[0] in "01"


def score(quality: int, hour: int) -> float:
    """What a model of this quality answers."""
    return round(0.5 + SLOPES * quality + 1e-5 * hour, 6)


class Jobs:
    """Training and processing jobs. `models` has the quality of each artifact, by URI; `asked` who began, in order."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self.models: dict[str, int] = {}
        self.asked: list[str] = []
        self.ends: dict[str, datetime] = {}
        self.stopped: set[str] = set()
        self.broken: dict[str, str] = {}  # part of a job's name -> why it fails
        self._requests: dict[str, dict[str, Any]] = {}

    def create_training_job(self, **request: Any) -> dict[str, Any]:
        """Learns at once; the artifact is there when the job has ended."""
        name = self._begin(request["TrainingJobName"], request)
        channels = {each["ChannelName"]: each["DataSource"]["S3DataSource"] for each in request["InputDataConfig"]}
        bucket, key = objects.locate(channels["train"]["S3Uri"])
        manifest = objects.read_json(bucket, key.removesuffix("train/") + "manifest.json")
        model_url = f"{request['OutputDataConfig']['S3OutputPath']}/{name}/output/model.tar.gz"
        self.models[model_url] = sum(map(worth, manifest["dataset_ids"]))
        return {"TrainingJobArn": name}

    def create_processing_job(self, **request: Any) -> dict[str, Any]:
        """Holds candidates and champion against one another."""
        name = self._begin(request["ProcessingJobName"], request)
        inputs = {each["InputName"]: each["S3Input"]["S3Uri"] for each in request["ProcessingInputs"]}
        asked = objects.read_json(*objects.locate(inputs["request"]))["evaluation"]
        rival = self.models[inputs["champion"]] if asked["champion"] else None
        candidates = {recipe: self.models[inputs[f"candidate-{recipe}"]] for recipe in asked["candidates"]}
        bucket, folder = objects.locate(request["ProcessingOutputConfig"]["Outputs"][0]["S3Output"]["S3Uri"])
        objects.write_json(bucket, f"{folder}/evaluation.json", _evaluation(candidates, rival))
        golden = "".join(_golden(recipe, quality) for recipe, quality in candidates.items())
        objects.write(bucket, f"{folder}/golden.jsonl", golden, "application/jsonl")
        return {"ProcessingJobArn": name}

    def describe_training_job(self, TrainingJobName: str) -> dict[str, Any]:  # noqa: N803 (boto3's spelling)
        """As far as the product reads it."""
        request = self._request(TrainingJobName)
        said = {"TrainingJobStatus": self.status(TrainingJobName), "ResourceConfig": request["ResourceConfig"]}
        return said | {"BillableTimeInSeconds": 60, **self._why(TrainingJobName, "FailureReason")}

    def describe_processing_job(self, ProcessingJobName: str) -> dict[str, Any]:  # noqa: N803
        """As far as the product reads it."""
        request, end = self._request(ProcessingJobName), self.ends[ProcessingJobName]
        said = {"ProcessingJobStatus": self.status(ProcessingJobName), "ProcessingStartTime": end - MINUTES}
        return said | {
            "ProcessingEndTime": end,
            "ProcessingResources": request["ProcessingResources"],
            **self._why(ProcessingJobName, "ExitMessage"),
        }

    def stop_training_job(self, TrainingJobName: str) -> dict[str, Any]:  # noqa: N803
        """Ends a job that is at work."""
        return self._stop(TrainingJobName)

    def stop_processing_job(self, ProcessingJobName: str) -> dict[str, Any]:  # noqa: N803
        """Ends a job that is at work."""
        return self._stop(ProcessingJobName)

    def status(self, name: str) -> str:
        """InProgress for a minute, then what became of it."""
        if name in self.stopped:
            return "Stopped"
        if self._now() < self.ends[name]:
            return "InProgress"
        return "Failed" if self._why(name, "") else "Completed"

    def at_work(self) -> list[str]:
        """The jobs that are under way."""
        return [name for name in self.asked if self.status(name) == "InProgress"]

    def _begin(self, name: str, request: dict[str, Any]) -> str:
        if name in self._requests:
            raise Refused("ResourceInUse", f"{name} exists")
        self._requests[name], self.ends[name] = request, self._now() + MINUTES
        self.asked.append(name)
        return name

    def _request(self, name: str) -> dict[str, Any]:
        if name not in self._requests:
            raise Refused("ResourceNotFound", f"there is no job {name}")
        return self._requests[name]

    def _stop(self, name: str) -> dict[str, Any]:
        if self.status(name) == "InProgress":
            self.stopped.add(name)
        return {}

    def _why(self, name: str, key: str) -> dict[str, str]:
        return next(({key: reason} for part, reason in self.broken.items() if part in name), {})


def _evaluation(candidates: dict[str, int], rival: int | None) -> dict[str, Any]:
    return {
        "schema": 1, "problem": "binary", "primary": "logloss", "confidence": 0.95, "rows": ROWS, "blocks": 20,
        "champion": None if rival is None else _model(rival, None),
        "constant": _model(0, None),
        "candidates": {recipe: _model(quality, rival) for recipe, quality in candidates.items()},
    }  # fmt: skip


def _model(quality: int, rival: int | None) -> dict[str, Any]:
    gains = {"constant": {"logloss": _estimate(quality)}}
    gains |= {} if rival is None else {"champion": {"logloss": _estimate(quality - rival)}}
    return {"metrics": {"logloss": _estimate(100 - quality)}, "improvement": gains, "slices": []}


def _estimate(whole: int) -> dict[str, float]:
    return {"value": whole / 100, "low": (whole - 0.5) / 100, "high": (whole + 0.5) / 100}


def _golden(recipe: str, quality: int) -> str:
    rows = ({"recipe": recipe, "instance": {"hour": hour}, "score": score(quality, hour)} for hour in (3, 8))
    return "".join(json.dumps(row) + "\n" for row in rows)
