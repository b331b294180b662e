"""Endpoints: created, updated blue/green, rolled back in silence, deleted. Traffic never meets an ill container."""

import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

from ministack.core.concurrency import spawn_background

from local.sagemaker import events, faults, fleet, store, timing
from local.sagemaker.errors import JobFailure, ServiceError, ValidationException
from local.sagemaker.kinds import ENDPOINT, ENDPOINT_CONFIG
from local.sagemaker.models import serving
from local.sagemaker.replica import Replica, Unhealthy
from local.sagemaker.store import Record

logger = logging.getLogger("sagemaker")
FAILURES = (Unhealthy, JobFailure, ServiceError)


def create(request: Record) -> Record:
    """CreateEndpoint: Creating, then InService or Failed."""
    _refuse_guardrails(request)
    config = store.get(ENDPOINT_CONFIG, request["EndpointConfigName"])
    record = store.add(ENDPOINT, request, EndpointStatus="Creating")
    events.endpoint(record)
    _background(record, _create, config)
    return {"EndpointArn": record["EndpointArn"]}


def update(request: Record) -> Record:
    """UpdateEndpoint: Updating, then InService with the new config, or again with the old one."""
    _refuse_guardrails(request)
    record = store.get(ENDPOINT, request["EndpointName"])
    config = store.get(ENDPOINT_CONFIG, request["EndpointConfigName"])
    with store.LOCK:
        _require_settled(record, "update")
        if record["EndpointStatus"] == "Failed":
            raise ValidationException(f'Cannot update failed endpoint "{record["EndpointArn"]}": delete it.')
        _require_compatible(record["ProductionVariants"], config["ProductionVariants"])
        summary = {
            "EndpointConfigName": config["EndpointConfigName"],
            "StartTime": time.time(),
            "ProductionVariants": [_summary(variant, "Creating") for variant in config["ProductionVariants"]],
        }
        store.change(record, EndpointStatus="Updating", PendingDeploymentSummary=summary)
    events.endpoint(record)
    _background(record, _update, config)
    return {"EndpointArn": record["EndpointArn"]}


def update_weights(request: Record) -> Record:
    """UpdateEndpointWeightsAndCapacities: shifts traffic between variants at once."""
    record = store.get(ENDPOINT, request["EndpointName"])
    with store.LOCK:
        _require_settled(record, "update")
        variants = {variant["VariantName"]: dict(variant) for variant in record["ProductionVariants"]}
        for wish in request["DesiredWeightsAndCapacities"]:
            if wish["VariantName"] not in variants:
                raise ValidationException(f"Variant {wish['VariantName']} does not exist on this endpoint.")
            variants[wish["VariantName"]] |= {key: value for key, value in wish.items() if key.startswith("Desired")}
        store.change(record, EndpointStatus="Updating", ProductionVariants=list(variants.values()))
    events.endpoint(record)
    _background(record, _shift)
    return {"EndpointArn": record["EndpointArn"]}


def delete(request: Record) -> Record:
    """DeleteEndpoint: Deleting, then gone."""
    record = store.get(ENDPOINT, request["EndpointName"])
    with store.LOCK:
        _require_settled(record, "delete")
        store.change(record, EndpointStatus="Deleting")
    events.endpoint(record)
    _background(record, _delete)
    return {}


def _create(record: Record, config: Record) -> None:
    timing.linger(timing.CREATING)
    try:
        fleet.swap(record["EndpointName"], _start(record, config))
    except FAILURES as failure:
        _settle(record, "Failed", FailureReason=str(failure))
        return
    _settle(record, "InService", ProductionVariants=_variants(config))


def _update(record: Record, config: Record) -> None:
    timing.linger(timing.CREATING)
    events.deployment(record)
    try:
        green = _start(record, config)
    except FAILURES as failure:
        logger.info("update of %s rolled back: %s", record["EndpointName"], failure)
        _settle(record, "InService", PendingDeploymentSummary=None)
        return
    blue = fleet.swap(record["EndpointName"], green)
    _tell_progress(record, "ActivatingTraffic")
    timing.linger(timing.DRAINING)
    _tell_progress(record, "Deleting")
    fleet.stop(blue)
    _settle(
        record, "InService", EndpointConfigName=config["EndpointConfigName"], ProductionVariants=_variants(config),
        PendingDeploymentSummary=None,
    )  # fmt: skip


def _shift(record: Record) -> None:
    timing.linger(timing.DRAINING)
    variants = [
        {**variant, "CurrentWeight": variant["DesiredWeight"]}
        | ({"CurrentInstanceCount": variant["DesiredInstanceCount"]} if "DesiredInstanceCount" in variant else {})
        for variant in record["ProductionVariants"]
    ]
    _settle(record, "InService", ProductionVariants=variants)


def _delete(record: Record) -> None:
    fleet.stop(fleet.remove(record["EndpointName"]))
    timing.linger(timing.DRAINING)
    store.remove(ENDPOINT, record["EndpointName"])


def _start(record: Record, config: Record) -> dict[str, Replica]:
    fault = faults.of(store.tags_of(record["EndpointArn"]))
    started: dict[str, Replica] = {}
    try:
        for variant in config["ProductionVariants"]:
            name = variant["VariantName"]
            started[name] = Replica(record["EndpointName"], name, serving(variant["ModelName"]), fault)
            started[name].start()
    except Exception:
        fleet.stop(started)
        raise
    return started


def _settle(record: Record, status: str, **members: Any) -> None:
    store.change(record, EndpointStatus=status, **members)
    events.endpoint(record)


def _tell_progress(record: Record, status: str) -> None:
    summary = record["PendingDeploymentSummary"]
    variants = [variant | {"VariantStatus": [_variant_status(status)]} for variant in summary["ProductionVariants"]]
    store.change(record, PendingDeploymentSummary=summary | {"ProductionVariants": variants})
    events.deployment(record)


def _variants(config: Record) -> list[dict[str, Any]]:
    return [_summary(variant) for variant in config["ProductionVariants"]]


def _summary(variant: Mapping[str, Any], status: str = "") -> dict[str, Any]:
    weight = variant["InitialVariantWeight"]
    summary: dict[str, Any] = {"VariantName": variant["VariantName"], "CurrentWeight": weight, "DesiredWeight": weight}
    if "ServerlessConfig" in variant:
        summary |= {"CurrentServerlessConfig": variant["ServerlessConfig"]}
        summary |= {"DesiredServerlessConfig": variant["ServerlessConfig"]}
    else:
        count = variant["InitialInstanceCount"]
        summary |= {"CurrentInstanceCount": count, "DesiredInstanceCount": count}
    return summary | ({"VariantStatus": [_variant_status(status)]} if status else {})


def _variant_status(status: str) -> dict[str, Any]:
    return {"Status": status, "StartTime": time.time()}


def _require_settled(record: Record, verb: str) -> None:
    if record["EndpointStatus"] not in ("InService", "Failed"):
        raise ValidationException(f'Cannot {verb} in-progress endpoint "{record["EndpointArn"]}".')


def _require_compatible(before: list[Any], after: list[Any]) -> None:
    if {variant["VariantName"] for variant in before} != {variant["VariantName"] for variant in after}:
        raise ValidationException("The new endpoint configuration must have the variant names of the old one.")
    if any("CurrentServerlessConfig" not in variant for variant in before) and "ServerlessConfig" in after[0]:
        raise ValidationException("Cannot update a real-time endpoint to a serverless endpoint.")


def _refuse_guardrails(request: Record) -> None:
    for name in ("DeploymentConfig", "RetainAllVariantProperties", "RetainDeploymentConfig"):
        if request.get(name):
            raise ValidationException(f"{name} is not simulated by the local service.")


def _background(record: Record, work: Callable[..., None], *arguments: Any) -> None:
    spawn_background(work, record, *arguments, thread_name=f"sagemaker-{record['EndpointName']}")
