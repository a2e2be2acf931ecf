"""Performance of each week and of each model version."""

from datetime import date
from typing import NamedTuple

import numpy as np

from churn_bundle.report.estimated_performance import EstimatedPerformance, estimate
from churn_bundle.report.performance import Performance, measure
from churn_bundle.report.scores import Model, Scores, as_date


class Week(NamedTuple):
    """The scores of a week.

    Attributes:
        monday: first day of the week, UTC.
        scores: that the service gave.
        realised: on the scores whose outcome is known, None if there are none.
        estimated: on all scores.
    """

    monday: date
    scores: int
    realised: Performance | None
    estimated: EstimatedPerformance


class Version(NamedTuple):
    """The scores of a model.

    Attributes:
        model: that the service served.
        scores: that it gave.
        first: week of its first score.
        last: week of its last score.
        realised: on the scores whose outcome is known, None if there are none.
        estimated: on all its scores.
    """

    model: Model
    scores: int
    first: date
    last: date
    realised: Performance | None
    estimated: EstimatedPerformance


def judge(scores: Scores) -> Performance | None:
    """Measures the scores whose outcome is known."""
    judged = scores.judged
    return measure(judged.probability, judged.churned)


def by_week(scores: Scores) -> list[Week]:
    """Measures each week in which there are scores."""
    weeks = []
    for week in np.unique(scores.week):
        inside = scores.where(scores.week == week)
        expected = estimate(inside.probability, inside.prediction)
        weeks.append(Week(as_date(week), len(inside.week), judge(inside), expected))
    return weeks


def by_version(scores: Scores, models: list[Model]) -> list[Version]:
    """Measures each model that answered, in the order in which the log first names them."""
    versions = []
    for place in np.unique(scores.model):
        inside = scores.where(scores.model == place)
        versions.append(
            Version(
                model=models[place],
                scores=len(inside.week),
                first=as_date(inside.week.min()),
                last=as_date(inside.week.max()),
                realised=judge(inside),
                estimated=estimate(inside.probability, inside.prediction),
            )
        )
    return versions
