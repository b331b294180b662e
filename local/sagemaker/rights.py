"""What the caller may do, beyond the operation that the emulator itself checks: pass a role, tag what is created."""

from contextvars import ContextVar
from typing import Any

from ministack.core.responses import get_region

from local.sagemaker.errors import AccessDeniedException

caller_key: ContextVar[str] = ContextVar("caller_key", default="")  # access key of the request under way


def enforced() -> bool:
    """Whether the emulator runs with IAM."""
    from ministack.app import AUTH

    return AUTH


def require(action: str, resource: str, context: dict[str, Any] | None = None) -> None:
    """AccessDeniedException unless the caller's policies allow an action on a resource, in a context."""
    from ministack.core.iam_evaluator import AuthError, enforce

    if not enforced():
        return
    denied = enforce(caller_key.get(), action, action.partition(":")[0], get_region(), resource, context)
    if denied and not isinstance(denied, AuthError):
        raise AccessDeniedException(
            f"User: {denied.principal_arn} is not authorized to perform: {action} on resource: {resource} "
            f"because no identity-based policy allows the {action} action"
        )
