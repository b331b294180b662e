"""How long each stage takes at least. On AWS these are minutes; here long enough to be seen by one poll."""

import os
import time

STARTING = 0.2
DOWNLOADING = 0.1
UPLOADING = 0.1
CREATING = 0.3  # an endpoint's, before its container is asked
DRAINING = 0.1  # between the switch of traffic and the end of the old container

PING_LIMIT = 30.0  # seconds that a serving container has to answer /ping; 4 minutes on AWS
INVOCATION_LIMIT = 60.0  # seconds that an answer may take, as on AWS
DRAIN_LIMIT = 30.0  # seconds that requests under way get after the switch
GRACE = 5.0  # seconds between SIGTERM and SIGKILL; 120 for jobs on AWS
CHECKPOINT_EVERY = 1.0  # seconds between two syncs of checkpoints to S3


def scale() -> float:
    """The factor for the minimum stage times, from TIDEWHEEL_SAGEMAKER_SCALE; 1 by default."""
    return float(os.environ.get("TIDEWHEEL_SAGEMAKER_SCALE", "1"))


def linger(seconds: float) -> None:
    """Stay in a stage for its minimum time."""
    time.sleep(seconds * scale())


def limit(name: str, default: float) -> float:
    """A limit that the environment may change, e.g. TIDEWHEEL_SAGEMAKER_PING_LIMIT."""
    return float(os.environ.get(f"TIDEWHEEL_SAGEMAKER_{name}", default))
