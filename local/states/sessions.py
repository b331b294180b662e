"""boto3 clients that act as a state machine's role, so that what the role may not do is denied here too."""

import hashlib
import os
import threading
import time
from functools import lru_cache
from typing import Any

import boto3
from botocore.config import Config

SESSION_SECONDS = 12 * 3600
# Step Functions leaves retries to Retry. A Lambda may run for 15 minutes.
ONCE = Config(
    retries={"total_max_attempts": 1, "mode": "standard"},
    read_timeout=910,
    max_pool_connections=50,
    s3={"addressing_style": "path"},
)
_making = threading.Lock()  # boto3 makes clients in one thread at a time


def client(service: str, role: str, region: str) -> Any:
    """A client of the emulator under `role`, with a session that the emulator knows."""
    with _making:
        return _client(service, region, **_session(role))


@lru_cache(maxsize=256)
def _client(service: str, region: str, **keys: str) -> Any:
    return boto3.client(service, region_name=region, endpoint_url=os.environ["AWS_ENDPOINT_URL"], config=ONCE, **keys)


def _session(role: str) -> dict[str, str]:
    """Credentials of the role's one session; made anew after its end, or after the emulator forgot it."""
    from ministack.services import sts

    digest = hashlib.sha256(f"states:{role}".encode()).hexdigest()
    key = f"ASIA{digest[:16].upper()}"
    secret, token = digest[16:56], digest
    if sts._sessions.get(key, {}).get("Expiration", 0) < time.time() + 900:
        account, name = role.split(":")[4], role.rsplit("/", 1)[-1]
        sts.register_session(
            key,
            {
                "Arn": f"arn:aws:sts::{account}:assumed-role/{name}/states",
                "UserId": f"{sts._role_id(role)}:states",
                "SecretAccessKey": secret,
                "SessionToken": token,
                "Expiration": time.time() + SESSION_SECONDS,
                "AccountId": account,
                "PrincipalType": "AssumedRole",
                "SessionTags": [],
                "SessionPolicies": None,
            },
        )
    return {"aws_access_key_id": key, "aws_secret_access_key": secret, "aws_session_token": token}
