"""The environment of a function, read once and typed. The template sets every one of these for every function."""

import os
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Settings:
    """Names of what the stack made."""

    prefix: str  # the stack's name: everything made at run time is called `<prefix>-...`
    ledger_table: str
    inbox_bucket: str
    datasets_bucket: str
    models_bucket: str
    automation_bucket: str
    bus_name: str


@cache
def settings() -> Settings:
    """The settings of this process. A missing variable is a fault of the template and named in the KeyError."""
    return Settings(**{name: os.environ[name.upper()] for name in Settings.__dataclass_fields__})


@dataclass(frozen=True)
class ProjectSettings:
    """What a project's own resources hang on: only the function that makes them has these."""

    bus_arn: str
    topic_arn: str
    schedule_group: str
    scheduler_role_arn: str
    schedule_dlq_arn: str  # what a schedule could not put on the bus


@cache
def project_settings() -> ProjectSettings:
    """The settings of project registration."""
    return ProjectSettings(**{name: os.environ[name.upper()] for name in ProjectSettings.__dataclass_fields__})


def upload_limit() -> int:
    """Bytes of a file that one Lambda validates: `UPLOAD_LIMIT_MB`, 1024 by default."""
    return int(os.environ.get("UPLOAD_LIMIT_MB", "1024")) << 20
