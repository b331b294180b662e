"""Arrow arrays as what the domain counts with: doubles, texts, hashes. Nulls are left out."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tidewheel.domain.grid import keys_of
from tidewheel.domain.texts import Texts, mix

Int64s = NDArray[np.int64]


def doubles(array: pa.Array) -> NDArray[np.float64]:
    """The numbers of a column that are not null; times as microseconds since 1970."""
    present = array.drop_null() if array.null_count else array
    if pa.types.is_timestamp(present.type):
        present = present.view(pa.int64())
    return np.asarray(present).astype(np.float64, copy=False)


def texts(array: pa.Array) -> Texts:
    """The texts of a string array without nulls."""
    if array.offset:
        array = pa.concat_arrays([array])  # moves its first text to the start
    _, offsets, data = array.buffers()
    at = np.frombuffer(offsets, dtype=np.int32)[: len(array) + 1].astype(np.int64)
    return Texts(at, np.frombuffer(data or b"", dtype=np.uint8))


def counted(array: pa.DictionaryArray) -> tuple[Texts, Int64s]:
    """The dictionary's texts and how often each comes."""
    codes = np.asarray(array.indices.drop_null())
    return texts(array.dictionary), np.bincount(codes, minlength=len(array.dictionary))


def hashes(array: pa.Array) -> NDArray[np.uint64]:
    """A hash of each value of an array without nulls; numbers and times have different ones if they differ."""
    if isinstance(array, pa.DictionaryArray):
        of_values = texts(array.dictionary).hashes()
        return np.take(of_values, np.asarray(array.indices))
    if pa.types.is_floating(array.type):
        return mix(keys_of(doubles(array)).view(np.uint64))
    whole = array.view(pa.int64()) if pa.types.is_timestamp(array.type) else pc.cast(array, pa.int64())
    return mix(np.asarray(whole).view(np.uint64))
