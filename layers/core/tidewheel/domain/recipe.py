"""A recipe as a training job is told it: hyperparameters, which SageMaker takes as short strings only."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

LONGEST = 2500  # characters of one hyperparameter
CODE = "code"  # the channel of the source: without a network a container can fetch nothing itself
SOURCE = f"/opt/ml/input/data/{CODE}/sourcedir.tar.gz"


def hyperparameters(recipe: Mapping[str, Any], region: str) -> dict[str, str]:
    """The hyperparameters of a training job in script mode.

    `recipe` is a project's: problem, label, event_time, features, seed and XGBoost's own under `hyperparameters`. The
    features go as JSON lists in as many pieces as their length asks for: features_00, features_01, ...
    """
    own = {"problem": recipe["problem"], "label": recipe["label"], "seed": recipe["seed"], **recipe["hyperparameters"]}
    if recipe["event_time"]:
        own["event_time"] = recipe["event_time"]
    pieces = {f"features_{place:02}": json.dumps(names) for place, names in enumerate(_pieces(recipe["features"]))}
    script = {"sagemaker_program": "train.py", "sagemaker_submit_directory": SOURCE, "sagemaker_region": region}
    return {name: spelled(value) for name, value in own.items()} | pieces | script


def spelled(value: Any) -> str:
    """A value so that the container, which reads JSON where it can, gets it back: text in quotes only if it must be."""
    if not isinstance(value, str):
        return json.dumps(value)
    try:
        json.loads(value)
    except ValueError:
        return value
    return json.dumps(value)


def _pieces(names: Iterable[str]) -> Iterator[list[str]]:
    piece: list[str] = []
    for name in names:
        if piece and len(json.dumps([*piece, name])) > LONGEST:
            yield piece
            piece = []
        piece.append(name)
    yield piece
