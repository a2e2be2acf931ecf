"""All that is measured on the scores whose outcome is known."""

from dataclasses import dataclass

import numpy as np

from churn_bundle.report.decisions import Group, by_decision, by_tier
from churn_bundle.report.estimated_performance import (
    Confusion,
    EstimatedPerformance,
    confusion,
    estimate,
)
from churn_bundle.report.lift import Decile, deciles
from churn_bundle.report.performance import Performance, measure
from churn_bundle.report.reliability import ReliabilityBin, reliability
from churn_bundle.report.scores import Scores


@dataclass
class Realised:
    """What came true, on scores whose outcome is known.

    Attributes:
        performance: of all of them.
        bins: calibration.
        deciles: lift, empty with too few rows.
        tiers: churn by risk tier.
        decisions: churn by decision.
        confusion: of the decisions.
        estimated: of the same rows, as if their outcome were not known.
    """

    performance: Performance
    bins: list[ReliabilityBin]
    deciles: list[Decile]
    tiers: list[Group]
    decisions: list[Group]
    confusion: Confusion
    estimated: EstimatedPerformance


def realise(judged: Scores) -> Realised | None:
    """Measures the scores whose outcome is known."""
    performance = measure(judged.probability, judged.churned)
    if performance is None:
        return None
    return Realised(
        performance=performance,
        bins=reliability(judged.probability, judged.churned),
        deciles=deciles(judged.probability, judged.churned),
        tiers=by_tier(judged),
        decisions=by_decision(judged),
        confusion=confusion(judged.churned.astype(np.float64), judged.prediction),
        estimated=estimate(judged.probability, judged.prediction),
    )
