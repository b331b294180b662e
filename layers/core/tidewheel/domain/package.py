"""Model packages: a model version as the registry knows it. The registry is the truth, events only wake us."""

from collections.abc import Mapping
from dataclasses import dataclass, field

APPROVED, REJECTED, PENDING = "Approved", "Rejected", "PendingManualApproval"
LONGEST = 1024  # characters that the registry keeps of a reason


@dataclass(frozen=True)
class Package:
    """A model version: `status` is Approved, Rejected or PendingManualApproval, `why` its description; `facts` are what
    training noted on it.
    """

    arn: str
    group: str
    version: int
    status: str
    facts: Mapping[str, str] = field(default_factory=dict)
    why: str = ""


def project_of(prefix: str, group: str) -> str:
    """The project of a model package group; empty if the group is not one of the stack's."""
    return group.removeprefix(f"{prefix}-") if group.startswith(f"{prefix}-") else ""


def version_of(arn: str) -> int:
    """The version number at the end of a package's ARN."""
    return int(arn.rpartition("/")[2])


def description(reason: str) -> str:
    """The reason as the registry takes it: one line of 1024 printable characters."""
    printable = "".join(letter if letter.isprintable() else " " for letter in reason)
    return " ".join(printable.split())[:LONGEST]
