"""Finds the estimators inside a model."""

from collections.abc import Iterator

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.pipeline import Pipeline


def is_estimator(model: object) -> bool:
    """Whether it is scikit-learn's, or CatBoost's, which has the methods but not the base class."""
    return isinstance(model, BaseEstimator) or type(model).__module__.startswith("catboost.")


def estimators_in(model: object, seen: set[int] | None = None) -> Iterator[object]:
    """Yields a model and all estimators inside it, each once."""
    seen = set() if seen is None else seen
    if id(model) in seen:
        return
    if isinstance(model, dict):
        parts = list(model.values())
    elif isinstance(model, list | tuple):
        parts = list(model)
    elif isinstance(model, np.ndarray) and model.dtype == object:
        parts = model.ravel().tolist()
    elif is_estimator(model) or type(model).__module__.startswith("sklearn."):
        yield model
        parts = list(getattr(model, "__dict__", {}).values())
    else:
        return
    seen.add(id(model))
    for part in parts:
        yield from estimators_in(part, seen)


def pipelines_in(model: BaseEstimator) -> list[Pipeline]:
    """Gives a model if it is a Pipeline, else all Pipelines inside that end in a classifier."""
    if isinstance(model, Pipeline):
        return [model]
    inside = [each for each in estimators_in(model) if isinstance(each, Pipeline)]
    return [each for each in inside if hasattr(each.steps[-1][1], "predict")]
