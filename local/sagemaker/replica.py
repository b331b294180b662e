"""One serving container: started, pinged until healthy, asked, drained, stopped."""

import contextlib
import http.client
import shutil
import socket
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ministack.core.concurrency import spawn_background
from ministack.core.responses import get_region

from local.sagemaker import logs, place, roles, timing, transfer
from local.sagemaker.container import Container
from local.sagemaker.errors import ClientError, ModelError
from local.sagemaker.faults import NO_FAULT, Fault
from local.sagemaker.models import Serving

SERVER = Path(__file__).with_name("server.py")
PING_EVERY = 0.05


class Unhealthy(Exception):
    """The container did not pass its health check; the message is the FailureReason."""


@dataclass(frozen=True)
class Answer:
    """A container's answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Replica:
    """A container that serves one model for one variant."""

    def __init__(self, owner: str, variant: str, serving: Serving, fault: Fault = NO_FAULT) -> None:
        self.variant, self.serving, self.fault = variant, serving, fault
        self.instance = f"i-{uuid.uuid4().hex[:17]}"
        self.home = place.fresh_home("endpoint", f"{owner}-{variant}-{self.instance}")
        self.log = logs.of_endpoint(owner, variant, self.instance, self.home)
        self._under_way = 0
        self._idle = threading.Condition()
        self._stopped = self._reviving = False

    def start(self, extra: Mapping[str, str] | None = None) -> None:
        """Fetch the model and run its server until /ping answers; Unhealthy or ClientError if it does not."""
        if self.fault.name == "capacity":
            raise ClientError("Unable to provision requested ML compute capacity. Please retry later.")
        self.container = Container(
            self.home, place.image_python(self.serving.image), lambda line, _: self.log.write(line)
        )
        self._fetch_model()
        if self.fault.name == "slow":
            time.sleep(self.fault.seconds)
        self._extra = dict(extra or {})
        self._run()

    def _run(self) -> None:
        self.port = _free_port()
        model = self.container.path("/opt/ml/model")
        command = ["python3", str(SERVER), str(self.port), str(model)]
        self.container.start(command, self._environment() | self._extra, model)
        self._await_health()

    def ask(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        """POST /invocations. ModelError if the container is gone or takes more than a minute."""
        with self._counted():
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timing.INVOCATION_LIMIT)
            try:
                connection.request("POST", "/invocations", body, dict(headers))
                response = connection.getresponse()
                return Answer(response.status, dict(response.getheaders()), response.read())
            except OSError as error:
                self._revive()
                raise self.failed(0, f"Did not receive an inference response from the container: {error}") from error
            finally:
                connection.close()

    def failed(self, status: int, text: str) -> ModelError:
        """The error of an answer that is none."""
        where = f"{self.log.group}/{self.log.stream}"
        message = f'Received server error ({status}) from primary with message "{text}". See {where} for more.'
        return ModelError(message, OriginalStatusCode=status, OriginalMessage=text, LogStreamArn=where)

    def stop(self) -> None:
        """Let the requests under way end, then the container."""
        with self._idle:
            self._idle.wait_for(lambda: self._under_way == 0, timing.DRAIN_LIMIT)
        with self._idle:
            self._stopped = True
        if hasattr(self, "container"):
            self.container.stop()
        shutil.rmtree(self.home / "opt", ignore_errors=True)

    @property
    def under_way(self) -> int:
        """Requests that have no answer yet."""
        return self._under_way

    @contextlib.contextmanager
    def _counted(self) -> Iterator[None]:
        with self._idle:
            self._under_way += 1
        try:
            yield
        finally:
            with self._idle:
                self._under_way -= 1
                self._idle.notify_all()

    def _revive(self) -> None:
        """A container that has died is started again, as on AWS."""
        with self._idle:
            if self._stopped or self._reviving or self.container.running:
                return
            self._reviving = True
        spawn_background(self._start_again, thread_name=f"sagemaker-{self.instance}")

    def _start_again(self) -> None:
        try:
            self._run()
        except Unhealthy as error:
            self.log.write(str(error))
        finally:
            self._reviving = False

    def _fetch_model(self) -> None:
        folder = self.container.path("/opt/ml/model")
        folder.mkdir(parents=True)
        if self.serving.data_url:
            archive = self.home / "model.tar.gz"
            s3 = roles.s3(self.serving.role)
            transfer.fetch(s3, self.serving.data_url, archive, "model data")
            transfer.unpack(archive, folder)
            archive.unlink()

    def _environment(self) -> dict[str, str]:
        role = {} if self.serving.isolated else roles.environment(self.serving.role)
        return {"AWS_REGION": get_region(), "AWS_DEFAULT_REGION": get_region(), **role, **self.serving.environment}

    def _await_health(self) -> None:
        deadline = time.monotonic() + timing.limit("PING_LIMIT", timing.PING_LIMIT)
        while time.monotonic() < deadline and self.container.wait(PING_EVERY) is None:
            if self.fault.name != "ping" and self._pings():
                return
            if self.fault.name == "ping" and self._pings():
                break
        raise Unhealthy(
            f"The primary container for production variant {self.variant} did not pass the ping health check. "
            "Please check CloudWatch logs for this endpoint."
        )

    def _pings(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", "/ping")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
