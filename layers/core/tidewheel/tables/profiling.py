"""The profile of Arrow data."""

import numpy as np
import pyarrow as pa

from tidewheel.domain.contract import Contract
from tidewheel.domain.profile import ColumnProfile, Profile, nothing
from tidewheel.domain.profile_category import CategoryProfile
from tidewheel.domain.texts import Texts
from tidewheel.tables.arrays import counted, doubles

BOOLEANS = Texts.of(["false", "true"])


def empty_profile(contract: Contract) -> Profile:
    """The profile of a table under the contract that has no rows."""
    return Profile(0, {column.name: nothing(column.type) for column in contract.columns})


def profiled(profile: Profile, batch: pa.RecordBatch) -> Profile:
    """The profile of `profile`'s rows and the batch's. The batch has the columns of the profile, and their types."""
    columns = {name: _added(column, batch.column(name)) for name, column in profile.columns.items()}
    return Profile(profile.rows + len(batch), columns)


def _added(column: ColumnProfile, array: pa.Array) -> ColumnProfile:
    if not isinstance(column, CategoryProfile):
        return column.add(doubles(array), array.null_count)
    if column.kind == "boolean":
        return column.add(BOOLEANS, np.array([array.false_count, array.true_count]), array.null_count)
    encoded = array if isinstance(array, pa.DictionaryArray) else array.dictionary_encode()
    return column.add(*counted(encoded), array.null_count)
