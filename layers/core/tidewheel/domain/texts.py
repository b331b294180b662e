"""Many texts in two arrays, and their 64-bit hashes: the same on every machine and in every release."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

LONG = 256  # bytes; longer texts are rare and hashed one by one
MASKS = np.array([(1 << (8 * n)) - 1 for n in range(9)], dtype=np.uint64)


def mix(keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """A bijection of 64-bit words that looks random (the finaliser of MurmurHash3): unequal keys, unequal hashes."""
    keys = keys ^ (keys >> np.uint64(33))
    keys = keys * np.uint64(0xFF51AFD7ED558CCD)
    keys ^= keys >> np.uint64(33)
    keys = keys * np.uint64(0xC4CEB9FE1A85EC53)
    keys ^= keys >> np.uint64(33)
    return keys


@dataclass(frozen=True, eq=False)
class Texts:
    """n texts: UTF-8 bytes one after another, and n + 1 offsets into them. Arrow keeps strings like this too."""

    offsets: NDArray[np.int64]
    data: NDArray[np.uint8]

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Texts":
        """The texts of a list."""
        parts = [text.encode() for text in texts]
        offsets = np.cumsum([0, *map(len, parts)], dtype=np.int64)
        return cls(offsets, np.frombuffer(b"".join(parts), dtype=np.uint8))

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, index: int) -> str:
        return self.bytes_of(index).decode(errors="replace")

    def bytes_of(self, index: int) -> bytes:
        """The UTF-8 bytes of one text."""
        return self.data[self.offsets[index] : self.offsets[index + 1]].tobytes()

    def hashes(self) -> NDArray[np.uint64]:
        """A hash for each text, eight bytes at a time over all texts at once."""
        lengths = np.diff(self.offsets)
        hashes = mix(lengths.astype(np.uint64))
        padded = np.concatenate([self.data, np.zeros(8, dtype=np.uint8)])
        windows = np.lib.stride_tricks.sliding_window_view(padded, 8)
        for done in range(0, min(int(lengths.max(initial=0)), LONG), 8):
            rows = np.flatnonzero((lengths > done) & (lengths <= LONG))
            words = np.ascontiguousarray(windows[self.offsets[rows] + done]).view("<u8").ravel()
            hashes[rows] = mix(hashes[rows] ^ (words & MASKS[np.minimum(lengths[rows] - done, 8)]))
        for row in np.flatnonzero(lengths > LONG):
            hashes[row] = int.from_bytes(blake2b(self.bytes_of(int(row)), digest_size=8).digest(), "little")
        return hashes
