"""Serving, in the image's script mode: JSON or CSV in, predictions and the model's version out."""

import csv
import io
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import xgboost as xgb
from tidewheel.domain.errors import InstanceUnreadable
from tidewheel.domain.signature import Signature
from werkzeug.exceptions import BadRequest, NotAcceptable, UnsupportedMediaType

JSON, CSV = "application/json", "text/csv"


@dataclass(frozen=True)
class Model:
    """A booster with what it reads and what it is called."""

    booster: xgb.Booster
    signature: Signature
    version: str  # <project>/<n>

    def outputs(self, matrix: np.ndarray) -> np.ndarray:
        """The booster's outputs: float[n], or float[n, classes]."""
        kinds = ["c" if feature.vocabulary else "q" for feature in self.signature.features]
        return self.booster.predict(xgb.DMatrix(matrix, feature_types=kinds, enable_categorical=True))


@dataclass(frozen=True)
class Answers:
    """One prediction for each instance."""

    predictions: Sequence[Mapping[str, Any]]
    version: str


def model_fn(model_dir: str) -> Model:
    """The model that training left in the folder."""
    signature = Signature.from_dict(json.loads(Path(model_dir, "code", "model.json").read_text()))
    booster = xgb.Booster()
    booster.load_model(bytearray(Path(model_dir, "xgboost-model").read_bytes()))
    return Model(booster, signature, os.environ.get("TIDEWHEEL_MODEL_VERSION", "unregistered"))


def input_fn(data: bytes | str, content_type: str) -> list[Any]:
    """The instances of a request: objects from JSON, lists of cells from CSV. Raises 400 or 415."""
    kind = (content_type or JSON).partition(";")[0].strip().lower()
    if kind not in READERS:
        raise UnsupportedMediaType(f"{content_type} is not read here: send {JSON} or {CSV}")
    try:
        instances = READERS[kind](data.decode() if isinstance(data, bytes) else data)
    except (ValueError, KeyError, TypeError) as error:
        raise BadRequest('the body is not {"instances": [{column: value}, ...]} or CSV in UTF-8') from error
    if not instances:
        raise BadRequest("there are no instances in the request")
    return instances


def predict_fn(data: list[Any], model: Model) -> Answers:
    """A prediction for each instance. Raises 400, naming row and column."""
    try:
        matrix = model.signature.matrix([_named(row, each, model.signature) for row, each in enumerate(data)])
    except InstanceUnreadable as error:
        raise BadRequest(str(error)) from error
    return Answers(model.signature.answers(model.outputs(matrix)), model.version)


def output_fn(prediction: Answers, accept: str) -> tuple[str, str]:
    """The answer as JSON or as CSV lines `prediction,model_version`. Raises 406."""
    wanted = {each.partition(";")[0].strip().lower() for each in (accept or JSON).split(",")}
    if wanted & {JSON, "*/*", "application/*", ""}:
        return json.dumps({"predictions": prediction.predictions, "model_version": prediction.version}), JSON
    if wanted & {CSV, "text/*"}:
        lines = io.StringIO()
        rows = ([next(iter(each.values())), prediction.version] for each in prediction.predictions)
        csv.writer(lines, lineterminator="\n").writerows(rows)
        return lines.getvalue(), CSV
    raise NotAcceptable(f"{accept} is not written here: accept {JSON} or {CSV}")


def _json(text: str) -> list[Any]:
    instances = json.loads(text)["instances"]
    if not isinstance(instances, list) or not all(isinstance(each, dict) for each in instances):
        raise TypeError("instances are a list of objects")
    return instances


def _csv(text: str) -> list[Any]:
    return [cells for cells in csv.reader(io.StringIO(text)) if cells]


def _named(row: int, instance: Any, signature: Signature) -> Mapping[str, object]:
    if isinstance(instance, dict):
        return instance
    names = [feature.name for feature in signature.features]
    if len(instance) != len(names):
        raise InstanceUnreadable(
            f"{len(instance)} cells for {len(names)} features",
            place=f"row {row + 1}",
            remedy=f"Send {','.join(names)} without a header",
        )
    return {name: cell if cell != "" else None for name, cell in zip(names, instance, strict=True)}


READERS = {JSON: _json, CSV: _csv}
