"""The files of functions and layers: each archive unpacked once, under its digest, and shared by all who run it."""

import base64
import io
import os
import shutil
import sys
import tempfile
import threading
import time
import zipfile
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ministack.services import lambda_svc

from local.home import STATE

CACHE = STATE / "cache" / "lambda"
KEPT_SECONDS = 14 * 24 * 3600
# What AWS puts in /var/runtime beside the function: its runtime client and boto3, with what they need. Nothing else
# of this environment is visible to a function, so that what a layer forgot is missed here as well.
RUNTIME_MODULES = (
    *("awslambdaric", "runtime_client", "simplejson", "snapshot_restore_py"),
    *("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six", "urllib3"),
)
_unpacking = threading.Lock()


def task_root(config: dict[str, Any], archive: bytes) -> Path:
    """The folder of a function's own files (AWS: /var/task)."""
    return _unpacked(config["CodeSha256"], archive)


def layer_roots(config: dict[str, Any]) -> list[Path]:
    """The folders of its layers (AWS: all merged in /opt, a later one over an earlier one), last layer first."""
    return [_layer(attachment) for attachment in reversed(config.get("Layers") or [])]


def search_path(task: Path, layers: list[Path]) -> list[Path]:
    """`sys.path` as on AWS: the function, then its layers, then the runtime."""
    site = f"python/lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"
    of_layers = [root / folder for folder in (site, "python") for root in layers]
    return [task, *(path for path in of_layers if path.is_dir()), runtime_root()]


@cache
def runtime_root() -> Path:
    """A folder with links to the modules that AWS's runtime brings along."""
    root = Path(tempfile.mkdtemp(prefix="runtime-"))
    for name in RUNTIME_MODULES:
        spec = find_spec(name)
        if spec is None or spec.origin is None:
            raise ImportError(f"the runtime client needs the module {name}")
        source = Path(spec.origin)
        source = source.parent if source.name == "__init__.py" else source
        (root / source.name).symlink_to(source)
    return root


def _layer(attachment: dict[str, Any]) -> Path:
    archive = lambda_svc._resolve_layer_zip(attachment)
    if archive is None:
        raise FileNotFoundError(f"no content for layer {attachment['Arn']}")
    return _unpacked(_layer_digest(attachment["Arn"]), archive)


def _layer_digest(arn: str) -> str:
    name, version = lambda_svc._lambda_layer_version_name_and_number_from_arn_spec(lambda_svc.parse_arn(arn))
    found, _ = lambda_svc._find_layer_version(name, version, include_deleted=True)
    return str(found["Content"]["CodeSha256"])


def _unpacked(digest: str, archive: bytes) -> Path:
    """`digest` as Lambda writes it: base64 of SHA-256."""
    folder = CACHE / base64.b64decode(digest).hex()
    with _unpacking:
        if not folder.exists():
            _forget_old()
            CACHE.mkdir(parents=True, exist_ok=True)
            draft = Path(tempfile.mkdtemp(dir=CACHE, prefix="draft-"))
            zipfile.ZipFile(io.BytesIO(archive)).extractall(draft)
            draft.chmod(0o755)
            draft.rename(folder)
    os.utime(folder)
    return folder


def _forget_old() -> None:
    """The cache outlives a stack, so that the next one starts warm; what no stack has used for two weeks goes."""
    limit = time.time() - KEPT_SECONDS
    for folder in CACHE.glob("*"):
        if folder.stat().st_mtime < limit:
            shutil.rmtree(folder, ignore_errors=True)
