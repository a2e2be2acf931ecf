"""Bins of a feature, frozen from the reference data, in which later values are counted."""

from itertools import pairwise
from math import ceil
from typing import Any, NamedTuple

import numpy as np

MISSING = "missing"
OTHER = "another value"
# A bin of PSI is customarily as large as this, or larger.
LEAST_SHARE = 0.05
# From here on, labels have no decimals.
LARGE = 1000


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


def missing_count(present: float, ratio: float) -> int:
    """Counts the missing values of the reference data."""
    return round(present * ratio / (1 - ratio))


def number_bins(
    name: str,
    histogram: dict[str, list[float]],
    ratio: float = 0.0,
    span: tuple[float, float] | None = None,
    whole: bool = False,
) -> FeatureBins:
    """Makes bins of a manifest's histogram: of bins that include their lower edge.

    Args:
        name: of the feature.
        histogram: edges and counts.
        ratio: share of missing values.
        span: least and greatest value of the reference; values beyond it get bins of their own.
        whole: whether all values are whole numbers.
    """
    counts = [float(count) for count in histogram["counts"]]
    if len(histogram["edges"]) != len(counts) + 1:
        raise ValueError(f"the histogram of {name} does not have one edge more than counts")
    missing = missing_count(sum(counts), ratio)
    edges, counts = join_sparse([float(edge) for edge in histogram["edges"]], counts)
    inner = edges[1:-1]
    if span is None:
        labels = bin_labels(edges, edges[-1], whole)
        return FeatureBins(name, [*labels, MISSING], np.array([*counts, missing]), inner, None)
    least = min(span[0], edges[1])
    # The last edge of whole numbers is one above the greatest.
    greatest = min(span[1], edges[-1]) if span[1] >= edges[-2] else edges[-1]
    known = bin_labels(edges, greatest, whole)
    labels = [f"below {short(least)}", *known, f"above {short(greatest)}", MISSING]
    bounds = [least, *inner, float(np.nextafter(greatest, np.inf))]
    return FeatureBins(name, labels, np.array([0, *counts, 0, missing]), bounds, None)


def join_sparse(edges: list[float], counts: list[float]) -> tuple[list[float], list[float]]:
    """Joins neighbours until each bin has a twentieth of the rows: in smaller ones chance rules."""
    least = LEAST_SHARE * sum(counts)
    lower, joined = [edges[0]], [counts[0]]
    for edge, count in zip(edges[1:-1], counts[1:], strict=True):
        if joined[-1] >= least:
            lower.append(edge)
            joined.append(count)
        else:
            joined[-1] += count
    if joined[-1] < least and len(joined) > 1:
        lower.pop()
        joined[-2:] = [joined[-2] + joined[-1]]
    return [*lower, edges[-1]], joined


def category_bins(
    name: str, counts: dict[str, Any], ratio: float, categories: list[str]
) -> FeatureBins:
    """Makes a bin of each category that the model knows."""
    known = [float(counts.get(category, 0)) for category in categories]
    labels = [*categories, OTHER, MISSING]
    missing = missing_count(sum(known), ratio)
    return FeatureBins(name, labels, np.array([*known, 0, missing]), None, categories)


def bin_labels(edges: list[float], greatest: float, whole: bool) -> list[str]:
    """Names bins that include their lower edge; the last one ends in the greatest value.

    Args:
        edges: of the bins.
        greatest: value of the reference.
        whole: whether all values are whole numbers, of which a bin ends in its last one.
    """
    labels = []
    for low, high in pairwise(edges):
        start, end = (ceil(low), ceil(high) - 1) if whole else (low, high)
        if high == edges[-1]:
            end = greatest
        labels.append(short(start) if start == end else f"{short(start)} to {short(end)}")
    return labels


def short(value: float) -> str:
    """Writes a value for a label."""
    return f"{value:,.0f}" if abs(value) >= LARGE else f"{value:.4g}"
