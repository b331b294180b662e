"""Exact sums against rational arithmetic, and hashes against what they promise."""

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tidewheel.domain.exact import ExactSum
from tidewheel.domain.grid import keys_of, values_of
from tidewheel.domain.texts import Texts, mix

doubles = st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=40)


@given(doubles)
def test_a_sum_is_the_rational_one(values):
    assert ExactSum.of(np.array(values, dtype=np.float64)).fraction() == sum(map(Fraction, values))


@given(st.lists(st.floats(-1e150, 1e150).filter(lambda x: x == 0 or abs(x) > 1e-130), max_size=40))
def test_a_sum_of_squares_is_the_rational_one(values):
    assert ExactSum.of_squares(np.array(values, dtype=np.float64)).fraction() == sum(Fraction(x) ** 2 for x in values)


@given(doubles, doubles)
def test_sums_add_up_to_one_spelling(one, other):
    parts = [ExactSum.of(np.array(part, dtype=np.float64)) for part in (one, other)]

    assert parts[0] + parts[1] == parts[1] + parts[0] == ExactSum.of(np.array(one + other, dtype=np.float64))


@given(st.lists(st.floats(allow_nan=False), min_size=2, max_size=20))
def test_keys_are_in_the_order_of_the_numbers_and_lead_back(values):
    ordered = np.sort(np.array(values))

    assert (np.diff(keys_of(ordered).astype(object)) >= 0).all()
    assert (values_of(keys_of(ordered)) == ordered).all()


@given(st.lists(st.text(max_size=20) | st.text(min_size=90, max_size=300), unique=True, max_size=30))
def test_unequal_texts_have_unequal_hashes_that_do_not_depend_on_their_neighbours(texts):
    hashes = Texts.of(texts).hashes()

    assert len(set(hashes.tolist())) == len(texts)
    assert [Texts.of([text]).hashes()[0] for text in texts] == list(hashes)


def test_hashes_are_the_same_in_every_release():
    assert [f"{hash_:016x}" for hash_ in Texts.of(["", "a", "tidewheel", "x" * 300]).hashes()] == PINNED
    assert f"{mix(np.array([1], dtype=np.uint64))[0]:016x}" == "b456bcfc34c2cb2c"


PINNED = ["0000000000000000", "f05da57d93a4cf13", "ed71e74176835b56", "1546d9cac139b512"]
