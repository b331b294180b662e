"""AWS clients, each made once, on first use. `AWS_ENDPOINT_URL` points them at the local stack; no code knows."""

from functools import cache
from typing import Any

import boto3
from botocore.config import Config

# Attempts and time-outs add up to less than the shortest function time-out (60 s).
CONFIG = Config(retries={"mode": "standard", "max_attempts": 4}, connect_timeout=3, read_timeout=10)


@cache
def client(service: str) -> Any:
    """The process's client of a service, e.g. client("s3")."""
    return boto3.client(service, config=CONFIG)
