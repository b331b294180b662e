"""A container, played by a process group: the image's interpreter first on the path, a clean environment, its lines."""

import contextlib
import contextvars
import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from local.sagemaker.timing import GRACE, limit

OPT_ML = re.compile(r"(?<![\w.~/-])/opt/ml(?=$|[/\s'\":;,)\]}&])")  # not inside another path

LIVE: dict[int, "Container"] = {}  # process group -> container, so that none outlives the emulator


class Container:
    """One run of a command in a home folder that holds `opt/ml`."""

    def __init__(self, home: Path, python: Path, on_line: Callable[[str, bool], None]) -> None:
        self.home = home
        self.python = python
        self.on_line = on_line  # called with each line and whether it came from stderr
        self.last_error = ""
        self._readers: list[threading.Thread] = []

    def path(self, inside: str) -> Path:
        """The file on this machine that a path inside the container stands for."""
        return self.home / inside.lstrip("/")

    def local(self, text: str) -> str:
        """A string of the request with every /opt/ml turned into this container's own."""
        return OPT_ML.sub(lambda _: str(self.path("/opt/ml")), text)

    def start(self, command: Sequence[str], environment: Mapping[str, str], cwd: Path) -> None:
        """Start the command. Its environment is only what SageMaker and the image set."""
        first, *rest = [self.local(part) for part in command]
        program = str(self.python) if first in ("python", "python3") else first
        self.process = subprocess.Popen(  # noqa: S603 - running the caller's code is this service's purpose
            [program, *rest],
            cwd=cwd,
            env=self._environment(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        LIVE[self.process.pid] = self
        self._readers = [self._read(self.process.stdout, False), self._read(self.process.stderr, True)]

    def wait(self, seconds: float | None) -> int | None:
        """The exit code, or None if the container still runs after so many seconds."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = self.process.wait(seconds)
            self._ended()
            return code
        return None

    def stop(self) -> int:
        """SIGTERM, a time of grace, SIGKILL, to the whole process group; the exit code, 0 if it never started."""
        if not hasattr(self, "process"):
            return 0
        self._signal(signal.SIGTERM)
        try:
            code = self.process.wait(limit("GRACE", GRACE))
        except subprocess.TimeoutExpired:
            self._signal(signal.SIGKILL)
            code = self.process.wait()
        self._ended()
        return code

    @property
    def running(self) -> bool:
        """Whether the process is alive."""
        return self.process.poll() is None

    def _environment(self, environment: Mapping[str, str]) -> dict[str, str]:
        image = {
            "PATH": f"{self.python.parent}:/usr/local/bin:/usr/bin:/bin",
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "PYTHONUNBUFFERED": "1",
            "OMP_NUM_THREADS": "1",  # two jobs on two cores must not fight for them
            "OMP_WAIT_POLICY": "PASSIVE",
        }
        return image | {name: self.local(value) for name, value in environment.items()}

    def _read(self, stream: IO[bytes] | None, is_error: bool) -> threading.Thread:
        assert stream is not None  # noqa: S101 - both are pipes
        context = contextvars.copy_context()  # account and Region of the log group
        reader = threading.Thread(target=context.run, args=(self._lines, stream, is_error), daemon=True)
        reader.start()
        return reader

    def _lines(self, stream: IO[bytes], is_error: bool) -> None:
        for raw in stream:
            line = raw.decode("utf-8", "replace").rstrip("\r\n").replace("\t", "#011")  # as SageMaker's log driver does
            if is_error and line.strip():
                self.last_error = line.strip()
            self.on_line(line, is_error)

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def _ended(self) -> None:
        for reader in self._readers:
            reader.join(1)
        self._signal(signal.SIGKILL)  # what the command left running in its group
        LIVE.pop(self.process.pid, None)


def stop_all() -> None:
    """End every container: the emulator stops."""
    containers = list(LIVE.values())
    for container in containers:
        container._signal(signal.SIGTERM)
    deadline = time.monotonic() + 1
    while any(container.running for container in containers) and time.monotonic() < deadline:
        time.sleep(0.02)
    for container in containers:
        container._signal(signal.SIGKILL)
