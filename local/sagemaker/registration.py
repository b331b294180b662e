"""The hooks into the emulator: a service with a door of its own, rights in IAM, a type in CloudFormation."""

import sys
from collections.abc import Callable
from typing import Any

from local import hooks
from local.sagemaker import cloudformation, container, fleet, jobs, store, wire
from local.sagemaker.authorization import resource_arn

SERVICE = "sagemaker"
APP, ROUTER, IAM = "ministack.app", "ministack.core.router", "ministack.core.iam_actions"
PROVISIONERS = "ministack.services.cloudformation.provisioners"
USED = {
    "ministack.services.sts": ("register_session", "_role_id"),
    "ministack.services.iam": ("_roles", "_gen_session_access_key", "_gen_secret", "_gen_session_token"),
    "ministack.services.eventbridge": ("_put_events",),
    "ministack.services.cloudwatch_logs": ("_create_log_group", "_create_log_stream", "_put_log_events"),
}

handle_request = wire.handle_request  # the emulator takes this module for one of its services


def install() -> None:
    """Make the emulator of this process serve SageMaker. Raises HookMissing if it lacks a seam that we need."""
    for module, names in USED.items():
        for name in names:
            hooks.require(module, name)
    _serve()
    _authorize()
    handlers = hooks.require(PROVISIONERS, "_RESOURCE_HANDLERS")
    handlers["AWS::SageMaker::ModelPackageGroup"] = cloudformation.GROUP_HANDLERS
    hooks.at_stop(container.stop_all)


def reset() -> None:
    """Forget everything and end every container: the emulator was told to start afresh."""
    for job in list(jobs.RUNNING.values()):
        job.stopping.set()
    container.stop_all()
    store.clear()
    fleet.FLEETS.clear()


def _serve() -> None:
    hooks.require(APP, "SERVICE_REGISTRY")[SERVICE] = {"module": SERVICE}
    hooks.require(APP, "SERVICE_HANDLERS")[SERVICE] = handle_request
    hooks.require(APP, "_loaded_modules")[SERVICE] = sys.modules[__name__]
    hooks.require(ROUTER, "SERVICE_PATTERNS")[SERVICE] = {
        "target_prefixes": ["SageMaker."],
        "host_patterns": [r"^(?:api|runtime)\.sagemaker\."],
        "credential_scope": SERVICE,
    }


def _authorize() -> None:
    hooks.require(IAM, "SERVICE_TO_IAM_NAMESPACE")[SERVICE] = SERVICE
    hooks.require(IAM, "_BOTOCORE_SERVICE_MAP")[SERVICE] = ["sagemaker", "sagemaker-runtime"]
    theirs: Callable[..., str] = hooks.require(IAM, "extract_resource_arn")

    def extract_resource_arn(service: str, method: str, path: str, headers: dict, body: bytes, *rest: Any) -> str:
        if service == SERVICE:
            return resource_arn(path, headers, body)
        return theirs(service, method, path, headers, body, *rest)

    hooks.replace(IAM, "extract_resource_arn", extract_resource_arn)
