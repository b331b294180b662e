"""The ledger's rows of uploads and datasets, as the transaction that commits an outcome."""

from datetime import datetime
from typing import Any

from tidewheel.aws import ledger
from tidewheel.domain.dataset import SAID_AS, Judgement, Upload
from tidewheel.domain.errors import ClaimLost
from tidewheel.domain.upload import upload_identity
from tidewheel.messages.data import Answer, ValidateUploadOutput
from tidewheel.settings import settings


def claimed(upload: Upload, execution: str) -> ledger.Row:
    """The upload's row. Raises ClaimLost if the claim is not, or no longer, this execution's."""
    row = ledger.find(upload.folder, "upload", upload_identity(upload.key, upload.version_id))
    if row is None or row["execution"] != execution:
        raise ClaimLost("another execution has claimed it", place=upload.key, remedy="See that execution")
    return row


def repeated(row: ledger.Row, upload: Upload, execution: str, now: datetime) -> ValidateUploadOutput:
    """The outcome that the row holds: what was committed once is never worked out anew, as contracts change."""
    answer = Answer.model_validate(row["answer"])
    transaction = [_outcome(upload, execution, now, {"outcome": row["outcome"]})]
    return ValidateUploadOutput(outcome=row["outcome"], transaction=transaction, answer=answer)


def committable(judgement: Judgement, upload: Upload, execution: str, now: datetime) -> ValidateUploadOutput:
    """The outcome on the upload's row, with its answer, and the row of a new dataset."""
    answer = Answer.model_validate({"detail_type": SAID_AS[judgement.outcome], "detail": judgement.detail(upload)})
    values = {
        "outcome": judgement.outcome,
        "answer": answer.model_dump(mode="json"),
        "reason": judgement.said.get("reason", judgement.said.get("message", "")),
        "report_uri": judgement.said["report_uri"],
    } | ({"dataset_id": judgement.dataset_id} if judgement.dataset_id else {})
    new = [_dataset(judgement, upload, now)] if judgement.row is not None else []
    transaction = [_outcome(upload, execution, now, values), *new]
    return ValidateUploadOutput(outcome=judgement.outcome, transaction=transaction, answer=answer)


def _outcome(upload: Upload, execution: str, now: datetime, values: dict[str, Any]) -> dict[str, Any]:
    """Only while the claim is ours: an execution that was overtaken commits nothing."""
    values = values | {"updated_at": now.isoformat()}
    action = ledger.update(
        upload.folder,
        "upload",
        upload_identity(upload.key, upload.version_id),
        "SET " + ", ".join(f"{name} = :{name}" for name in values),
        {f":{name}": value for name, value in values.items()} | {":me": execution},
        condition="execution = :me",
    )
    return _in_ledger(action)


def _dataset(judgement: Judgement, upload: Upload, now: datetime) -> dict[str, Any]:
    """Unless the same bytes have become a dataset from another upload meanwhile."""
    row = (judgement.row or {}) | {"cause_id": upload.cause_id, "updated_at": now.isoformat()}
    action = ledger.put(upload.folder, "dataset", judgement.dataset_id, row)
    action["Put"] |= {
        "ConditionExpression": "attribute_not_exists(pk) OR upload_cause = :cause",
        "ExpressionAttributeValues": ledger.pack({":cause": upload.cause_id}),
    }
    return _in_ledger(action)


def _in_ledger(action: dict[str, Any]) -> dict[str, Any]:
    return {verb: {"TableName": settings().ledger_table} | body for verb, body in action.items()}
