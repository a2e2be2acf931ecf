"""The sentences of a report say what the numbers allow, and no more."""

from datetime import date

import numpy as np
import pytest

from churn_bundle.report.candidate import Comparison, Match
from churn_bundle.report.candidate_verdict import verdict
from churn_bundle.report.estimate import Estimate, share
from churn_bundle.report.estimated_performance import estimate
from churn_bundle.report.performance import Performance, measure
from churn_bundle.report.periods import Week
from churn_bundle.report.scores import Model
from churn_bundle.report.summary import calibrated, trend

PROBABILITIES = np.linspace(0.1, 0.9, 200)


def performance(mean_probability: float, churners: int = 200) -> Performance:
    found = measure(PROBABILITIES, np.arange(200) % 2 == 0)
    return found._replace(mean_probability=mean_probability, churn_rate=share(churners, 1000))


@pytest.mark.parametrize(
    ("expected", "words"),
    [
        (0.2, "about as many as the model expected"),
        (0.22, "about as many as the model expected"),
        (0.18, "about as many as the model expected"),
        (0.15, "more than the 15.0 % that the model expected"),
        (0.25, "fewer than the 25.0 % that the model expected"),
    ],
)
def test_calibration_is_judged_by_the_interval(expected: float, words: str) -> None:
    sentence = calibrated(performance(expected)).replace("\N{NO-BREAK SPACE}", " ")
    assert sentence == f"20.0 % of them churned, {words}."


def week(day: int, auc: Estimate | None) -> Week:
    realised = performance(0.2)._replace(roc_auc=auc)
    expected = estimate(PROBABILITIES, PROBABILITIES >= 0.5)
    return Week(date(2026, 11, day), 200, realised, expected)


@pytest.mark.parametrize(
    ("last", "words"),
    [
        (Estimate(0.70, 0.68, 0.72), "it fell"),
        (Estimate(0.90, 0.88, 0.92), "it rose"),
        (Estimate(0.77, 0.74, 0.79), "no clear change, since the intervals overlap"),
        (Estimate(0.70), "no clear change, since the intervals overlap"),
    ],
)
def test_a_trend_needs_intervals_that_do_not_overlap(last: Estimate, words: str) -> None:
    weeks = [week(2, Estimate(0.8, 0.78, 0.82)), week(9, None), week(16, last)]
    _, sentence = trend(weeks)
    assert sentence.endswith(f": {words}.")
    assert trend(weeks[:2]) == []


BETTER, WORSE, EVEN = Estimate(0.1, 0.05, 0.15), Estimate(-0.1, -0.15, -0.05), Estimate(0, -1, 1)


@pytest.mark.parametrize(
    ("auc", "log_loss", "words"),
    [
        (BETTER, WORSE, "is better than the champion"),
        (BETTER, EVEN, "is better than the champion"),
        (EVEN, WORSE, "is better than the champion"),
        (WORSE, EVEN, "is worse than the champion"),
        (EVEN, BETTER, "is worse than the champion"),
        (EVEN, EVEN, "is not clearly better or worse than the champion"),
        (None, EVEN, "is not clearly better or worse than the champion"),
        (None, WORSE, "is better than the champion"),
        (BETTER, BETTER, "ranks customers better than the champion but is worse calibrated"),
        (WORSE, WORSE, "ranks customers worse than the champion but is better calibrated"),
    ],
)
def test_a_candidate_is_judged_by_the_intervals_of_both_differences(
    auc: Estimate | None, log_loss: Estimate, words: str
) -> None:
    match = Match(performance(0.2), performance(0.2), auc, log_loss)
    comparison = Comparison(Model("1.1.0", None), 200, match, [], [], [], None, [])
    assert verdict(comparison).startswith(f"The candidate 1.1.0 {words}: ")
