"""A local stack as a value: started in the background, deployed to, stopped. For tests, the demo and the launcher."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from local import ROOT
from local.errors import StackUnavailable
from local.home import Home
from local.server import CLIENT

STACK_NAME = "tidewheel"
START_SECONDS = 60
STOP_SECONDS = 20


class LocalStack:
    """AWS on this machine, under a name. As a context manager it lives as long as the block.

    >>> with LocalStack("test") as stack:
    ...     outputs = stack.deploy()
    ...     s3 = stack.client("s3")
    """

    def __init__(self, name: str = "default", *, auth: bool = False) -> None:
        self.home = Home(name)
        self._auth = auth

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def running(self) -> dict[str, Any] | None:
        """What the process announced: name, endpoint, auth, pid; None if it does not run."""
        return self.home.running()

    @property
    def endpoint(self) -> str:
        """The URL that answers for every AWS service. Raises StackUnavailable if the stack does not run."""
        if facts := self.running:
            return str(facts["endpoint"])
        raise StackUnavailable("it does not run", place=f"local stack {self.home.name}", remedy="Start it: make up")

    def environment(self, base: Mapping[str, str] = os.environ) -> dict[str, str]:
        """The environment that points boto3, `aws`, `sam` and `tidewheel` at this stack, and at nothing else."""
        kept = {name: value for name, value in base.items() if not name.startswith("AWS_")}
        return kept | CLIENT | {"AWS_ENDPOINT_URL": self.endpoint}

    def client(self, service: str, **options: Any) -> Any:
        """A boto3 client as the account's root user."""
        import boto3

        keys = {
            "aws_access_key_id": CLIENT["AWS_ACCESS_KEY_ID"],
            "aws_secret_access_key": CLIENT["AWS_SECRET_ACCESS_KEY"],
        }
        region = CLIENT["AWS_DEFAULT_REGION"]
        return boto3.Session(**keys, region_name=region).client(service, endpoint_url=self.endpoint, **options)

    def deploy(
        self,
        name: str = STACK_NAME,
        template: Path = ROOT / "template.yaml",
        parameters: Mapping[str, str] | None = None,
    ) -> dict[str, str]:
        """Deploys a template the fast way, again after every change; returns the stack's outputs. See local.deploy."""
        from local.deploy import deploy

        return deploy(self, name, template, parameters)

    def start(self) -> None:
        """Starts the stack in the background and waits until it answers. Raises StackUnavailable with the log's end."""
        self.home.require_free()
        self.home.path.mkdir(parents=True, exist_ok=True)
        command = [
            sys.executable,
            "-m",
            "local",
            "serve",
            "--name",
            self.home.name,
            *(["--auth"] if self._auth else []),
        ]
        with self.home.log.open("w") as log:
            process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)  # noqa: S603
        deadline = time.monotonic() + START_SECONDS
        while (self.running or {}).get("pid") != process.pid:
            if process.poll() is not None or time.monotonic() > deadline:
                process.kill()
                raise StackUnavailable(
                    "it did not start: " + self.home.log.read_text()[-2000:].strip(),
                    place=f"local stack {self.home.name}",
                    remedy=f"The log is {self.home.log}",
                )
            time.sleep(0.02)

    def stop(self) -> None:
        """Stops the stack and waits until it is gone. A stack that does not run is no error."""
        facts = self.running
        if facts is None:
            return
        pid = int(facts["pid"])
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while _alive(pid) and time.monotonic() < deadline:
            time.sleep(0.02)
        if _alive(pid):
            os.kill(pid, signal.SIGKILL)
        self.home.clear()


def _alive(pid: int) -> bool:
    """Whether the process runs. One that we started and that has ended is collected here."""
    with contextlib.suppress(ChildProcessError):
        if os.waitpid(pid, os.WNOHANG)[0] == pid:
            return False
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True
