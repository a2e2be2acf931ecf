"""Picks the customers whose explanations prove those of the service."""

import numpy as np
import pandas as pd

from churn_bundle.feature import Feature

# Of scores: a low one, a middle one and a high one.
RANKS = (0.05, 0.5, 0.95)


def customers_to_explain(
    rows: pd.DataFrame, probabilities: np.ndarray, golden: pd.DataFrame, features: list[Feature]
) -> pd.DataFrame:
    """Picks three to five: by score, and one with a missing value and an unknown category each.

    Args:
        rows: canonical reference rows.
        probabilities: the source model's of these, float [N].
        golden: canonical golden rows.
        features: of the rows.
    """
    ranked = np.argsort(probabilities, kind="stable")
    picks = [round((len(ranked) - 1) * rank) for rank in RANKS]
    parts = [rows.iloc[ranked[picks]]]
    for fitting in (golden.isna().any(axis=1).to_numpy(), has_unknown(golden, features)):
        candidates = golden[fitting]
        parts.append(candidates.iloc[len(candidates) // 2 :].head(1))
    return pd.concat(parts, ignore_index=True)


def has_unknown(rows: pd.DataFrame, features: list[Feature]) -> np.ndarray:
    """Says which canonical rows have a category that the model was not fitted on, bool [N]."""
    unknown = np.zeros(len(rows), dtype=bool)
    for feature in features:
        if feature.is_text:
            values = rows[feature.name]
            unknown |= (values.notna() & ~values.isin(feature.categories)).to_numpy()
    return unknown
