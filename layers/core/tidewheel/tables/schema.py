"""The types of a contract in Arrow's terms. Timestamps are UTC, in microseconds."""

import pyarrow as pa

from tidewheel.domain.contract import ColumnType, Contract

TYPES: dict[ColumnType, pa.DataType] = {
    "integer": pa.int64(),
    "number": pa.float64(),
    "string": pa.string(),
    "boolean": pa.bool_(),
    "timestamp": pa.timestamp("us", "UTC"),
}


def schema_of(contract: Contract) -> pa.Schema:
    """The schema of a dataset under the contract."""
    return pa.schema([pa.field(column.name, TYPES[column.type], column.nullable) for column in contract.columns])
