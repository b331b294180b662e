"""EventBridge: the stack's own rules, as template.yaml has them, and who is started by what."""

import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from local.packaging.template import load

Event = dict[str, Any]
ROOT = Path(__file__).parents[2]
REGION, ACCOUNT = "eu-west-1", "123456789012"
NAMES = {"InboxBucket": "inbox", "Bus": "tidewheel", "AWS::StackName": "tw"}
FLOWS = ("data", "train", "approve", "deploy")


@dataclass(frozen=True)
class Rule:
    """A rule that starts a flow: the bus it listens to, and its pattern."""

    name: str
    bus: str
    pattern: dict[str, Any]
    flow: str


@cache
def template() -> dict[str, Any]:
    """template.yaml as data."""
    return load(ROOT / "template.yaml")


def machine_arn(flow: str) -> str:
    """The ARN of a flow's state machine."""
    return f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:tw-{flow}"


def plain(value: Any) -> Any:
    """A piece of the template with Ref and Sub resolved, as far as patterns use them."""
    if isinstance(value, list):
        return [plain(each) for each in value]
    if not isinstance(value, dict):
        return value
    if "Ref" in value:
        name = value["Ref"]
        return machine_arn(name.removesuffix("StateMachine").lower()) if "StateMachine" in name else NAMES[name]
    if "Fn::Sub" in value:
        return value["Fn::Sub"].replace("${AWS::StackName}", NAMES["AWS::StackName"])
    return {key: plain(each) for key, each in value.items()}


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule of the template that starts a flow."""
    return tuple(_rules())


def _rules() -> Iterator[Rule]:
    for name, resource in template()["Resources"].items():
        if resource["Type"] != "AWS::Events::Rule":
            continue
        rule = resource["Properties"]
        for target in rule["Targets"]:
            arn = target["Arn"].get("Ref", "")
            if arn.endswith("StateMachine"):
                bus = plain(rule.get("EventBusName", "default"))
                yield Rule(name, bus, plain(rule["EventPattern"]), arn.removesuffix("StateMachine").lower())


def matches(pattern: Mapping[str, Any], event: Mapping[str, Any]) -> bool:
    """Whether each field of the pattern has, in the event, one of the values that the pattern lists."""
    return all(_field(wanted, event.get(name)) for name, wanted in pattern.items())


def _field(wanted: Any, found: Any) -> bool:
    if isinstance(wanted, dict):
        return isinstance(found, dict) and matches(wanted, found)
    values = found if isinstance(found, list) else [found]
    return any(_value(one, value) for one in wanted for value in values)


def _value(wanted: Any, value: Any) -> bool:
    if not isinstance(wanted, dict):
        return bool(wanted == value)
    ((operator, operand),) = wanted.items()
    assert operator == "prefix", f"{operator}: not matched here"
    return isinstance(value, str) and value.startswith(operand)


class Bus:
    """Both buses. `deliver(flow, event)` is called for each match; `said` keeps all that was published."""

    def __init__(self, now: Callable[[], datetime], deliver: Callable[[str, Event], None]) -> None:
        self._now, self._deliver = now, deliver
        self._ids = itertools.count(1)
        self.said: list[Event] = []

    def put_events(self, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803 (boto3's spelling)
        """PutEvents, on the stack's own bus."""
        for entry in Entries:
            assert entry["EventBusName"] == NAMES["Bus"], entry
            self.emit(entry["Source"], entry["DetailType"], json.loads(entry["Detail"]), NAMES["Bus"])
        return {"FailedEntryCount": 0, "Entries": [{"EventId": "e"} for _ in Entries]}

    def emit(self, source: str, detail_type: str, detail: Any, bus: str = "default") -> Event:
        """Publish an event, and wake whoever a rule names."""
        event = {
            "version": "0",
            "id": f"00000000-0000-4000-8000-{next(self._ids):012}",
            "source": source,
            "detail-type": detail_type,
            "account": ACCOUNT,
            "region": REGION,
            "time": self._now().strftime("%Y-%m-%dT%H:%M:%SZ"),
            "resources": [],
            "detail": json.loads(json.dumps(detail)),
        }
        self.said.append(event)
        for rule in rules():
            if rule.bus == bus and matches(rule.pattern, event):
                self._deliver(rule.flow, event)
        return event
