"""ValidateUpload: hold an upload against its project's contract, write what it is worth, and say what to commit."""

import hashlib
import json
import tempfile
from pathlib import Path
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from tidewheel.aws import files, ledger, objects, uploads
from tidewheel.domain import dataset
from tidewheel.domain.dataset import Judgement, Upload
from tidewheel.domain.errors import UploadIgnored, UploadRefused
from tidewheel.domain.upload import Limits, check_is_delivery, format_of, project_of
from tidewheel.domain.validation import Validation
from tidewheel.messages.data import ValidateUploadInput
from tidewheel.project.model import Project
from tidewheel.reports.dataset import dataset_page
from tidewheel.settings import settings, upload_limit
from tidewheel.tables.parts import PartWriter
from tidewheel.tables.schema import schema_of
from tidewheel.tables.validation import read_table, validate

logger = Logger()
CHUNK = 4 << 20


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer what to commit and what to publish. Raises UploadIgnored, UploadSuperseded, ClaimLost."""
    given = ValidateUploadInput.model_validate(event)
    upload, ours = given.upload(), (given.execution, given.now)
    _check_is_delivery(upload)
    row = uploads.claimed(upload, given.execution)

    judged = (
        uploads.repeated(row, upload, *ours) if "answer" in row else uploads.committable(_judge(upload), upload, *ours)
    )

    logger.info("upload judged", extra={"cause_id": upload.cause_id, "outcome": judged.outcome})
    return judged.model_dump(mode="json")


def _check_is_delivery(upload: Upload) -> None:
    if upload.bucket != settings().inbox_bucket:
        raise UploadIgnored("this is not the inbox", place=upload.bucket, remedy="Nothing is to be done")
    check_is_delivery(upload.key, upload.size)


def _judge(upload: Upload) -> Judgement:
    try:
        project, dataset_id = _project(upload), _dataset_id(upload)
        known = ledger.find(project.project, "dataset", dataset_id)
        if known is not None and known["upload_cause"] != upload.cause_id:
            return _duplicate(upload, known, dataset_id)
        return _validated(upload, project, dataset_id)
    except UploadRefused as refused:
        return _refused(upload, refused)


def _project(upload: Upload) -> Project:
    name = project_of(upload.key)
    row = ledger.find(name, "project") if name else None
    if row is None:
        remedy = "Upload to <project>/<any name>, and register the project first"
        raise UploadRefused("UnknownProject", f"there is no project `{upload.folder}`", place="key", remedy=remedy)
    if row["status"] != "active":
        remedy = f"Upload projects/{name}.yaml again to take it up"
        raise UploadRefused("RetiredProject", f"project {name} is retired", place="key", remedy=remedy)
    return Project.model_validate(row["document"])


def _dataset_id(upload: Upload) -> str:
    """The identity of the bytes. A pass of its own: keys need it, and a duplicate is known before a row is read."""
    format_of(upload.key)
    Limits(bytes=upload_limit()).check(upload.size)
    digest, source = hashlib.sha256(), _source(upload)
    while chunk := source.read(CHUNK):
        digest.update(chunk)
    return f"ds-{digest.hexdigest()[:16]}"


def _source(upload: Upload) -> files.ObjectFile:
    return files.ObjectFile(upload.bucket, upload.key, upload.version_id, upload.size)


def _validated(upload: Upload, project: Project, dataset_id: str) -> Judgement:
    """Judge the rows. Nothing is written to S3 before the file as a whole is accepted."""
    contract, limits = project.data_contract(), Limits(bytes=upload_limit())
    with tempfile.TemporaryDirectory() as folder:
        quarantine = Path(folder) / "rejected.jsonl"
        parts = PartWriter(Path(folder), schema_of(contract))
        with quarantine.open("w") as lines:
            reading = read_table(_source(upload), *format_of(upload.key), contract, limits)
            validation = validate(reading, contract, limits, parts.write, lambda row: print(_line(row), file=lines))
        try:
            validation.check(contract)
        except UploadRefused as refused:
            return _refused(upload, refused, validation)
        written = [*parts.close(), *([quarantine] if validation.rejected else [])]
        return _accepted(upload, project, dataset_id, validation, written)


def _line(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False)


def _accepted(
    upload: Upload, project: Project, dataset_id: str, validation: Validation, written: list[Path]
) -> Judgement:
    """Write the dataset's objects, each under a key that follows from the bytes of the upload."""
    bucket, prefix = settings().datasets_bucket, f"{project.project}/{dataset_id}"
    uris = [files.upload(path, bucket, f"{prefix}/{path.name}") for path in written]
    profile_uri = objects.write_json(bucket, f"{prefix}/profile.json", validation.profile.to_dict())
    span = dataset.event_span(validation, project.data_contract())
    facts = dataset.facts(upload, "accepted") | dataset.findings(validation) | span | {"dataset_id": dataset_id}
    manifest = facts | {"contract_digest": project.contract_digest, "objects": uris}
    objects.write_json(bucket, f"{prefix}/manifest.json", manifest)
    said = {
        "rows": validation.accepted,
        "rejected_rows": validation.rejected,
        "uri": f"s3://{bucket}/{prefix}/",
        "report_uri": _report(prefix, facts, validation),
    }
    row = {
        "profile_uri": profile_uri,
        "contract_digest": project.contract_digest,
        "columns": list(project.contract.columns),
        "upload_cause": upload.cause_id,
        "uploaded_at": upload.uploaded_at,
        "sequencer": upload.sequencer,
    }
    return Judgement("accepted", said, dataset_id, row | said | span)


def _duplicate(upload: Upload, known: ledger.Row, dataset_id: str) -> Judgement:
    message = f"duplicate of {known['upload_cause']}: the same bytes are dataset {dataset_id} already"
    facts = dataset.facts(upload, "duplicate") | {"message": message, "dataset_id": dataset_id}
    report_uri = _report(dataset.answer_prefix(upload, "duplicate"), facts)
    return Judgement("duplicate", {"message": message, "report_uri": report_uri}, dataset_id)


def _refused(upload: Upload, refused: UploadRefused, validation: Validation | None = None) -> Judgement:
    facts = dataset.facts(upload, "rejected") | {"refusal": dataset.refusal(refused)}
    facts |= dataset.findings(validation) if validation else {}
    report_uri = _report(dataset.answer_prefix(upload, "rejected"), facts, validation)
    return Judgement("rejected", {"reason": refused.code, "message": str(refused), "report_uri": report_uri})


def _report(prefix: str, facts: dict[str, Any], validation: Validation | None = None) -> str:
    """Write the report for programs and for people, and answer the latter's URI."""
    objects.write_json(settings().datasets_bucket, f"{prefix}/report.json", facts)
    page = dataset_page(facts, validation.profile if validation else None)
    return objects.write(settings().datasets_bucket, f"{prefix}/report.html", page, "text/html; charset=utf-8")
