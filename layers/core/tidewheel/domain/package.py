"""Model packages: a model version as the registry knows it. The registry is the truth, events only wake us."""

from collections.abc import Mapping
from dataclasses import dataclass, field

APPROVED, REJECTED, PENDING = "Approved", "Rejected", "PendingManualApproval"
WORDS = 1024  # what the registry keeps of a reason


@dataclass(frozen=True)
class Package:
    """A model version: `status` is Approved, Rejected or PendingManualApproval; `facts` what training noted on it."""

    arn: str
    group: str
    version: int
    status: str
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def run_id(self) -> str:
        """The run that made it. Raises KeyError if the package was not made by ours."""
        return self.facts["run_id"]


def group_of(prefix: str, project: str) -> str:
    """The model package group of a project."""
    return f"{prefix}-{project}"


def project_of(prefix: str, group: str) -> str:
    """The project of a model package group; empty if the group is not one of the stack's."""
    return group.removeprefix(f"{prefix}-") if group.startswith(f"{prefix}-") else ""


def version_of(arn: str) -> int:
    """The version number at the end of a package's ARN."""
    return int(arn.rpartition("/")[2])


def description(reason: str) -> str:
    """The reason as the registry takes it: one line, 1024 characters."""
    return " ".join(reason.split())[:WORDS]
