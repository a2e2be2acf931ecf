"""What became of the customers, by what the service said of them."""

from typing import NamedTuple

import numpy as np

from churn_bundle.report.estimate import Estimate, share
from churn_bundle.report.scores import TIERS, Scores


class Group(NamedTuple):
    """Customers of whom the service said the same.

    Attributes:
        name: what it said.
        rows: with an outcome.
        churners: among them.
        churn_rate: None if there are no rows.
    """

    name: str
    rows: int
    churners: int
    churn_rate: Estimate | None


def group(name: str, churned: np.ndarray) -> Group:
    """Counts the churners of a group, bool [N]."""
    rows, churners = len(churned), int(churned.sum())
    return Group(name, rows, churners, share(churners, rows) if rows else None)


def by_tier(judged: Scores) -> list[Group]:
    """Counts who churned, by risk tier, the highest first."""
    tiers = reversed(list(enumerate(TIERS)))
    return [group(name, judged.churned[judged.tier == tier]) for tier, name in tiers]


def by_decision(judged: Scores) -> list[Group]:
    """Counts who churned, by whether the service called them churners."""
    return [
        group("will churn", judged.churned[judged.prediction]),
        group("will stay", judged.churned[~judged.prediction]),
    ]
