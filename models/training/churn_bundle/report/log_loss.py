"""Log loss of each row, from which come the mean, its error and the difference of two models."""

import numpy as np

from churn_bundle.report.estimate import Estimate, mean

# A probability of 0 or 1 would cost infinitely much if wrong; scikit-learn clips at the same place.
EPSILON = np.finfo(np.float64).eps


def clipped(probabilities: np.ndarray) -> np.ndarray:
    """Keeps probabilities off 0 and 1."""
    return np.clip(probabilities, EPSILON, 1 - EPSILON)


def losses(probabilities: np.ndarray, churned: np.ndarray) -> np.ndarray:
    """Gives the log loss of each row, float [N]."""
    inside = clipped(probabilities)
    return -np.log(np.where(churned, inside, 1 - inside))


def log_loss(probabilities: np.ndarray, churned: np.ndarray) -> Estimate:
    """Measures the mean log loss, with the interval of the central limit theorem."""
    return mean(losses(probabilities, churned))


def log_loss_difference(
    probabilities: np.ndarray, others: np.ndarray, churned: np.ndarray
) -> Estimate:
    """Measures by how much the log loss of others exceeds that of probabilities, row by row."""
    return mean(losses(others, churned) - losses(probabilities, churned))
