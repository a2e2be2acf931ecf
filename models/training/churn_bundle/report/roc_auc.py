"""ROC AUC with its error, and the difference of two models' on the same rows."""

from typing import NamedTuple

import numpy as np

from churn_bundle.report.estimate import Estimate, Z, normal


class Placements(NamedTuple):
    """Where each row stands among the rows of the other class, float [N] each.

    Attributes:
        above: share of the stayers that a row has a higher score than; ties count a half.
        below: share of the churners that have a higher score than the row; ties count a half.
    """

    above: np.ndarray
    below: np.ndarray


def placements(scores: np.ndarray, churn: np.ndarray) -> Placements | None:
    """Places each row among the others, in one sort.

    Args:
        scores: float [N].
        churn: float [N]: 1 for a churner and 0 for a stayer, or the probability of being one.

    Returns:
        None if there is no churner or no stayer.
    """
    churners = float(churn.sum())
    stayers = len(churn) - churners
    if churners <= 0 or stayers <= 0:
        return None
    order = np.argsort(scores, kind="stable")
    ranked, weight = scores[order], churn[order]
    first = np.concatenate([[True], ranked[1:] != ranked[:-1]])
    starts, tie = np.flatnonzero(first), np.cumsum(first) - 1
    churners_at = np.add.reduceat(weight, starts)
    stayers_at = np.add.reduceat(1 - weight, starts)
    above, below = np.empty(len(scores)), np.empty(len(scores))
    above[order] = ((np.cumsum(stayers_at) - stayers_at / 2) / stayers)[tie]
    below[order] = ((churners - np.cumsum(churners_at) + churners_at / 2) / churners)[tie]
    return Placements(above, below)


def area(placed: Placements, churn: np.ndarray) -> float:
    """Gives the area under the ROC curve: how often a churner has a higher score than a stayer."""
    return float(churn @ placed.above / churn.sum())


def roc_auc(scores: np.ndarray, churned: np.ndarray) -> Estimate | None:
    """Measures the ROC AUC with DeLong's interval on the logit scale.

    Args:
        scores: float [N].
        churned: bool [N].

    Returns:
        None unless there are churners and stayers. Without an interval if there is but one of
        either, or if the classes do not overlap.
    """
    churn = churned.astype(np.float64)
    placed = placements(scores, churn)
    if placed is None:
        return None
    value = area(placed, churn)
    error = np.sqrt(delong_variance(placed.above, placed.below, churned))
    if not error > 0 or not 0 < value < 1:
        return Estimate(value)
    logit, half = np.log(value / (1 - value)), Z * error / (value * (1 - value))
    low, high = 1 / (1 + np.exp(-np.array([logit - half, logit + half])))
    return Estimate(value, float(low), float(high))


def delong_variance(above: np.ndarray, below: np.ndarray, churned: np.ndarray) -> float:
    """Gives the variance of an area, or of a difference of areas from differences of placements.

    Source: DeLong et al., Biometrics 44 (1988); in one sort, as Sun and Xu, IEEE Signal Processing
    Letters 21 (2014).
    """
    churners, stayers = above[churned], below[~churned]
    if len(churners) < 2 or len(stayers) < 2:
        return float("nan")
    return float(churners.var(ddof=1) / len(churners) + stayers.var(ddof=1) / len(stayers))


def roc_auc_difference(
    scores: np.ndarray, others: np.ndarray, churned: np.ndarray
) -> Estimate | None:
    """Measures by how much the ROC AUC of others exceeds that of scores, on the same rows.

    The interval is DeLong's for correlated curves.
    """
    churn = churned.astype(np.float64)
    first, second = placements(scores, churn), placements(others, churn)
    if first is None or second is None:
        return None
    variance = delong_variance(second.above - first.above, second.below - first.below, churned)
    return normal(area(second, churn) - area(first, churn), variance)
