"""Somebody who asks an endpoint again and again, whatever happens to the stack."""

import json
import threading
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from botocore.config import Config

from local.stack import LocalStack

ONCE = Config(retries={"total_max_attempts": 1})  # what fails once has failed
PAUSE = 0.1  # seconds between two requests


class Asking:
    """Requests in the background for the length of a block: the versions that answered, in order, and every failure."""

    def __init__(self, stack: LocalStack, endpoint: str, row: Mapping[str, Any]) -> None:
        self.versions: list[str] = []
        self.failures: list[Exception] = []
        self._runtime = stack.client("sagemaker-runtime", config=ONCE)
        self._body = json.dumps({"instances": [row]})
        self._endpoint = endpoint
        self._enough = threading.Event()
        self._thread = threading.Thread(target=self._ask_on, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._enough.set()
        self._thread.join()

    def until(self, version: str, seconds: float = 30) -> None:
        """Wait until a version answers."""
        deadline = time.monotonic() + seconds
        while self.versions[-1:] != [version]:
            assert time.monotonic() < deadline, f"{version} does not answer, but {self.versions[-1:]}"
            time.sleep(PAUSE)

    def _ask_on(self) -> None:
        while not self._enough.wait(PAUSE):
            try:
                question = {"EndpointName": self._endpoint, "ContentType": "application/json", "Body": self._body}
                answer = json.loads(self._runtime.invoke_endpoint(**question)["Body"].read())
                assert answer["predictions"], answer
                self.versions.append(answer["model_version"])
            except Exception as failure:
                self.failures.append(failure)
