"""Tells skl2onnx about models of other libraries, if a model is of them."""

from importlib import import_module

from sklearn.base import BaseEstimator

from churn_bundle import exact_trees, imputer_converter, lookup_converter, own_forms
from churn_bundle.errors import ExportError
from churn_bundle.estimators import estimators_in


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
    exact_trees.register()
    own_forms.register()
    for package in sorted(packages_of(model) & {"catboost", "lightgbm", "xgboost"}):
        try:
            import_module(f"churn_bundle.{package}_converter").register()
        except ImportError as error:
            raise ExportError(
                f"the model needs {package}'s converter: pip install 'churn-bundle[{package}]'"
            ) from error
