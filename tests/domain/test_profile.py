"""Profiles add up: the laws, on numbers that try to break them."""

import json
from statistics import fmean, pstdev

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tidewheel.domain.profile import Profile, nothing
from tidewheel.domain.profile_category import KEPT, CategoryProfile
from tidewheel.domain.profile_number import HASHES, NumberProfile
from tidewheel.domain.texts import Texts

numbers = st.floats(-1e150, 1e150) | st.integers(-50, 50).map(float) | st.just(-0.0)
columns = st.lists(numbers, max_size=60)
words = st.lists(st.sampled_from("abcdefgh") | st.text(max_size=300), max_size=40)


def of_numbers(values) -> NumberProfile:
    return NumberProfile("number").add(np.array(values, dtype=np.float64), nulls=len(values) % 3)


def of_words(values) -> CategoryProfile:
    distinct = sorted(set(values))
    counts = np.array([values.count(value) for value in distinct], dtype=np.int64)
    return CategoryProfile("string").add(Texts.of(distinct), counts)


def of_table(rows) -> Profile:
    return Profile(len(rows), {"number": of_numbers(rows), "word": of_words([str(row)[:2] for row in rows])})


tables = columns.map(of_table)


@given(tables, tables)
def test_the_order_of_two_profiles_does_not_matter(one, other):
    assert (one + other).columns == (other + one).columns


@given(tables, tables, tables)
def test_the_order_of_adding_does_not_matter(one, two, three):
    assert (one + two) + three == one + (two + three)


@given(tables)
def test_an_empty_profile_changes_nothing(profile):
    empty = Profile(0, {"number": nothing("number"), "word": nothing("string")})

    assert profile + Profile() == Profile() + profile == profile + empty == profile


@given(tables)
def test_a_profile_survives_json(profile):
    assert Profile.from_dict(json.loads(json.dumps(profile.to_dict()))) == profile


@given(columns, st.integers(0, 60))
def test_the_profiles_of_two_parts_add_up_to_the_profile_of_the_whole(values, cut):
    parts = [NumberProfile("number").add(np.array(part)) for part in (values[:cut], values[cut:])]

    assert parts[0] + parts[1] == NumberProfile("number").add(np.array(values, dtype=np.float64))


@given(words, st.integers(0, 40))
def test_the_profiles_of_two_lists_of_words_add_up_too(values, cut):
    assert of_words(values[:cut]) + of_words(values[cut:]) == of_words(values)


@pytest.mark.parametrize("seed", range(4))
def test_a_large_column_has_one_profile_however_it_is_cut_and_ordered(seed):
    random = np.random.default_rng(seed)
    values = np.concatenate([random.normal(0, 10**seed, 9_000), random.lognormal(0, 3, 9_000), np.arange(3_000.0)])
    whole = NumberProfile("number").add(values)

    random.shuffle(values)
    running = NumberProfile("number")
    for part in np.split(values, np.sort(random.integers(0, len(values), 12))):
        running = running.add(part)

    assert running == whole
    assert whole.grid.error() < 0.05


def test_many_words_have_one_profile_however_they_are_cut():
    values = [f"word {number % 3_000}" for number in range(7_000)]

    parts = [of_words(values[start : start + 1_000]) for start in range(0, 7_000, 1_000)]

    assert sum(parts[1:], parts[0]) == of_words(values)
    assert of_words(values).distinct == pytest.approx(3_000, rel=0.15)
    assert of_words(values).rest + sum(it.count for it in of_words(values).kept) == 7_000


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=50))
def test_mean_and_deviation_are_those_of_the_rows(values):
    profile = of_numbers(values)

    assert profile.mean == pytest.approx(fmean(values), rel=1e-12, abs=1e-12)
    assert profile.deviation == pytest.approx(pstdev(values), rel=1e-9)


def test_timestamps_of_one_second_keep_their_deviation():
    microseconds = 1.7e15 + np.arange(1_000_000, dtype=np.float64)

    assert NumberProfile("timestamp").add(microseconds).deviation == pytest.approx(np.sqrt((1e12 - 1) / 12), rel=1e-9)


def test_quantiles_are_near_the_exact_ones():
    values = np.random.default_rng(7).normal(20, 5, 50_000)
    profile = NumberProfile("number").add(values)

    for share in (0.01, 0.25, 0.5, 0.75, 0.99):
        below = (values < profile.grid.quantile(share)).mean()
        assert below == pytest.approx(share, abs=max(0.002, profile.grid.error()))


def test_a_histogram_counts_every_row_once():
    profile = NumberProfile("integer").add(np.repeat(np.arange(24.0), 10))

    assert profile.grid.histogram(np.linspace(0, 23, 13)).sum() == 240


def test_distinct_values_are_counted_exactly_while_there_are_few():
    assert NumberProfile("number").add(np.arange(HASHES - 1.0)).distinct == HASHES - 1
    assert NumberProfile("number").add(np.arange(50_000.0)).distinct == pytest.approx(50_000, rel=0.1)
    assert of_words([str(number) for number in range(KEPT - 1)]).distinct == KEPT - 1


def test_what_two_columns_say_of_other_kinds_does_not_add_up():
    with pytest.raises(ValueError, match="column a: a number and a string do not add up"):
        Profile(1, {"a": nothing("number")}) + Profile(1, {"a": nothing("string")})


def test_a_profile_of_another_version_is_refused():
    with pytest.raises(ValueError, match="version 2"):
        Profile.from_dict({"version": 2, "rows": 0, "columns": {}})
