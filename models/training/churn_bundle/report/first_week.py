"""Bins from the log's first week, for a report without the manifest of the model."""

from datetime import date
from itertools import pairwise

import duckdb
import numpy as np

from churn_bundle.report.bundle_reference import SCORE
from churn_bundle.report.feature_bins import MISSING, OTHER, FeatureBins, short

# Rarer categories share a bin.
MOST_CATEGORIES = 20
LEVELS = [level / 10 for level in range(1, 10)]

VALUES = "(SELECT {column} AS value FROM feature_values WHERE week = $week)"
EDGES = "SELECT quantile_disc(value, $levels), min(value) FROM {values}"
CATEGORIES = """SELECT value FROM {values} WHERE value IS NOT NULL
    GROUP BY value ORDER BY count(*) DESC, value LIMIT $most"""
COUNTS = "SELECT {bin} AS bin, count(*) FROM {values} GROUP BY bin"


def first_week_bins(
    connection: duckdb.DuckDBPyConnection, week: date, features: dict[str, bool], names: list[str]
) -> list[FeatureBins]:
    """Makes bins between the deciles of each number, and of each frequent category.

    The first bins are those of the score itself.

    Args:
        connection: with the table ``feature_values``.
        week: Monday of the first week.
        features: whether each feature is a number.
        names: columns of the features.
    """
    kinds = [(SCORE, "probability", True)]
    kinds += [
        (feature, column, is_number)
        for (feature, is_number), column in zip(features.items(), names, strict=True)
    ]
    return [
        counted(connection, week, column, empty_bins(connection, week, feature, column, is_number))
        for feature, column, is_number in kinds
    ]


def empty_bins(
    connection: duckdb.DuckDBPyConnection, week: date, feature: str, column: str, is_number: bool
) -> FeatureBins:
    """Makes the bins of a feature."""
    values = VALUES.format(column=column)
    if is_number:
        found, least = connection.execute(
            EDGES.format(values=values), {"week": week, "levels": LEVELS}
        ).fetchone()
        # Edges that no value lies below would make empty bins.
        edges = sorted({edge for edge in found or [] if edge > least})
        labels = decile_labels(edges)
        return FeatureBins(feature, [*labels, MISSING], np.zeros(len(labels) + 1), edges, None)
    rows = connection.execute(
        CATEGORIES.format(values=values), {"week": week, "most": MOST_CATEGORIES}
    ).fetchall()
    categories = [category for (category,) in rows]
    labels = [*categories, OTHER, MISSING]
    return FeatureBins(feature, labels, np.zeros(len(labels)), None, categories)


def decile_labels(edges: list[float]) -> list[str]:
    """Names bins whose outer ones are open."""
    if not edges:
        return ["any value"]
    inner = [f"{short(low)} to {short(high)}" for low, high in pairwise(edges)]
    return [f"below {short(edges[0])}", *inner, f"from {short(edges[-1])}"]


def counted(
    connection: duckdb.DuckDBPyConnection, week: date, column: str, bins: FeatureBins
) -> FeatureBins:
    """Counts the first week's values in bins."""
    query = COUNTS.format(bin=bins.sql, values=VALUES.format(column=column))
    counts = np.zeros(len(bins.labels))
    for bin_, count in connection.execute(query, {"week": week, **bins.parameters}).fetchall():
        counts[bin_] = count
    return bins._replace(counts=counts)
