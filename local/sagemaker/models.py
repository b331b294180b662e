"""Models and endpoint configurations: records that say what an endpoint is to run."""

import dataclasses
from typing import Any

from botocore.exceptions import ClientError as AwsError

from local.sagemaker import events, registry, roles, store
from local.sagemaker.errors import ValidationException
from local.sagemaker.kinds import ENDPOINT_CONFIG, MODEL
from local.sagemaker.store import Record
from local.sagemaker.transfer import split


@dataclasses.dataclass(frozen=True)
class Serving:
    """All that is needed to start a model's container."""

    model: str
    image: str
    data_url: str  # of model.tar.gz; empty for a container that needs none
    environment: dict[str, str]
    role: str
    isolated: bool


def create_model(request: Record) -> Record:
    """CreateModel; the package must be approved and the role must reach the model data, as on AWS."""
    if ("PrimaryContainer" in request) == ("Containers" in request):
        raise ValidationException("Exactly one of PrimaryContainer and Containers must be specified.")
    if len(request.get("Containers", [])) > 1:
        raise ValidationException("Inference pipelines are not simulated by the local service: give one container.")
    if "ExecutionRoleArn" not in request:
        raise ValidationException("ExecutionRoleArn is required for a model that is to be hosted.")
    roles.require(request["ExecutionRoleArn"], store.arn(MODEL.segment, request["ModelName"]))
    primary = request.get("PrimaryContainer") or request["Containers"][0]
    _resolve(request["ModelName"], {**request, "PrimaryContainer": primary}, check=True)
    record = store.add(MODEL, {"EnableNetworkIsolation": False, **request})
    events.model(record)
    return {"ModelArn": record["ModelArn"]}


def delete_model(request: Record) -> Record:
    """DeleteModel. Endpoints that run it go on."""
    events.model(store.remove(MODEL, request["ModelName"]))
    return {}


def serving(model_name: str) -> Serving:
    """What a model's container needs, from the model and the package that it names."""
    record = store.get(MODEL, model_name)
    primary = record.get("PrimaryContainer") or record["Containers"][0]
    return _resolve(model_name, {**record, "PrimaryContainer": primary})


def create_config(request: Record) -> Record:
    """CreateEndpointConfig."""
    _refuse_unsimulated(request)
    variants = request["ProductionVariants"]
    names = [variant["VariantName"] for variant in variants]
    if len(set(names)) < len(names):
        raise ValidationException("Variant names must be unique within an endpoint configuration.")
    completed = [_complete(variant, len(variants)) for variant in variants]
    record = store.add(ENDPOINT_CONFIG, {**request, "ProductionVariants": completed})
    events.endpoint_config(record)
    return {"EndpointConfigArn": record["EndpointConfigArn"]}


def delete_config(request: Record) -> Record:
    """DeleteEndpointConfig. Endpoints that were made from it go on."""
    events.endpoint_config(store.remove(ENDPOINT_CONFIG, request["EndpointConfigName"]))
    return {}


def _complete(variant: dict[str, Any], count: int) -> dict[str, Any]:
    name = variant["VariantName"]
    if "ModelName" not in variant:
        raise ValidationException(f"Variant {name}: inference components are not simulated; give a ModelName.")
    store.get(MODEL, variant["ModelName"])
    serverless = variant.get("ServerlessConfig")
    if (serverless is None) == ("InstanceType" not in variant):
        raise ValidationException(f"Variant {name}: exactly one of InstanceType and ServerlessConfig is required.")
    if serverless is None:
        return {"InitialVariantWeight": 1.0, "InitialInstanceCount": 1, **variant}
    if count > 1:
        raise ValidationException("Only one production variant is supported for a serverless endpoint.")
    if serverless["MemorySizeInMB"] % 1024 or not 1024 <= serverless["MemorySizeInMB"] <= 6144:
        raise ValidationException(f"Variant {name}: MemorySizeInMB must be 1024, 2048, 3072, 4096, 5120 or 6144.")
    if serverless.get("ProvisionedConcurrency", 0) > serverless["MaxConcurrency"]:
        raise ValidationException(f"Variant {name}: ProvisionedConcurrency must not exceed MaxConcurrency.")
    return {"InitialVariantWeight": 1.0, **variant}


def _refuse_unsimulated(request: Record) -> None:
    asked = [
        name
        for name in ("AsyncInferenceConfig", "ExplainerConfig", "ShadowProductionVariants", "DataCaptureConfig")
        if request.get(name) and (name != "DataCaptureConfig" or request[name].get("EnableCapture", True))
    ]
    if asked:
        raise ValidationException(f"{', '.join(asked)}: not simulated by the local service.")


def _resolve(model: str, record: Record, check: bool = False) -> Serving:
    container, image, url = record["PrimaryContainer"], "", ""
    environment: dict[str, str] = {}
    if "ModelPackageName" in container:
        package = registry.package(container["ModelPackageName"])
        if check and package.get("ModelApprovalStatus", "Approved") != "Approved":
            raise ValidationException(
                f"Cannot create Model: Model Package {package['ModelPackageArn']} is not approved for deployment."
            )
        inside = package["InferenceSpecification"]["Containers"][0]
        image, url, environment = inside["Image"], _data_url(inside), inside.get("Environment", {})
    image, url = container.get("Image", image), _data_url(container) or url
    if not image:
        raise ValidationException("A container needs an Image or a ModelPackageName.")
    if check and url:
        _require_data(url, record["ExecutionRoleArn"])
    environment = environment | container.get("Environment", {})
    isolated = record.get("EnableNetworkIsolation", False)
    return Serving(model, image, url, environment, record["ExecutionRoleArn"], isolated)


def _data_url(container: dict[str, Any]) -> str:
    if "ModelDataSource" in container:
        source = container["ModelDataSource"]["S3DataSource"]
        if source["CompressionType"] != "Gzip":
            raise ValidationException("Uncompressed model data is not simulated by the local service.")
        return source["S3Uri"]
    return container.get("ModelDataUrl", "")


def _require_data(url: str, role: str) -> None:
    bucket, key = split(url)
    try:
        roles.s3(role).head_object(Bucket=bucket, Key=key)
    except AwsError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
            raise ValidationException(f"Could not find model data at {url}.") from error
        raise ValidationException(
            f'Could not access model data at {url}. Please ensure that the role "{role}" exists and that its trust '
            'relationship policy allows the action "sts:AssumeRole" for the service principal '
            '"sagemaker.amazonaws.com". Also ensure that the role has "s3:GetObject" permissions.'
        ) from error
