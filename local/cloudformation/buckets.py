"""AWS::S3::Bucket: encryption, ownership, lifecycle and tags are set; a bucket that holds objects is not deleted."""

from typing import Any

from local import calls
from local.cloudformation import resources

LIFECYCLE = {"Id", "Status", "Prefix", "AbortIncompleteMultipartUpload", "NoncurrentVersionExpiration"} | {
    "ExpiredObjectDeleteMarker",
    "ExpirationInDays",
}


def install() -> None:
    """Completes the emulator's resource type."""
    resources.around("AWS::S3::Bucket", after=_configure, before_delete=_require_empty)


def _configure(bucket: str, properties: dict[str, Any]) -> None:
    s3 = calls.client("s3")
    if encryption := properties.get("BucketEncryption"):
        rules = [_encryption(rule) for rule in encryption["ServerSideEncryptionConfiguration"]]
        s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": rules})
    if ownership := properties.get("OwnershipControls"):
        s3.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls=ownership)
    if lifecycle := properties.get("LifecycleConfiguration"):
        rules = [_lifecycle(rule) for rule in lifecycle["Rules"]]
        s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": rules})
    if tags := properties.get("Tags"):
        s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": tags})


def _encryption(rule: dict[str, Any]) -> dict[str, Any]:
    return {
        "ApplyServerSideEncryptionByDefault": rule["ServerSideEncryptionByDefault"],
        "BucketKeyEnabled": resources.truth(rule.get("BucketKeyEnabled")),
    }


def _lifecycle(rule: dict[str, Any]) -> dict[str, Any]:
    """CloudFormation's words for a rule into those of S3's API."""
    if unknown := sorted(rule.keys() - LIFECYCLE):
        raise ValueError(f"the local stack does not simulate lifecycle rules with {', '.join(unknown)}")
    kept = ("Status", "AbortIncompleteMultipartUpload", "NoncurrentVersionExpiration")
    made = {name: rule[name] for name in kept if name in rule}
    made |= {"Filter": {"Prefix": rule.get("Prefix", "")}} | ({"ID": rule["Id"]} if "Id" in rule else {})
    if "ExpirationInDays" in rule:
        made["Expiration"] = {"Days": int(rule["ExpirationInDays"])}
    if resources.truth(rule.get("ExpiredObjectDeleteMarker")):
        made["Expiration"] = {"ExpiredObjectDeleteMarker": True}
    return made


def _require_empty(bucket: str, properties: dict[str, Any]) -> None:
    """AWS answers DELETE_FAILED; an old version or a delete marker is content too."""
    held = calls.client("s3").list_object_versions(Bucket=bucket, MaxKeys=1)
    if held.get("Versions") or held.get("DeleteMarkers"):
        raise ValueError(f"The bucket you tried to delete is not empty: {bucket}")
