"""Recipes as SageMaker is told them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tidewheel.domain.planning import has_local_disk, recipes
from tidewheel.domain.recipe import hyperparameters, spelled

OWN = {
    "problem": "binary",
    "label": "busy",
    "event_time": "ts",
    "features": ["hour", "dow"],
    "hyperparameters": {"max_depth": 5},
    "seed": 7,
    "image": None,
}
COLUMNS = ["ts", "hour", "dow", "busy"]


def read(text):
    """As the container reads a hyperparameter: JSON where it is JSON, else the text."""
    try:
        return json.loads(text)
    except ValueError:
        return text


@given(st.text() | st.integers() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False))
def test_a_value_comes_back_as_it_was(value):
    assert read(spelled(value)) == value


@given(st.lists(st.text(min_size=1, max_size=300), max_size=60))
def test_features_come_back_whole_whatever_their_number(names):
    told = hyperparameters({**OWN, "features": names}, "eu-west-1")

    pieces = [told[name] for name in sorted(told) if name.startswith("features_")]
    assert [name for piece in pieces for name in json.loads(piece)] == names
    assert all(len(piece) <= 2500 for piece in pieces)


@pytest.mark.parametrize(
    ("champions", "learnt"),
    [
        (None, ["current"]),
        (OWN, ["current"]),
        (OWN | {"window_days": 30}, ["current"]),
        (OWN | {"hyperparameters": {"max_depth": 2}}, ["current", "champion"]),
        (OWN | {"features": ["hour"]}, ["current", "champion"]),
        (OWN | {"features": ["hour", "gone"]}, ["current"]),
        (OWN | {"problem": "regression"}, ["current"]),
    ],
)
def test_the_champions_recipe_is_learnt_again_where_it_teaches_otherwise(champions, learnt):
    assert list(recipes(OWN, champions, COLUMNS)) == learnt


@pytest.mark.parametrize(
    ("instance", "local"),
    [
        ("ml.m5.large", False),
        ("ml.m5d.large", True),
        ("ml.g4dn.xlarge", True),
        ("ml.g5.xlarge", True),
        ("ml.p3.2xlarge", False),
        ("ml.p3dn.24xlarge", True),
        ("ml.p5.48xlarge", True),
        ("ml.c6i.large", False),
        ("ml.r6gd.large", True),
    ],
)
def test_machines_with_a_disk_of_their_own_are_known(instance, local):
    assert has_local_disk(instance) == local
