"""The ledger: one DynamoDB table, rows keyed by project and kind. Decision 0001 lists keys and access patterns."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.exceptions import ClientError

from tidewheel.aws.clients import client
from tidewheel.domain.errors import RowMissing
from tidewheel.settings import settings

Row = dict[str, Any]


def pack(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as DynamoDB's attribute values. Floats are kept to 17 significant digits."""
    return {name: TypeSerializer().serialize(_decimal(value)) for name, value in row.items()}


def unpack(item: Mapping[str, Any]) -> Row:
    """DynamoDB's attribute values as a row: whole numbers become int, others float."""
    return {name: _number(TypeDeserializer().deserialize(value)) for name, value in item.items()}


def key(project: str, kind: str, identity: str = "") -> dict[str, Any]:
    """The key of one row: `project#<name>` and `<kind>#<identity>`, or `<kind>` where a project has only one."""
    return pack({"pk": f"project#{project}", "sk": f"{kind}#{identity}" if identity else kind})


def find(project: str, kind: str, identity: str = "") -> Row | None:
    """The row, read consistently, or None."""
    answer = client("dynamodb").get_item(
        TableName=settings().ledger_table, Key=key(project, kind, identity), ConsistentRead=True
    )
    return unpack(answer["Item"]) if "Item" in answer else None


def get(project: str, kind: str, identity: str = "") -> Row:
    """The row. Raises RowMissing if it does not exist."""
    row = find(project, kind, identity)
    if row is None:
        raise RowMissing(
            f"the ledger has no {kind} {identity}".rstrip(), place=f"project {project}", remedy="See `tidewheel status`"
        )
    return row


def rows(project: str, kind: str) -> Iterator[Row]:
    """All rows of a kind, in the order of their identities, read consistently."""
    pages = (
        client("dynamodb")
        .get_paginator("query")
        .paginate(
            TableName=settings().ledger_table,
            ConsistentRead=True,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :sk)",
            ExpressionAttributeValues=pack({":pk": f"project#{project}", ":sk": f"{kind}#"}),
        )
    )
    return (unpack(item) for page in pages for item in page["Items"])


def newest(kind: str) -> Iterator[Row]:
    """Rows of a kind over all projects, the latest first (index `kind`, so a moment behind the table)."""
    pages = (
        client("dynamodb")
        .get_paginator("query")
        .paginate(
            TableName=settings().ledger_table,
            IndexName="kind",
            ScanIndexForward=False,
            KeyConditionExpression="kind = :kind",
            ExpressionAttributeValues=pack({":kind": kind}),
        )
    )
    return (unpack(item) for page in pages for item in page["Items"])


def write(*actions: dict[str, Any]) -> bool:
    """Do the actions of `put` and `update` in one transaction: True if done, False if a condition did not hold."""
    table = settings().ledger_table
    items = [{verb: {"TableName": table, **rest} for verb, rest in action.items()} for action in actions]
    try:
        client("dynamodb").transact_write_items(TransactItems=items)
    except client("dynamodb").exceptions.TransactionCanceledException as cancelled:
        if any(why["Code"] == "ConditionalCheckFailed" for why in cancelled.response["CancellationReasons"]):
            return False
        raise
    return True


def put(project: str, kind: str, identity: str, row: Mapping[str, Any], *, only_new: bool = False) -> dict[str, Any]:
    """The action of putting a row; with `only_new` the transaction fails if it exists."""
    action = {"Item": key(project, kind, identity) | pack({"schema": 1, "kind": kind, "project": project, **row})}
    return {"Put": action | ({"ConditionExpression": "attribute_not_exists(pk)"} if only_new else {})}


def update(
    project: str, kind: str, identity: str, expression: str, values: Mapping[str, Any], condition: str = ""
) -> dict[str, Any]:
    """The action of updating a row by a DynamoDB expression, under a condition if one is given."""
    action: dict[str, Any] = {"Key": key(project, kind, identity), "UpdateExpression": expression}
    action |= {"ExpressionAttributeValues": pack(values)} if values else {}
    return {"Update": action | ({"ConditionExpression": condition} if condition else {})}


def refused(error: ClientError) -> bool:
    """Whether a single conditional write was refused by its condition."""
    return bool(error.response["Error"]["Code"] == "ConditionalCheckFailedException")


def _decimal(value: Any) -> Any:
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, Mapping):
        return {name: _decimal(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_decimal(inner) for inner in value]
    return value


def _number(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {name: _number(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_number(inner) for inner in value]
    return value
