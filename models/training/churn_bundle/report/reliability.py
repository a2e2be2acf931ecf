"""Calibration: whether of the customers with a probability of 30 % do 30 % churn."""

from typing import NamedTuple

import numpy as np

from churn_bundle.report.estimate import Estimate, share

BINS = 10


class ReliabilityBin(NamedTuple):
    """Rows whose probabilities lie within one tenth.

    Attributes:
        low: lower end of the bin, exclusive but for 0.
        high: upper end, inclusive.
        rows: in the bin.
        mean_probability: that the model gave.
        churn_rate: that came true.
    """

    low: float
    high: float
    rows: int
    mean_probability: float
    churn_rate: Estimate


def reliability(probabilities: np.ndarray, churned: np.ndarray) -> list[ReliabilityBin]:
    """Compares probabilities with outcomes in ten bins of equal width, leaving out empty ones.

    The bins are those of scikit-learn's ``calibration_curve``.
    """
    edges = np.linspace(0, 1, BINS + 1)
    at = np.searchsorted(edges[1:-1], probabilities)
    rows = np.bincount(at, minlength=BINS)
    predicted = np.bincount(at, weights=probabilities, minlength=BINS)
    observed = np.bincount(at, weights=churned, minlength=BINS)
    return [
        ReliabilityBin(
            low=float(edges[bin_]),
            high=float(edges[bin_ + 1]),
            rows=int(rows[bin_]),
            mean_probability=float(predicted[bin_] / rows[bin_]),
            churn_rate=share(float(observed[bin_]), float(rows[bin_])),
        )
        for bin_ in np.flatnonzero(rows)
    ]


def expected_calibration_error(bins: list[ReliabilityBin]) -> float:
    """Gives the mean gap between predicted and observed churn, each bin weighted by its rows.

    Source: Naeini et al., AAAI 2015.
    """
    gaps = [each.rows * abs(each.mean_probability - each.churn_rate.value) for each in bins]
    return sum(gaps) / sum(each.rows for each in bins)
