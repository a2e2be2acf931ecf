"""Scores a batch of rows: what Spark gives in, the scores or the errors of each row out."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from churn_bundle.spark.churn_model import ChurnModel
from churn_bundle.spark.feature_column import FeatureColumn, feature_column, value_at
from churn_bundle.spark.field_check import FieldError, field_error

TIERS = pa.array(["LOW", "MEDIUM", "HIGH"])
ERROR = pa.struct([(name, pa.string()) for name in FieldError._fields])
NO_PROBABILITY = FieldError(
    "", "model_output_invalid", "The model gave no valid probability for this row."
)


def score_batch(model: ChurnModel, columns: dict[str, pa.Array], rows: int) -> list[pa.Array]:
    """Scores rows.

    Args:
        model: proven.
        columns: one for each feature, by its name.
        rows: number of them.

    Returns:
        The columns of ``column_types.SCORES``, in their order.
    """
    features = model.bundle.features
    taken = {each.name: feature_column(each, columns[each.name]) for each in features}
    refused = np.zeros(rows, dtype=bool)
    for column in taken.values():
        refused |= column.refused
    probabilities = ask(model, taken, refused)
    invalid = ~refused & ~((probabilities >= 0) & (probabilities <= 1))
    errors = dict(field_errors(model, columns, taken, refused))
    errors |= {row: [NO_PROBABILITY] for row in np.flatnonzero(invalid).tolist()}
    return [*scores(model, probabilities, refused | invalid), error_column(errors, rows)]


def ask(model: ChurnModel, taken: dict[str, FeatureColumn], refused: np.ndarray) -> np.ndarray:
    """Gives the probabilities, NaN for refused rows, which the graph never sees."""
    values = {name: column.values for name, column in taken.items()}
    if not refused.any():
        return model.probabilities(values, len(refused))
    good = np.flatnonzero(~refused)
    probabilities = np.full(len(refused), np.nan)
    probabilities[good] = model.probabilities(
        {name: column[good] for name, column in values.items()}, len(good)
    )
    return probabilities


def scores(model: ChurnModel, probabilities: np.ndarray, nobody: np.ndarray) -> list[pa.Array]:
    """Gives probability, label, tier and version; label and tier are of the unrounded one."""
    thresholds = model.bundle.thresholds
    tiers = (probabilities >= thresholds["medium"]).astype(np.int8)
    tiers[probabilities >= thresholds["high"]] = 2
    return [
        pa.array(rounded(probabilities), mask=nobody),
        pa.array(probabilities >= thresholds["decision"], mask=nobody),
        TIERS.take(pa.array(tiers, mask=nobody)),
        pa.array([model.bundle.version]).take(
            pa.array(np.zeros(len(nobody), np.int8), mask=nobody)
        ),
    ]


def rounded(probabilities: np.ndarray) -> np.ndarray:
    """Rounds to four decimals as JavaScript's ``Math.round(p * 10000) / 10000``: halves go up."""
    scaled = probabilities * 10_000
    whole = np.floor(scaled)
    return (whole + (scaled - whole >= 0.5)) / 10_000


def field_errors(
    model: ChurnModel,
    columns: dict[str, pa.Array],
    taken: dict[str, FeatureColumn],
    refused: np.ndarray,
) -> Iterator[tuple[int, list[FieldError]]]:
    """Gives the errors of each refused row, in the order of the features."""
    for row in np.flatnonzero(refused).tolist():
        yield (
            row,
            [
                field_error(each, value_at(each, columns[each.name], row))
                for each in model.bundle.features
                if taken[each.name].refused[row]
            ],
        )


def error_column(errors: dict[int, list[FieldError]], rows: int) -> pa.Array:
    """Makes the column ``errors``, null for rows that were scored."""
    if not errors:
        return pa.nulls(rows, pa.list_(ERROR))
    found = [errors.get(row) for row in range(rows)]
    return pa.array(
        [None if each is None else [error._asdict() for error in each] for each in found],
        pa.list_(ERROR),
    )
