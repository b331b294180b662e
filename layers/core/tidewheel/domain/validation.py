"""What validation found, and what follows from it."""

from dataclasses import dataclass, field

from tidewheel.domain.contract import Contract
from tidewheel.domain.errors import UploadRefused
from tidewheel.domain.profile import Profile

EXAMPLES = 3  # shown of each reason
SHORT = 80  # characters shown of a value

REMEDIES = {
    "type": "Write values of the column's type",
    "null": "Fill it in, or declare the column nullable",
    "min": "Correct the value, or lower the column's min",
    "max": "Correct the value, or raise the column's max",
    "allowed": "Correct the value, or add it to the column's allowed values",
    "pattern": "Correct the value, or the column's pattern",
    "unique": "Deliver each value once, or declare the column not unique",
    "nul": "Remove the NUL characters: the file may be damaged",
    "length": "Shorten the text",
    "finite": "Write finite numbers; leave unknown ones empty",
    "ragged": "Give each row as many fields as the header; quote fields that contain commas",
    "json": "Write one JSON object a line",
}


@dataclass(frozen=True)
class Example:
    """One row that shows a reason: its number (the first data row is 1) and the value, shortened."""

    row: int
    value: str


@dataclass(frozen=True)
class Reason:
    """Why rows were rejected: the column ("" for the whole row), the rule, how many rows, and some of them."""

    column: str
    rule: str
    rows: int
    examples: tuple[Example, ...]

    @property
    def remedy(self) -> str:
        """What to do about it."""
        return REMEDIES[self.rule]


@dataclass(frozen=True)
class Validation:
    """A file held against its contract. `profile` is that of the accepted rows."""

    accepted: int
    rejected: int
    reasons: tuple[Reason, ...] = ()
    extra: tuple[str, ...] = ()  # columns that the contract does not know: left out
    absent: tuple[str, ...] = ()  # nullable columns that the file does not have: filled with nulls
    profile: Profile = field(default_factory=Profile)

    @property
    def rows(self) -> int:
        """All rows of the file."""
        return self.accepted + self.rejected

    @property
    def rejected_share(self) -> float:
        """The share of rows that were rejected."""
        return self.rejected / self.rows if self.rows else 0.0

    def check(self, contract: Contract) -> None:
        """Raises UploadRefused (NoRows, TooManyRejected) if the file cannot be used as a whole."""
        if not self.rows:
            raise UploadRefused("NoRows", "there is a header and no row", place="file", remedy="Upload rows")
        if self.rejected_share > contract.max_rejected or not self.accepted:
            worst = max(self.reasons, key=lambda reason: reason.rows)
            raise UploadRefused(
                "TooManyRejected",
                f"{self.rejected:,} of {self.rows:,} rows break the contract; allowed is {contract.max_rejected:.2%}",
                place=f"column {worst.column}" if worst.column else "rows",
                remedy=worst.remedy,
            )


def shortened(value: object) -> str:
    """A value as reports show it."""
    text = "null" if value is None else str(value)
    return text if len(text) <= SHORT else text[: SHORT - 1] + "…"
