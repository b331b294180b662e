"""The contract: what a table that a team delivers must look like."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

ColumnType = Literal["integer", "number", "string", "boolean", "timestamp"]
Value = bool | int | float | str


@dataclass(frozen=True)
class Column:
    """One column: its type and what its values may be. Bounds are inclusive; a pattern must match the whole value."""

    name: str
    type: ColumnType
    nullable: bool = False
    min: float | None = None
    max: float | None = None
    allowed: tuple[Value, ...] | None = None
    pattern: str | None = None
    unique: bool = False


@dataclass(frozen=True)
class Contract:
    """The columns, which of them is learnt and which one is time, and the share of rows that may be rejected."""

    label: str
    columns: tuple[Column, ...]
    event_time: str | None = None
    max_rejected: float = 0.01

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """The columns by their names, in the order of the contract."""
        return {column.name: column for column in self.columns}
