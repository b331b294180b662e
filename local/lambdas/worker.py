"""One execution environment: a process that runs one function, one invocation at a time."""

import contextlib
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from ministack.core.lambda_runtime import execution_credentials
from ministack.core.responses import get_region, new_uuid

from local.lambdas import code
from local.lambdas.outcome import Outcome, exited, out_of_memory, read_error, read_response, timed_out
from local.lambdas.runtime_api import Invocation, RuntimeApi

INIT_SECONDS = 60  # AWS gives 10 and then starts anew; a cold disk on a small machine needs more
LOOK_SECONDS = 0.05  # how often a running invocation's process, memory and deadline are looked at


class Worker:
    """Started with the function's configuration; `invoke` may be called again after a handler's exception."""

    def __init__(self, key: tuple[str, ...], config: dict[str, Any], archive: bytes) -> None:
        self.key = key  # which function, in which version and configuration
        self._api = RuntimeApi()
        self._memory_mb = int(config.get("MemorySize", 128))
        self._folder = Path(tempfile.mkdtemp(prefix="lambda-"))
        self._log = self._folder / "log"
        self._started = time.monotonic()
        self.init_ms: float | None = None  # from the start of the process to its first wait for an event
        self.handler_ms = 0.0  # of the last invocation
        task, layers = code.task_root(config, archive), code.layer_roots(config)
        environment = _environment(config, task, layers, self._api.address) | {"TMPDIR": str(self._folder)}
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - the function that was deployed is what shall run
                [sys.executable, "-S", "-m", "awslambdaric", config["Handler"]],  # -S: no site-packages of ours
                cwd=task, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def invoke(self, invocation: Invocation, timeout: float) -> Outcome:
        """Runs the handler. `timeout`: seconds from when the runtime is ready.

        After an outcome that is `fatal` the worker is of no more use.
        """
        if not self._api.idle.wait(0) and (failure := self._initialise(invocation)):
            return failure
        self._api.send(Invocation(**(vars(invocation) | {"deadline_ms": int((time.time() + timeout) * 1000)})))
        started = time.monotonic()
        try:
            return self._answer(invocation, started + timeout, timeout)
        finally:
            self.handler_ms = (time.monotonic() - started) * 1000

    def _answer(self, invocation: Invocation, deadline: float, timeout: float) -> Outcome:
        while True:
            left = deadline - time.monotonic()
            with contextlib.suppress(queue.Empty):
                kind, body = self._api.answers.get(timeout=max(0.0, min(LOOK_SECONDS, left)))
                return (read_response if kind == "response" else read_error)(invocation.request_id, body)
            if not self.alive:
                return self._last_words(invocation)
            if left <= 0:
                return timed_out(invocation.request_id, timeout)
            if self._anonymous_mb() > self._memory_mb:
                return out_of_memory(invocation.request_id)

    def log(self) -> str:
        """What the function has printed since the last call."""
        with self._log.open("r+b") as file:
            text = file.read().decode(errors="replace")
            file.truncate(0)
        return text

    def peak_memory_mb(self) -> int:
        """The process's greatest resident size so far."""
        return self._status("VmHWM")

    def close(self) -> None:
        """Ends the process and all that it started, and removes its files."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._api.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _initialise(self, invocation: Invocation) -> Outcome | None:
        """Waits until the module is imported; an answer only if that failed."""
        while not self._api.idle.wait(LOOK_SECONDS):
            if not self.alive:
                return self._last_words(invocation)
            if time.monotonic() - self._started > INIT_SECONDS:
                return timed_out(invocation.request_id, INIT_SECONDS)
        if self.init_ms is None:
            self.init_ms = (time.monotonic() - self._started) * 1000
        return None

    def _last_words(self, invocation: Invocation) -> Outcome:
        with contextlib.suppress(queue.Empty):
            return read_error(invocation.request_id, self._api.answers.get_nowait()[1])
        return exited(invocation.request_id, self._process.returncode)

    def _anonymous_mb(self) -> int:
        """Memory that a kernel cannot take back, which is what AWS's limit counts.

        A limit on address space is no measure: pyarrow reserves far more than it uses.
        """
        return self._status("RssAnon")

    def _status(self, field: str) -> int:
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{self._process.pid}/status").read_text().splitlines():
                if line.startswith(field + ":"):
                    return int(line.split()[1]) // 1024
        return 0


def _environment(config: dict[str, Any], task: Path, layers: list[Path], api: str) -> dict[str, str]:
    """The function's variables and AWS's, and nothing of this machine's.

    https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
    """
    variables: dict[str, str] = (config.get("Environment") or {}).get("Variables") or {}
    version = config.get("Version", "$LATEST")
    libraries = [str(root / "lib") for root in layers if (root / "lib").is_dir()]
    return {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "LD_LIBRARY_PATH": ":".join(libraries),
        "PYTHONPATH": ":".join(str(path) for path in code.search_path(task, layers)),
        **variables,
        **execution_credentials(config),
        **_logging(config),
        "_HANDLER": config["Handler"],
        "AWS_ENDPOINT_URL": os.environ["AWS_ENDPOINT_URL"],
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{config['Runtime']}",
        "AWS_DEFAULT_REGION": get_region(),
        "AWS_REGION": get_region(),
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(config.get("MemorySize", 128)),
        "AWS_LAMBDA_FUNCTION_NAME": config["FunctionName"],
        "AWS_LAMBDA_FUNCTION_VERSION": version,
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_STREAM_NAME": f"{time.strftime('%Y/%m/%d')}/[{version}]{new_uuid().replace('-', '')}",
        "AWS_LAMBDA_RUNTIME_API": api,
        "LAMBDA_RUNTIME_DIR": str(code.runtime_root()),
        "LAMBDA_TASK_ROOT": str(task),
    }


def _logging(config: dict[str, Any]) -> dict[str, str]:
    wanted = config.get("LoggingConfig") or {}
    found = {
        "AWS_LAMBDA_LOG_GROUP_NAME": wanted.get("LogGroup") or f"/aws/lambda/{config['FunctionName']}",
        "AWS_LAMBDA_LOG_FORMAT": wanted.get("LogFormat") or "Text",
        "AWS_LAMBDA_LOG_LEVEL": wanted.get("ApplicationLogLevel", ""),
    }
    return {name: value for name, value in found.items() if value}
