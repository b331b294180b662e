"""Values as delivered to values of the contract's types; what cannot be converted is told by row."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tidewheel.domain.contract import ColumnType
from tidewheel.tables.schema import TYPES

Mask = NDArray[np.bool_]
NAIVE = pa.timestamp("us")
ZONE = r"([Zz]|[+-]\d\d(:?\d\d)?)$"
# What is worth an attempt; what fits the pattern may still fail, as 31 February does.
LOOKS = {
    "integer": r"^[+-]?\d{1,19}(\.0*)?$",
    "number": r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$|^[+-]?(?i:nan|inf|infinity)$",
    "boolean": r"^(?i:true|false|0|1)$",
    "timestamp": r"^\d{4}-\d\d-\d\d([ Tt]\d\d(:?\d\d(:?\d\d(\.\d{1,6})?)?)?([Zz]|[+-]\d\d(:?\d\d)?)?)?$",
}


def converted(array: pa.Array, kind: ColumnType) -> tuple[pa.Array, Mask]:
    """The array in the type, null where a value does not convert, and where that is.

    Texts come as a dictionary and codes: rules and profiles look at each text once. NaN becomes null.
    """
    if kind == "string":
        return encoded(array), _none(array)
    if array.type.equals(TYPES[kind]):
        typed, failed = array, _none(array)
    elif pa.types.is_string(array.type):
        typed, failed = _from_text(array, kind)
    else:
        typed, failed = _cast(_comparable(array, kind), TYPES[kind])
    return (_nan_is_null(typed), failed) if kind == "number" else (typed, failed)


def encoded(array: pa.Array) -> pa.DictionaryArray:
    """Texts as a dictionary array."""
    if not pa.types.is_dictionary(array.type):
        array = array.dictionary_encode()
    return array.cast(pa.dictionary(pa.int32(), pa.string()))


def _none(array: pa.Array) -> Mask:
    return np.zeros(len(array), dtype=np.bool_)


def _comparable(array: pa.Array, kind: ColumnType) -> pa.Array:
    """Times without a zone are UTC; finer ones are cut to microseconds."""
    if kind != "timestamp":
        return array
    naive = array.cast(NAIVE, safe=False) if not getattr(array.type, "tz", None) else array
    return naive.cast(TYPES["timestamp"], safe=False)


def _from_text(texts: pa.Array, kind: ColumnType) -> tuple[pa.Array, Mask]:
    try:
        return _parsed(texts, kind), _none(texts)
    except pa.ArrowInvalid:
        texts = pc.utf8_trim_whitespace(texts)
        texts = pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)
    looks = pc.match_substring_regex(texts, LOOKS[kind])
    typed, failed = _bisected(pc.if_else(looks, texts, pa.scalar(None, pa.string())), kind)
    return typed, failed | _mask(pc.invert(looks))


def _bisected(texts: pa.Array, kind: ColumnType) -> tuple[pa.Array, Mask]:
    """Parse all, or else each half for itself: few bad values cost few attempts."""
    try:
        return _parsed(texts, kind), _none(texts)
    except pa.ArrowInvalid:
        if len(texts) == 1:
            return pa.nulls(1, TYPES[kind]), np.ones(1, dtype=np.bool_)
    middle = len(texts) // 2
    one, other = _bisected(texts[:middle], kind), _bisected(texts[middle:], kind)
    return pa.concat_arrays([one[0], other[0]]), np.concatenate([one[1], other[1]])


def _parsed(texts: pa.Array, kind: ColumnType) -> pa.Array:
    """Raises ArrowInvalid if any text does not parse."""
    if kind == "timestamp":
        return _times(texts)
    if kind != "integer":
        return texts.cast(TYPES[kind])
    try:
        return texts.cast(pa.int64())
    except pa.ArrowInvalid:  # 3.0, as tools write integers beside empty fields
        return pc.replace_substring_regex(texts, r"^\+|\.0*$", "").cast(pa.int64())


def _times(texts: pa.Array) -> pa.Array:
    try:
        return texts.cast(NAIVE).cast(TYPES["timestamp"])
    except pa.ArrowInvalid:
        zoned = pc.match_substring_regex(texts, r"[ Tt].*" + ZONE)
        return pc.if_else(zoned, texts, pc.binary_join_element_wise(texts, "Z", "")).cast(TYPES["timestamp"])


def _cast(array: pa.Array, wanted: pa.DataType) -> tuple[pa.Array, Mask]:
    try:
        return array.cast(wanted), _none(array)
    except pa.ArrowInvalid:
        if len(array) == 1:
            return pa.nulls(1, wanted), np.ones(1, dtype=np.bool_)
    middle = len(array) // 2
    one, other = _cast(array[:middle], wanted), _cast(array[middle:], wanted)
    return pa.concat_arrays([one[0], other[0]]), np.concatenate([one[1], other[1]])


def _nan_is_null(array: pa.Array) -> pa.Array:
    nan = pc.is_nan(array)
    return pc.if_else(nan, pa.scalar(None, array.type), array) if pc.any(nan).as_py() else array


def _mask(array: pa.Array) -> Mask:
    """True where the array is true; null is not."""
    return np.asarray(pc.fill_null(array, False))
