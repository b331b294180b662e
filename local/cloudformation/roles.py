"""AWS::IAM::Role: its permissions boundary, which the emulator's resource type leaves out."""

from typing import Any

from local import calls
from local.cloudformation import resources


def install() -> None:
    """Completes the emulator's resource type."""
    resources.around("AWS::IAM::Role", after=_bound)


def _bound(role: str, properties: dict[str, Any]) -> None:
    if boundary := properties.get("PermissionsBoundary"):
        calls.client("iam").put_role_permissions_boundary(RoleName=role, PermissionsBoundary=boundary)
