"""Takes a feature's column as the graph takes it, and says which rows are refused."""

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from churn_bundle.spark.field_check import Value, field_error
from churn_bundle.spark.served_feature import ServedFeature
from churn_bundle.spark.text_value import decoded, numbers_of_texts, value_of_text


class FeatureColumn(NamedTuple):
    """The values of a feature.

    Attributes:
        values: as the graph takes them; anything for a row that is refused.
        refused: bool [N].
    """

    values: np.ndarray
    refused: np.ndarray


def feature_column(feature: ServedFeature, column: pa.Array) -> FeatureColumn:
    """Reads a column of a type that ``column_types`` lets through."""
    if feature.type == "category":
        return categories(feature, column)
    values, strays = numbers(feature, column)
    refused = ~((values >= feature.minimum) & (values <= feature.maximum))
    if feature.type != "number":
        refused |= values != np.floor(values)
    if feature.nullable:
        refused &= ~np.isnan(values) | strays
    return FeatureColumn(values, refused)


def numbers(feature: ServedFeature, column: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Gives float64 [N], NaN if missing or no number; and bool [N], which are no number."""
    kind = column.type
    if is_text(kind):
        return numbers_of_texts(feature, column)
    if pa.types.is_decimal(kind):
        # By its digits: Arrow's own cast may be off by a bit.
        column = pc.cast(column, pa.string())
    elif pa.types.is_boolean(kind):
        column = pc.cast(column, pa.uint8())
    values = pc.cast(column, pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    return values, np.zeros(len(values), dtype=bool)


def is_text(kind: pa.DataType) -> bool:
    """Whether a column holds texts."""
    return pa.types.is_string(kind) or pa.types.is_large_string(kind)


def categories(feature: ServedFeature, column: pa.Array) -> FeatureColumn:
    """Reads texts. A column has few distinct ones, so each is checked once."""
    encoded = column.dictionary_encode()
    texts = decoded(encoded.dictionary)
    # What is missing is the last one.
    known = feature.texts_in_graph([*texts, None])
    refused = [field_error(feature, each) is not None for each in [*texts, None]]
    places = pc.fill_null(encoded.indices, len(texts)).to_numpy(zero_copy_only=False)
    return FeatureColumn(known[places], np.array(refused)[places])


def value_at(feature: ServedFeature, column: pa.Array, row: int) -> Value:
    """Gives one value as a caller of the service would send it."""
    cell = column[row]
    if not cell.is_valid:
        return None
    if is_text(column.type):
        return value_of_text(
            feature, cell.cast(pa.binary()).as_py().decode(errors="surrogateescape")
        )
    value = cell.as_py()
    if isinstance(value, bool):
        return value
    if feature.type == "boolean" and value in (0, 1):
        return bool(value)
    return None if value != value else float(value)
