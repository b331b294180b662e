"""Where things are on this machine: the service's folder, the image's interpreter, the emulator's address."""

import os
from pathlib import Path

from local import ROOT
from local.sagemaker.errors import ClientError

REGISTRY = ".dkr.ecr."  # every image lives in ECR
SIMULATED = ("sagemaker-xgboost:3.2-0",)


def fresh_home(kind: str, name: str) -> Path:
    """A new, empty folder for one container: it becomes the parent of `opt/ml`."""
    home = _folder() / kind / name
    home.mkdir(parents=True)
    return home


def image_python(image: str) -> Path:
    """The interpreter that stands for an image; its environment holds exactly the image's packages.

    Raises ClientError for an image that has none on this machine, or whose environment is not installed."""
    if REGISTRY not in image or not image.endswith(SIMULATED):
        known = ", ".join(SIMULATED)
        raise ClientError(f"Cannot pull image {image}: on this machine only {known} can run.")
    python = Path(os.environ.get("TIDEWHEEL_IMAGE_PYTHON", ROOT / ".tidewheel/env/image/bin/python"))
    if not python.exists():
        raise ClientError(f"The environment of image {image} is not installed: no interpreter at {python}.")
    return python.absolute()


def endpoint_url() -> str:
    """The emulator's own address, for the calls that SageMaker makes to S3."""
    return os.environ["AWS_ENDPOINT_URL"]


def _folder() -> Path:
    return Path(os.environ["TMPDIR"]).absolute() / "sagemaker"  # the stack's, which empties it at start and stop
