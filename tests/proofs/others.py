"""Stand-ins for what is asked little: Step Functions about executions, Scheduler, SNS."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tests.proofs.answers import Refused
from tests.proofs.bus import NAMES, Bus
from tests.proofs.loop import Loop

if TYPE_CHECKING:
    from tests.proofs.flow import Execution


class Executions:
    """Step Functions, asked whether an execution still runs."""

    def __init__(self, executions: Sequence["Execution"]) -> None:
        self._executions = executions

    def describe_execution(self, executionArn: str) -> dict[str, Any]:  # noqa: N803 (boto3's spelling)
        """Its status."""
        for execution in self._executions:
            if execution.arn == executionArn:
                return {"executionArn": executionArn, "status": execution.status}
        raise Refused("ExecutionDoesNotExist", f"Execution Does Not Exist: '{executionArn}'")


class Scheduler:
    """One-time schedules that put an event on the stack's bus and are gone then."""

    def __init__(self, loop: Loop, bus: Bus) -> None:
        self._loop, self._bus = loop, bus
        self.waiting: dict[str, dict[str, Any]] = {}
        self.made: list[str] = []

    def create_schedule(self, Name: str, ScheduleExpression: str, Target: dict[str, Any], **_: Any) -> dict[str, Any]:  # noqa: N803
        """Rings at its time."""
        if Name in self.waiting:
            raise Refused("ConflictException", f"Schedule {Name} already exists.")
        self.waiting[Name] = Target
        self.made.append(Name)
        at = datetime.fromisoformat(ScheduleExpression.removeprefix("at(").removesuffix(")")).replace(tzinfo=UTC)
        self._loop.at(at, lambda: self._ring(Name))
        return {"ScheduleArn": Name}

    def get_schedule(self, Name: str, **_: Any) -> dict[str, Any]:  # noqa: N803
        """Whether it waits."""
        if Name not in self.waiting:
            raise Refused("ResourceNotFoundException", f"Schedule {Name} does not exist.")
        return {"Name": Name}

    def _ring(self, name: str) -> None:
        target = self.waiting.pop(name)
        about = target["EventBridgeParameters"]
        self._bus.emit(about["Source"], about["DetailType"], json.loads(target["Input"]), NAMES["Bus"])


class Mail:
    """SNS: what people are asked."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def publish(self, TopicArn: str, Message: str, Subject: str = "") -> dict[str, Any]:  # noqa: N803
        """Keeps the subject."""
        self.sent.append(Subject)
        return {"MessageId": f"m-{len(self.sent)}"}
