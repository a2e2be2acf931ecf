"""Small parts of the copy that takes one matrix of numbers."""

from contextlib import suppress
from typing import Any

import numpy as np
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import Pipeline

from churn_bundle.feature import Feature
from churn_bundle.raw_steps import inner_models


def picking(entries: list[tuple[str, Any, list[int]]]) -> ColumnTransformer:
    """Makes a ColumnTransformer that counts as fitted."""
    transformer = ColumnTransformer(entries)
    transformer.transformers_ = entries
    return transformer


def number_classes(model: object) -> None:
    """Gives a model's parts the classes 0 and 1, since skl2onnx knows no booleans."""
    if np.asarray(getattr(model, "classes_", [])).dtype == bool:
        with suppress(AttributeError):  # A Pipeline takes them from its last step.
            model.classes_ = np.array([0, 1])
    if isinstance(model, Pipeline):
        number_classes(model.steps[-1][1])
    for inner in inner_models(model):
        number_classes(inner)


def matrix_order(features: list[Feature]) -> list[int]:
    """Gives the indices of the features in the order of the matrix's columns: texts last."""
    numbers = [index for index, feature in enumerate(features) if not feature.is_text]
    return numbers + [index for index, feature in enumerate(features) if feature.is_text]
