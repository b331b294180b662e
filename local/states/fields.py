"""Every field of the Amazon States Language that our definitions may use, and what the local stack makes of it.

*Honoured*: a contract test in tests/local/states proves it. *Not simulated*: accepted and without effect here; such a
field may touch timing, retries or logging only. Any other field is refused when the machine is created.
"""

COMMON = {"Type", "QueryLanguage", "Output"}
ONWARD = {"Next", "End", "Assign"}
GUARDED = {"Retry", "Catch"}

HONOURED: dict[str, set[str]] = {
    "StateMachine": {"QueryLanguage", "StartAt", "States", "TimeoutSeconds"},
    "Pass": COMMON | ONWARD,
    "Task": COMMON | ONWARD | GUARDED | {"Resource", "Arguments", "TimeoutSeconds", "HeartbeatSeconds"},
    "Choice": COMMON | {"Assign", "Choices", "Default"},
    "Wait": COMMON | ONWARD | {"Seconds", "Timestamp"},
    "Succeed": COMMON,
    "Fail": {"Type", "QueryLanguage", "Error", "Cause"},
    "Parallel": COMMON | ONWARD | GUARDED | {"Arguments", "Branches"},
    "Map": COMMON | ONWARD | GUARDED | {"Items", "ItemSelector", "ItemProcessor", "MaxConcurrency"},
    "Branch": {"StartAt", "States"},
    "ItemProcessor": {"StartAt", "States", "ProcessorConfig"},
    "ProcessorConfig": {"Mode"},
    "Rule": {"Condition", "Next", "Output", "Assign"},
    "Retrier": {"ErrorEquals", "IntervalSeconds", "MaxAttempts", "BackoffRate", "MaxDelaySeconds", "JitterStrategy"},
    "Catcher": {"ErrorEquals", "Next", "Output", "Assign"},
}

NOT_SIMULATED: dict[str, set[str]] = {
    "StateMachine": {"Comment", "Version"},
    **{kind: {"Comment"} for kind in HONOURED if kind not in ("StateMachine", "ProcessorConfig")},
    "ProcessorConfig": set(),
}

# Fields of the other query language, and of a distributed Map: refused with a sentence of their own.
JSONPATH = {
    "InputPath",
    "OutputPath",
    "ResultPath",
    "ResultSelector",
    "Parameters",
    "Result",
    "SecondsPath",
    "TimestampPath",
    "TimeoutSecondsPath",
    "HeartbeatSecondsPath",
    "ItemsPath",
    "Iterator",
    "MaxConcurrencyPath",
    "ErrorPath",
    "CausePath",
    "Variable",
}
DISTRIBUTED = {
    "ItemReader",
    "ItemBatcher",
    "ResultWriter",
    "Label",
    "ToleratedFailureCount",
    "ToleratedFailurePercentage",
}


def verdict(kind: str, name: str) -> str | None:
    """Why a field is refused; None if it is not."""
    if name in HONOURED[kind] | NOT_SIMULATED[kind]:
        return None
    if name in JSONPATH:
        return "JSONata only: this field belongs to JSONPath"
    if name in DISTRIBUTED:
        return "a distributed Map is not simulated locally"
    return f"{kind} has no such field"
