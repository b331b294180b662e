"""What training, processing and transform jobs share: a thread each, a status that moves, a stop, an honest end."""

import contextlib
import logging
import shutil
import threading
import time
import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ministack.core.concurrency import spawn_background

from local.sagemaker import faults, logs, place, roles, store, timing
from local.sagemaker.container import Container
from local.sagemaker.errors import AlgorithmError, CapacityError, InternalServerError, JobFailure, ValidationException
from local.sagemaker.kinds import Kind
from local.sagemaker.store import Record

logger = logging.getLogger("sagemaker")
POLL = 0.02
RUNNING: dict[str, "Job"] = {}  # ARN -> job, of all accounts and Regions


class Stopped(Exception):
    """The job was asked to stop, or its time was up; the message is its secondary status."""


class Job(ABC):
    """One job under way. A kind of job says what its `work` is and what is told when its status moves."""

    kind: Kind
    publish: Callable[[Record], None]

    def __init__(self, record: Record) -> None:
        self.record = record
        self.name: str = record[self.kind.name_field]
        self.arn: str = record[self.kind.arn_field]
        self.fault = faults.of(store.tags_of(self.arn))
        self.home = place.fresh_home(self.kind.segment, f"{self.name}-{uuid.uuid4().hex[:8]}")
        self.log = logs.of_job(self.kind.segment, self.name, self.home)
        self.stopping = threading.Event()

    def begin(self) -> None:
        """Run in the background, in the caller's account and Region."""
        RUNNING[self.arn] = self
        type(self).publish(self.record)
        spawn_background(self._run, thread_name=f"sagemaker-{self.name}")

    @abstractmethod
    def work(self) -> None:
        """Do the job and move it to Completed."""

    def ended(self, status: str, secondary: str, **members: Any) -> None:
        """Move the job to its terminal status."""
        self.move(status, **members)

    def move(self, status: str, **members: Any) -> None:
        """A new status, stored and told."""
        store.change(self.record, **{self.kind.status: status}, **members)
        type(self).publish(self.record)

    def pause(self, seconds: float) -> None:
        """Stay in a stage; a stop ends it."""
        if self.stopping.wait(seconds * timing.scale()):
            raise Stopped("Stopped")

    def provision(self, role: str, image: str) -> Container:
        """The container and the S3 client under the job's role, unless a fault says that there are none."""
        if self.fault.name == "capacity":
            raise CapacityError("Unable to provision requested ML compute capacity. Please retry later.")
        if self.fault.name == "internal":
            raise InternalServerError("We encountered an internal error. Please try again.")
        self.role = role
        self.s3 = roles.s3(role)
        return Container(self.home, place.image_python(image), self.hear)

    def hear(self, line: str, is_error: bool) -> None:
        """A line of the container's output."""
        self.log.write(line)

    def credentials(self, isolated: bool) -> dict[str, str]:
        """What reaches AWS from inside the container: nothing under network isolation."""
        return {} if isolated else roles.environment(self.role)

    def execute(
        self, container: Container, command: Sequence[str], environment: Mapping[str, str], cwd: Path, seconds: float
    ) -> None:
        """Run the container to its end: AlgorithmError for an exit code, Stopped for a stop or the time limit."""
        self._strike()
        container.start(command, environment, cwd)
        deadline = time.monotonic() + seconds
        while (code := container.wait(POLL)) is None:
            if self.stopping.is_set() or time.monotonic() > deadline:
                container.stop()
                raise Stopped("Stopped" if self.stopping.is_set() else "MaxRuntimeExceeded")
            self.tend(container)
        if code:
            raise AlgorithmError(f"{self._reason(container)}, exit code: {code}")

    def tend(self, container: Container) -> None:  # noqa: B027 (a default: only trainings have something to tend)
        """Called while the container runs."""

    def _strike(self) -> None:
        if self.fault.name == "fail":
            raise AlgorithmError(f"{self.fault.argument or 'fault on request'}, exit code: 1")
        if self.fault.name == "slow":
            self.pause(self.fault.seconds)
        if self.fault.name == "hang":
            self.stopping.wait()
            raise Stopped("Stopped")

    def _reason(self, container: Container) -> str:
        failure = self.home / "opt/ml/output/failure"
        written = failure.read_text("utf-8", "replace")[:1024].strip() if failure.exists() else ""
        return written or container.last_error or "The container ended with an error and said nothing"

    def _run(self) -> None:
        try:
            self.work()
        except Stopped as stop:
            self.ended("Stopped", str(stop))
        except JobFailure as failure:
            self.ended("Failed", "Failed", FailureReason=str(failure)[:1024])
        except Exception:
            logger.exception("job %s", self.arn)
            reason = InternalServerError("The local service failed; its log has the details.")
            self.ended("Failed", "Failed", FailureReason=str(reason))
        finally:
            RUNNING.pop(self.arn, None)
            self._tidy()

    def _tidy(self) -> None:
        for folder in ("input/data", "model", "output", "code", "checkpoints", "processing"):
            with contextlib.suppress(OSError):
                shutil.rmtree(self.home / "opt/ml" / folder, ignore_errors=True)


def stop(kind: Kind, name: str) -> dict[str, Any]:
    """Ask a job to stop; it goes through Stopping. ValidationException for a job that has ended."""
    record = store.get(kind, name)
    job = RUNNING.get(record[kind.arn_field])
    if job is None or record[kind.status] not in ("InProgress", "Stopping"):
        raise ValidationException(
            f"The request was rejected because the {kind.segment.replace('-', ' ')} is in status {record[kind.status]}."
        )
    job.move("Stopping")
    job.stopping.set()
    return {}
