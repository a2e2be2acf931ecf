"""States in a manifest what the service has to prove before it serves a model.

The format is the JSON schema in src/model/model-manifest.schema.json.
"""

import itertools
import sys
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import numpy as np
import onnxruntime
import pandas as pd
from sklearn.base import ClassifierMixin
from sklearn.pipeline import Pipeline

QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
HISTOGRAM_BINS = 20
GOLDEN_REFERENCE_ROWS = 64
MAX_FEATURES_FOR_ALL_CORNERS = 6
TENSOR_TYPES = {"tensor(float)": "float32", "tensor(double)": "float64", "tensor(int64)": "int64"}


def corner_rows(reference: pd.DataFrame, bounds: dict[str, tuple[float, float]]) -> pd.DataFrame:
    """Makes rows at the features' bounds.

    Args:
        reference: at least one row, one column per feature.
        bounds: least and greatest value of some features; the others' come from ``reference``.

    Returns:
        Every combination of bounds for up to 6 features (2 ** features rows); for more, two rows
        per feature: its bounds, the other features being at their medians.
    """
    ends = [bounds.get(name, (values.min(), values.max())) for name, values in reference.items()]
    if len(ends) <= MAX_FEATURES_FOR_ALL_CORNERS:
        corners = np.array(list(itertools.product(*ends)), dtype=np.float64)
    else:
        corners = np.repeat([reference.median().to_numpy()], 2 * len(ends), axis=0)
        for column, (low, high) in enumerate(ends):
            corners[2 * column, column] = low
            corners[2 * column + 1, column] = high
    return pd.DataFrame(corners, columns=reference.columns)


def spread_rows(rows: pd.DataFrame, probabilities: np.ndarray) -> pd.DataFrame:
    """Picks 64 rows, from the least to the greatest probability in equal steps of rank."""
    ranked = np.argsort(probabilities, kind="stable")
    picks = np.linspace(0, len(ranked) - 1, GOLDEN_REFERENCE_ROWS).round().astype(int)
    return rows.iloc[ranked[picks]]


def histogram(values: np.ndarray, edges: np.ndarray | int) -> dict[str, list]:
    """Counts values in bins that include their lower edge; the last includes both."""
    counts, edges = np.histogram(values, bins=edges)
    return {"edges": edges.tolist(), "counts": counts.tolist()}


def describe_feature(values: pd.Series) -> dict[str, Any]:
    """Describes one feature over the reference data.

    The type is "integer" where the CSV holds whole numbers without a decimal point. The histogram
    has 20 equal bins, or one per value for integers that span fewer.
    """
    is_integer = pd.api.types.is_integer_dtype(values)
    few_values = is_integer and values.max() - values.min() < HISTOGRAM_BINS
    edges = np.arange(values.min(), values.max() + 2) if few_values else HISTOGRAM_BINS
    return {
        "name": values.name,
        "type": "integer" if is_integer else "number",
        "minimum": float(values.min()),
        "maximum": float(values.max()),
        "mean": float(values.mean()),
        "quantiles": {str(level): float(values.quantile(level)) for level in QUANTILES},
        "histogram": histogram(values.to_numpy(), edges),
    }


def describe_tensor(tensor: onnxruntime.NodeArg) -> dict[str, Any]:
    """Describes a graph's input or output; null in its shape is the number of rows."""
    shape = [size if isinstance(size, int) else None for size in tensor.shape]
    return {"name": tensor.name, "type": TENSOR_TYPES[tensor.type], "shape": shape}


def describe_framework(model: ClassifierMixin) -> dict[str, Any]:
    """Names the package that trained the classifier and the versions that shaped the bundle."""
    classifier = model.steps[-1][1] if isinstance(model, Pipeline) else model
    package = type(classifier).__module__.split(".")[0]
    modules = {
        "sklearn": "scikit-learn",
        "numpy": "numpy",
        "skl2onnx": "skl2onnx",
        "onnx": "onnx",
        "onnxruntime": "onnxruntime",
    }
    if package in ("xgboost", "lightgbm"):
        modules |= {package: package, "onnxmltools": "onnxmltools"}
    versions = {name: import_module(module).__version__ for module, name in modules.items()}
    python = ".".join(str(part) for part in sys.version_info[:3])
    return {"name": modules.get(package, package), "versions": {"python": python, **versions}}


def describe_golden_rows(rows: pd.DataFrame, probabilities: np.ndarray) -> list[dict[str, Any]]:
    """Pairs each row's values, by feature, with the source model's probability."""
    return [
        {"features": features, "probability": probability}
        for features, probability in zip(
            rows.astype(np.float64).to_dict("records"), probabilities.tolist(), strict=True
        )
    ]


def created_at() -> str:
    """Gives the time now as RFC 3339 in UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
