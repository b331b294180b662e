"""sagemaker-runtime: InvokeEndpoint, from its headers to a container and back."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from ministack.core.responses import get_account_id

from local.sagemaker import fleet, store
from local.sagemaker.errors import UnknownOperationException, ValidationError
from local.sagemaker.kinds import ENDPOINT

PATH = re.compile(r"^/endpoints/(?P<endpoint>[^/]+)/invocations$")
LIMIT = 6291456  # bytes of a request and of an answer
ATTRIBUTES = "x-amzn-sagemaker-custom-attributes"
FORWARDED = {"content-type": "Content-Type", "accept": "Accept", ATTRIBUTES: "X-Amzn-SageMaker-Custom-Attributes",
             "x-amzn-sagemaker-inference-id": "X-Amzn-SageMaker-Inference-Id"}  # fmt: skip
REFUSED = ("x-amzn-sagemaker-target-model", "x-amzn-sagemaker-inference-component", "x-amzn-sagemaker-session-id",
           "x-amzn-sagemaker-target-container-hostname", "x-amzn-sagemaker-enable-explanations")  # fmt: skip


def serves(path: str) -> bool:
    """Whether a path is the runtime's."""
    return path.startswith("/endpoints/")


def invoke(path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
    """The HTTP answer to an invocation; ValidationError, ModelError or ThrottlingException."""
    name = _endpoint_name(path, headers, body)
    record = store.find(ENDPOINT, name)
    if record is None:
        raise ValidationError(f"Endpoint {name} of account {get_account_id()} not found.")
    if record["EndpointStatus"] in ("Creating", "Failed", "Deleting"):
        raise ValidationError(f"Endpoint {record['EndpointArn']} is in status {record['EndpointStatus']}.")
    variants: dict[str, Any] = {variant["VariantName"]: variant for variant in record["ProductionVariants"]}
    weights = {variant: summary["CurrentWeight"] for variant, summary in variants.items()}
    replica = fleet.choose(name, weights, headers.get("x-amzn-sagemaker-target-variant"))
    fleet.admit(replica, variants[replica.variant])
    answer = replica.ask(body, {FORWARDED[key]: value for key, value in headers.items() if key in FORWARDED})
    if answer.status >= 300:
        raise replica.failed(answer.status, answer.body.decode("utf-8", "replace"))
    # In small letters the emulator leaves it alone; else it would turn a model's JSON into the control plane's type.
    sent = {"content-type": answer.headers.get("Content-Type", "application/octet-stream")}
    sent["x-Amzn-Invoked-Production-Variant"] = replica.variant
    if "X-Amzn-SageMaker-Custom-Attributes" in answer.headers:
        sent["X-Amzn-SageMaker-Custom-Attributes"] = answer.headers["X-Amzn-SageMaker-Custom-Attributes"]
    return 200, sent, answer.body


def _endpoint_name(path: str, headers: Mapping[str, str], body: bytes) -> str:
    match = PATH.match(path)
    refused = [name for name in REFUSED if name in headers]
    if match is None or refused:
        what = refused[0] if refused else path
        raise UnknownOperationException(f"{what} is not simulated by the local service.")
    if len(body) > LIMIT:
        raise ValidationError(f"1 validation error detected: Value at 'body' failed to satisfy constraint: Member must "
                              f"have length less than or equal to {LIMIT}")  # fmt: skip
    return unquote(match["endpoint"])
