"""Bins of a feature, frozen from the reference data, in which later values are counted."""

from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

MISSING = "missing"
OTHER = "another value"


class FeatureBins(NamedTuple):
    """The bins of one feature, the last of which counts missing values.

    Attributes:
        name: of the feature.
        labels: of the bins [B].
        counts: of the reference, float [B].
        edges: of numbers, between one bin and the next; the outer bins are open, and a value that
            is an edge lies above it. None for categories.
        categories: of texts and booleans; others count in the bin before the last. None for
            numbers.
    """

    name: str
    labels: list[str]
    counts: np.ndarray
    edges: list[float] | None
    categories: list[str] | None

    @property
    def sql(self) -> str:
        """The bin of ``value``; categories are the query's parameter."""
        missing = len(self.labels) - 1
        if self.edges is None:
            inside = f"coalesce(list_position($categories, value) - 1, {missing - 1})"
        else:
            inside = " + ".join(f"(value >= {edge!r})::INTEGER" for edge in self.edges) or "0"
        return f"CASE WHEN value IS NULL THEN {missing} ELSE {inside} END"

    @property
    def parameters(self) -> dict[str, list[str]]:
        """The parameters of ``sql``."""
        return {} if self.categories is None else {"categories": self.categories}


def missing_count(present: float, ratio: float, rows: int | None) -> float:
    """Counts the missing values of the reference data."""
    if rows is None:
        return present * ratio / (1 - ratio)
    return rows * ratio


def number_bins(
    name: str, histogram: dict[str, list[float]], ratio: float, rows: int | None
) -> FeatureBins:
    """Makes bins of a manifest's histogram: of bins that include their lower edge."""
    edges = [float(edge) for edge in histogram["edges"]]
    counts = np.array(histogram["counts"], dtype=np.float64)
    if len(edges) != len(counts) + 1:
        raise ValueError(f"the histogram of {name} has {len(edges)} edges, {len(counts)} counts")
    missing = missing_count(float(counts.sum()), ratio, rows)
    return FeatureBins(
        name, [*bin_labels(edges), MISSING], np.append(counts, missing), edges[1:-1], None
    )


def category_bins(name: str, counts: dict[str, Any], ratio: float, rows: int | None) -> FeatureBins:
    """Makes a bin of each category that the reference data has."""
    known = np.array(list(counts.values()), dtype=np.float64)
    missing = missing_count(float(known.sum()), ratio, rows)
    labels = [*counts, OTHER, MISSING]
    return FeatureBins(name, labels, np.concatenate([known, [0.0, missing]]), None, list(counts))


def bin_labels(edges: list[float]) -> list[str]:
    """Names bins by their edges, or by their value if each holds one whole number."""
    pairs = list(pairwise(edges))
    if all(low.is_integer() and high == low + 1 for low, high in pairs):
        return [f"{low:g}" for low, _ in pairs]
    return [f"{low:.4g} to {high:.4g}" for low, high in pairs]
