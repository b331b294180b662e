"""AWS::DynamoDB::Table: expiry, recovery, encryption and protection, which the emulator's resource type leaves out."""

from typing import Any

from local import calls
from local.cloudformation import resources


def install() -> None:
    """Completes the emulator's resource type."""
    resources.around("AWS::DynamoDB::Table", before=_read, after=_configure, before_delete=_require_unprotected)


def _read(properties: dict[str, Any]) -> None:
    if "DeletionProtectionEnabled" in properties:
        properties["DeletionProtectionEnabled"] = resources.truth(properties["DeletionProtectionEnabled"])


def _configure(table: str, properties: dict[str, Any]) -> None:
    dynamodb = calls.client("dynamodb")
    if expiry := properties.get("TimeToLiveSpecification"):
        wanted = {"AttributeName": expiry["AttributeName"], "Enabled": resources.truth(expiry.get("Enabled", True))}
        status = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]["TimeToLiveStatus"]
        if wanted["Enabled"] != (status == "ENABLED"):
            dynamodb.update_time_to_live(TableName=table, TimeToLiveSpecification=wanted)
    if recovery := properties.get("PointInTimeRecoverySpecification"):
        on = {"PointInTimeRecoveryEnabled": resources.truth(recovery.get("PointInTimeRecoveryEnabled"))}
        dynamodb.update_continuous_backups(TableName=table, PointInTimeRecoverySpecification=on)
    if encryption := properties.get("SSESpecification"):
        _encrypt(dynamodb, table, encryption)


def _encrypt(dynamodb: Any, table: str, encryption: dict[str, Any]) -> None:
    if not resources.truth(encryption.get("SSEEnabled")):
        return  # DynamoDB's own key, as it is from the start
    names = ("SSEType", "KMSMasterKeyId")
    wanted = {"Enabled": True} | {name: encryption[name] for name in names if name in encryption}
    dynamodb.update_table(TableName=table, SSESpecification=wanted)


def _require_unprotected(table: str, properties: dict[str, Any]) -> None:
    if calls.client("dynamodb").describe_table(TableName=table)["Table"].get("DeletionProtectionEnabled"):
        raise ValueError(f"Resource cannot be deleted as it is currently protected against deletion: {table}")
