"""Run a state machine against canned answers, with no AWS, no clock and no chance: `play`.

    from tests.statemachines.runner import Error, play

    played = play("data", {"detail": {...}}, {
        "ClaimUpload": {},                                        # what the API returns ...
        "ValidateUpload": {"outcome": "accepted"},                # ... and for a Lambda what its handler returns
        "CommitDataset": Error("DynamoDb.TransactionCanceledException", "why"),
        "DescribeEndpoint": [{"EndpointStatus": "Creating"}, {"EndpointStatus": "InService"}],  # one per call
        "PublishAnswer": lambda arguments: {"FailedEntryCount": 0},
    })
    assert played.path == ["ClaimUpload", "ValidateUpload", "CommitDataset", ...]   # states in the order entered

`play` takes a stage's name, a path or a definition, then the execution's input, then answers by state name. A Task
state without an answer fails the test by name. `tokens={"Prefix": "tw"}` fills `${Prefix}`; others stay as they are.
The Played that comes back has: path, end (the last state), status, output, error, cause, calls (each with .state,
.resource, .arguments), asked("State") (the arguments of its calls), waits (seconds slept, retries included; jitter is
taken as 1) and transitions. The interpreter is the one that the local stack runs: see local/states.

Errors are spelled as AWS spells them: `arn:aws:states:::dynamodb:putItem` (optimized) raises `DynamoDB.X`, and
`aws-sdk:dynamodb:*` raises `DynamoDb.X`; test_integrations.py holds definitions to that.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from local.states.definition import problems
from local.states.errors import StateError, TimedOut
from local.states.machine import run
from local.states.world import Call

HERE = Path(__file__).parents[2] / "statemachines"
START = datetime(2026, 1, 31, 12, tzinfo=UTC)
Error = StateError


@dataclass
class Played:
    """What happened."""

    path: list[str] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list, repr=False)
    status: str = "RUNNING"
    output: Any = None
    error: str | None = None
    cause: str | None = None

    @property
    def end(self) -> str:
        return self.path[-1]

    @property
    def transitions(self) -> int:
        return len(self.path)

    def asked(self, state: str) -> list[Any]:
        """The arguments of each call of a state."""
        return [call.arguments for call in self.calls if call.state == state]


@dataclass
class Stage:
    """A world in which every call has its line, and time passes only by sleeping."""

    answers: dict[str, Any]
    played: Played
    time: datetime = START
    deadline: datetime | None = None

    def call(self, call: Call) -> Any:
        self.played.calls.append(call)
        if call.state not in self.answers:
            raise AssertionError(f"{call.state} calls {call.resource} and has no answer; it asks {call.arguments}")
        answer = self.answers[call.state]
        if isinstance(answer, list):
            number = len(self.played.asked(call.state))
            assert number <= len(answer), f"{call.state} is called {number} times and has {len(answer)} answers"
            answer = answer[number - 1]
        return _said(answer, call)

    def now(self) -> datetime:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.played.waits.append(seconds)
        self.time += timedelta(seconds=seconds)
        if self.deadline and self.time >= self.deadline:
            raise TimedOut

    def chance(self) -> float:
        return 1.0

    def token(self) -> str:
        return f"token-{len(self.played.calls)}"

    def limit(self, seconds: float) -> None:
        self.deadline = self.time + timedelta(seconds=seconds)

    def record(self, event: str, **details: Any) -> None:
        self.played.events.append((event, details))
        if event.endswith("StateEntered"):
            self.played.path.append(details["name"])

    def gather(self, jobs: Sequence[Callable[["Stage"], Any]], width: int) -> list[Any]:
        return [job(self) for job in jobs]


def _said(answer: Any, call: Call) -> Any:
    if isinstance(answer, StateError):
        raise answer
    said = answer(call.arguments) if callable(answer) else answer
    if ":lambda:invoke" in call.resource and not call.waits:
        return {"Payload": said, "StatusCode": 200, "ExecutedVersion": "1"}
    return said


def load(which: str | Path | dict[str, Any], tokens: dict[str, str] | None = None) -> dict[str, Any]:
    """A definition: of a stage by its name, from a file, or the dict itself."""
    if isinstance(which, str):
        which = HERE / f"{which}.asl.json"
    text = which.read_text() if isinstance(which, Path) else json.dumps(which)
    for name, value in (tokens or {}).items():
        text = text.replace(f"${{{name}}}", value)
    definition: dict[str, Any] = json.loads(text)
    return definition


def play(
    which: str | Path | dict[str, Any],
    given: Any,
    answers: dict[str, Any] | None = None,
    tokens: dict[str, str] | None = None,
    name: str = "played",
) -> Played:
    """Run a definition (refused if AWS would refuse it) as an execution of that name and say what happened."""
    definition = load(which, tokens)
    assert not problems(definition), problems(definition)
    played = Played()
    arn = "arn:aws:states:eu-west-1:123456789012"
    context = {
        "Execution": {
            "Id": f"{arn}:execution:machine:{name}",
            "Name": name,
            "Input": given,
            "StartTime": "2026-01-31T12:00:00.000Z",
            "RoleArn": "arn:aws:iam::123456789012:role/machine",
            "RedriveCount": 0,
        },
        "StateMachine": {"Id": f"{arn}:stateMachine:machine", "Name": "machine"},
    }
    try:
        played.output = run(definition, given, context, Stage(answers or {}, played))
        played.status = "SUCCEEDED"
    except StateError as failed:
        played.status, played.error, played.cause = "FAILED", failed.name, failed.cause
    except TimedOut:
        played.status = "TIMED_OUT"
    return played
