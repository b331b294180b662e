"""The profile of a table: a small value that stands for its rows. A batch, a file, a day, a training set: one type.

`+` is exact, commutative and associative, and the profile of a whole is the sum of the profiles of its parts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tidewheel.domain.contract import ColumnType
from tidewheel.domain.profile_category import CategoryProfile
from tidewheel.domain.profile_number import NumberProfile

VERSION = 1
ColumnProfile = NumberProfile | CategoryProfile


def nothing(kind: ColumnType) -> ColumnProfile:
    """The profile of a column without rows."""
    return CategoryProfile(kind) if kind == "string" or kind == "boolean" else NumberProfile(kind)


@dataclass(frozen=True)
class Profile:
    """Rows and columns. `Profile()` is zero: adding it changes nothing."""

    rows: int = 0
    columns: Mapping[str, ColumnProfile] = field(default_factory=dict)

    def __add__(self, other: "Profile") -> "Profile":
        """The profile of both tables' rows; a column that only one has is kept as it is (its rows are fewer)."""
        names = [*self.columns, *(name for name in other.columns if name not in self.columns)]
        return Profile(self.rows + other.rows, {name: _sum(self, other, name) for name in names})

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON: 5 to 40 KB for each column of numbers, less for others."""
        columns = {name: column.to_dict() for name, column in self.columns.items()}
        return {"version": VERSION, "rows": self.rows, "columns": columns}

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> "Profile":
        """The profile that `to_dict` wrote. Raises ValueError for a version of another release."""
        if value["version"] != VERSION:
            raise ValueError(f"this is a profile of version {value['version']}; known is {VERSION}")
        columns = {name: _column_from_dict(column) for name, column in value["columns"].items()}
        return cls(value["rows"], columns)


def _sum(one: Profile, other: Profile, name: str) -> ColumnProfile:
    mine, theirs = one.columns.get(name), other.columns.get(name)
    if mine is None or theirs is None:
        both = mine or theirs
        assert both is not None  # noqa: S101 (names come from the two)
        return both
    if isinstance(mine, NumberProfile) and isinstance(theirs, NumberProfile):
        return mine + theirs
    if isinstance(mine, CategoryProfile) and isinstance(theirs, CategoryProfile):
        return mine + theirs
    raise ValueError(f"column {name}: a {mine.kind} and a {theirs.kind} do not add up")


def _column_from_dict(value: dict[str, Any]) -> ColumnProfile:
    kind = CategoryProfile if value["kind"] in ("string", "boolean") else NumberProfile
    return kind.from_dict(value)
