"""Boosting: native XGBoost with checkpoints, so that an interrupted training goes on where it was."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import xgboost as xgb
from tidewheel.domain.signature import BINARY, MULTICLASS, REGRESSION

DEFAULTS: Mapping[str, Any] = {
    "num_round": 120,
    "max_depth": 5,
    "eta": 0.1,
    "subsample": 0.8,
    "colsample_bytree": 0.8,
    "min_child_weight": 5,
    "tree_method": "hist",
}
ALIASES = {  # XGBoost takes either; one name of each, so that what is given replaces the default
    "learning_rate": "eta",
    "min_split_loss": "gamma",
    "reg_lambda": "lambda",
    "reg_alpha": "alpha",
    "num_boost_round": "num_round",
}
OBJECTIVES = {BINARY: "binary:logistic", MULTICLASS: "multi:softprob", REGRESSION: "reg:squarederror"}
LEG = 20  # rounds between checkpoints


def boost(
    parameters: Mapping[str, Any],
    train: xgb.DMatrix,
    validation: xgb.DMatrix | None,
    checkpoints: Path | None,
) -> xgb.Booster:
    """A booster of `num_round` rounds, fewer if it stops early, which needs a validation set.

    It is built in legs. XGBoost's random state is not part of a booster, so each leg starts from the stored form of
    the last and from a seed of its own: a training that was interrupted becomes the same booster as one that was not.
    """
    own = {name: value for name, value in parameters.items() if name not in ("num_round", "early_stopping_rounds")}
    evaluated = [(train, "train")] + ([(validation, "validation")] if validation is not None else [])
    patience = int(parameters.get("early_stopping_rounds", 0))
    stops = [xgb.callback.EarlyStopping(patience, save_best=True)] if patience and validation is not None else []
    callbacks = xgb.callback.CallbackContainer([xgb.callback.EvaluationMonitor(), *stops])
    booster = callbacks.before_training(_depart(own, train, resume(checkpoints)))
    for turn in range(booster.num_boosted_rounds(), int(parameters["num_round"])):
        if turn and turn % LEG == 0:
            _keep(booster, checkpoints)
            booster = _depart(own, train, booster.save_raw("ubj"))
        booster.update(train, iteration=turn)
        if callbacks.after_iteration(booster, turn, train, evaluated):
            break
    return callbacks.after_training(booster)


def _depart(own: Mapping[str, Any], train: xgb.DMatrix, stored: bytearray | None) -> xgb.Booster:
    booster = xgb.Booster(dict(own), [train])
    if stored is not None:
        booster.load_model(stored)
    booster.set_param({**own, "seed": int(own.get("seed", 0)) + booster.num_boosted_rounds()})
    return booster


def _keep(booster: xgb.Booster, checkpoints: Path | None) -> None:
    if checkpoints:
        save(booster, checkpoints / "checkpoint.ubj")


def resume(checkpoints: Path | None) -> bytearray | None:
    """The booster that an interrupted training left, if there is one."""
    path = checkpoints / "checkpoint.ubj" if checkpoints else None
    return bytearray(path.read_bytes()) if path and path.exists() else None


def save(booster: xgb.Booster, path: Path) -> None:
    """Write the booster as UBJSON, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".half")
    half.write_bytes(booster.save_raw("ubj"))
    os.replace(half, path)
