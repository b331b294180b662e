"""Features and signatures: the same numbers in training and in serving, and clear words about what is not readable."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tidewheel.domain.errors import InstanceUnreadable
from tidewheel.domain.evaluation import align, constant_outputs
from tidewheel.domain.features import CATEGORY, NUMBER, TIME, Feature
from tidewheel.domain.signature import BINARY, MULTICLASS, REGRESSION, Signature

HEIGHT, COLOUR, BORN = Feature("height", NUMBER), Feature("colour", CATEGORY, ("blue", "red")), Feature("born", TIME)
SIGNATURE = Signature(BINARY, "y", (HEIGHT, COLOUR), (False, True))


@pytest.mark.parametrize(
    ("feature", "value", "number"),
    [
        (HEIGHT, 1, 1.0),
        (HEIGHT, True, 1.0),
        (HEIGHT, "1.5", 1.5),
        (HEIGHT, "false", 0.0),
        (HEIGHT, None, np.nan),
        (HEIGHT, "", np.nan),
        (COLOUR, "red", 1.0),
        (COLOUR, "violet", np.nan),
        (COLOUR, None, np.nan),
        (BORN, "1970-01-02T12:00:00Z", 1.5),
        (BORN, "1970-01-02T12:00:00", 1.5),
        (BORN, "1970-01-02T14:00:00+02:00", 1.5),
        (BORN, None, np.nan),
    ],
)
def test_a_value_becomes_a_number(feature, value, number):
    assert feature.encode([value])[0] == pytest.approx(number, nan_ok=True)


@given(st.integers(-(10**6), 10**6))
def test_a_time_with_or_without_offset_is_the_same_day(minutes):
    moment = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)

    encoded = BORN.encode([moment.isoformat(), moment.replace(tzinfo=None).isoformat()])

    assert encoded[0] == encoded[1] == pytest.approx(moment.timestamp() / 86_400)


@pytest.mark.parametrize(("feature", "value"), [(HEIGHT, "tall"), (HEIGHT, [1]), (BORN, "yesterday"), (BORN, 7)])
def test_what_is_not_readable_is_named_by_row_and_column(feature, value):
    with pytest.raises(InstanceUnreadable, match=f"row 2, column {feature.name}"):
        feature.encode([None, value])


def test_an_absent_feature_is_an_error_and_another_column_is_not():
    with pytest.raises(InstanceUnreadable, match="row 1: no value for colour"):
        SIGNATURE.matrix([{"height": 1}])

    assert SIGNATURE.matrix([{"height": 1, "colour": "blue", "age": 3}]).tolist() == [[1.0, 0.0]]


def test_a_signature_comes_back_from_json_as_it_was():
    signature = Signature(MULTICLASS, "y", (HEIGHT, COLOUR), ("a", "b", "c"), {"shares": [0.2, 0.3, 0.5]})

    assert Signature.from_dict(signature.to_dict()) == signature


def test_outputs_of_models_that_know_other_classes_are_brought_in_line():
    aligned = align(np.array([[0.3, 0.7]]), ("a", "c"), ("a", "b", "c"), MULTICLASS)

    assert aligned.tolist() == [[0.3, 0.0, 0.7]]


def test_a_binary_models_outputs_stay_the_probability_of_the_last_class():
    outputs = np.array([0.25, 0.75])

    assert align(outputs, (0, 1), (0, 1), BINARY).tolist() == outputs.tolist()
    assert align(outputs, (0, 1), (2, 0, 1), BINARY).tolist() == outputs.tolist()


def test_the_constant_predictor_says_shares_mean_or_median():
    assert constant_outputs({"shares": [0.8, 0.2]}, BINARY, "logloss", 2).tolist() == [0.2, 0.2]
    assert constant_outputs({"shares": [0.5, 0.3, 0.2]}, MULTICLASS, "mlogloss", 1).tolist() == [[0.5, 0.3, 0.2]]
    assert constant_outputs({"mean": 3.0, "median": 1.0}, REGRESSION, "rmse", 1).tolist() == [3.0]
    assert constant_outputs({"mean": 3.0, "median": 1.0}, REGRESSION, "mae", 1).tolist() == [1.0]
