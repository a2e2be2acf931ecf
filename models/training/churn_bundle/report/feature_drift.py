"""Drift: whether customers still are such as those that the model learned from."""

from datetime import date
from typing import NamedTuple

import duckdb
import numpy as np

from churn_bundle.report.bundle_reference import BundleReference
from churn_bundle.report.feature_bins import FeatureBins
from churn_bundle.report.feature_values import load_features, logged_features, stated_features
from churn_bundle.report.first_week import first_week_bins
from churn_bundle.report.stability import Stability, stability
from churn_bundle.report.workspace import one_row

COUNTS = """SELECT week, bin, count(*) FROM (
    SELECT week, {bin} AS bin FROM (SELECT week, {column} AS value FROM feature_values)
) GROUP BY week, bin"""


class FeatureDrift(NamedTuple):
    """How one feature, or the score, moved.

    Attributes:
        bins: with the counts of the reference.
        last: counts of the last week, float [B].
        weeks: the index of each week.
        overall: the index of all scores.
        latest: the index of the last week.
        missing_before: share of missing values in the reference.
        missing_now: share of missing values in the last week.
    """

    bins: FeatureBins
    last: np.ndarray
    weeks: list[tuple[date, Stability]]
    overall: Stability
    latest: Stability
    missing_before: float
    missing_now: float


class Drift(NamedTuple):
    """Drift of all features.

    Attributes:
        reference: what is compared with, in words.
        week: Monday of the last week.
        score: of the probabilities, None if the manifest has no histogram of them.
        features: the strongest drift first.
        left_out: features without statistics in the manifest.
    """

    reference: str
    week: date
    score: FeatureDrift | None
    features: list[FeatureDrift]
    left_out: list[str]


def measure_drift(
    connection: duckdb.DuckDBPyConnection, bundle: BundleReference | None
) -> Drift | None:
    """Compares features with the training data of a bundle, else the last week with the first.

    Returns:
        None without a bundle if the log is of one week only.
    """
    first, last = one_row(connection, "SELECT min(week), max(week) FROM scores")
    features = logged_features(connection) if bundle is None else stated_features(bundle)
    if bundle is None and (first == last or not features):
        return None
    names = load_features(connection, features)
    if bundle is None:
        score, *others = first_week_bins(connection, first, features, names)
        reference = f"the scores of the week of {first:%-d %B %Y}, the first in the log"
    else:
        score, others = bundle.score, bundle.features
        reference = f"the training data of {bundle.name} {bundle.version}"
    watched = len(others) + (score is not None)
    drifts = [
        drift_of(connection, bins, name, last, watched)
        for bins, name in zip(others, names, strict=True)
    ]
    return Drift(
        reference=reference,
        week=last,
        score=score and drift_of(connection, score, "probability", last, watched),
        features=sorted(drifts, key=lambda drift: -drift.latest.psi),
        left_out=[] if bundle is None else bundle.without_statistics,
    )


def drift_of(
    connection: duckdb.DuckDBPyConnection, bins: FeatureBins, column: str, last: date, watched: int
) -> FeatureDrift:
    """Counts a feature's values by week and compares them with the reference."""
    counts: dict[date, np.ndarray] = {}
    query = COUNTS.format(bin=bins.sql, column=column)
    for week, bin_, count in connection.execute(query, bins.parameters).fetchall():
        counts.setdefault(week, np.zeros(len(bins.labels)))[bin_] = count
    weeks = [(week, stability(bins.counts, counts[week], watched)) for week in sorted(counts)]
    return FeatureDrift(
        bins=bins,
        last=counts[last],
        weeks=weeks,
        overall=stability(bins.counts, np.sum(list(counts.values()), axis=0), watched),
        latest=weeks[-1][1],
        missing_before=float(bins.counts[-1] / bins.counts.sum()),
        missing_now=float(counts[last][-1] / counts[last].sum()),
    )
