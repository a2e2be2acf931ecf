"""Says whether a candidate is better than the champion."""

from churn_bundle.report.candidate import Comparison
from churn_bundle.report.estimate import Estimate
from churn_bundle.report.words import between, signed


def verdict(comparison: Comparison) -> str:
    """Says whether the candidate is better than the champion."""
    name = f"The candidate {comparison.model.version}"
    if not comparison.match:
        return f"{name} scored beside, but no outcome says yet whether it is better."
    gain, loss = comparison.match.roc_auc_gain, comparison.match.log_loss_gain
    better, costlier = direction(gain), direction(loss)
    if better and better == costlier:
        words = "ranks customers better than the champion but is worse calibrated"
        if better < 0:
            words = "ranks customers worse than the champion but is better calibrated"
    elif better > 0 or costlier < 0:
        words = "is better than the champion"
    elif better < 0 or costlier > 0:
        words = "is worse than the champion"
    else:
        words = "is not clearly better or worse than the champion"
    differences = [f"log loss {signed(loss.value, 4)} ({between(loss, 4)})"]
    if gain:
        differences.insert(0, f"ROC AUC {signed(gain.value, 4)} ({between(gain, 4)})")
    return f"{name} {words}: {', '.join(differences)}."


def direction(difference: Estimate | None) -> int:
    """Gives 1 or -1 if a difference is clearly above or below 0, else 0."""
    if difference is None or difference.low is None or difference.high is None:
        return 0
    return int(difference.low > 0) - int(difference.high < 0)
