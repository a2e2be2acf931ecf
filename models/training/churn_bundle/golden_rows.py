"""Chooses the customers by which the service proves a model before it serves it."""

import itertools
from typing import Any

import numpy as np
import pandas as pd

from churn_bundle.feature import Feature
from churn_bundle.probe import UNKNOWN_TEXT

SPREAD_ROWS = 64
MAX_FEATURES_FOR_ALL_CORNERS = 6
MAX_MISSING_PATTERNS = 32
MAX_THRESHOLD_ROWS = 64
# Of special values; a row takes several of them if there are more values than that.
MAX_SPECIAL_ROWS = 256
# Of values in all golden rows, so that a manifest of 500 features stays below 2 MB.
MAX_CELLS = 60_000


def inside_contract(rows: pd.DataFrame, features: list[Feature]) -> np.ndarray:
    """Says which canonical rows the API accepts, bool [N]."""
    inside = np.ones(len(rows), dtype=bool)
    for feature in features:
        values = rows[feature.name]
        if feature.minimum is not None:
            inside &= ~(values < feature.minimum).to_numpy()
        if feature.maximum is not None:
            inside &= ~(values > feature.maximum).to_numpy()
        if feature.is_text and not feature.accepts_unknown:
            inside &= (values.isin(feature.categories) | values.isna()).to_numpy()
        if not feature.nullable:
            inside &= values.notna().to_numpy()
    return inside


def ends(feature: Feature, values: pd.Series) -> tuple[float, float]:
    """Gives a number's bounds, or where there is none the end of the reference data."""
    low = values.min() if feature.minimum is None else feature.minimum
    high = values.max() if feature.maximum is None else feature.maximum
    return float(low), float(max(low, high))


def special_values(feature: Feature, values: pd.Series) -> list[Any]:
    """Gives the canonical values that golden rows must hold at least once."""
    if feature.is_text:
        unknown = [UNKNOWN_TEXT] if feature.accepts_unknown else []
        return [*feature.categories, *unknown, *([None] if feature.nullable else [])]
    missing = [np.nan] if feature.nullable else []
    if feature.type == "boolean":
        return [0.0, 1.0, *missing]
    return [*dict.fromkeys(ends(feature, values)), *missing]


def special_rows(
    rows: pd.DataFrame, probabilities: np.ndarray, features: list[Feature]
) -> pd.DataFrame:
    """Makes rows that hold all special values, and all corners of few numbers.

    Args:
        rows: canonical reference rows that the API accepts.
        probabilities: the model's, float [N].
        features: of the rows.
    """
    parts = [missing_patterns(rows)]
    if len(features) <= MAX_FEATURES_FOR_ALL_CORNERS and all(f.is_number for f in features):
        corners = list(itertools.product(*(ends(f, rows[f.name]) for f in features)))
        parts.insert(0, pd.DataFrame(corners, columns=rows.columns, dtype=np.float64))
        if not any(feature.nullable for feature in features):
            return parts[0]
    parts.append(rows_of_special_values(rows, probabilities, features))
    return pd.concat(parts, ignore_index=True)


def missing_patterns(rows: pd.DataFrame) -> pd.DataFrame:
    """Gives one row for each of the most frequent combinations of missing columns."""
    missing = rows.isna()
    rows = rows[missing.any(axis=1)]
    patterns = missing[missing.any(axis=1)].apply(lambda row: row.to_numpy().tobytes(), axis=1)
    if rows.empty:
        return rows
    return rows.loc[
        [
            patterns.index[patterns == p][0]
            for p in patterns.value_counts().index[:MAX_MISSING_PATTERNS]
        ]
    ]


def rows_of_special_values(
    rows: pd.DataFrame, probabilities: np.ndarray, features: list[Feature]
) -> pd.DataFrame:
    """Puts each special value into a reference row of a middling score."""
    specials = [special_values(feature, rows[feature.name]) for feature in features]
    count = sum(map(len, specials))
    limit = max(16, min(MAX_SPECIAL_ROWS, MAX_CELLS // len(features) - SPREAD_ROWS))
    per_row = -(-count // limit)
    placed: list[dict[int, Any]] = []
    first_free = 0
    for number in range(max(map(len, specials))):
        for index, values in enumerate(specials):
            if number >= len(values):
                continue
            spot = next(
                (
                    s
                    for s in range(first_free, len(placed))
                    if len(placed[s]) < per_row and index not in placed[s]
                ),
                None,
            )
            if spot is None:
                placed.append({})
                spot = len(placed) - 1
            placed[spot][index] = values[number]
            while first_free < len(placed) and len(placed[first_free]) >= per_row:
                first_free += 1
    ranked = np.argsort(probabilities, kind="stable")
    picks = np.linspace(0.25, 0.75, len(placed)) * (len(ranked) - 1)
    bases = rows.iloc[ranked[picks.round().astype(int)]].reset_index(drop=True)
    columns = {name: bases[name].to_numpy(copy=True) for name in rows.columns}
    names = list(rows.columns)
    for row, values in enumerate(placed):
        for index, value in values.items():
            columns[names[index]][row] = value
    return pd.DataFrame(columns, columns=names)


def spread_rows(rows: pd.DataFrame, probabilities: np.ndarray) -> pd.DataFrame:
    """Picks 64 rows, from the least to the greatest probability in equal steps of rank."""
    ranked = np.argsort(probabilities, kind="stable")
    picks = np.linspace(0, len(ranked) - 1, SPREAD_ROWS).round().astype(int)
    return rows.iloc[ranked[picks]]


def some_rows(rows: pd.DataFrame, features: list[Feature]) -> pd.DataFrame:
    """Picks some rows that lie beside thresholds, fewer if there are many features."""
    count = min(len(rows), MAX_THRESHOLD_ROWS, MAX_CELLS // len(features) // 4)
    return rows.iloc[np.linspace(0, len(rows) - 1, count).round().astype(int)]


def variants(rows: pd.DataFrame, features: list[Feature]) -> pd.DataFrame:
    """Makes reference rows with an unknown or a missing value, each feature in turn, and in all."""
    changes = [
        (feature.name, value)
        for feature in features
        for value in special_values(feature, rows[feature.name])
        if value is None or value != value or value == UNKNOWN_TEXT
    ]
    if not changes:
        return rows.head(0)
    count = max(4, min(32, 8192 // len(changes)))
    picks = np.linspace(0, len(rows) - 1, count).round().astype(int)
    sample = rows.iloc[picks].reset_index(drop=True)
    parts = []
    for name, value in changes:
        parts.append(sample.copy())
        parts[-1][name] = pd.Series([value] * count, dtype=rows[name].dtype)
    together = sample.copy()
    random = np.random.default_rng(0)
    for name, value in changes:
        chosen = random.random(count) < 0.5
        together.loc[chosen, name] = value
    return pd.concat([*parts, together], ignore_index=True)


def example_rows(rows: pd.DataFrame, probabilities: np.ndarray) -> pd.DataFrame:
    """Picks two real customers: one near the 90th percentile of the score, one near the 10th."""
    ranked = np.argsort(probabilities, kind="stable")
    picks = [ranked[round((len(ranked) - 1) * share)] for share in (0.9, 0.1)]
    return rows.iloc[picks].reset_index(drop=True)
