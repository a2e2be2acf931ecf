"""Makes customers that the reference data does not have, but could: the graph is compared on them.

A model that is right on every training row can be wrong on others: thresholds lie midway between
training values, which is where the other values of the same grid are.
"""

import numpy as np
import pandas as pd

from churn_bundle.sampler import Sampler
from churn_bundle.source_model import SourceModel

UNSEEN_ROWS = 20_000
# Of these, rows of all kinds with a value beside a threshold.
THRESHOLD_ROWS = 3_000
# How often a threshold is looked for, each time between two values of one feature.
SEARCHES = 256
# Of probabilities that are the same, and of those that are not.
MOST_ROUNDING, LEAST_JUMP = 1e-6, 1e-5
# Grid values on both sides of a threshold.
BESIDE = (-1, 0, 1, 2)

# Column that says which feature of a row is beside a threshold.
SPOT = "\0feature"


def unseen_rows(source: SourceModel, rows: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Makes 20,000 rows, the same ones for the same model and data.

    Args:
        source: model whose thresholds are looked for.
        rows: canonical reference rows that the API accepts.

    Returns:
        Canonical rows within the contract, and how many of the first are reference rows but for one
        value beside a threshold of the model.
    """
    sampler = Sampler(rows, source.features)
    found = find_thresholds(source, sampler) if sampler.grids else rows.head(0)
    parts = [found.drop(columns=SPOT, errors="ignore")]
    if len(found):
        parts.append(on_thresholds(sampler, found, THRESHOLD_ROWS))
    count = UNSEEN_ROWS - sum(map(len, parts))
    parts += [sampler.mixed(count // 2), sampler.near(count - count // 2)]
    return pd.concat(parts, ignore_index=True), len(found)


def find_thresholds(source: SourceModel, sampler: Sampler) -> pd.DataFrame:
    """Finds where the model's answer jumps as one number grows.

    Returns:
        Reference rows with one number on the grid beside a jump, the number's name in ``SPOT``.
    """
    bases = sampler.some(SEARCHES)
    names = sampler.random.choice(list(sampler.grids), SEARCHES)
    grids = [sampler.grids[name] for name in names]

    def values(numbers: np.ndarray) -> np.ndarray:
        return np.array([grid.value(n) for grid, n in zip(grids, numbers, strict=True)])

    def scores(numbers: np.ndarray) -> np.ndarray:
        return source.predict(with_values(bases, names, values(numbers)))

    ends = [grid.number(np.sort(sampler.fresh(n, 2))) for grid, n in zip(grids, names, strict=True)]
    first, high = np.array(ends).T
    low, before = first, scores(first)
    for _ in range(int(np.ceil(np.log2(max(2, (high - low).max()))))):
        middle = (low + high) // 2
        is_same = np.abs(scores(middle) - before) <= MOST_ROUNDING
        low, high = np.where(is_same, middle, low), np.where(is_same, high, middle)
    # Nothing changed from the first value to the last before: what follows is no slope.
    jumps = (low > first) & (np.abs(scores(high) - before) > LEAST_JUMP)
    if not jumps.any():
        return bases.head(0).assign(**{SPOT: ""})
    parts = [with_values(bases, names, values(low + step)) for step in BESIDE]
    found = [part.assign(**{SPOT: names})[jumps] for part in parts]
    return pd.concat(found, ignore_index=True)


def with_values(rows: pd.DataFrame, names: np.ndarray, values: np.ndarray) -> pd.DataFrame:
    """Puts a value into each row, into the column of that name."""
    rows = rows.copy()
    for name in np.unique(names):
        chosen = names == name
        rows.loc[chosen, name] = values[chosen]
    return rows


def on_thresholds(sampler: Sampler, found: pd.DataFrame, count: int) -> pd.DataFrame:
    """Puts values beside thresholds into rows of all kinds, one to each row."""
    picks = np.resize(np.arange(len(found)), count)
    names = found[SPOT].to_numpy()[picks]
    values = [found.at[pick, name] for pick, name in zip(picks, names, strict=True)]
    return with_values(sampler.near(count), names, np.array(values, dtype=np.float64))
