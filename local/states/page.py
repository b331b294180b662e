"""The page docs/local-states.md, written from the lists that the interpreter obeys: `python -m local.states.page`."""

from pathlib import Path

from local.states.fields import DISTRIBUTED, HONOURED, JSONPATH, NOT_SIMULATED
from local.states.resources import OPTIMIZED

PAGE = Path(__file__).parents[2] / "docs" / "local-states.md"

TEXT = """# Step Functions on one machine

Written by `python -m local.states.page` from `local/states/`; a test holds it to the code. Why there is an interpreter
of our own: [decision record 0003](decisions/0003-own-asl-interpreter.md).

A definition is checked when it is created: a field, a state, an action or an argument that is not known here is refused
with `InvalidDefinition`, never ignored.

## Fields

*Honoured*: a contract in `tests/local/states/contracts/` shows the behaviour that AWS documents. *Not simulated*:
accepted, and without effect on this machine.

| where | honoured | not simulated |
| --- | --- | --- |
{fields}

Refused, because they belong to JSONPath: {jsonpath}.

Refused, because they belong to a distributed Map, which is not simulated yet: {distributed}.

## Calls

| service | integrations |
| --- | --- |
{calls}
| any other | `aws-sdk:<service>:<action>`, also `.waitForTaskToken`: what boto3 knows and the stack answers |

Calls go over HTTP with a session of the state machine's role: under `--auth`, what the role may not do is denied.

## What differs from AWS

- `Wait` and the intervals of Retry are multiplied by `SFN_WAIT_SCALE`; timeouts are not.
- `.sync` asks Describe every {poll} s; it makes no managed EventBridge rule.
- Executions that run when the stack stops do not go on; RedriveExecution and TestState are refused.
- JSONata is `jsonata-python`, not the JavaScript original; where they are known to differ, contracts hold AWS's side.
- All of a machine's log events are written when the execution has ended.
- Express workflows run, with the rules of Standard ones.
"""


def document() -> str:
    """The page's text."""
    from local.states.patterns import POLL_SECONDS

    return TEXT.format(
        fields="\n".join(f"| {kind} | {_names(HONOURED[kind])} | {_names(NOT_SIMULATED[kind])} |" for kind in HONOURED),
        jsonpath=_names(JSONPATH),
        distributed=_names(DISTRIBUTED),
        calls="\n".join(f"| {name} | {_actions(name)} |" for name in sorted(OPTIMIZED)),
        poll=POLL_SECONDS,
    )


def _names(names: set[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names)) or "–"


def _actions(service: str) -> str:
    actions = OPTIMIZED[service].actions.items()
    return ", ".join(
        f"`{service}:{action}{'.' if pattern else ''}{pattern}`" for action, patterns in actions for pattern in patterns
    )


if __name__ == "__main__":
    PAGE.write_text(document())
