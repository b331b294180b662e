"""The demo's figures and page: every number follows its input."""

from dataclasses import replace
from datetime import datetime, timedelta
from html.parser import HTMLParser
from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.demo.figures import contest, logloss, months
from local.demo.hours import Hour
from local.demo.page import page
from local.demo.story import Story, Turn
from local.demo.summary import commands, rows

AT = "2026-11-21T12:00:00+00:00"


def hours(count, start=datetime(2013, 1, 1)):
    """Hours of which every second is busy."""
    return [
        Hour(start + timedelta(hours=place), place % 24, 0, 0.0, 9.0, 0.0, 100.0, place % 2) for place in range(count)
    ]


def evaluation(champion=0.421, challenger=0.277):
    """An evaluation as a run writes it."""
    models = {
        name: {"metrics": {"logloss": {"value": value, "low": value - 0.02, "high": value + 0.02}}, "improvement": {}}
        for name, value in (("champion", champion), ("constant", 0.69), ("current", challenger))
    }
    lead = {"champion": {"logloss": {"value": champion - challenger, "low": 0.1, "high": 0.2}}}
    return {
        "primary": "logloss",
        "confidence": 0.95,
        "rows": 672,
        "champion": models["champion"],
        "constant": models["constant"],
        "candidates": {"current": models["current"] | {"improvement": lead}},
    }


def story(**changes):
    """A small whole story."""
    chain = [
        {"what": "model", "id": "bikeshare/2", "says": ["Approved, serves: <better>"], "facts": {"status": "Approved"}}
    ]
    steps = [{"stage": "data", "name": "ClaimUpload", "started": AT, "ended": "2026-11-21T12:00:01.5+00:00"}]
    turns = [Turn(name, chain, steps, contest(evaluation())) for name in ("first turn", "second turn")]
    later, answers = hours(24 * 40), {"bikeshare/1": [0.5] * 960, "bikeshare/2": [0.25, 0.75] * 480}
    told = Story(turns, months(later, answers), answers, [], "bikeshare/2", 42.0)
    return replace(told, **changes)


@given(st.lists(st.tuples(st.integers(0, 1), st.floats(0, 1)), min_size=1, max_size=30))
def test_logloss_is_never_negative_and_finite_even_for_sure_mistakes(pairs):
    found = logloss([truth for truth, _ in pairs], [score for _, score in pairs])

    assert 0 <= found <= 16.2


def test_a_coin_has_the_logloss_of_two_sides():
    assert logloss([0, 1], [0.5, 0.5]) == pytest.approx(log(2))


def test_months_hold_each_hour_once_and_every_model_against_the_same_truth():
    found = months(hours(24 * 40), {"a": [0.5] * 960, "b": [0.25, 0.75] * 480})

    assert [(month.month.month, month.rows) for month in found] == [(1, 744), (2, 216)]
    assert found[0].busy == 0.5
    assert found[0].logloss == {"a": pytest.approx(log(2)), "b": pytest.approx(-log(0.75))}
    assert found[0].expected == {"a": 0.5, "b": 0.5}


@given(st.floats(0.1, 0.9))
def test_the_summary_says_what_the_evaluation_says(challenger):
    turn = replace(story().turns[1], contest=contest(evaluation(challenger=challenger)))

    told = rows(story(turns=[story().turns[0], turn]))

    assert told["logloss, challenger"][1].startswith(f"{challenger:.3f} (")
    assert told["logloss, champion"][1] == "0.421 (0.401 to 0.441)"


def test_a_figure_of_the_page_follows_the_evaluation():
    turns = [replace(turn, contest=contest(evaluation(challenger=0.3456))) for turn in story().turns]

    assert "0.346" in page(story(turns=turns))
    assert "0.346" not in page(story())


def test_the_page_is_well_formed_loads_nothing_and_escapes_what_it_is_told():
    text = page(story())

    class Reader(HTMLParser):
        stack: list[str] = []  # noqa: RUF012 - a test's own

        def handle_starttag(self, tag, attrs):
            assert not any(name in {"src", "href"} for name, _ in attrs)
            self.stack += [] if tag in {"meta", "br", "!doctype"} else [tag]

        def handle_endtag(self, tag):
            assert self.stack.pop() == tag

    reader = Reader()
    reader.feed(text)
    assert reader.stack == []
    assert "&lt;better&gt;" in text
    assert "<better>" not in text


def test_a_refused_challenger_makes_another_headline():
    assert "<h1>bikeshare/1 still serves</h1>" in page(story(champion="bikeshare/1"))


def test_the_commands_begin_with_the_stack_unless_it_was_kept():
    assert "make up" in commands(kept=False)
    assert "make up" not in commands(kept=True)
    assert "local env --name demo" in commands(kept=True)
