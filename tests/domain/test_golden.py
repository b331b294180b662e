"""Golden rows: served as stored, or not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tidewheel.domain.golden import difference, score_of

scores = st.floats(0, 1) | st.lists(st.floats(0, 1), min_size=3, max_size=3)


@given(st.lists(scores, min_size=1))
def test_what_was_stored_is_no_difference(stored):
    assert difference(stored, stored) == ""


@given(st.lists(st.floats(0, 1), min_size=1), st.data())
def test_one_row_that_differs_is_found_and_named(stored, data):
    row = data.draw(st.integers(0, len(stored) - 1))
    served = [*stored[:row], stored[row] + 1e-3, *stored[row + 1 :]]

    assert difference(stored, served).startswith(f"golden row {row + 1} ")


@pytest.mark.parametrize("served", [[], [0.5, 0.5], [None], ["0.5"], [True], [[0.5]], [{}]])
def test_an_answer_of_another_form_differs(served):
    assert difference([0.5], served) != ""


def test_without_golden_rows_nothing_is_the_same():
    assert difference([], []) == "0 golden rows were asked, 0 were answered"


def test_floats_of_another_machine_are_the_same():
    assert difference([0.5, [0.25, 0.75]], [0.5 + 4e-7, [0.25, 0.75 - 5e-7]]) == ""


def test_a_score_is_found_in_every_kind_of_prediction():
    predictions = [{"score": 0.5}, {"value": -3.0}, {"label": "b", "probabilities": {"a": 0.25, "b": 0.75}}]

    assert [score_of(each) for each in predictions] == [0.5, -3.0, [0.25, 0.75]]
