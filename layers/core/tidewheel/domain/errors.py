"""What can be wrong with what people give us. The class name is what a state machine catches."""


class TidewheelError(Exception):
    """Something a person can mend: says what is wrong, where, and what to do about it."""

    def __init__(self, problem: str, *, place: str, remedy: str) -> None:
        super().__init__(f"{place}: {problem}. {remedy}")
        self.problem = problem
        self.place = place
        self.remedy = remedy


class ProjectInvalid(TidewheelError):
    """A project file does not say what it must."""


class ObjectMissing(TidewheelError):
    """An object or a version that an event or a row names is not in S3."""


class RowMissing(TidewheelError):
    """A ledger row that another row or an event names does not exist."""


class InstanceUnreadable(TidewheelError):
    """A row that was sent for prediction does not have what the model reads."""


class TrainingDataUnusable(TidewheelError):
    """The rows, the features or the recipe do not make a training."""


class RegionWithoutImage(TidewheelError):
    """SageMaker's XGBoost image does not exist in a Region."""


class RolloutUnderWay(TidewheelError):
    """Another rollout has claimed the project's endpoint, or the endpoint is being changed; ask again later."""


class GoldenRowsMissing(TidewheelError):
    """A model that is to serve has no golden rows to be verified by."""


class UploadRefused(TidewheelError):
    """A file that cannot become a dataset. `code` is one word for programs, e.g. TooLarge."""

    def __init__(self, code: str, problem: str, *, place: str, remedy: str) -> None:
        super().__init__(problem, place=place, remedy=remedy)
        self.code = code


class UploadIgnored(TidewheelError):
    """An object that is no delivery: a folder marker, an empty object, a file still being written."""


class UploadSuperseded(TidewheelError):
    """The object version of an upload's event was deleted before it was read."""


class ClaimLost(TidewheelError):
    """Another execution has taken the work over; it will answer."""


class LedgerContended(TidewheelError):
    """Others kept writing a row that this step wanted to write."""
