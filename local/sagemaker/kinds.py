"""The kinds of things that the service keeps: what they are called and how their absence is reported."""

from dataclasses import dataclass

from local.sagemaker.errors import ResourceInUse, ServiceError, ValidationException

UNIQUE = "must be unique within an AWS account and region"


@dataclass(frozen=True)
class Kind:
    """One noun of the API. `{name}` and `{arn}` in its messages are filled in."""

    noun: str
    segment: str
    missing: str
    duplicate: str
    status: str = ""  # the member that holds its status
    missing_error: type[ServiceError] = ValidationException
    duplicate_error: type[ServiceError] = ValidationException

    @property
    def name_field(self) -> str:
        """The member that holds its name."""
        return f"{self.noun}Name"

    @property
    def arn_field(self) -> str:
        """The member that holds its ARN."""
        return f"{self.noun}Arn"


TRAINING = Kind(
    "TrainingJob", "training-job", "Requested resource not found.",
    f"Training job names {UNIQUE}, and a training job with this name already exists ({{arn}})",
    "TrainingJobStatus", duplicate_error=ResourceInUse,
)  # fmt: skip
PROCESSING = Kind(
    "ProcessingJob", "processing-job", "Could not find requested job with name: {name}",
    f"Job name {UNIQUE}, and a job with this name already exists ({{arn}})",
    "ProcessingJobStatus", duplicate_error=ResourceInUse,
)  # fmt: skip
TRANSFORM = Kind(
    "TransformJob", "transform-job", "Could not find requested job with name: {name}",
    f"Job name {UNIQUE}, and a job with this name already exists ({{arn}})",
    "TransformJobStatus", duplicate_error=ResourceInUse,
)  # fmt: skip
GROUP = Kind(
    "ModelPackageGroup", "model-package-group", "ModelPackageGroup {arn} does not exist.",
    "Model Package Group already exists: {arn}", "ModelPackageGroupStatus",
)  # fmt: skip
PACKAGE = Kind(
    "ModelPackage", "model-package", "ModelPackage {arn} does not exist.",
    "Model Package already exists: {arn}", "ModelPackageStatus",
)  # fmt: skip
MODEL = Kind("Model", "model", 'Could not find model "{arn}".', 'Cannot create already existing model "{arn}".')
ENDPOINT_CONFIG = Kind(
    "EndpointConfig", "endpoint-config", 'Could not find endpoint configuration "{arn}".',
    'Cannot create already existing endpoint configuration "{arn}".',
)  # fmt: skip
ENDPOINT = Kind(
    "Endpoint", "endpoint", 'Could not find endpoint "{arn}".', 'Cannot create already existing endpoint "{arn}".',
    "EndpointStatus",
)  # fmt: skip

KINDS = (TRAINING, PROCESSING, TRANSFORM, GROUP, PACKAGE, MODEL, ENDPOINT_CONFIG, ENDPOINT)
