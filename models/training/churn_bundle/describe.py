"""Describes features, inputs and packages for the manifest."""

import sys
from importlib import import_module
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import ClassifierMixin
from sklearn.pipeline import Pipeline

from churn_bundle.conversion import Tensor
from churn_bundle.converters import packages_of
from churn_bundle.feature import Feature
from churn_bundle.rows import to_json

QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
HISTOGRAM_BINS = 20


def histogram(values: np.ndarray, edges: np.ndarray | int) -> dict[str, list]:
    """Counts values in bins that include their lower edge; the last includes both."""
    counts, edges = np.histogram(values, bins=edges)
    return {"edges": edges.tolist(), "counts": counts.tolist()}


def describe_feature(feature: Feature, values: pd.Series) -> dict[str, Any]:
    """Describes one feature: what the API accepts, and the canonical reference values."""
    content: dict[str, Any] = {"name": feature.name, "type": feature.type}
    if feature.description is not None:
        content["description"] = feature.description
    if feature.unit is not None:
        content["unit"] = feature.unit
    content["nullable"] = feature.nullable
    if feature.is_number:
        bounds = {"minimum": feature.minimum, "maximum": feature.maximum}
        given = {
            name: to_json(bound, feature) for name, bound in bounds.items() if bound is not None
        }
        if given:
            content["bounds"] = given
        content["statistics"] = number_statistics(feature, values)
        return content
    if feature.is_text:
        content["categories"] = feature.categories
        content["unknown"] = "accept" if feature.accepts_unknown else "refuse"
        counts = {text: int((values == text).sum()) for text in feature.categories}
    else:
        counts = {"true": int((values == 1).sum()), "false": int((values == 0).sum())}
    content["statistics"] = {"missing_ratio": missing_ratio(values), "counts": counts}
    return content


def missing_ratio(values: pd.Series) -> float:
    """Gives the share of missing values."""
    return float(values.isna().mean())


def number_statistics(feature: Feature, values: pd.Series) -> dict[str, Any]:
    """Describes the values of a number.

    The histogram has 20 equal bins, or one per value for integers that span fewer.
    """
    ratio = missing_ratio(values)
    values = values.dropna()
    span = values.max() - values.min()
    few_values = feature.type == "integer" and span < HISTOGRAM_BINS
    edges = np.arange(values.min(), values.max() + 2) if few_values else HISTOGRAM_BINS
    return {
        "missing_ratio": ratio,
        "minimum": float(values.min()),
        "maximum": float(values.max()),
        "mean": float(values.mean()),
        "quantiles": {str(level): float(values.quantile(level)) for level in QUANTILES},
        "histogram": histogram(values.to_numpy(), edges),
    }


def describe_tensor(tensor: Tensor) -> dict[str, Any]:
    """Describes a graph's input."""
    content = {"name": tensor.name, "type": tensor.type, "features": tensor.features}
    if tensor.missing_text is not None:
        content["missing_text"] = tensor.missing_text
    if tensor.codes is not None:
        content["category_codes"] = True
    return content


def describe_framework(model: ClassifierMixin) -> dict[str, Any]:
    """Names the package that trained the classifier and the versions that shaped the bundle."""
    classifier = model.steps[-1][1] if isinstance(model, Pipeline) else model
    package = type(classifier).__module__.split(".")[0]
    names = {"sklearn": "scikit-learn"}
    modules = ["sklearn", "numpy", "pandas", "skl2onnx", "onnx", "onnxruntime"]
    others = packages_of(model) & {"xgboost", "lightgbm", "catboost"}
    modules += [*sorted(others)]
    if others - {"catboost"}:
        modules.append("onnxmltools")
    versions = {names.get(module, module): import_module(module).__version__ for module in modules}
    python = ".".join(str(part) for part in sys.version_info[:3])
    return {"name": names.get(package, package), "versions": {"python": python, **versions}}
