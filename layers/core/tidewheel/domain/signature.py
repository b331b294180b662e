"""A model's signature: which columns it reads, in which order, and what its answers look like."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from tidewheel.domain.errors import InstanceUnreadable
from tidewheel.domain.features import Feature, FloatArray

BINARY, MULTICLASS, REGRESSION = "binary", "multiclass", "regression"
Class = str | int | float | bool


@dataclass(frozen=True)
class Signature:
    """Stored as `code/model.json` beside every booster; `constant` is the best answer that needs no features."""

    problem: str  # binary | multiclass | regression
    label: str
    features: tuple[Feature, ...]
    classes: tuple[Class, ...] = ()  # in the order of the booster's outputs; a binary score is that of the last
    constant: Mapping[str, Any] = field(default_factory=dict)  # {"shares": [...]} or {"mean": x, "median": y}

    def matrix(self, instances: Sequence[Mapping[str, object]]) -> FloatArray:
        """float64[instances, features]. Other columns are ignored; a feature's absence raises InstanceUnreadable."""
        for row, instance in enumerate(instances):
            absent = [feature.name for feature in self.features if feature.name not in instance]
            if absent:
                raise InstanceUnreadable(
                    f"no value for {', '.join(absent)}",
                    place=f"row {row + 1}",
                    remedy="Send every feature, null where it is missing",
                )
        columns = [feature.encode([instance[feature.name] for instance in instances]) for feature in self.features]
        return np.column_stack(columns) if columns else np.empty((len(instances), 0))

    def answers(self, outputs: FloatArray) -> list[dict[str, Any]]:
        """What the endpoint says to each row of a booster's outputs: float[n], or float[n, classes] for multiclass."""
        return [ANSWERS[self.problem](self, output) for output in outputs]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return {"schema": 1, **asdict(self)}

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> "Signature":
        """The inverse of `to_dict`."""
        features = tuple(Feature(**{**each, "vocabulary": tuple(each["vocabulary"])}) for each in plain["features"])
        return cls(plain["problem"], plain["label"], features, tuple(plain["classes"]), plain["constant"])


def _score(_: Signature, output: Any) -> dict[str, Any]:
    return {"score": float(output)}


def _label(signature: Signature, output: FloatArray) -> dict[str, Any]:
    shares = dict(zip((str(each) for each in signature.classes), map(float, output), strict=True))
    return {"label": signature.classes[int(output.argmax())], "probabilities": shares}


def _value(_: Signature, output: Any) -> dict[str, Any]:
    return {"value": float(output)}


ANSWERS = {BINARY: _score, MULTICLASS: _label, REGRESSION: _value}
