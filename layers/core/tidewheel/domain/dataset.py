"""What is said of an upload: its manifest, its report, and the words of its answer."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from tidewheel.domain.contract import Contract
from tidewheel.domain.errors import UploadRefused
from tidewheel.domain.identity import short, upload_cause
from tidewheel.domain.profile_number import NumberProfile
from tidewheel.domain.upload import NOWHERE, project_of
from tidewheel.domain.validation import Validation

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Upload:
    """One object version that a team delivered."""

    bucket: str
    key: str
    version_id: str
    size: int
    uploaded_at: str
    sequencer: str = ""

    @property
    def cause_id(self) -> str:
        """The cause that it is."""
        return upload_cause(self.bucket, self.key, self.version_id)

    @property
    def folder(self) -> str:
        """What the key names as its project, be there such a project or not."""
        return self.key.partition("/")[0]

    def address(self) -> dict[str, str]:
        """Where it is, as events say it."""
        return {"bucket": self.bucket, "key": self.key, "version_id": self.version_id}


Outcome = Literal["accepted", "rejected", "duplicate"]
SAID_AS = {"accepted": "DatasetReady", "rejected": "DatasetRejected", "duplicate": "DatasetDuplicate"}


@dataclass(frozen=True)
class Judgement:
    """What became of an upload: what its event says beside the usual, and the new dataset's row if there is one."""

    outcome: Outcome
    said: dict[str, Any]
    dataset_id: str = ""
    row: dict[str, Any] | None = None

    def detail(self, upload: Upload) -> dict[str, Any]:
        """The detail of the event that answers the team."""
        head = {"schema": 1, "project": upload.folder, "cause_id": upload.cause_id, "upload": upload.address()}
        return head | ({"dataset_id": self.dataset_id} if self.dataset_id else {}) | self.said


def answer_prefix(upload: Upload, outcome: Outcome) -> str:
    """Where the report of an upload lies that became no dataset: `<project>/<refused or duplicate>/<cause>`."""
    kind = "refused" if outcome == "rejected" else outcome
    return f"{project_of(upload.key) or NOWHERE}/{kind}/{short(upload.cause_id)}"


def event_span(validation: Validation, contract: Contract) -> dict[str, str]:
    """First and last event time of the accepted rows, as ISO texts; nothing without an event time."""
    column = validation.profile.columns.get(contract.event_time or "")
    if not isinstance(column, NumberProfile) or column.min is None or column.max is None:
        return {}
    return {"event_time_min": _moment(column.min), "event_time_max": _moment(column.max)}


def _moment(microseconds: float) -> str:
    return (EPOCH + timedelta(microseconds=microseconds)).isoformat()


def facts(upload: Upload, outcome: Outcome) -> dict[str, Any]:
    """What every report and manifest begins with."""
    return {
        "schema": 1,
        "project": upload.folder,
        "outcome": outcome,
        "cause_id": upload.cause_id,
        "upload": upload.address(),
        "uploaded_at": upload.uploaded_at,
        "size": upload.size,
    }


def findings(validation: Validation) -> dict[str, Any]:
    """What validation found, as plain values for manifest and report."""
    reasons = [asdict(reason) | {"remedy": reason.remedy} for reason in validation.reasons]
    return {
        "rows": validation.rows,
        "accepted": validation.accepted,
        "rejected": validation.rejected,
        "reasons": reasons,
        "extra_columns": list(validation.extra),
        "absent_columns": list(validation.absent),
    }


def refusal(error: UploadRefused) -> dict[str, str]:
    """A refusal in plain values."""
    return {"code": error.code, "problem": error.problem, "place": error.place, "remedy": error.remedy}
