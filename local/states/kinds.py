"""The states that call nobody: Pass, Choice, Wait, Succeed, Fail."""

from datetime import datetime

from local.states.errors import NO_CHOICE, QUERY, StateError
from local.states.visit import Left, Visit


def pass_on(visit: Visit) -> Left:
    """Pass: output and variables, nothing else."""
    return visit.leave(visit.state, visit.input)


succeed = pass_on  # a Succeed state may say its Output, and has no Next


def choose(visit: Visit) -> Left:
    """Choice: the first rule whose Condition is true; otherwise the state's own Default."""
    for rule in visit.state["Choices"]:
        chosen = visit.fill(rule["Condition"])
        if not isinstance(chosen, bool):
            raise StateError(QUERY, f"A Condition of {visit.name} is not true or false: {rule['Condition']}")
        if chosen:
            return visit.leave(rule, visit.input)
    if "Default" not in visit.state:
        raise StateError(NO_CHOICE, f"No choice of {visit.name} matched, and it has no Default")
    return visit.leave(visit.state | {"Next": visit.state["Default"]}, visit.input)


def wait(visit: Visit) -> Left:
    """Wait: for Seconds, or until a Timestamp (RFC 3339); a time gone by is no wait."""
    visit.world.sleep(max(0.0, _seconds(visit)))
    return visit.leave(visit.state, visit.input)


def _seconds(visit: Visit) -> float:
    if "Seconds" in visit.state:
        return float(visit.value("Seconds", (int, float)))
    text = visit.value("Timestamp", str)
    try:
        return (datetime.fromisoformat(text) - visit.world.now()).total_seconds()
    except (ValueError, TypeError) as wrong:
        raise StateError(QUERY, f"Timestamp of {visit.name} is not a time with its zone: {text}") from wrong


def fail(visit: Visit) -> Left:
    """Fail: the execution, or the branch, ends with this error."""
    raise StateError(visit.value("Error", str, ""), visit.value("Cause", str, ""))
