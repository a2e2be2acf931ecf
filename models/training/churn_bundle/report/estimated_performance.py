"""Performance before outcomes are known, from the probabilities alone.

If of the customers with a probability p the share p churns, then the probabilities say how often
the model is right: confidence-based performance estimation (CBPE), as NannyML describes it. It
assumes that the probabilities are calibrated. It sees that customers became harder to tell apart.
It cannot see that customers of the same kind churn more often than before (concept drift).
"""

from typing import NamedTuple

import numpy as np

from churn_bundle.report.estimate import Estimate, normal
from churn_bundle.report.log_loss import clipped
from churn_bundle.report.roc_auc import area, placements


class Confusion(NamedTuple):
    """How many rows are decided rightly and wrongly; expected numbers need not be whole."""

    true_positives: float
    false_positives: float
    false_negatives: float
    true_negatives: float

    @property
    def precision(self) -> float | None:
        """Share of those marked as churners who churn."""
        marked = self.true_positives + self.false_positives
        return self.true_positives / marked if marked else None

    @property
    def recall(self) -> float | None:
        """Share of the churners who are marked."""
        churners = self.true_positives + self.false_negatives
        return self.true_positives / churners if churners else None


class EstimatedPerformance(NamedTuple):
    """What is to be expected of rows whose outcome is not known yet.

    The intervals say where the realised value of these rows will lie in 95 of 100 cases, if the
    probabilities are calibrated.

    Attributes:
        rows: that were scored.
        churn_rate: mean probability.
        roc_auc: None if all probabilities are 0, or all are 1.
        log_loss: in nats a row.
        confusion: at the decision that the service gave.
    """

    rows: int
    churn_rate: Estimate
    roc_auc: Estimate | None
    log_loss: Estimate
    confusion: Confusion


def confusion(churn: np.ndarray, marked: np.ndarray) -> Confusion:
    """Counts decisions, bool [N], against outcomes: bool [N], or the probability of them."""
    churners_marked, stayers_marked = float(churn[marked].sum()), float((1 - churn[marked]).sum())
    churners_left, stayers_left = float(churn[~marked].sum()), float((1 - churn[~marked]).sum())
    return Confusion(churners_marked, stayers_marked, churners_left, stayers_left)


def estimate(probabilities: np.ndarray, marked: np.ndarray) -> EstimatedPerformance | None:
    """Estimates the performance of probabilities, float [N], taking them for calibrated.

    Args:
        probabilities: of churn.
        marked: bool [N], whom the service called a churner.
    """
    rows = len(probabilities)
    if not rows:
        return None
    uncertain = probabilities * (1 - probabilities)
    inside = clipped(probabilities)
    entropy = -(probabilities * np.log(inside) + (1 - probabilities) * np.log(1 - inside))
    logit = np.log(inside / (1 - inside))
    return EstimatedPerformance(
        rows=rows,
        churn_rate=normal(float(probabilities.mean()), float(uncertain.sum()) / rows**2),
        roc_auc=estimated_roc_auc(probabilities, uncertain),
        log_loss=normal(float(entropy.mean()), float(uncertain @ logit**2) / rows**2),
        confusion=confusion(probabilities, marked),
    )


def estimated_roc_auc(probabilities: np.ndarray, uncertain: np.ndarray) -> Estimate | None:
    """Counts each row as a churner with its probability, and as a stayer with the rest of it.

    The variance is that of the outcomes, each one's effect on the area being linear for many rows.
    """
    placed = placements(probabilities, probabilities)
    if placed is None:
        return None
    value, churners = area(placed, probabilities), float(probabilities.sum())
    stayers = len(probabilities) - churners
    effect = (placed.above - value) / churners - (placed.below - value) / stayers
    expected = normal(value, float(uncertain @ effect**2))
    return Estimate(value, max(0.0, expected.low), min(1.0, expected.high))
