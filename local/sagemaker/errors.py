"""The errors that SageMaker answers with. The code is the wire's `__type`; botocore shows it as `Error.Code`."""

from typing import Any


class ServiceError(Exception):
    """An error for the caller: its code, its message, and the HTTP status that carries it."""

    code = "InternalFailure"
    status = 400

    def __init__(self, message: str, **members: Any) -> None:
        super().__init__(message)
        self.message = message
        self.members = members  # further members of a modelled error shape


class ValidationException(ServiceError):
    """The request, or what it names, is not acceptable. Unmodelled, like most of SageMaker's errors."""

    code = "ValidationException"


class SerializationException(ServiceError):
    """A member has the wrong JSON type."""

    code = "SerializationException"


class UnknownOperationException(ServiceError):
    """An operation that this service does not do; it never answers as if it did."""

    code = "UnknownOperationException"


class AccessDeniedException(ServiceError):
    """The caller may not hand over the role that the request names."""

    code = "AccessDeniedException"


class ResourceInUse(ServiceError):
    """A job of that name exists already."""

    code = "ResourceInUse"


class ResourceNotFound(ServiceError):
    """The few missing things that SageMaker reports with this modelled code."""

    code = "ResourceNotFound"


class ResourceLimitExceeded(ServiceError):
    """A quota of the account."""

    code = "ResourceLimitExceeded"


class ConflictException(ServiceError):
    """The state of a model package or group does not allow the change."""

    code = "ConflictException"


class ValidationError(ServiceError):
    """The runtime's name for a bad request: an unknown endpoint, a variant that does not exist."""

    code = "ValidationError"


class ModelError(ServiceError):
    """The container answered with an error, or not at all."""

    code = "ModelError"
    status = 424


class ThrottlingException(ServiceError):
    """More requests at once than a serverless endpoint takes."""

    code = "ThrottlingException"
    status = 429


class JobFailure(Exception):
    """Why a job ends Failed. `str()` is its FailureReason, with the class of the fault as a prefix."""


class ClientError(JobFailure):
    """The caller's data, permissions or image."""

    def __str__(self) -> str:
        return f"ClientError: {super().__str__()}"


class AlgorithmError(JobFailure):
    """The container's code failed."""

    def __str__(self) -> str:
        return f"AlgorithmError: {super().__str__()}"


class CapacityError(JobFailure):
    """No instances to be had."""

    def __str__(self) -> str:
        return f"CapacityError: {super().__str__()}"


class InternalServerError(JobFailure):
    """Our own fault."""

    def __str__(self) -> str:
        return f"InternalServerError: {super().__str__()}"
