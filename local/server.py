"""The process of a local stack: the emulator with our extensions, from its environment to a clean stop."""

import asyncio
import json
import os
import signal
import socket
import sys
import tempfile
from typing import Any

from local import hooks, preflight
from local.errors import PlatformUnsupported
from local.home import Home

REGION = "us-east-1"
CLIENT = {
    "AWS_ACCESS_KEY_ID": "test",  # the emulator's root user, with any secret
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": REGION,
    "AWS_REGION": REGION,
    "AWS_EC2_METADATA_DISABLED": "true",
}
EMULATOR = {
    "BIND_HOST": "127.0.0.1",
    "MINISTACK_REGION": REGION,
    "IOT_MTLS_ENABLED": "0",
    "SFTP_ENABLED": "0",
    "PERSIST_STATE": "0",
    "LAMBDA_ACCOUNT_CONCURRENCY": "1000",
    "SFN_WAIT_SCALE": "0.02",  # two minutes of waiting for an endpoint are 2.4 s here: Wait and Retry only
    "LAMBDA_ASYNC_RETRY_BASE_SECONDS": "0.2",
    "LOG_LEVEL": "WARNING",
    "OMP_WAIT_POLICY": "PASSIVE",  # training processes share few cores with this one: idle threads must not spin
}


def check_platform() -> None:
    """Raises PlatformUnsupported unless this is Linux on x86-64 or arm64 with Python 3.11, 3.12 or 3.13."""
    if missing := preflight.missing_platform() or preflight.missing_python():
        raise PlatformUnsupported(missing.rstrip("."), place="this machine", remedy="See docs/local.md")


def serve(home: Home, *, auth: bool = False, as_json: bool = False) -> None:
    """Runs the stack until SIGTERM or SIGINT. Raises StackUnavailable if one of this name runs already."""
    check_platform()
    home.require_free()
    home.prepare()
    facts = {"name": home.name, "endpoint": _prepare_environment(home, auth), "auth": auth, "pid": os.getpid()}
    try:
        hooks.install()
        asyncio.run(_until_stopped(home, facts, as_json))
    finally:
        hooks.stop()
        home.clear()
    sys.stdout.flush()
    os._exit(0)  # threads of the emulator sleep on (waits, retries); nothing is left that they could do


def _prepare_environment(home: Home, auth: bool) -> str:
    """Sets the emulator's environment, which it reads while it is imported; returns the endpoint."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]  # a profile or a region of the user's must not reach this process or its children
    port = _free_port()
    endpoint = f"http://127.0.0.1:{port}"
    folders = {"TMPDIR": home.tmp, "STATE_DIR": home.tmp / "state", "S3_DATA_DIR": home.tmp / "s3"}
    os.environ |= CLIENT | EMULATOR | {name: str(path) for name, path in folders.items()}
    os.environ |= {"GATEWAY_PORT": str(port), "AWS_ENDPOINT_URL": endpoint, "AUTH": str(auth).lower()}
    tempfile.tempdir = None  # forget the system's folder if somebody has asked before
    return endpoint


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _until_stopped(home: Home, facts: dict[str, Any], as_json: bool) -> None:
    from hypercorn.asyncio import serve as hypercorn_serve
    from hypercorn.config import Config
    from ministack.app import app

    config = Config()
    config.bind = [facts["endpoint"].removeprefix("http://")]
    config.graceful_timeout = 0.5
    config.keep_alive_timeout = 75
    config.loglevel = "WARNING"
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    announcing = asyncio.create_task(_announce(home, facts, as_json))
    await hypercorn_serve(app, config, shutdown_trigger=stopping.wait)  # type: ignore[arg-type]
    announcing.cancel()


async def _announce(home: Home, facts: dict[str, Any], as_json: bool) -> None:
    host, port = facts["endpoint"].removeprefix("http://").split(":")
    while True:
        try:
            _, writer = await asyncio.open_connection(host, int(port))
        except OSError:
            await asyncio.sleep(0.02)
            continue
        writer.close()
        break
    home.announce(facts)
    print(json.dumps(facts) if as_json else f"ready: AWS on this machine answers at {facts['endpoint']}", flush=True)
