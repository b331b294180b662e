"""Sums without rounding: the same in any order and however the numbers were parted."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

HIGH, LOW = 2.0**27, 2.0**26  # the two halves of a double's 53 bits: 2**26 of either add up exactly in a double


@dataclass(frozen=True)
class ExactSum:
    """mantissa * 2**exponent, with an odd mantissa (or zero): one spelling for each number."""

    mantissa: int = 0
    exponent: int = 0

    @classmethod
    def of(cls, values: NDArray[np.float64]) -> "ExactSum":
        """The sum of at most 2**26 finite doubles."""
        if not len(values):
            return cls()
        if np.abs(values).max() < 2.0**53 / len(values) and (np.trunc(values) == values).all():
            return cls._spelt(int(values.sum()), 0)  # small integers: no step of their sum is rounded
        fractions, exponents = np.frexp(values)
        lowest = int(exponents.min())
        places = exponents - lowest
        scaled = fractions * HIGH
        high = np.trunc(scaled)
        highs = np.bincount(places, high)
        lows = np.bincount(places, (scaled - high) * LOW)
        total = sum(
            ((int(highs[at]) << 26) + int(lows[at])) << int(at) for at in np.flatnonzero((highs != 0) | (lows != 0))
        )
        return cls._spelt(total, lowest - 53)

    @classmethod
    def of_squares(cls, values: NDArray[np.float64]) -> "ExactSum":
        """The sum of the squares of at most 2**26 doubles below 1e150.

        A square is a rounded product and its rounding error, which is a double too (Dekker 1971, "A floating-point
        technique for extending the available precision").
        """
        products = values * values
        scaled = values * (HIGH + 1)
        high = scaled - (scaled - values)
        low = values - high
        errors = ((high * high - products) + 2 * high * low) + low * low
        return cls.of(products) + cls.of(errors)

    def __add__(self, other: "ExactSum") -> "ExactSum":
        lowest = min(self.exponent, other.exponent)
        mine = self.mantissa << (self.exponent - lowest)
        return self._spelt(mine + (other.mantissa << (other.exponent - lowest)), lowest)

    def fraction(self) -> Fraction:
        """The sum as a rational number."""
        return Fraction(self.mantissa) * Fraction(2) ** self.exponent

    @classmethod
    def _spelt(cls, mantissa: int, exponent: int) -> "ExactSum":
        if mantissa == 0:
            return cls()
        zeros = (mantissa & -mantissa).bit_length() - 1
        return cls(mantissa >> zeros, exponent + zeros)
