"""Each metric of a report is that of scikit-learn or of a plain computation on the same rows."""

import numpy as np
import pytest
from scipy.stats import binomtest, norm
from sklearn.calibration import calibration_curve
from sklearn.metrics import confusion_matrix, log_loss, precision_score, recall_score, roc_auc_score

from churn_bundle.report import estimate, lift, reliability, roc_auc
from churn_bundle.report import log_loss as losses
from churn_bundle.report.estimated_performance import confusion
from churn_bundle.report.performance import measure
from training import expected_calibration_error


def rows(count: int, seed: int, digits: int = 10) -> tuple[np.ndarray, np.ndarray]:
    """Makes calibrated probabilities and outcomes; few digits make ties."""
    random = np.random.default_rng(seed)
    probabilities = np.round(1 / (1 + np.exp(-random.normal(-1, 1.5, count))), digits)
    return probabilities, random.random(count) < probabilities


@pytest.mark.parametrize("digits", [10, 2, 1])
def test_the_area_is_that_of_scikit_learn_with_ties(digits: int) -> None:
    probabilities, churned = rows(3000, seed=1, digits=digits)
    found = roc_auc.roc_auc(probabilities, churned)
    assert found.value == pytest.approx(roc_auc_score(churned, probabilities), abs=1e-12)


def compared(scores: np.ndarray, churned: np.ndarray) -> np.ndarray:
    """Compares each churner with each stayer: 1 if he has the higher score, a half if equal."""
    churners, stayers = scores[churned][:, None], scores[~churned][None, :]
    return (churners > stayers) + 0.5 * (churners == stayers)


@pytest.mark.parametrize("digits", [10, 1])
def test_its_variance_is_delong_s_over_all_pairs(digits: int) -> None:
    scores, churned = rows(400, seed=2, digits=digits)
    others = np.round(scores + np.random.default_rng(3).normal(0, 0.1, 400), digits)
    first, second = compared(scores, churned), compared(others, churned)

    def variance(pairs: np.ndarray) -> float:
        by_churner, by_stayer = pairs.mean(axis=1), pairs.mean(axis=0)
        return by_churner.var(ddof=1) / len(by_churner) + by_stayer.var(ddof=1) / len(by_stayer)

    found = roc_auc.roc_auc(scores, churned)
    area = first.mean()
    half = norm.ppf(0.975) * np.sqrt(variance(first)) / (area * (1 - area))
    logit = np.log(area / (1 - area))
    assert found.value == pytest.approx(area, abs=1e-12)
    assert found.low == pytest.approx(1 / (1 + np.exp(half - logit)), abs=1e-12)
    assert found.high == pytest.approx(1 / (1 + np.exp(-half - logit)), abs=1e-12)

    gain = roc_auc.roc_auc_difference(scores, others, churned)
    half = norm.ppf(0.975) * np.sqrt(variance(second - first))
    assert gain == pytest.approx(
        (second.mean() - area, second.mean() - area - half, second.mean() - area + half), abs=1e-12
    )


def test_the_interval_of_the_area_holds_in_95_of_100_samples() -> None:
    probabilities, _ = rows(200_000, seed=4)
    random = np.random.default_rng(5)
    truth = roc_auc_score(random.random(len(probabilities)) < probabilities, probabilities)
    hits = 0
    for _ in range(400):
        sample = random.choice(probabilities, 300)
        found = roc_auc.roc_auc(sample, random.random(300) < sample)
        hits += found.low <= truth <= found.high
    assert 0.92 <= hits / 400 <= 0.98


@pytest.mark.parametrize("outcome", [True, False])
def test_without_both_outcomes_there_is_no_area(outcome: bool) -> None:
    churned = np.full(20, outcome)
    assert roc_auc.roc_auc(np.linspace(0, 1, 20), churned) is None
    assert measure(np.linspace(0, 1, 20), churned).roc_auc is None


def test_classes_that_do_not_overlap_have_an_area_without_interval() -> None:
    churned = np.arange(20) >= 10
    assert roc_auc.roc_auc(np.linspace(0, 1, 20), churned) == (1.0, None, None)


def test_the_log_loss_is_that_of_scikit_learn_at_0_and_1_too() -> None:
    probabilities, churned = rows(2000, seed=6, digits=1)
    assert 0 in probabilities
    probabilities[churned & (probabilities == 0)] = 1
    probabilities[:2], churned[:2] = [0, 1], [True, False]
    found = losses.log_loss(probabilities, churned)
    assert found.value == pytest.approx(log_loss(churned, probabilities), rel=1e-12)


def test_intervals_of_the_log_loss_are_normal() -> None:
    probabilities, churned = rows(500, seed=7)
    others = np.clip(probabilities + 0.05, 0, 0.99)
    each = np.where(churned, -np.log(probabilities), -np.log(1 - probabilities))
    half = norm.ppf(0.975) * each.std(ddof=1) / np.sqrt(500)
    found = losses.log_loss(probabilities, churned)
    assert (found.low, found.high) == pytest.approx((each.mean() - half, each.mean() + half))
    other = np.where(churned, -np.log(others), -np.log(1 - others))
    half = norm.ppf(0.975) * (other - each).std(ddof=1) / np.sqrt(500)
    gain = losses.log_loss_difference(probabilities, others, churned)
    middle = (other - each).mean()
    assert gain == pytest.approx((middle, middle - half, middle + half))


@pytest.mark.parametrize("digits", [10, 1])
def test_calibration_is_that_of_scikit_learn(digits: int) -> None:
    probabilities, churned = rows(2000, seed=8, digits=digits)
    bins = reliability.reliability(probabilities, churned)
    observed, predicted = calibration_curve(churned, probabilities, n_bins=10)
    np.testing.assert_allclose([each.churn_rate.value for each in bins], observed)
    np.testing.assert_allclose([each.mean_probability for each in bins], predicted)
    assert sum(each.rows for each in bins) == 2000


def test_the_calibration_error_is_that_of_the_model_card() -> None:
    probabilities, churned = rows(2000, seed=9)
    found = reliability.expected_calibration_error(reliability.reliability(probabilities, churned))
    assert found == pytest.approx(expected_calibration_error(churned, probabilities), abs=1e-12)


@pytest.mark.parametrize(("part", "total"), [(0, 5), (3, 20), (5, 5), (700, 1000)])
def test_shares_have_wilson_s_interval(part: int, total: int) -> None:
    interval = binomtest(part, total).proportion_ci(method="wilson")
    expected = (part / total, interval.low, interval.high)
    assert estimate.share(part, total) == pytest.approx(expected, abs=1e-12)


def test_lift_counts_the_churners_of_each_tenth() -> None:
    probabilities, churned = rows(1000, seed=10)
    order = np.argsort(-probabilities)
    groups = lift.deciles(probabilities, churned)
    captured = 0
    for number, group in enumerate(groups):
        inside = churned[order[number * 100 : (number + 1) * 100]]
        captured += inside.sum()
        assert group.rows == 100
        assert group.churn_rate.value == pytest.approx(inside.mean())
        assert group.lift.value == pytest.approx(inside.mean() / churned.mean())
        assert group.captured == pytest.approx(captured / churned.sum())
    assert groups[-1].captured == pytest.approx(1)
    low, high = estimate.share(groups[0].churn_rate.value * 100, churned.sum())[1:]
    assert (groups[0].lift.low, groups[0].lift.high) == pytest.approx((low * 10, high * 10))


def test_rows_of_equal_score_are_shared_out_whatever_their_order() -> None:
    probabilities = np.repeat([0.9, 0.1], [30, 70])
    churned = np.zeros(100, dtype=bool)
    churned[:15] = True  # All churners among the high scores come first.
    groups = lift.deciles(probabilities, churned)
    assert [group.churn_rate.value for group in groups[:4]] == pytest.approx([0.5, 0.5, 0.5, 0])
    backwards = lift.deciles(probabilities[::-1], churned[::-1])
    assert [group.captured for group in backwards] == pytest.approx([g.captured for g in groups])


def test_there_is_no_lift_of_few_rows_or_without_churners() -> None:
    assert lift.deciles(np.linspace(0, 1, 9), np.ones(9, dtype=bool)) == []
    assert lift.deciles(np.linspace(0, 1, 50), np.zeros(50, dtype=bool)) == []


def test_decisions_are_counted_as_scikit_learn_counts_them() -> None:
    probabilities, churned = rows(500, seed=11)
    marked = probabilities >= 0.5
    found = confusion(churned, marked)
    (stay_right, stay_wrong), (missed, right) = confusion_matrix(churned, marked)
    assert found == (right, stay_wrong, missed, stay_right)
    assert found.precision == pytest.approx(precision_score(churned, marked))
    assert found.recall == pytest.approx(recall_score(churned, marked))
