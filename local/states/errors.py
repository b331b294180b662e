"""What can go wrong in a state, under the names that Retry and Catch match, and what ends a whole execution."""

from typing import Any

TIMEOUT = "States.Timeout"
HEARTBEAT = "States.HeartbeatTimeout"
QUERY = "States.QueryEvaluationError"
RUNTIME = "States.Runtime"
TASK_FAILED = "States.TaskFailed"
TOO_LARGE = "States.DataLimitExceeded"
NO_CHOICE = "States.NoChoiceMatched"

# A wildcard never sees these: AWS calls them terminal.
TERMINAL = {RUNTIME, TOO_LARGE}


class StateError(Exception):
    """An error of a state: `name` is what `ErrorEquals` is compared with."""

    def __init__(self, name: str, cause: str = "") -> None:
        super().__init__(f"{name}: {cause}")
        self.name = name
        self.cause = cause

    def output(self) -> dict[str, Any]:
        """What a Catch sees as `$states.errorOutput`."""
        return {"Error": self.name, "Cause": self.cause}

    def matches(self, names: list[str]) -> bool:
        """Whether one of `names`, wildcards included, means this error."""
        return self.name in names or any(_wildcard(name, self.name) for name in names)


def _wildcard(name: str, error: str) -> bool:
    if error in TERMINAL:
        return False
    return name == "States.ALL" or (name == TASK_FAILED and error != TIMEOUT)


class Halted(BaseException):
    """The execution ends here and now; no Retry or Catch sees it."""


class Aborted(Halted):
    """Somebody stopped the execution, or a sibling branch failed."""


class TimedOut(Halted):
    """The state machine's own TimeoutSeconds has passed."""
