"""Lift: how many times as often those with the highest scores churn as the average customer."""

from typing import NamedTuple

import numpy as np

from churn_bundle.report.estimate import Estimate, share

GROUPS = 10


class Decile(NamedTuple):
    """A tenth of the rows, by score.

    Attributes:
        number: 1 for the highest scores.
        rows: in the tenth.
        least_probability: in the tenth.
        churn_rate: of the tenth; fractional where equal scores were shared out.
        lift: churn rate of the tenth divided by that of all rows.
        captured: share of all churners who are in this tenth or one above.
    """

    number: int
    rows: int
    least_probability: float
    churn_rate: Estimate
    lift: Estimate
    captured: float


def deciles(probabilities: np.ndarray, churned: np.ndarray) -> list[Decile]:
    """Divides the rows into ten groups by score, the highest first.

    Rows of equal score each count with their common churn rate, so that it does not matter which of
    them come to lie in which group. The interval of a lift is Wilson's of the share of all churners
    who are in the group.

    Returns:
        Nothing if there are fewer than ten rows, or no churner.
    """
    total, churners = len(churned), float(churned.sum())
    if total < GROUPS or not churners:
        return []
    order = np.argsort(-probabilities, kind="stable")
    ranked = probabilities[order]
    first = np.concatenate([[True], ranked[1:] != ranked[:-1]])
    starts, tie = np.flatnonzero(first), np.cumsum(first) - 1
    tied = np.diff(np.append(starts, total))
    common_rate = (np.add.reduceat(churned[order].astype(np.float64), starts) / tied)[tie]
    found, captured = [], 0.0
    for number, group in enumerate(np.array_split(np.arange(total), GROUPS), start=1):
        inside = float(common_rate[group].sum())
        captured += inside
        found.append(
            Decile(
                number=number,
                rows=len(group),
                least_probability=float(ranked[group[-1]]),
                churn_rate=share(inside, len(group)),
                lift=share(inside, churners).scaled(total / len(group)),
                captured=captured / churners,
            )
        )
    return found


def top_lift(probabilities: np.ndarray, churned: np.ndarray) -> Estimate | None:
    """Gives the lift of the tenth with the highest scores, if there is one."""
    found = deciles(probabilities, churned)
    return found[0].lift if found else None
