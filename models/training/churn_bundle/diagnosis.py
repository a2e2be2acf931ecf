"""Names the step that is known to have no exact form in ONNX, when an export fails."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.pipeline import Pipeline
from sklearn.svm import SVC, NuSVC

from churn_bundle.errors import ExportError
from churn_bundle.estimators import estimators_in
from churn_bundle.exact_sums import has_exact_sum
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
        elif isinstance(estimator, SVC | NuSVC) and hasattr(estimator, "predict_proba"):
            yield (
                f"{kind}(probability=True) has probabilities in float32 only: fit "
                f"CalibratedClassifierCV({kind}()) instead"
            )
        elif isinstance(estimator, CalibratedClassifierCV) and jumps(estimator):
            yield (
                "isotonic calibration jumps between scores that are close, and the form of what it "
                "calibrates has them in float32: use method='sigmoid'"
            )


def jumps(model: CalibratedClassifierCV) -> bool:
    """Whether a calibration has steps, and scores in float32 that may cross them."""
    return model.method == "isotonic" and not all(map(keeps_float64, calibrated_models(model)))


def calibrated_models(model: CalibratedClassifierCV) -> list[object]:
    """Gives the models that a calibration takes scores of."""
    fitted = [part.estimator for part in getattr(model, "calibrated_classifiers_", [])]
    fitted = [getattr(each, "estimator", each) if is_frozen(each) else each for each in fitted]
    return [each.steps[-1][1] if isinstance(each, Pipeline) else each for each in fitted]


def is_frozen(model: object) -> bool:
    """Whether it is a FrozenEstimator, which came with scikit-learn 1.6."""
    return type(model).__name__ == "FrozenEstimator"


def keeps_float64(model: object) -> bool:
    """Whether the form of a model has its scores in float64."""
    return hasattr(model, "coef_") or isinstance(model, SVC | NuSVC) or has_exact_sum(model)
