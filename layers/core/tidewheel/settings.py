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
