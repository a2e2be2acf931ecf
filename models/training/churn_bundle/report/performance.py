"""How well probabilities told who churns, on rows whose outcome is known."""

from typing import NamedTuple

import numpy as np

from churn_bundle.report.estimate import Estimate, share
from churn_bundle.report.lift import top_lift
from churn_bundle.report.log_loss import log_loss
from churn_bundle.report.reliability import expected_calibration_error, reliability
from churn_bundle.report.roc_auc import roc_auc


class Performance(NamedTuple):
    """What was measured on rows with outcomes.

    Attributes:
        rows: with an outcome.
        churners: among them.
        mean_probability: that the model gave.
        churn_rate: that came true.
        roc_auc: None unless there are churners and stayers.
        log_loss: in nats a row.
        calibration_error: expected calibration error over ten bins of equal width.
        top_lift: of the tenth with the highest scores, None with fewer than ten rows.
    """

    rows: int
    churners: int
    mean_probability: float
    churn_rate: Estimate
    roc_auc: Estimate | None
    log_loss: Estimate
    calibration_error: float
    top_lift: Estimate | None


def measure(probabilities: np.ndarray, churned: np.ndarray) -> Performance | None:
    """Measures probabilities, float [N], against outcomes, bool [N]; None if there are no rows."""
    if not len(churned):
        return None
    churners = int(churned.sum())
    return Performance(
        rows=len(churned),
        churners=churners,
        mean_probability=float(probabilities.mean()),
        churn_rate=share(churners, len(churned)),
        roc_auc=roc_auc(probabilities, churned),
        log_loss=log_loss(probabilities, churned),
        calibration_error=expected_calibration_error(reliability(probabilities, churned)),
        top_lift=top_lift(probabilities, churned),
    )
