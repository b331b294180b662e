"""The data that the demo delivers: what is derived, and that nothing of the coming day leaks into it."""

import csv
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.demo.hours import BUSY, between, derive, shuffled, write
from local.demo.source import DataUnavailable, checked

START = datetime(2010, 9, 20, 12)


def published(counts):
    """A file of the same shape as the published one."""
    lines = ['"date","ts","count","tmin","tmax","pn"']
    for place, count in enumerate(counts):
        moment = START + timedelta(hours=place)
        lines.append(f"{moment:%Y-%m-%d},{moment:%Y-%m-%d %H:%M:%S},{count},12.8,25.6,0")
    return "\n".join(lines).encode()


@given(st.lists(st.integers(0, 1000), min_size=192, max_size=260))
def test_the_average_is_the_mean_of_the_week_that_ended_a_day_before(counts):
    hours = derive(published(counts))

    assert len(hours) == len(counts) - 191
    for place, hour in enumerate(hours):
        assert hour.avg_7d == pytest.approx(sum(counts[place : place + 168]) / 168)


@given(st.lists(st.integers(0, 1000), min_size=200, max_size=240), st.integers(0, 23))
def test_what_happens_in_the_last_day_changes_nothing_but_the_label(counts, back):
    other = [*counts]
    other[-1 - back] += 500

    features = [[hour.__dict__ | {"busy": 0} for hour in derive(published(each))] for each in (counts, other)]

    assert features[0] == features[1]


def test_an_hour_is_busy_above_the_limit_and_not_at_it():
    hours = derive(published([0] * 191 + [BUSY, BUSY + 1]))

    assert [hour.busy for hour in hours] == [0, 1]


def test_hour_and_weekday_are_those_of_the_timestamp():
    first = derive(published([5] * 192))[0]

    assert (first.ts, first.hour, first.dow) == (datetime(2010, 9, 28, 11), 11, 1)


def test_a_window_holds_its_start_and_not_its_end():
    hours = derive(published([5] * 240))

    day = between(hours, datetime(2010, 9, 29), datetime(2010, 9, 30))

    assert (len(day), day[0].ts.hour, day[-1].ts.hour) == (24, 0, 23)


def test_shuffling_moves_labels_and_nothing_else():
    hours = derive(published([place % 300 for place in range(400)]))

    dealt = shuffled(hours, seed=7)

    assert sum(hour.busy for hour in dealt) == sum(hour.busy for hour in hours)
    assert [hour.busy for hour in dealt] != [hour.busy for hour in hours]
    assert [hour.ts for hour in dealt] == [hour.ts for hour in hours]


def test_the_delivered_file_reads_back_as_it_was_written(tmp_path):
    hours = derive(published(range(200)))

    file = write(hours, tmp_path / "deep" / "delivery.csv")

    rows = list(csv.DictReader(file.open()))
    assert [float(row["avg_7d"]) for row in rows] == [hour.avg_7d for hour in hours]
    assert rows[0]["ts"] == "2010-09-28 11:00:00"


def test_other_data_than_the_storys_are_refused_with_both_digests(tmp_path):
    with pytest.raises(DataUnavailable, match="these are not the data that this story tells of") as refusal:
        checked(b"something else", tmp_path)

    assert "not ca37aedb" in str(refusal.value)
