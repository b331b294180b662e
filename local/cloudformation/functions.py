"""AWS::Lambda::Function and LayerVersion: the code is there, small enough and for this machine."""

from typing import Any

from ministack.services import lambda_svc

from local import calls, hooks
from local.cloudformation import resources
from local.lambdas import native

SERVICE = "ministack.services.lambda_svc"


def install() -> None:
    """Completes the emulator's resource types."""
    hooks.require(SERVICE, "_fetch_code_from_s3", "bucket, key, version_id")
    hooks.require(SERVICE, "_validate_total_unzipped_size", "code_zip, layers")
    resources.around("AWS::Lambda::Function", before=_check_function, after=_configure)
    resources.around("AWS::Lambda::LayerVersion", before=_check_layer)


def _check_function(properties: dict[str, Any]) -> None:
    if properties.get("PackageType") == "Image" or not properties["Runtime"].startswith("python"):
        raise ValueError("the local stack runs Python functions from zip files only")
    variables = (properties.get("Environment") or {}).get("Variables") or {}
    for name, value in variables.items():
        variables[name] = resources.text(value)
    code = _archive(properties["Code"]) if "S3Key" in properties["Code"] else None
    _refuse(lambda_svc._validate_total_unzipped_size(code, properties.get("Layers")))


def _check_layer(properties: dict[str, Any]) -> None:
    _refuse(lambda_svc._validate_unzipped_size(_archive(properties["Content"])))


def _archive(place: dict[str, Any]) -> bytes:
    found = lambda_svc._fetch_code_from_s3(place["S3Bucket"], place["S3Key"], place.get("S3ObjectVersion"))
    if found is None:
        raise ValueError(f"S3 Error Code: NoSuchKey. There is no s3://{place['S3Bucket']}/{place['S3Key']}")
    if fault := native.refusal(found):
        raise ValueError(fault)
    return bytes(found)


def _refuse(answer: tuple[int, dict[str, str], bytes] | None) -> None:
    if answer:
        raise ValueError(answer[2].decode())


def _configure(function: str, properties: dict[str, Any]) -> None:
    functions = calls.client("lambda")
    if "ReservedConcurrentExecutions" in properties:
        reserved = int(properties["ReservedConcurrentExecutions"])
        functions.put_function_concurrency(FunctionName=function, ReservedConcurrentExecutions=reserved)
    else:
        functions.delete_function_concurrency(FunctionName=function)
    if letters := properties.get("DeadLetterConfig"):
        functions.update_function_configuration(FunctionName=function, DeadLetterConfig=letters)
