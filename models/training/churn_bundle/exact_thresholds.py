"""Thresholds in float64 that part values as the source model does, to the last bit.

Each is the greatest float64 that goes to the left in the source, after whatever is done to it.
"""

from collections.abc import Callable
from enum import Enum, auto
from typing import Any, NamedTuple

import numpy as np
from onnx import numpy_helper

from churn_bundle.bisection import last_true

# The first version of the operators with attributes in float64.
OPERATOR_VERSION = 3
NUMBERS = ("nodes_values", "class_weights", "target_weights", "base_values")
# Of values that no bound limits; float32 ends a little above.
FARTHEST = 1e38


class Comparison(Enum):
    """What a model compares: values to thresholds."""

    FLOAT32 = auto()  # XGBoost.
    VALUES_FLOAT32 = auto()  # scikit-learn's trees: float32 values, float64 thresholds.
    FLOAT64 = auto()  # LightGBM and histogram boosting.


class Fold(NamedTuple):
    """A column of a tree, as an increasing function of a column of the matrix.

    Attributes:
        place: of the column of the matrix.
        low: least value that it may have.
        high: greatest value that it may have.
        through: gives the tree's values for the matrix's values; None if they are the same.
    """

    place: int
    low: float = -FARTHEST
    high: float = FARTHEST
    through: Callable[[np.ndarray], np.ndarray] | None = None


def with_exact_thresholds(
    attributes: dict[str, Any], folds: list[Fold] | None, comparison: Comparison
) -> dict[str, Any]:
    """Gives the attributes of a tree ensemble that takes float64.

    Args:
        attributes: for float32, as lists or arrays; thresholds and weights are still float64.
        folds: one for each column that the trees take; None if they take the matrix as it is.
        comparison: what the source compares.
    """
    features = np.array(attributes["nodes_featureids"], dtype=int)
    modes = np.array([text(mode) for mode in attributes["nodes_modes"]], dtype=object)
    thresholds = np.array(attributes["nodes_values"], dtype=np.float64)
    missing = np.array(attributes["nodes_missing_value_tracks_true"], dtype=int)
    columns = features.copy()
    for feature in np.unique(features[modes != "LEAF"]):
        fold = folds[feature] if folds else Fold(feature)
        chosen = (features == feature) & (modes != "LEAF")
        columns[chosen] = fold.place
        if not set(modes[chosen]) <= {"BRANCH_LEQ", "BRANCH_LT"}:
            if fold.through is not None:
                raise ValueError("a tree splits a column by other rules than <= and <")
            continue
        is_strict = modes[chosen] == "BRANCH_LT"
        left = goes_left(fold, thresholds[chosen], is_strict, comparison)
        missing[chosen] = flags_of_missing(fold, left, missing[chosen])
        thresholds[chosen] = last_to_the_left(fold, left, chosen.sum())
        modes[chosen] = "BRANCH_LEQ"
    kept = {
        key: value
        for key, value in attributes.items()
        if key not in (*NUMBERS, "nodes_hitrates", "op_version")
    }
    tensors = {
        f"{key}_as_tensor": numpy_helper.from_array(np.array(attributes[key], dtype=np.float64))
        for key in NUMBERS
        if key in attributes
    } | {"nodes_values_as_tensor": numpy_helper.from_array(thresholds)}
    return (
        kept
        | tensors
        | {
            "nodes_featureids": columns.tolist(),
            "nodes_modes": modes.tolist(),
            "nodes_missing_value_tracks_true": missing.tolist(),
            "op_version": OPERATOR_VERSION,
        }
    )


def text(mode: str | bytes) -> str:
    """Gives a node's mode as a text."""
    return mode.decode() if isinstance(mode, bytes) else mode


def goes_left(
    fold: Fold, thresholds: np.ndarray, is_strict: np.ndarray, comparison: Comparison
) -> Callable[[np.ndarray], np.ndarray]:
    """Says which values of the matrix go to the left at each of some nodes, as the source does."""
    if comparison is Comparison.FLOAT32:  # Its converter gives them in decimals.
        thresholds = thresholds.astype(np.float32).astype(np.float64)

    def is_left(values: np.ndarray) -> np.ndarray:
        with np.errstate(all="ignore"):
            taken = values if fold.through is None else fold.through(values)
            if comparison is not Comparison.FLOAT64:
                taken = taken.astype(np.float32).astype(np.float64)
        return np.where(is_strict, taken < thresholds, taken <= thresholds)

    return is_left


def flags_of_missing(
    fold: Fold, is_left: Callable[[np.ndarray], np.ndarray], flags: np.ndarray
) -> np.ndarray:
    """Says at which nodes a missing value goes to the left: an imputer may have filled it in."""
    missing = np.full(len(flags), np.nan)
    if fold.through is None or np.isnan(fold.through(missing[:1])[0]):
        return flags
    return is_left(missing).astype(int)


def last_to_the_left(
    fold: Fold, is_left: Callable[[np.ndarray], np.ndarray], count: int
) -> np.ndarray:
    """Gives the greatest value of the matrix that goes to the left at each of some nodes."""
    low, high = np.full(count, fold.low), np.full(count, fold.high)
    never, always = ~is_left(low), is_left(high)
    found = last_true(is_left, low, high)
    return np.where(never, -np.inf, np.where(always, np.inf, found))
