"""What no field can say alone: the checks of a project across its parts."""

import re
from collections.abc import Iterator
from difflib import get_close_matches

from tidewheel.project.hyperparameters import XGBOOST
from tidewheel.project.model import Project
from tidewheel.project.parts import ColumnPart

Finding = tuple[tuple[str | int, ...], str, str]  # path, problem, remedy

LABELS = {
    "binary": {"integer", "boolean", "string"},
    "multiclass": {"integer", "string"},
    "regression": {"integer", "number"},
}
METRICS = {
    "binary": {"logloss", "auc", "accuracy"},
    "multiclass": {"mlogloss", "accuracy"},
    "regression": {"rmse", "mae"},
}
RATE = re.compile(r"rate\((1 (minute|hour|day)|[1-9]\d* (minutes|hours|days))\)")
CRON = re.compile(r"cron\((\S+ ){5}\S+\)")
NOT_RE2 = re.compile(r"\(\?(=|!|<=|<!)|\\[1-9]")
UNFIT_NAME = re.compile(r"[\[\]<>,\x00-\x1f]|^\s|\s$|^$")
ONLY = {"realtime": {"instance", "count"}, "serverless": {"memory_mb", "max_concurrency"}}


def findings(project: Project) -> list[Finding]:
    """Everything that contradicts something else in the project."""
    checks = (_label, _event_time, _columns, _features, _hyperparameters, _windows, _gate, _rollout, _retrain)
    return [finding for check in checks for finding in check(project)]


def _named(project: Project, name: str) -> str:
    close = get_close_matches(name, project.contract.columns, n=1)
    return f"Did you mean `{close[0]}`?" if close else f"Columns are {', '.join(project.contract.columns)}"


def _label(project: Project) -> Iterator[Finding]:
    at, label = ("contract", "label"), project.contract.label
    column = project.contract.columns.get(label)
    if column is None:
        yield at, f"`{label}` is not a column", _named(project, label)
        return
    where = ("contract", "columns", label)
    if column.type not in LABELS[project.problem]:
        fit = " or ".join(sorted(LABELS[project.problem]))
        yield where, f"a {column.type} cannot be the label of a {project.problem} problem", f"Its type must be {fit}"
    if column.nullable:
        yield where, "a label may not be nullable", "Rows without a label teach nothing: remove `nullable`"
    if project.problem == "binary" and column.type == "string" and len(column.allowed or ()) != 2:
        yield where, "two classes need two names", "Add `allowed: [<negative>, <positive>]`"


def _event_time(project: Project) -> Iterator[Finding]:
    at, name = ("contract", "event_time"), project.contract.event_time
    if name is None:
        return
    column = project.contract.columns.get(name)
    if column is None:
        yield at, f"`{name}` is not a column", _named(project, name)
    elif column.type != "timestamp":
        yield at, f"`{name}` is a {column.type}", "Event time must be a timestamp column"
    elif column.nullable:
        yield ("contract", "columns", name), "event time may not be nullable", "Remove `nullable`"


def _columns(project: Project) -> Iterator[Finding]:
    for name, column in project.contract.columns.items():
        at = ("contract", "columns", name)
        if UNFIT_NAME.search(name) or len(name) > 128:
            yield at, "this cannot be a column's name", "1 to 128 characters, none of [ ] < > , or control characters"
        yield from ((at, problem, remedy) for problem, remedy in _column(column))


def _column(column: ColumnPart) -> Iterator[tuple[str, str]]:
    bounded = column.min is not None or column.max is not None
    if bounded and column.type not in ("integer", "number"):
        yield f"a {column.type} has no min or max", "Remove them"
    if column.min is not None and column.max is not None and column.min > column.max:
        yield f"min {column.min:g} is above max {column.max:g}", "Exchange them"
    if column.pattern is not None and column.type != "string":
        yield f"a {column.type} has no pattern", "Remove it"
    if column.pattern is not None and not _is_re2(column.pattern):
        yield f"`{column.pattern}` is not a regular expression of RE2", "No look-around, no back references"
    if column.unique and column.type == "boolean":
        yield "a boolean has only two values", "Remove `unique`"
    if column.allowed is not None and not all(_fits(value, column.type) for value in column.allowed):
        yield f"not every allowed value is a {column.type}", "Quote text; leave numbers unquoted"


def _is_re2(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return NOT_RE2.search(pattern) is None


def _fits(value: object, kind: str) -> bool:
    types = {"integer": int, "number": (int, float), "string": str, "boolean": bool, "timestamp": ()}
    return isinstance(value, types[kind]) and (kind == "boolean" or not isinstance(value, bool))  # type: ignore[arg-type]


def _features(project: Project) -> Iterator[Finding]:
    for index, name in enumerate(project.training.features or ()):
        at = ("training", "features", index)
        if name not in project.contract.columns:
            yield at, f"`{name}` is not a column", _named(project, name)
        elif name == project.contract.label:
            yield at, "the label cannot be a feature", "Remove it"
        elif project.contract.columns[name].type == "timestamp":
            yield at, f"`{name}` is a timestamp", "Deliver what matters of it, such as the hour, as a column"
        elif name in (project.training.features or ())[:index]:
            yield at, f"`{name}` stands here twice", "Remove one"
    if not project.features():
        yield ("contract", "columns"), "nothing is left to learn from", "Add a column that is no label and no timestamp"


def _hyperparameters(project: Project) -> Iterator[Finding]:
    for name in project.training.hyperparameters:
        at = ("training", "hyperparameters", name)
        if name.startswith("sagemaker_"):
            yield at, "names with sagemaker_ belong to the service", "Remove it"
        elif project.training.image is None and name not in XGBOOST:
            close = get_close_matches(name, XGBOOST, n=1)
            remedy = f"Did you mean `{close[0]}`?" if close else "See XGBoost's parameters, in their native names"
            yield at, "XGBoost has no such parameter", remedy


def _windows(project: Project) -> Iterator[Finding]:
    training = project.training
    for field in ("window_days", "holdout_days"):
        if getattr(training, field) is not None and project.contract.event_time is None:
            yield ("training", field), "days need an event time", "Name a timestamp column as contract.event_time"
    if training.holdout_days is not None and "holdout_share" in training.model_fields_set:
        yield ("training", "holdout_share"), "the holdout is given twice", "Keep holdout_days or holdout_share"
    if training.window_days is not None and (training.holdout_days or 0) >= training.window_days:
        yield ("training", "holdout_days"), "the holdout leaves nothing of the window", "Make it shorter"


def _gate(project: Project) -> Iterator[Finding]:
    fit = METRICS[project.problem]
    remedy = f"Known are {', '.join(sorted(fit))}"
    if project.gate.metric is not None and project.gate.metric not in fit:
        yield ("gate", "metric"), f"{project.gate.metric} does not judge a {project.problem} problem", remedy
    for metric in project.gate.guards:
        if metric not in fit:
            yield ("gate", "guards", metric), f"{metric} does not judge a {project.problem} problem", remedy
    for index, name in enumerate(project.gate.slices):
        if name not in project.contract.columns:
            yield ("gate", "slices", index), f"`{name}` is not a column", _named(project, name)
        elif name in (project.contract.label, project.contract.event_time):
            yield ("gate", "slices", index), f"`{name}` is the label or the time", "Slice by a column known beforehand"


def _rollout(project: Project) -> Iterator[Finding]:
    kind = project.rollout.kind
    other = "serverless" if kind == "realtime" else "realtime"
    for field in sorted(ONLY[other] & project.rollout.model_fields_set):
        yield ("rollout", field), f"a {kind} endpoint has no {field}", f"Remove it, or say `kind: {other}`"


def _retrain(project: Project) -> Iterator[Finding]:
    retrain = project.retrain
    if retrain.schedule is not None and not (RATE.fullmatch(retrain.schedule) or CRON.fullmatch(retrain.schedule)):
        remedy = "Write rate(7 days) or cron(0 3 ? * MON *)"
        yield ("retrain", "schedule"), f"`{retrain.schedule}` is not a schedule", remedy
    if retrain.schedule is not None and "schedule" not in retrain.on:
        yield ("retrain", "on"), "there is a schedule that may not start anything", "Add `schedule`, or remove it"
    for index, freeze in enumerate(retrain.freeze):
        if freeze.start >= freeze.end:
            yield ("retrain", "freeze", index), "it ends before it starts", "Exchange start and end"
