"""Questions to people: each is asked once, and the schedule of its expiry is the sign that it was."""

from tidewheel.aws.clients import client


def asked(group: str, name: str) -> bool:
    """Whether the one-time schedule that ends the question exists."""
    scheduler = client("scheduler")
    try:
        scheduler.get_schedule(GroupName=group, Name=name)
    except scheduler.exceptions.ResourceNotFoundException:
        return False
    return True
