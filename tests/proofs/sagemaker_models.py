"""SageMaker's registry and endpoints, as far as the flows use them, and the events that the registry sends."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.proofs.answers import Refused
from tests.proofs.bus import ACCOUNT, REGION, Bus
from tests.proofs.sagemaker_jobs import Jobs, score

SETTLES = timedelta(minutes=3)
Record = dict[str, Any]


@dataclass
class Endpoint:
    """What it stands on, and what it is being changed to until a time."""

    config: str
    status: str = "InService"
    pending: str = ""
    settles_at: datetime | None = None
    failure: str = ""


class SageMaker(Jobs):
    """Jobs, registry and endpoints. `faults`: package version -> `dead` (does not start) or `wrong` (answers so)."""

    def __init__(self, now: Callable[[], datetime], bus: Bus) -> None:
        super().__init__(now)
        self._bus = bus
        self.packages: dict[str, Record] = {}
        self.made: dict[str, Record] = {}  # models and endpoint configurations, by kind and name
        self.endpoints: dict[str, Endpoint] = {}
        self.faults: dict[int, str] = {}
        self._tokens: dict[str, str] = {}

    def create_model_package(self, ModelPackageGroupName: str, **request: Any) -> Record:  # noqa: N803
        """The next version; a ClientToken that was used answers as before."""
        token = request.pop("ClientToken", "")
        if token in self._tokens:
            return {"ModelPackageArn": self._tokens[token]}
        version = 1 + sum(each["ModelPackageGroupName"] == ModelPackageGroupName for each in self.packages.values())
        arn = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package/{ModelPackageGroupName}/{version}"
        about = {"ModelPackageArn": arn, "ModelPackageGroupName": ModelPackageGroupName}
        self.packages[arn] = about | {"ModelPackageVersion": version} | request
        if token:
            self._tokens[token] = arn
        self._tell(self.packages[arn], [])
        return {"ModelPackageArn": arn}

    def update_model_package(self, ModelPackageArn: str, **changes: Any) -> Record:  # noqa: N803
        """What changes is told; an update that changes nothing tells nobody."""
        package = self.describe_model_package(ModelPackageArn)
        changed = [name for name, value in changes.items() if package.get(name) != value]
        package |= changes
        if changed:
            self._tell(package, changed)
        return {"ModelPackageArn": ModelPackageArn}

    def describe_model_package(self, ModelPackageName: str) -> Record:  # noqa: N803
        """By ARN."""
        if ModelPackageName not in self.packages:
            raise Refused("ValidationException", f"ModelPackage {ModelPackageName} does not exist.")
        return self.packages[ModelPackageName]

    def list_model_packages(self, ModelPackageGroupName: str, ModelApprovalStatus: str, **_: Any) -> Record:  # noqa: N803
        """Of a status, the newest first."""
        wanted = (ModelPackageGroupName, ModelApprovalStatus)
        found = [p for p in self.packages.values() if (p["ModelPackageGroupName"], p["ModelApprovalStatus"]) == wanted]
        return {"ModelPackageSummaryList": found[::-1]}

    def create_model(self, **request: Any) -> Record:
        """Its name must be new."""
        return self._make("model", request["ModelName"], request)

    def create_endpoint_config(self, **request: Any) -> Record:
        """Its name must be new."""
        return self._make("config", request["EndpointConfigName"], request)

    def describe_model(self, ModelName: str) -> Record:  # noqa: N803
        """As it was made."""
        return self._made("model", ModelName)

    def describe_endpoint_config(self, EndpointConfigName: str) -> Record:  # noqa: N803
        """As it was made."""
        return self._made("config", EndpointConfigName)

    def create_endpoint(self, EndpointName: str, EndpointConfigName: str, **_: Any) -> Record:  # noqa: N803
        """Serves after three minutes."""
        if EndpointName in self.endpoints:
            raise Refused("ValidationException", f"Cannot create already existing endpoint {EndpointName}")
        self._made("config", EndpointConfigName)
        settles_at = self._now() + SETTLES
        self.endpoints[EndpointName] = Endpoint(EndpointConfigName, "Creating", EndpointConfigName, settles_at)
        return {"EndpointArn": EndpointName}

    def update_endpoint(self, EndpointName: str, EndpointConfigName: str) -> Record:  # noqa: N803
        """The old configuration serves until the new one does."""
        endpoint = self._endpoint(EndpointName)
        if endpoint.pending:
            raise Refused("ValidationException", f"Cannot update in-progress endpoint {EndpointName}")
        self._made("config", EndpointConfigName)
        endpoint.status, endpoint.pending, endpoint.settles_at = "Updating", EndpointConfigName, self._now() + SETTLES
        return {"EndpointArn": EndpointName}

    def delete_endpoint(self, EndpointName: str) -> Record:  # noqa: N803
        """At once."""
        self._endpoint(EndpointName)
        del self.endpoints[EndpointName]
        return {}

    def describe_endpoint(self, EndpointName: str) -> Record:  # noqa: N803
        """The configuration is the one that serves; of one that never served, the one that was asked for."""
        endpoint = self._endpoint(EndpointName)
        said: Record = {"EndpointConfigName": endpoint.config, "EndpointStatus": endpoint.status}
        if endpoint.pending:
            said["PendingDeploymentSummary"] = {"EndpointConfigName": endpoint.pending}
        return said | ({"FailureReason": endpoint.failure} if endpoint.failure else {})

    def invoke_endpoint(self, EndpointName: str, Body: str, **_: Any) -> Record:  # noqa: N803
        """Scores of the model that serves, under the version that its container was told."""
        package, environment = self.serving(EndpointName)
        quality = self.models[package["InferenceSpecification"]["Containers"][0]["ModelDataUrl"]]
        quality += self.faults.get(package["ModelPackageVersion"]) == "wrong"
        said = [{"score": score(quality, each["hour"])} for each in json.loads(Body)["instances"]]
        answer = {"predictions": said, "model_version": environment["TIDEWHEEL_MODEL_VERSION"]}
        return {"Body": io.BytesIO(json.dumps(answer).encode())}

    def serving(self, endpoint_name: str) -> tuple[Record, dict[str, str]]:
        """The package behind an endpoint, and the environment of its container."""
        return self._behind(self._endpoint(endpoint_name).config)

    def _behind(self, config: str) -> tuple[Record, dict[str, str]]:
        model = self._made("model", self._made("config", config)["ProductionVariants"][0]["ModelName"])
        container = model["PrimaryContainer"]
        return self.describe_model_package(container["ModelPackageName"]), container["Environment"]

    def _endpoint(self, name: str) -> Endpoint:
        if name not in self.endpoints:
            raise Refused("ValidationException", f"Could not find endpoint {name}")
        endpoint = self.endpoints[name]
        if endpoint.settles_at and endpoint.settles_at <= self._now():
            self._settle(endpoint)
        return endpoint

    def _settle(self, endpoint: Endpoint) -> None:
        """The new fleet answers, or the old one goes on as if nothing had been."""
        wanted, endpoint.pending, endpoint.settles_at = endpoint.pending, "", None
        if self.faults.get(self._behind(wanted)[0]["ModelPackageVersion"]) == "dead":
            endpoint.failure = "The container does not answer /ping"
            endpoint.status = "InService" if endpoint.status == "Updating" else "Failed"
        else:
            endpoint.config, endpoint.failure, endpoint.status = wanted, "", "InService"

    def _make(self, kind: str, name: str, request: Record) -> Record:
        if f"{kind} {name}" in self.made:
            raise Refused("ValidationException", f"Cannot create already existing {kind} {name}")
        self.made[f"{kind} {name}"] = request
        return {}

    def _made(self, kind: str, name: str) -> Record:
        if f"{kind} {name}" not in self.made:
            raise Refused("ValidationException", f"Could not find {kind} {name}")
        return self.made[f"{kind} {name}"]

    def _tell(self, package: Record, changed: list[str]) -> None:
        detail = package | ({"UpdatedModelPackageFields": changed} if changed else {})
        self._bus.emit("aws.sagemaker", "SageMaker Model Package State Change", detail)
