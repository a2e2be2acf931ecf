"""Population stability index (PSI): how far a distribution moved from that of the reference.

The service's drift report and its Prometheus rules compute and judge it in the same way.
"""

from typing import NamedTuple

import numpy as np
from scipy.stats import chi2

# In place of the zero rows of a bin that is empty on one side: it would make the index infinite.
EMPTY_BIN_ROWS = 0.5
MODERATE = 0.1
SIGNIFICANT = 0.25
# Chance exceeds the bound in at most one of 100 reports. The distribution's tail is heavier than
# chi-squared's where bins expect few rows, so the nominal rate is lower.
NOMINAL_RATE = 0.003


class Stability(NamedTuple):
    """How far a distribution moved.

    Attributes:
        psi: population stability index.
        by_chance: the index that chance alone explains.
        rows: of the sample.
    """

    psi: float
    by_chance: float
    rows: int

    @property
    def verdict(self) -> str:
        """What to make of it, by the customary bounds, and only if chance does not explain it."""
        if self.psi >= MODERATE and self.psi > self.by_chance:
            return "significant" if self.psi > SIGNIFICANT else "moderate"
        hidden = self.psi >= MODERATE or self.by_chance > SIGNIFICANT
        return "too few scores" if hidden else "stable"


def stability(reference: np.ndarray, sample: np.ndarray, watched: int = 1) -> Stability:
    """Compares counts of the same bins, float [B] each.

    The index is the sum over bins of (sample - reference) x ln(sample / reference), of shares. A
    bin that is empty on one side counts as half a row there. Without drift it is distributed as
    (1/n + 1/m) times a chi-squared variable of one degree of freedom less than there are bins
    (Yurdakul and Naranjo, Statistical properties of the population stability index, 2020).

    Args:
        reference: counts.
        sample: counts.
        watched: number of features that are judged together, among which chance has its pick
            (Šidák's correction).
    """
    used = (reference > 0) | (sample > 0)
    rows, others = float(sample.sum()), float(reference.sum())
    found = np.where(sample[used] > 0, sample[used], EMPTY_BIN_ROWS) / rows
    expected = np.where(reference[used] > 0, reference[used], EMPTY_BIN_ROWS) / others
    psi = float(((found - expected) * np.log(found / expected)).sum())
    exceeded = -np.expm1(np.log1p(-NOMINAL_RATE) / watched)
    quantile = chi2.isf(exceeded, max(int(used.sum()) - 1, 1))
    return Stability(psi, float((1 / rows + 1 / others) * quantile), int(rows))
