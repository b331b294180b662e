"""The profile of a column of texts or booleans: exact counts of a fair sample of its values."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from tidewheel.domain.texts import Texts

KEPT = 512
SHOWN = 64  # characters of a value; longer ones are shown shortened, and told apart by their hashes
CategoryKind = Literal["string", "boolean"]


@dataclass(frozen=True)
class Category:
    """A value, how often it came, and its hash, which decides whether it is kept."""

    hash: int
    value: str
    count: int


@dataclass(frozen=True)
class CategoryProfile:
    """Counts of the KEPT values with the smallest hashes, each exact: all values, if there are no more.

    Which values are kept depends on the values alone. So profiles add up exactly, two profiles keep the same values
    of what they share, and the sample is fair: each distinct value is in it with the same chance.
    """

    kind: CategoryKind
    count: int = 0
    nulls: int = 0
    kept: tuple[Category, ...] = ()  # ascending hashes

    def add(self, texts: Texts, counts: NDArray[np.int64], nulls: int = 0) -> "CategoryProfile":
        """With these values too: distinct texts, how often each came, and so many nulls."""
        hashes = texts.hashes()
        able = np.flatnonzero((hashes <= np.uint64(self._last_hash())) & (counts > 0))
        able = able[np.argsort(hashes[able], kind="stable")][:KEPT]
        kept = tuple(Category(int(hashes[at]), _shown(texts[int(at)]), int(counts[at])) for at in able)
        return self + CategoryProfile(self.kind, int(counts.sum()), nulls, kept)

    def __add__(self, other: "CategoryProfile") -> "CategoryProfile":
        if self.kind != other.kind:
            raise ValueError(f"a {self.kind} and a {other.kind} do not add up")
        return CategoryProfile(
            self.kind, self.count + other.count, self.nulls + other.nulls, _merged((*self.kept, *other.kept))
        )

    @property
    def distinct(self) -> int:
        """How many different values: exact below KEPT, else estimated from the density of the smallest hashes."""
        if len(self.kept) < KEPT:
            return len(self.kept)
        return min(self.count, round((KEPT - 1) * 2.0**64 / (self._last_hash() + 1.0)))

    @property
    def rest(self) -> int:
        """Rows whose values are not among the kept ones."""
        return self.count - sum(category.count for category in self.kept)

    def most_frequent(self, limit: int) -> tuple[Category, ...]:
        """The kept values by falling count, equal counts by value."""
        return tuple(sorted(self.kept, key=lambda category: (-category.count, category.value))[:limit])

    def to_dict(self) -> dict[str, Any]:
        """Plain values."""
        kept = [[f"{category.hash:016x}", category.value, category.count] for category in self.kept]
        return {"kind": self.kind, "count": self.count, "nulls": self.nulls, "kept": kept}

    @classmethod
    def from_dict(cls, value: dict[str, Any]) -> "CategoryProfile":
        """The profile that `to_dict` wrote."""
        kept = tuple(Category(int(hash_, 16), text, count) for hash_, text, count in value["kept"])
        return cls(value["kind"], value["count"], value["nulls"], kept)

    def _last_hash(self) -> int:
        """The largest hash that may still matter."""
        return self.kept[-1].hash if len(self.kept) == KEPT else 2**64 - 1


def _merged(categories: Iterable[Category]) -> tuple[Category, ...]:
    by_hash: dict[int, Category] = {}
    for it in categories:
        before = by_hash.get(it.hash)
        by_hash[it.hash] = it if before is None else Category(it.hash, it.value, it.count + before.count)
    return tuple(by_hash[hash_] for hash_ in sorted(by_hash)[:KEPT])


def _shown(text: str) -> str:
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
