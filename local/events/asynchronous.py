"""Asynchronous invocation of functions: retries, destinations and dead letters.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html
"""

import contextvars
import json
import threading
import time
from datetime import UTC, datetime
from typing import Any

from ministack.services import lambda_svc

from local import calls, hooks
from local.events import failures, targets
from local.events.targets import Delivery

SERVICE = "ministack.services.lambda_svc"
FIRST_WAIT = 0.2  # seconds before the second attempt, doubled for the third. AWS waits one minute, then two.


def install() -> None:
    """Takes over what happens after an event was accepted."""
    hooks.require(SERVICE, "_execute_function", "func, event")
    hooks.require(SERVICE, "_event_invoke_config", "func, qualifier")
    hooks.replace(SERVICE, "invoke_async_with_retry", invoke, "func, event")


def invoke(func: dict[str, Any], event: Any) -> None:
    """Runs a function in the background until it succeeds or its event is given up."""
    context = contextvars.copy_context()
    threading.Thread(target=context.run, args=(_run, func, event), daemon=True).start()


def _run(func: dict[str, Any], event: Any) -> None:
    config = func.get("config") or func
    settings = _settings(config)
    most, oldest = settings.get("MaximumRetryAttempts", 2), settings.get("MaximumEventAgeInSeconds", 21600)
    started, attempts, condition = time.monotonic(), 0, "RetriesExhausted"
    while True:
        result = lambda_svc._execute_function(func, event)
        attempts += 0 if result.get("throttle") else 1  # a throttled event waits, it does not use up its attempts
        if not result.get("error"):
            condition = "Success"
            break
        wait = FIRST_WAIT * 2 ** max(0, attempts - 1)
        if attempts > most:
            break
        if time.monotonic() - started + wait > oldest:
            condition = "EventAgeExceeded"
            break
        time.sleep(wait)
    _tell(config, settings, event, result, condition, attempts)


def _settings(config: dict[str, Any]) -> dict[str, Any]:
    """The configuration of the qualifier that was invoked: an alias has its own."""
    parts = config["FunctionArn"].split(":")
    base = lambda_svc._functions.get(config["FunctionName"]) or {}
    return lambda_svc._event_invoke_config(base, parts[7] if len(parts) > 7 else None) or {}


def _tell(
    config: dict[str, Any], settings: dict[str, Any], event: Any, result: dict[str, Any], condition: str, attempts: int
) -> None:
    failed = condition != "Success"
    goal = (settings.get("DestinationConfig") or {}).get("OnFailure" if failed else "OnSuccess") or {}
    queue = (config.get("DeadLetterConfig") or {}).get("TargetArn")
    if arn := goal.get("Destination"):
        _send(config, arn, json.dumps(_record(config, event, result, condition, attempts)))
    if failed and queue:
        _send_dead_letter(config, queue, event, result)


def _record(
    config: dict[str, Any], event: Any, result: dict[str, Any], condition: str, attempts: int
) -> dict[str, Any]:
    """The document that a destination gets."""
    context = {"statusCode": 200, "executedVersion": config.get("Version", "$LATEST")}
    if result.get("error"):
        context["functionError"] = "Unhandled"
    arn = config["FunctionArn"]
    return {
        "version": "1.0",
        "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "requestContext": {
            "requestId": result.get("request_id", ""),
            "functionArn": arn if arn.count(":") > 6 else f"{arn}:$LATEST",
            "condition": condition,
            "approximateInvokeCount": attempts,
        },
        "requestPayload": event,
        "responseContext": context,
        "responsePayload": result.get("body"),
    }


def _send(config: dict[str, Any], arn: str, payload: str) -> None:
    """Under the function's own role, which must be allowed to."""
    delivery = Delivery(
        arn=arn, payload=payload, role_arn=config["Role"], trusting="lambda.amazonaws.com",
        source_arn=config["FunctionArn"], identity=targets.new_identity(config["FunctionName"][:40]),
        parameters={"EventBridgeParameters": {"Source": "lambda", "DetailType": "Lambda Function Invocation Result"}},
    )  # fmt: skip
    _report(config, arn, failures.attempt(lambda: targets.send(delivery), {"MaximumRetryAttempts": 3}))


def _send_dead_letter(config: dict[str, Any], arn: str, event: Any, result: dict[str, Any]) -> None:
    body = result.get("body") or {}
    said = {
        "RequestID": result.get("request_id", ""),
        "ErrorCode": "200",
        "ErrorMessage": str(body.get("errorMessage", ""))[:1024],
    }
    attributes = {name: {"DataType": "String", "StringValue": value} for name, value in said.items() if value}
    role = {"role_arn": config["Role"], "trusting": "lambda.amazonaws.com", "source_arn": config["FunctionArn"]}

    def send() -> None:
        if targets.service_of(arn) == "sns":
            calls.client("sns", **role).publish(TopicArn=arn, Message=json.dumps(event), MessageAttributes=attributes)
        else:
            targets.dead_letter(arn, json.dumps(event), attributes, **role)

    _report(config, arn, failures.attempt(send, {"MaximumRetryAttempts": 3}))


def _report(config: dict[str, Any], arn: str, failure: failures.Failure | None) -> None:
    if failure:
        print(f"function {config['FunctionName']} could not tell {arn}: {failure.code}: {failure.message}", flush=True)
