"""Names the step that is known to have no exact form in ONNX, when an export fails."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.isotonic import IsotonicRegression
from sklearn.svm import SVC

from churn_bundle.converters import estimators_in
from churn_bundle.errors import ExportError
from churn_bundle.natives import lightgbm_categories

ENCODE = (
    "encode the categories in the Pipeline instead, by OneHotEncoder(handle_unknown='ignore') or "
    "OrdinalEncoder(handle_unknown='use_encoded_value', unknown_value=-1)"
)


@contextmanager
def with_hints(model: object) -> Iterator[None]:
    """Adds to an ExportError what is known about the model's steps."""
    try:
        yield
    except ExportError as error:
        hints = list(dict.fromkeys(find_hints(model)))
        if not hints:
            raise
        raise ExportError("; ".join([str(error), *hints])) from error


def find_hints(model: object) -> Iterator[str]:
    """Yields a sentence for each step that is known to have no exact form."""
    for estimator in estimators_in(model):
        kind = type(estimator).__name__
        if isinstance(estimator, HistGradientBoostingClassifier):
            if np.any(getattr(estimator, "is_categorical_", None)):
                yield f"{kind}'s own categorical_features have no form in ONNX: {ENCODE}"
        elif kind == "XGBClassifier" and hasattr(estimator, "_Booster"):
            if "c" in (estimator.get_booster().feature_types or []):
                yield f"{kind}'s own categories have no form in ONNX: {ENCODE}"
        elif kind == "LGBMClassifier" and lightgbm_categories(estimator):
            yield (
                f"{kind}'s own categories are exact only as its direct input, without steps before "
                f"it: {ENCODE}"
            )
        elif kind == "CatBoostClassifier" and estimator.is_fitted():
            if estimator.get_cat_feature_indices():
                yield f"{kind}'s own cat_features have no form in ONNX: {ENCODE}"
        elif isinstance(estimator, SVC):
            yield f"{kind} has no exact form in ONNX: calibrate a LinearSVC instead"
        elif isinstance(estimator, IsotonicRegression):
            yield "isotonic calibration has steps that float32 can cross: use method='sigmoid'"
