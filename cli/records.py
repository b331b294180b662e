"""What the ledger and the registry know, as an operator asks for it."""

from typing import Any

from botocore.exceptions import ClientError
from tidewheel.aws import ledger, registry, rollouts
from tidewheel.aws.clients import client
from tidewheel.aws.ledger import Row
from tidewheel.domain.errors import RowMissing, TidewheelError
from tidewheel.domain.package import APPROVED
from tidewheel.domain.rollout import before

from cli.stack import Stack


class ModelUnclear(TidewheelError):
    """What was given does not name a model version."""


def identity(row: Row) -> str:
    """The identity in a row's sort key: `decision#dec-1` is `dec-1`."""
    return str(row["sk"]).partition("#")[2]


def projects() -> list[Row]:
    """All project rows, by name."""
    return sorted(ledger.newest("project"), key=lambda row: str(row["project"]))


def project(name: str) -> Row:
    """The row of one project. Raises RowMissing, naming those that there are."""
    if row := ledger.find(name, "project"):
        return row
    known = ", ".join(str(row["project"]) for row in projects()) or "none yet"
    raise RowMissing("there is no such project", place=f"project {name}", remedy=f"Registered are: {known}")


def split_version(text: str) -> tuple[str, int]:
    """`bikeshare/2` as its project and number. Raises ModelUnclear."""
    name, _, number = text.rpartition("/")
    if not name or not number.isdigit():
        raise ModelUnclear("this is not a model version", place=text, remedy="Write it as project/number: bikeshare/2")
    return name, int(number)


def version(arn: str) -> int:
    """The number at the end of a package's ARN."""
    return int(arn.rpartition("/")[2])


def package(stack: Stack, name: str, number: int) -> dict[str, Any]:
    """The model package as the registry describes it. Raises RowMissing."""
    try:
        found: dict[str, Any] = client("sagemaker").describe_model_package(
            ModelPackageName=stack.package_arn(name, number)
        )
    except ClientError as error:
        if error.response["Error"]["Code"] not in {"ValidationException", "ResourceNotFound"}:
            raise
        remedy = f"See `tidewheel why {name}` for the one that serves"
        raise RowMissing("the registry has no such version", place=f"{name}/{number}", remedy=remedy) from error
    return found


def packages_of(run: Row | None) -> list[str]:
    """The ARNs of the packages that a run registered, lowest version first."""
    listed = (run or {}).get("packages") or []
    return sorted((each["arn"] if isinstance(each, dict) else str(each) for each in listed), key=version)


def run_of(name: str, number: int) -> Row | None:
    """The run that registered a model version."""
    return next((row for row in ledger.rows(name, "run") if number in map(version, packages_of(row))), None)


def deployments_of(name: str, number: int) -> list[Row]:
    """What was tried to put a version into service, the earliest first."""
    wanted = f"deployment#{number:06d}#"
    found = [row for row in ledger.rows(name, "deployment") if str(row["sk"]).startswith(wanted)]
    return sorted(found, key=lambda row: (str(row["updated_at"]), str(row["sk"])))


def runs_with(name: str, dataset_id: str) -> list[Row]:
    """The runs that learnt from a dataset version, the earliest first."""
    return [row for row in ledger.rows(name, "run") if dataset_id in (row.get("dataset_ids") or ())]


def last_good(name: str, pointer: Row) -> str | None:
    """The ARN of the model that a rollback would go back to: verified once, older than the live one, still Approved."""
    served = rollouts.served(ledger.rows(name, "deployment"))
    older = (registry.find(each.arn) for each in before(int(pointer["live_version"]), served))
    return next((package.arn for package in older if package and package.status == APPROVED), None)
