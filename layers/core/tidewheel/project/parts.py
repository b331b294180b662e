"""The parts of a project file. Every default is here and nowhere else."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, GetJsonSchemaHandler
from pydantic_core import CoreSchema

from tidewheel.domain.contract import ColumnType, Value

Share = Annotated[float, Field(ge=0, lt=1)]
Metric = Literal["logloss", "mlogloss", "rmse", "auc", "accuracy", "mae"]
Cause = Literal["upload", "schedule", "request"]
Address = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", description="An e-mail address")]
Instance = Annotated[str, Field(pattern=r"^ml\.[a-z0-9-]+\.[a-z0-9]+$", description="A SageMaker instance type")]


def _plain(value: Value) -> Value:
    """1.0 and 1 are one value: the ledger does not tell them apart, so neither may a digest."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Plain = Annotated[Value, AfterValidator(_plain)]


class Part(BaseModel):
    """A part of a project file: frozen, and without room for a field that nothing reads."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class ColumnPart(Part):
    """A column of the contract; in YAML its type alone will do."""

    type: ColumnType
    nullable: bool = False
    min: float | None = Field(default=None, description="Smallest value allowed")
    max: float | None = Field(default=None, description="Largest value allowed")
    allowed: tuple[Plain, ...] | None = Field(default=None, min_length=1, description="The only values allowed")
    pattern: str | None = Field(default=None, description="Regular expression (RE2) that the whole value must match")
    unique: bool = Field(False, description="No value twice in one upload")

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Editors may offer the short form too."""
        whole = handler.resolve_ref_schema(handler(schema))
        return {"anyOf": [whole["properties"]["type"], dict(whole)]}


def _in_full(value: object) -> object:
    return {"type": value} if isinstance(value, str) else value


class ContractPart(Part):
    """What an upload must look like."""

    label: str = Field(description="The column to be learnt")
    columns: dict[str, Annotated[ColumnPart, BeforeValidator(_in_full)]] = Field(min_length=2)
    event_time: str | None = Field(
        default=None, description="The timestamp column that orders the rows; else upload order"
    )
    max_rejected: float = Field(default=0.01, ge=0, le=1, description="Share of bad rows above which a file is refused")


class TrainingPart(Part):
    """What is learnt from what, and where."""

    features: tuple[str, ...] | None = Field(
        default=None, min_length=1, description="Default: all but label and timestamps"
    )
    image: str | None = Field(default=None, description="Default: the Region's sagemaker-xgboost:3.2-0")
    hyperparameters: dict[str, Plain] = {}
    instance: Instance = "ml.m5.large"
    instances: int = Field(default=1, ge=1, le=20)
    volume_gb: int = Field(default=30, ge=1, le=16384)
    spot: bool = False
    max_runtime_hours: float = Field(default=24, gt=0, le=672)
    window_days: float | None = Field(default=None, gt=0, description="Event-time window back from the newest row")
    holdout_days: float | None = Field(default=None, gt=0, description="The newest days, kept for the gate")
    holdout_share: float = Field(
        default=0.2, gt=0, lt=1, description="The newest share of rows; holdout_days overrules it"
    )
    validation_share: Share = Field(default=0.0, description="Latest share of the rest, for early stopping; 0 for none")
    seed: int = Field(default=7, ge=0)


class GatePart(Part):
    """What a challenger must prove."""

    metric: Metric | None = Field(default=None, description="Default by problem: logloss, mlogloss, rmse")
    margin: float = Field(default=0.0, ge=0, description="By more than this a challenger must be better")
    confidence: float = Field(default=0.95, gt=0.5, lt=1)
    guards: dict[Metric, Annotated[float, Field(ge=0)]] = Field(
        default={}, description="Metric: how much it may get worse"
    )
    slices: tuple[str, ...] = Field(default=(), description="Columns whose values are judged apart")
    slice_margin: float = Field(
        default=0.05, ge=0, description="Worsening allowed in a slice, relative to the champion"
    )
    minimum_rows: int = Field(default=100, ge=1)


class ApprovalPart(Part):
    """Who approves."""

    mode: Literal["auto", "manual"] = "auto"
    expiry_days: int = Field(default=7, ge=1, le=365, description="Silence for so long rejects")


class RolloutPart(Part):
    """How the model is served."""

    kind: Literal["realtime", "serverless"] = "realtime"
    instance: Instance = "ml.t2.medium"
    count: int = Field(default=1, ge=1, le=100)
    memory_mb: Literal[1024, 2048, 3072, 4096, 5120, 6144] = 2048
    max_concurrency: int = Field(default=5, ge=1, le=200)


class Freeze(Part):
    """A time in which nothing is trained."""

    start: AwareDatetime
    end: AwareDatetime

    def covers(self, now: datetime) -> bool:
        """Whether `now` lies in it; the end is out."""
        return self.start <= now < self.end


class RetrainPart(Part):
    """What may start a training, and how often."""

    on: tuple[Cause, ...] = ("upload", "schedule", "request")
    schedule: str | None = Field(default=None, description="rate(...) or cron(...) in UTC")
    cooldown_hours: float = Field(default=0, ge=0)
    minimum_new_rows: int = Field(default=1, ge=0)
    monthly_hours: float | None = Field(default=None, gt=0, description="Billable instance hours a calendar month")
    freeze: tuple[Freeze, ...] = ()
