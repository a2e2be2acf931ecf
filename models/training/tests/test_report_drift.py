"""Drift is measured against the training statistics of a manifest, or against the first week."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import chi2

from churn_bundle.errors import ReportError
from churn_bundle.report.bundle_reference import read_bundle
from churn_bundle.report.feature_bins import bin_labels, join_sparse
from churn_bundle.report.feature_drift import Drift, FeatureDrift, measure_drift
from churn_bundle.report.prediction_log import read_log
from churn_bundle.report.stability import stability
from churn_bundle.report.workspace import open_workspace
from report_logs import line, write_log
from synthetic_data import FEATURES, make_customers
from training import MODELS_FOLDER

EDGES = [0.0, 10.0, 20.0, 30.0]
MANIFEST = {
    "format_version": 2,
    "name": "churn",
    "version": "1.0.0",
    "thresholds": {"decision": 0.5},
    "reference": {"rows": 100},
    "features": [
        {
            "name": 'ten/ure~"months"',
            "statistics": {
                "missing_ratio": 0.1,
                "minimum": 0,
                "maximum": 29,
                "histogram": {"edges": EDGES, "counts": [50, 30, 10]},
            },
        },
        {
            "name": "contract",
            "statistics": {"missing_ratio": 0, "counts": {"One year": 60, "Two year": 40}},
        },
        {
            "name": "senior",
            "statistics": {"missing_ratio": 0.2, "counts": {"true": 20, "false": 60}},
        },
        {"name": "by_hand"},
    ],
}
VALUES: list[dict[str, Any]] = [
    {'ten/ure~"months"': -5, "contract": "One year", "senior": True},
    {'ten/ure~"months"': 10, "contract": "Two year", "senior": False},
    {'ten/ure~"months"': 9.999, "contract": "weekly", "senior": False},
    {'ten/ure~"months"': 500, "contract": "", "senior": None},
    {'ten/ure~"months"': None, "contract": "One year", "Senior": True},
    {"contract": None, "senior": False},
]
COUNTS = {
    'ten/ure~"months"': [1, 1, 1, 0, 1, 2],
    "contract": [2, 1, 2, 1],
    "senior": [1, 3, 0, 2],
}
BEFORE = {
    'ten/ure~"months"': [0, 50, 30, 10, 0, 10],
    "contract": [60, 40, 0, 0],
    "senior": [20, 60, 0, 20],
}


def plain_psi(before: list[float], now: list[float]) -> float:
    """Computes the index as its definition says."""
    total = 0.0
    for one, other in zip(before, now, strict=True):
        if not one and not other:
            continue
        share, later = (one or 0.5) / sum(before), (other or 0.5) / sum(now)
        total += (later - share) * np.log(later / share)
    return total


def drift_of(folder: Path, manifest: Path | None) -> Drift | None:
    with open_workspace() as connection:
        read_log(connection, [folder])
        return measure_drift(connection, read_bundle(manifest) if manifest else None)


def by_name(drift: Drift) -> dict[str, FeatureDrift]:
    return {feature.bins.name: feature for feature in drift.features}


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    file = tmp_path / "churn.manifest.json"
    file.write_text(json.dumps(MANIFEST))
    return file


def test_values_are_counted_in_the_bins_of_the_manifest(tmp_path: Path, manifest: Path) -> None:
    lines = [line(features=values, row=row) for row, values in enumerate(VALUES)]
    drift = drift_of(write_log(tmp_path / "log", *lines), manifest)
    found = by_name(drift)
    assert set(found) == set(COUNTS)
    for name, feature in found.items():
        assert feature.bins.counts.tolist() == pytest.approx(BEFORE[name]), name
        assert feature.last.tolist() == COUNTS[name], name
        assert feature.latest.psi == pytest.approx(plain_psi(BEFORE[name], COUNTS[name])), name
        assert feature.missing_now == pytest.approx(COUNTS[name][-1] / 6)
    assert found["senior"].missing_before == pytest.approx(0.2)
    assert [feature.latest.psi for feature in drift.features] == sorted(
        (feature.latest.psi for feature in drift.features), reverse=True
    )
    assert (drift.left_out, drift.score) == (["by_hand"], None)
    assert drift.reference == "the training data of churn 1.0.0"


def test_each_week_is_measured(tmp_path: Path, manifest: Path) -> None:
    days = ("2026-11-02", "2026-11-03", "2026-11-08", "2026-11-09", "2026-11-29")
    values = [1, 1, 1, 15, 25]
    lines = [
        line(time=f"{day}T23:59:59.999Z", features={'ten/ure~"months"': value}, row=row)
        for row, (day, value) in enumerate(zip(days, values, strict=True))
    ]
    drift = drift_of(write_log(tmp_path / "log", *lines), manifest)
    feature = by_name(drift)['ten/ure~"months"']
    before = BEFORE['ten/ure~"months"']
    assert [week for week, _ in feature.weeks] == [
        date(2026, 11, 2),
        date(2026, 11, 9),
        date(2026, 11, 23),
    ]
    expected = [[0, 3, 0, 0, 0, 0], [0, 0, 1, 0, 0, 0], [0, 0, 0, 1, 0, 0]]
    found = [each.psi for _, each in feature.weeks]
    assert found == pytest.approx([plain_psi(before, counts) for counts in expected])
    assert feature.overall.psi == pytest.approx(plain_psi(before, [0, 3, 1, 1, 0, 0]))


def test_without_drift_chance_explains_the_index_in_99_of_100_cases() -> None:
    random = np.random.default_rng(1)
    shares = random.dirichlet(np.full(10, 3.0))
    above = 0
    for _ in range(2000):
        found = stability(random.multinomial(5000, shares), random.multinomial(2000, shares))
        above += found.psi > found.by_chance
    assert found.by_chance == pytest.approx((1 / 5000 + 1 / 2000) * chi2.ppf(0.997, 9))
    assert 0 < above / 2000 < 0.01


def test_the_more_features_are_watched_the_more_chance_explains() -> None:
    counts = np.array([500, 500]), np.array([300, 300])
    one, many = (stability(*counts, watched).by_chance for watched in (1, 20))
    assert many / one == pytest.approx(
        chi2.isf(1 - (1 - 0.003) ** (1 / 20), 1) / chi2.isf(0.003, 1)
    )


@pytest.mark.parametrize(
    ("counts", "edges", "joined"),
    [
        ([25, 25, 25, 25], [0, 1, 2, 3, 4], [25, 25, 25, 25]),
        ([2, 2, 2, 94], [0, 3, 4], [6, 94]),
        ([50, 46, 3, 1], [0, 1, 4], [50, 50]),
        ([96, 1, 2, 1], [0, 4], [100]),
    ],
)
def test_bins_with_few_rows_are_joined(
    counts: list[float], edges: list[float], joined: list[float]
) -> None:
    assert join_sparse([0, 1, 2, 3, 4], counts) == (edges, joined)


@pytest.mark.parametrize(
    ("edges", "greatest", "whole", "labels"),
    [
        ([1, 2, 3, 8], 7, True, ["1", "2", "3 to 7"]),
        ([0, 3.6, 7.2], 7, True, ["0 to 3", "4 to 7"]),
        ([0, 0.5, 15701.19], 15701.19, False, ["0 to 0.5", "0.5 to 15,701"]),
    ],
)
def test_labels_name_the_values_of_a_bin(
    edges: list[float], greatest: float, whole: bool, labels: list[str]
) -> None:
    assert bin_labels(edges, greatest, whole) == labels


def test_a_feature_that_training_never_had_is_left_out(tmp_path: Path) -> None:
    statistics = {"missing_ratio": 1, "counts": {"a": 0}}
    content = {**MANIFEST, "features": [{"name": "contract", "statistics": statistics}]}
    file = tmp_path / "churn.manifest.json"
    file.write_text(json.dumps(content))
    drift = drift_of(write_log(tmp_path / "log", line()), file)
    assert (drift.features, drift.left_out) == ([], ["contract"])


@pytest.mark.parametrize(
    ("before", "now", "verdict"),
    [
        ([500, 500], [500, 500], "stable"),
        ([500, 500], [350, 650], "stable"),
        ([500, 500], [320, 680], "moderate"),
        ([500, 500], [200, 800], "significant"),
        ([500, 500], [2, 6], "too few scores"),
        ([500, 500], [0, 40], "significant"),
    ],
)
def test_verdicts_need_the_customary_bounds_and_more_than_chance(
    before: list[float], now: list[float], verdict: str
) -> None:
    assert stability(np.array(before), np.array(now)).verdict == verdict


def test_customers_of_the_training_set_do_not_drift_and_dearer_ones_do(tmp_path: Path) -> None:
    customers = make_customers(3000, seed=11)[FEATURES]
    lines = [
        line(features=features, row=row)
        for row, features in enumerate(customers.to_dict(orient="records"))
    ]
    manifest = MODELS_FOLDER / "churn_model.manifest.json"
    drift = drift_of(write_log(tmp_path / "log", *lines), manifest)
    assert {feature.latest.verdict for feature in drift.features} == {"stable"}
    assert {feature.bins.name for feature in drift.features} == set(FEATURES)
    assert drift.score.latest.verdict == "significant"  # All lines have one probability.

    for each in lines:
        each["features"]["monthly_charges"] *= 1.5
    found = by_name(drift_of(write_log(tmp_path / "log", *lines), manifest))
    assert found["monthly_charges"].latest.verdict == "significant"
    assert found["tenure_months"].latest.verdict == "stable"


def test_without_a_manifest_the_first_week_is_the_reference(tmp_path: Path) -> None:
    random = np.random.default_rng(2)
    contracts = ["monthly", "yearly"]

    def week(monday: str, mean: float, weights: list[float]) -> list[dict[str, Any]]:
        return [
            line(
                time=f"{monday}T08:00:00.000Z",
                row=row,
                probability=random.random(),
                features={
                    "charges": round(random.normal(mean, 10), 2),
                    "calls": int(random.integers(0, 2)),
                    "contract": str(random.choice(contracts, p=weights)),
                    "partner": bool(random.random() < 0.5) if row % 10 else None,
                    "empty": None,
                },
            )
            for row in range(800)
        ]

    lines = [
        *week("2026-11-02", 50, [0.5, 0.5]),
        *week("2026-11-09", 50, [0.5, 0.5]),
        *week("2026-11-16", 70, [0.1, 0.9]),
    ]
    drift = drift_of(write_log(tmp_path, *lines), None)
    found = by_name(drift)
    assert drift.reference == "the scores of the week of 2 November 2026, the first in the log"
    assert {name for name, each in found.items() if each.latest.verdict == "significant"} == {
        "charges",
        "contract",
    }
    assert drift.score.latest.verdict == "stable"
    charges = [each["features"]["charges"] for each in lines]
    inner = np.quantile(charges[:800], np.arange(1, 10) / 10, method="inverted_cdf")
    assert found["charges"].bins.edges == inner.tolist()
    for place, (_, index) in enumerate(found["charges"].weeks):
        values = charges[place * 800 : (place + 1) * 800]
        counts = np.bincount(np.searchsorted(inner, values, side="right"), minlength=10)
        assert index.psi == pytest.approx(plain_psi(found["charges"].bins.counts[:-1], counts))
    assert set(found["partner"].bins.labels) == {"false", "true", "another value", "missing"}
    assert found["partner"].missing_now == pytest.approx(0.1)
    assert found["empty"].missing_now == 1


def test_one_week_has_nothing_to_be_compared_with(tmp_path: Path) -> None:
    assert drift_of(write_log(tmp_path, line(), line(row=1)), None) is None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "cannot read"),
        ("[]", "is no manifest of format 2"),
        ('{"format_version": 1}', "is no manifest of format 2: name the .manifest.json"),
        ('{"format_version": 2}', "is not such a manifest as churn-bundle writes (KeyError"),
    ],
)
def test_what_is_no_manifest_is_refused(tmp_path: Path, content: str, words: str) -> None:
    file = tmp_path / "churn.manifest.json"
    file.write_text(content)
    with pytest.raises(ReportError) as caught:
        read_bundle(file)
    assert words in str(caught.value)
