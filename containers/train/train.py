"""Training, in SageMaker's script mode: Parquet channels in, a native XGBoost model and the code that serves it out."""

import json
import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import xgboost as xgb
from boosting import ALIASES, DEFAULTS, OBJECTIVES, boost, save
from columns import classes, label, learn, matrix, open_folder
from tidewheel.domain.errors import TidewheelError, TrainingDataUnusable
from tidewheel.domain.signature import BINARY, REGRESSION, Signature

FAILURE_LENGTH = 1024  # what SageMaker keeps of the failure file
OWN = ("problem", "label", "event_time")  # hyperparameters that are not XGBoost's; so are features_00, features_01, ...


@dataclass(frozen=True)
class Job:
    """What SageMaker tells the container: hyperparameters, folders and what the machine has."""

    hyperparameters: Mapping[str, Any]
    train: Path
    validation: Path | None
    model: Path
    checkpoints: Path | None
    cpus: int
    gpus: int

    @classmethod
    def from_environment(cls, env: Mapping[str, str]) -> "Job":
        """Read the SM_* variables; TIDEWHEEL_CHECKPOINTS is the job's own and names its checkpoint folder."""
        if len(json.loads(env.get("SM_HOSTS", "[]"))) > 1:
            raise TrainingDataUnusable(
                "this recipe trains on one machine", place="training.instances", remedy="Use one, larger instance"
            )
        return cls(
            json.loads(env["SM_HPS"]),
            Path(env["SM_CHANNEL_TRAIN"]),
            Path(env["SM_CHANNEL_VALIDATION"]) if "SM_CHANNEL_VALIDATION" in env else None,
            Path(env["SM_MODEL_DIR"]),
            Path(env["TIDEWHEEL_CHECKPOINTS"]) if env.get("TIDEWHEEL_CHECKPOINTS") else None,
            int(env.get("SM_NUM_CPUS", "1")),
            int(env.get("SM_NUM_GPUS", "0")),
        )


def train(job: Job) -> None:
    """Learn from the train channel and leave booster, signature and serving code in the model folder."""
    rows = open_folder(job.train)
    signature = sign(rows, job.hyperparameters)
    parameters = recipe(job, signature)
    learnt = _dmatrix(rows, signature)
    checked = _dmatrix(open_folder(job.validation), signature) if job.validation else None
    booster = boost(parameters, learnt, checked, job.checkpoints)
    save(booster, job.model / "xgboost-model")
    _leave_code(job.model / "code", signature)


def sign(rows: Any, hyperparameters: Mapping[str, Any]) -> Signature:
    """The signature that these rows teach. Raises TrainingDataUnusable."""
    problem, target = str(hyperparameters["problem"]), str(hyperparameters["label"])
    own = {target, str(hyperparameters.get("event_time", ""))}
    pieces = sorted(name for name in hyperparameters if name.startswith("features_"))
    chosen = [name for piece in pieces for name in hyperparameters[piece]]
    features = learn(rows, chosen or [name for name in rows.schema.names if name not in own])
    known = () if problem == REGRESSION else classes(rows, target)
    if problem != REGRESSION and (len(known) != 2 if problem == BINARY else len(known) < 2):
        raise TrainingDataUnusable(
            f"a {problem} label cannot have the values {list(known)[:10]}", place=target, remedy="Look at the label"
        )
    return Signature(problem, target, features, known, _constant(label(rows, target, known), len(known)))


def recipe(job: Job, signature: Signature) -> dict[str, Any]:
    """XGBoost's parameters: defaults, what the machine has, then what the project says."""
    given = {
        ALIASES.get(name, name): value
        for name, value in job.hyperparameters.items()
        if name not in OWN and not name.startswith(("features_", "sagemaker_", "_"))
    }
    machine = {"nthread": job.cpus, "device": "cuda" if job.gpus else "cpu"}
    many = {"num_class": len(signature.classes)} if len(signature.classes) > 2 or "multi" in signature.problem else {}
    return {**DEFAULTS, "objective": OBJECTIVES[signature.problem], **many, **machine, **given}


def _constant(truth: np.ndarray, count: int) -> dict[str, Any]:
    if count:
        return {"shares": (np.bincount(truth.astype(int), minlength=count) / len(truth)).tolist()}
    return {"mean": float(truth.mean()), "median": float(np.median(truth))}


def _dmatrix(rows: Any, signature: Signature) -> xgb.DMatrix:
    kinds = ["c" if feature.vocabulary else "q" for feature in signature.features]
    truth = label(rows, signature.label, signature.classes)
    known = truth >= 0 if signature.classes else np.isfinite(truth)
    if not known.any():
        raise TrainingDataUnusable("no row has a label", place=signature.label, remedy="Upload labelled rows")
    return xgb.DMatrix(
        matrix(rows, signature.features)[known], truth[known], feature_types=kinds, enable_categorical=True
    )


def _leave_code(folder: Path, signature: Signature) -> None:
    here, compiled = Path(__file__).parent, shutil.ignore_patterns("__pycache__")
    shutil.copytree(here / "tidewheel", folder / "tidewheel", dirs_exist_ok=True, ignore=compiled)
    shutil.copy(here / "inference.py", folder)
    (folder / "model.json").write_text(json.dumps(signature.to_dict(), indent=2))


def main(env: Mapping[str, str]) -> None:
    """Train, or leave one clear sentence where SageMaker looks for it."""
    try:
        train(Job.from_environment(env))
    except Exception as error:
        said = str(error) if isinstance(error, TidewheelError) else f"{type(error).__name__}: {error}"
        Path(env["SM_OUTPUT_DIR"], "failure").write_text(said[:FAILURE_LENGTH])
        print(said, file=sys.stderr)
        if isinstance(error, TidewheelError):
            sys.exit(1)
        raise


if __name__ == "__main__":
    main(os.environ)
