"""Reads from a manifest what the report compares with: training statistics and the threshold."""

import json
from pathlib import Path
from typing import Any, NamedTuple

from churn_bundle.errors import ReportError, first_line
from churn_bundle.manifest import FORMAT_VERSION
from churn_bundle.report.feature_bins import FeatureBins, category_bins, number_bins

SCORE = "churn probability (the score)"


class BundleReference(NamedTuple):
    """What a bundle says of its training.

    Attributes:
        name: of the model.
        version: of the model.
        sha256: of its graph, None in a manifest by hand.
        decision: least probability for churn, None if the manifest leaves it to the service.
        score: bins of the training rows' probabilities, None if the manifest has none.
        features: bins of each feature with statistics.
        without_statistics: names of the other features.
        metrics: numbers from held-out data, by name.
    """

    name: str
    version: str
    sha256: str | None
    decision: float | None
    score: FeatureBins | None
    features: list[FeatureBins]
    without_statistics: list[str]
    metrics: dict[str, float]


def read_bundle(path: Path) -> BundleReference:
    """Reads a manifest.

    Raises:
        ReportError: if it is no manifest of a bundle.
    """
    way_out = "name the .manifest.json that stands beside the model's .onnx file"
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ReportError(f"cannot read {path}: {first_line(error)}; {way_out}") from error
    if not isinstance(manifest, dict) or manifest.get("format_version") != FORMAT_VERSION:
        raise ReportError(f"{path} is no manifest of format {FORMAT_VERSION}: {way_out}")
    try:
        return describe(manifest)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ReportError(
            f"{path} is not such a manifest as churn-bundle writes ({type(error).__name__}: "
            f"{first_line(error)}): export the bundle again"
        ) from error


def describe(manifest: dict[str, Any]) -> BundleReference:
    """Takes what the report needs."""
    histogram = manifest.get("reference", {}).get("probability_histogram")
    described = [feature for feature in manifest["features"] if has_values(feature)]
    return BundleReference(
        name=manifest["name"],
        version=manifest["version"],
        sha256=manifest.get("sha256"),
        decision=manifest.get("thresholds", {}).get("decision"),
        score=number_bins(SCORE, histogram) if histogram else None,
        features=[feature_bins(feature) for feature in described],
        without_statistics=[
            feature["name"] for feature in manifest["features"] if not has_values(feature)
        ],
        metrics=manifest.get("metrics", {}),
    )


def has_values(feature: dict[str, Any]) -> bool:
    """Whether the manifest says which values a feature had."""
    statistics = feature.get("statistics", {})
    counts = statistics.get("histogram", {}).get("counts") or statistics.get("counts", {}).values()
    return sum(counts) > 0


def feature_bins(feature: dict[str, Any]) -> FeatureBins:
    """Makes the bins of a feature from its statistics."""
    name, statistics = feature["name"], feature["statistics"]
    ratio = statistics["missing_ratio"]
    if "histogram" in statistics:
        span = statistics["minimum"], statistics["maximum"]
        return number_bins(
            name, statistics["histogram"], ratio, span, whole=feature.get("type") == "integer"
        )
    categories = feature.get("categories", list(statistics["counts"]))
    return category_bins(name, statistics["counts"], ratio, categories)
