"""AWS::CloudWatch::Alarm over several metrics: kept and described. No metric sets off an alarm on this machine."""

from typing import Any

from ministack.services import cloudwatch

from local import hooks
from local.cloudformation import resources

KIND = "AWS::CloudWatch::Alarm"
PLACEHOLDER = {"Namespace": "AWS/States", "MetricName": "MetricMath"}  # what the emulator stores in place of `Metrics`


def install() -> None:
    """Lets alarms with metric math pass, which the emulator refuses."""
    hooks.require("ministack.services.cloudwatch", "_alarms")
    handler = hooks.require(resources.PROVISIONERS, "_RESOURCE_HANDLERS")[KIND]
    create, update = handler["create"], handler["update"]

    def ours_create(logical_id: str, properties: dict[str, Any], stack_name: str) -> Any:
        return _with_metrics(create(logical_id, _plain(properties), stack_name), properties)

    def ours_update(physical_id: str, old: dict[str, Any], new: dict[str, Any], *more: Any) -> Any:
        return _with_metrics(update(physical_id, _plain(old), _plain(new), *more), new)

    handler |= {"create": ours_create, "update": ours_update}


def _plain(properties: dict[str, Any]) -> dict[str, Any]:
    if "Metrics" not in properties:
        return properties
    return {name: value for name, value in properties.items() if name != "Metrics"} | PLACEHOLDER


def _with_metrics(created: tuple[str, dict[str, str]], properties: dict[str, Any]) -> tuple[str, dict[str, str]]:
    if "Metrics" in properties:
        cloudwatch._alarms[created[0]]["Metrics"] = properties["Metrics"]
    return created
