"""Project files: what is wrong with one is said by line, field and remedy."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tidewheel.domain.errors import ProjectInvalid
from tidewheel.project.file import ProjectFileInvalid, parse
from tidewheel.project.model import Project
from tidewheel.project.schema import schema

FOLDER = Path(__file__).parents[2] / "projects"
SMALLEST = """project: trips
problem: binary
contract:
  label: late
  event_time: at
  columns:
    at: timestamp
    miles: number
    line: {type: string, nullable: true}
    late: boolean
"""


def problems(text) -> list[tuple[int, str]]:
    with pytest.raises(ProjectFileInvalid) as invalid:
        parse(text)
    assert all(problem.problem and problem.remedy for problem in invalid.value.problems)
    return [(problem.line, problem.field) for problem in invalid.value.problems]


def remedies(text) -> list[str]:
    with pytest.raises(ProjectFileInvalid) as invalid:
        parse(text)
    return [problem.remedy for problem in invalid.value.problems]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_projects_of_the_house_are_valid(path):
    assert parse(path.read_text(), f"projects/{path.name}").project == path.stem


def test_ten_lines_are_a_project_and_defaults_are_filled_in():
    project = parse(SMALLEST)

    assert len(SMALLEST.splitlines()) == 10
    assert project.features() == ("miles", "line")
    assert (project.approval.mode, project.rollout.kind, project.training.holdout_share) == ("auto", "realtime", 0.2)


def test_a_project_survives_the_ledger():
    project = parse((FOLDER / "bikeshare.yaml").read_text())
    stored = json.loads(
        json.dumps(project.model_dump(mode="json")),
        parse_float=lambda text: int(float(text)) if float(text).is_integer() else float(text),
    )

    assert Project.model_validate(stored) == project
    assert Project.model_validate(stored).recipe_digest == project.recipe_digest


def test_the_recipe_is_what_is_learnt_and_not_where():
    same = parse(SMALLEST + "training: {instance: ml.m5.4xlarge, spot: true, max_runtime_hours: 2, volume_gb: 50}\n")
    other = parse(SMALLEST + "training: {hyperparameters: {eta: 0.2}}\n")

    assert same.recipe_digest == parse(SMALLEST).recipe_digest != other.recipe_digest


WRONG = {
    "a misspelt field": (SMALLEST.replace("label:", "lable:"), [(3, "contract.label"), (4, "contract.lable")]),
    "an unknown type": (SMALLEST.replace("miles: number", "miles: numbr"), [(8, "contract.columns.miles.type")]),
    "a label that is no column": (SMALLEST.replace("label: late", "label: lte"), [(4, "contract.label")]),
    "a label that cannot be": (SMALLEST.replace("late: boolean", "late: number"), [(10, "contract.columns.late")]),
    "event time of another type": (
        SMALLEST.replace("event_time: at", "event_time: miles"),
        [(5, "contract.event_time")],
    ),
    "days without event time": (
        SMALLEST.replace("  event_time: at\n", "") + "training: {holdout_days: 3}\n",
        [(10, "training.holdout_days")],
    ),
    "two holdouts": (
        SMALLEST + "training: {holdout_days: 3, holdout_share: 0.3}\n",
        [(11, "training.holdout_share")],
    ),
    "a metric of another problem": (SMALLEST + "gate: {metric: rmse}\n", [(11, "gate.metric")]),
    "a guard of another problem": (SMALLEST + "gate:\n  guards: {mae: 0.1}\n", [(12, "gate.guards.mae")]),
    "a slice that is no column": (SMALLEST + "gate: {slices: [lin]}\n", [(11, "gate.slices.0")]),
    "a feature that is the label": (SMALLEST + "training: {features: [late]}\n", [(11, "training.features.0")]),
    "a misspelt parameter": (
        SMALLEST + "training:\n  hyperparameters:\n    max_dept: 3\n",
        [(13, "training.hyperparameters.max_dept")],
    ),
    "no schedule": (SMALLEST + "retrain: {schedule: weekly}\n", [(11, "retrain.schedule")]),
    "a schedule that may not start anything": (
        SMALLEST + "retrain: {on: [upload], schedule: rate(1 day)}\n",
        [(11, "retrain.on")],
    ),
    "a field of the other endpoint": (
        SMALLEST + "rollout: {kind: serverless, instance: ml.m5.large}\n",
        [(11, "rollout.instance")],
    ),
    "bounds of a text": (SMALLEST.replace("nullable: true", "min: 3"), [(9, "contract.columns.line")]),
    "a pattern that is none": (SMALLEST.replace("nullable: true", "pattern: '('"), [(9, "contract.columns.line")]),
    "a name twice": (SMALLEST + "problem: binary\n", [(11, "yaml")]),
    "no YAML": ("project: [", [(1, "yaml")]),
    "an alias": ("a: &a 1\nb: *a\n", [(2, "yaml")]),
    "a list": ("- 1\n", [(1, "project")]),
    "nothing": ("", [(1, "project")]),
    "infinity": (SMALLEST + "gate: {margin: .inf}\n", [(11, "gate.margin")]),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_mistake_is_named_with_its_line_and_field(name):
    text, expected = WRONG[name]

    assert problems(text) == expected


def test_a_misspelt_word_is_guessed():
    assert "Did you mean `number`?" in remedies(SMALLEST.replace("miles: number", "miles: numbr"))
    assert "Did you mean `label`?" in remedies(SMALLEST.replace("label:", "lable:"))
    assert remedies(SMALLEST + "training: {hyperparameters: {max_dept: 3}}\n") == ["Did you mean `max_depth`?"]


def test_on_and_no_are_words_and_010_is_ten():
    project = parse(SMALLEST.replace("line:", "no:") + "retrain: {on: [upload], cooldown_hours: 010}\n")

    assert (project.retrain.on, project.retrain.cooldown_hours) == (("upload",), 10)
    assert "no" in project.contract.columns


def test_a_project_is_called_like_its_file():
    with pytest.raises(ProjectInvalid, match=r"called tours\.yaml and the project trips"):
        parse(SMALLEST, "projects/tours.yaml")


@given(st.text(max_size=80))
def test_any_text_is_a_project_or_has_problems(text):
    with pytest.raises(ProjectFileInvalid):
        parse(text)


@given(st.integers(0, len(SMALLEST)), st.text(max_size=3))
def test_a_slip_of_the_hand_is_a_project_or_has_problems(at, slip):
    try:
        parse(SMALLEST[:at] + slip + SMALLEST[at:])
    except ProjectFileInvalid as invalid:
        assert invalid.problems  # noqa: PT017


def test_the_schema_for_editors_is_that_of_the_model():
    assert (FOLDER / "project.schema.json").read_text() == schema()
