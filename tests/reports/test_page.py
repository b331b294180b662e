"""Reports: nothing that a team delivers can become markup, and a page needs nothing else."""

import re
from html.parser import HTMLParser

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tidewheel.domain.profile import Profile, nothing
from tidewheel.domain.profile_number import NumberProfile
from tidewheel.reports.dataset import dataset_page
from tidewheel.reports.page import bars, html, number, page, table

EVIL = '<script>alert("1")</script>&'
FACTS = {
    "schema": 1,
    "project": "trips",
    "outcome": "accepted",
    "dataset_id": "ds-1",
    "upload": {"bucket": "inbox", "key": f"trips/{EVIL}.csv", "version_id": "v"},
    "uploaded_at": "2026-11-21T09:30:12+00:00",
    "size": 3,
    "rows": 3,
    "accepted": 2,
    "rejected": 1,
    "reasons": [
        {"column": EVIL, "rule": "min", "rows": 1, "examples": [{"row": 3, "value": EVIL}], "remedy": "Mend it"}
    ],
    "extra_columns": [EVIL],
    "absent_columns": [],
    "event_time_min": "2026-01-01T00:00:00+00:00",
    "event_time_max": "2026-01-02T00:00:00+00:00",
}


class Balanced(HTMLParser):
    """Whether every tag is closed, and which tags there are."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags = [], set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_startendtag(self, tag, attrs):
        self.tags.add(tag)


def profile() -> Profile:
    columns = {
        EVIL: NumberProfile("number").add(np.arange(100.0), 3),
        "at": NumberProfile("timestamp").add(np.array([1.7e15, 1.8e15])),
        "same": NumberProfile("integer").add(np.array([5.0])),
        "none": nothing("number"),
        "word": nothing("string"),
    }
    return Profile(100, columns)


def test_a_report_is_whole_and_holds_no_markup_of_the_file():
    text = dataset_page(FACTS, profile())

    parsed = Balanced(text)
    assert parsed.open == []
    assert "script" not in parsed.tags
    assert "svg" in parsed.tags
    assert "Mend it" in text


def test_a_refusal_says_what_to_do():
    refusal = {"code": "TooLarge", "problem": "it is large", "place": "file", "remedy": "Upload it in parts"}
    facts = {name: FACTS[name] for name in ("project", "upload", "uploaded_at", "size")}

    text = dataset_page(facts | {"outcome": "rejected", "refusal": refusal}, None)

    assert "Refused (TooLarge). file: it is large. Upload it in parts." in text


def test_a_page_needs_nothing_else():
    text = page("t", table(["a"], [[1]]), bars([1, 2], ["x", "y"]))

    assert not re.search(r"(src|href)=|url\(|@import|https?:", text)
    assert "prefers-color-scheme" in text


@given(st.text())
def test_what_is_not_markup_is_escaped(text):
    assert Balanced(html("<p>{}</p>", text)).tags == {"p"}


def test_numbers_are_written_as_people_read_them():
    assert [number(value) for value in (0, 1234567, 0.5, 12.3456789, 1e-9, 2.0)] == [
        "0",
        "1,234,567",
        "0.5",
        "12.35",
        "1e-09",
        "2",
    ]
