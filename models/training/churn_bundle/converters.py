"""Tells skl2onnx about models of other libraries, if a model is of them."""

from collections.abc import Iterator

import numpy as np
from skl2onnx import update_registered_converter
from skl2onnx.common._container import ModelComponentContainer
from skl2onnx.common._topology import Operator, Scope
from skl2onnx.common.shape_calculator import calculate_linear_classifier_output_shapes
from sklearn.base import BaseEstimator

from churn_bundle import imputer_converter, lookup_converter, own_forms
from churn_bundle.errors import ExportError

OPTIONS = {"zipmap": [True, False, "columns"], "nocl": [True, False]}


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
    elif isinstance(model, BaseEstimator) or type(model).__module__.startswith("sklearn."):
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
    for package, add in (("xgboost", register_xgboost), ("lightgbm", register_lightgbm)):
        if package in packages_of(model):
            try:
                add()
            except ImportError as error:
                raise ExportError(
                    f"the model needs {package}'s converter: pip install 'churn-bundle[{package}]'"
                ) from error


def register_xgboost() -> None:
    """Registers XGBClassifier, whose columns the converter wants to be named f0, f1, ..."""
    from onnxmltools.convert.xgboost.operator_converters.XGBoost import convert_xgboost
    from xgboost import XGBClassifier

    def convert(scope: Scope, operator: Operator, container: ModelComponentContainer) -> None:
        operator.raw_operator.get_booster().feature_names = None
        convert_xgboost(scope, operator, container)

    update_registered_converter(
        XGBClassifier,
        "XGBoostXGBClassifier",
        calculate_linear_classifier_output_shapes,
        convert,
        options=OPTIONS,
    )


def register_lightgbm() -> None:
    """Registers LGBMClassifier."""
    from lightgbm import LGBMClassifier
    from onnxmltools.convert.lightgbm.operator_converters.LightGbm import convert_lightgbm

    update_registered_converter(
        LGBMClassifier,
        "LightGbmLGBMClassifier",
        calculate_linear_classifier_output_shapes,
        convert_lightgbm,
        options=OPTIONS,
    )
