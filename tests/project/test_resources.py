"""What a project asks of the stack, and what a new file would change of it."""

from tidewheel.project.file import parse
from tidewheel.project.resources import diff, resources

FILE = """
project: trips
problem: binary
contract: {label: late, columns: {miles: number, late: boolean}}
retrain: {schedule: rate(7 days)}
notify: [ada@example.org]
"""


def test_a_project_asks_for_a_group_a_schedule_and_subscriptions():
    assert [(it.kind, it.name, it.says) for it in resources(parse(FILE), "tw")] == [
        ("model package group", "tw-trips", ""),
        ("schedule", "tw-trips", "rate(7 days)"),
        ("subscription", "ada@example.org", ""),
    ]


def test_the_same_file_changes_nothing():
    assert diff(parse(FILE), parse(FILE), "tw") == ()


def test_a_first_file_makes_everything():
    assert [str(change) for change in diff(None, parse(FILE), "tw")] == [
        "create model package group tw-trips",
        "create schedule tw-trips: rate(7 days)",
        "create subscription ada@example.org",
    ]


def test_a_change_names_things_first_and_fields_after():
    new = FILE.replace("7 days", "1 day").replace("ada@", "bob@")

    assert [str(change) for change in diff(parse(FILE), parse(new), "tw")] == [
        "change schedule tw-trips: rate(7 days) -> rate(1 day)",
        "create subscription bob@example.org",
        "delete subscription ada@example.org",
        "change field retrain.schedule: rate(7 days) -> rate(1 day)",
        "change field notify: [ada@example.org] -> [bob@example.org]",
    ]


def test_retiring_keeps_the_models():
    assert [change.kind for change in diff(parse(FILE), None, "tw")] == ["schedule", "subscription"]
