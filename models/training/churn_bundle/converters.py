"""Tells skl2onnx about models of other libraries, if a model is of them."""

from collections.abc import Iterator
from importlib import import_module

import numpy as np
from sklearn.base import BaseEstimator

from churn_bundle import imputer_converter, lookup_converter, own_forms
from churn_bundle.errors import ExportError


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


def packages_of(model: object) -> set[str]:
    """Finds the packages of all estimators in a model."""
    return {type(estimator).__module__.split(".")[0] for estimator in estimators_in(model)}


def register(model: BaseEstimator) -> None:
    """Registers the converters that a model needs.

    Raises:
        ExportError: if the model is of a library whose converter is not installed.
    """
    lookup_converter.register()
    imputer_converter.register()
    own_forms.register()
    for package in sorted(packages_of(model) & {"catboost", "lightgbm", "xgboost"}):
        try:
            import_module(f"churn_bundle.{package}_converter").register()
        except ImportError as error:
            raise ExportError(
                f"the model needs {package}'s converter: pip install 'churn-bundle[{package}]'"
            ) from error
