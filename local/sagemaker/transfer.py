"""Objects to files and back, with the credentials of a job's role. What goes wrong becomes a FailureReason."""

import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError as AwsError

from local.sagemaker.errors import ClientError


def split(uri: str) -> tuple[str, str]:
    """Bucket and key of an s3:// URI."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key


def download(s3: Any, source: dict[str, Any], folder: Path) -> int:
    """Fetch what an S3DataSource names into a folder; the number of files. ClientError if that is nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    uri = source["S3Uri"]
    try:
        pairs = list(_manifest(s3, uri) if source.get("S3DataType") == "ManifestFile" else _prefix(s3, uri))
        for bucket, key, relative in pairs:
            target = folder / relative
            target.parent.mkdir(parents=True, exist_ok=True)
            s3.download_file(bucket, key, str(target))
    except AwsError as error:
        raise ClientError(f"Data download failed: Failed to download data from {uri}. {_reason(error)}") from error
    if not pairs:
        raise ClientError(f"Data download failed: No S3 objects found under S3 URL {uri} given in input data source.")
    return len(pairs)


def fetch(s3: Any, uri: str, target: Path, what: str) -> Path:
    """Fetch one object into a file."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        s3.download_file(*split(uri), str(target))
    except AwsError as error:
        raise ClientError(f"Failed to download {what} from {uri}. {_reason(error)}") from error
    return target


def restore(s3: Any, uri: str, folder: Path) -> None:
    """Fetch everything under a prefix that may be empty, such as checkpoints."""
    try:
        download(s3, {"S3Uri": uri}, folder)
    except ClientError as error:
        if "No S3 objects found" not in str(error):
            raise


def upload(s3: Any, folder: Path, uri: str, kms_key: str | None = None) -> None:
    """Put every file of a folder under a prefix. Symbolic links are not followed."""
    for file in sorted(folder.rglob("*")):
        if file.is_file() and not file.is_symlink():
            put(s3, file, f"{uri.rstrip('/')}/{file.relative_to(folder).as_posix()}", kms_key)


def put(s3: Any, file: Path, uri: str, kms_key: str | None = None) -> None:
    """Put one file to a URI, encrypted with a customer key if one is given."""
    encryption = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": kms_key} if kms_key else {}
    try:
        s3.upload_file(str(file), *split(uri), ExtraArgs=encryption)
    except Exception as error:  # boto3 wraps an AWS error in S3UploadFailedError
        raise ClientError(f"Artifact upload failed: {error}") from error


def pack(folder: Path, target: Path) -> Path:
    """A tar.gz of a folder's content; its members are relative to the folder."""
    with tarfile.open(target, "w:gz", compresslevel=1) as archive:
        for entry in sorted(folder.iterdir()):
            archive.add(entry, entry.name)
    return target


def unpack(archive: Path, folder: Path) -> None:
    """Extract a tar.gz; members that would leave the folder, or are no plain files, are refused."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with tarfile.open(archive, "r:*") as tar:
            tar.extractall(folder, filter="data")
    except tarfile.TarError as error:
        raise ClientError(f"Failed to extract {archive.name}: {error}") from error


def _prefix(s3: Any, uri: str) -> Iterator[tuple[str, str, str]]:
    bucket, prefix = split(uri)
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        for item in page.get("Contents", []):
            relative = _relative(prefix, item["Key"])
            if relative and not relative.endswith("/"):
                yield bucket, item["Key"], relative


def _relative(prefix: str, key: str) -> str:
    if key == prefix:
        return key.rsplit("/", 1)[-1]
    if prefix.endswith("/") or key.startswith(prefix + "/"):
        return key[len(prefix) :].lstrip("/")
    return key[len(prefix.rpartition("/")[0]) :].lstrip("/")  # `s3://b/part` matches part-0 and part-1


def _manifest(s3: Any, uri: str) -> Iterator[tuple[str, str, str]]:
    import json

    bucket, key = split(uri)
    head, *names = json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
    data_bucket, prefix = split(head["prefix"])
    for name in names:
        yield data_bucket, prefix + name, name


def _reason(error: AwsError) -> str:
    details, status = error.response["Error"], error.response["ResponseMetadata"]["HTTPStatusCode"]
    return f"{details['Code']} ({status}): {details.get('Message', '')}"
