"""Chooses the customers against whom the service explains a probability."""

import numpy as np
import pandas as pd

MAX_ROWS = 128
# Of values, so that a manifest of hundreds of features stays below 2 MB.
MAX_CELLS = 32_000
MIN_ROWS = 16


def choose_background(rows: pd.DataFrame, probabilities: np.ndarray) -> pd.DataFrame:
    """Picks at most 128 real customers, stratified by score.

    The rows are ranked by the model's probability and cut into strata of the same size. The middle
    row of each is picked. So the mean probability over the background, from which explanations
    start, is close to the one over all rows, and all kinds of scores are in it. Medoids would
    lie in the crowds: each would need a weight, and a distance between texts and numbers. Equal
    scores are ranked by a seeded draw, not by their place in a file that may be sorted.

    Args:
        rows: canonical reference rows that the API accepts.
        probabilities: the source model's, float [N].

    Returns:
        Rows in the order of their probability, the same for the same data.
    """
    limit = max(MIN_ROWS, min(MAX_ROWS, MAX_CELLS // rows.shape[1]))
    count = min(limit, len(rows))
    draw = np.random.default_rng(0).permutation(len(rows))
    ranked = np.lexsort((draw, probabilities))
    middles = (np.arange(count) + 0.5) / count * len(rows)
    return rows.iloc[ranked[middles.astype(int)]].reset_index(drop=True)
