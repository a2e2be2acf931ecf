"""Population stability index (PSI): how far a distribution moved from that of the reference."""

from typing import NamedTuple

import numpy as np
from scipy.stats import chi2

# An empty bin would make the index infinite.
LEAST_SHARE = 0.0001
MODERATE = 0.1
LARGE = 0.25
CONFIDENCE = 0.95


class Stability(NamedTuple):
    """How far a distribution moved.

    Attributes:
        psi: population stability index.
        noise: that without any drift 95 of 100 samples of this size stay below.
        rows: of the sample.
    """

    psi: float
    noise: float
    rows: int

    @property
    def verdict(self) -> str:
        """What to make of it, by the customary bounds, and only if it is more than noise."""
        if self.psi > self.noise:
            if self.psi >= LARGE:
                return "shifted"
            if self.psi >= MODERATE:
                return "moved"
        return "too few scores" if self.noise >= MODERATE else "stable"


def stability(reference: np.ndarray, sample: np.ndarray) -> Stability:
    """Compares counts of the same bins, float [B] each.

    The index is the sum over bins of (sample - reference) x ln(sample / reference), of shares of at
    least 0.0001. Without drift it is distributed as (1/n + 1/m) times a chi-squared variable with
    one degree of freedom less than there are bins (Yurdakul, Western Michigan University, 2018).
    """
    rows, others = sample.sum(), reference.sum()
    expected = np.maximum(reference / others, LEAST_SHARE)
    found = np.maximum(sample / rows, LEAST_SHARE)
    used = int(np.count_nonzero((reference > 0) | (sample > 0)))
    psi = float(((found - expected) * np.log(found / expected)).sum())
    noise = (1 / rows + 1 / others) * chi2.ppf(CONFIDENCE, max(used - 1, 1))
    return Stability(psi, float(noise), int(rows))
