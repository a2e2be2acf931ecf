"""Performance estimated without outcomes is what comes true if the scores are calibrated."""

import numpy as np
import pytest
from sklearn.metrics import log_loss, roc_auc_score

from churn_bundle.report.estimated_performance import confusion, estimate
from churn_bundle.report.performance import measure


def probabilities_of(count: int, seed: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    return 1 / (1 + np.exp(-random.normal(-1, 1.5, count)))


def test_the_area_is_that_of_rows_that_count_as_both() -> None:
    probabilities = np.round(probabilities_of(500, seed=1), 2)
    both = np.repeat([1, 0], 500)
    weights = np.concatenate([probabilities, 1 - probabilities])
    expected = roc_auc_score(both, np.tile(probabilities, 2), sample_weight=weights)
    found = estimate(probabilities, probabilities >= 0.5)
    assert found.roc_auc.value == pytest.approx(expected, abs=1e-12)


def test_the_log_loss_is_that_of_rows_that_count_as_both() -> None:
    probabilities = np.round(probabilities_of(500, seed=2), 1)
    weights = np.concatenate([probabilities, 1 - probabilities])
    both = np.repeat([1, 0], 500)
    expected = log_loss(both, np.tile(probabilities, 2), sample_weight=weights)
    assert estimate(probabilities, probabilities >= 0.5).log_loss.value == pytest.approx(expected)


def test_the_decisions_are_the_sums_of_the_probabilities() -> None:
    found = estimate(np.array([0.9, 0.6, 0.2]), np.array([True, True, False])).confusion
    assert found == pytest.approx((1.5, 0.5, 0.2, 0.8))
    assert found.precision == pytest.approx(0.75)
    assert found.recall == pytest.approx(1.5 / 1.7)


def test_realised_values_lie_in_the_range_in_95_of_100_cases() -> None:
    probabilities = probabilities_of(1000, seed=3)
    expected = estimate(probabilities, probabilities >= 0.5)
    random = np.random.default_rng(4)
    hits = np.zeros(3)
    for _ in range(600):
        churned = random.random(1000) < probabilities
        realised = measure(probabilities, churned)
        pairs = [
            (expected.roc_auc, realised.roc_auc.value),
            (expected.log_loss, realised.log_loss.value),
            (expected.churn_rate, realised.churn_rate.value),
        ]
        hits += [each.low <= value <= each.high for each, value in pairs]
    assert ((hits / 600 > 0.92) & (hits / 600 < 0.98)).all(), hits / 600


def test_many_calibrated_rows_perform_as_estimated() -> None:
    probabilities = probabilities_of(200_000, seed=5)
    churned = np.random.default_rng(6).random(200_000) < probabilities
    marked = probabilities >= 0.5
    expected, realised = estimate(probabilities, marked), measure(probabilities, churned)
    assert expected.roc_auc.value == pytest.approx(realised.roc_auc.value, abs=0.003)
    assert expected.log_loss.value == pytest.approx(realised.log_loss.value, abs=0.003)
    assert expected.confusion == pytest.approx(confusion(churned, marked), rel=0.02)


def test_concept_drift_is_not_seen() -> None:
    probabilities = probabilities_of(50_000, seed=7)
    odds = probabilities / (1 - probabilities) * 3
    churned = np.random.default_rng(8).random(50_000) < odds / (1 + odds)
    expected = estimate(probabilities, probabilities >= 0.5)
    assert measure(probabilities, churned).churn_rate.low > expected.churn_rate.high


@pytest.mark.parametrize("probability", [0.0, 1.0])
def test_certain_scores_have_no_area(probability: float) -> None:
    found = estimate(np.full(5, probability), np.full(5, probability >= 0.5))
    assert found.roc_auc is None
    assert found.log_loss.value == pytest.approx(0, abs=1e-12)
