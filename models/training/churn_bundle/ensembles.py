"""Makes the ensembles in a copy of a model such as skl2onnx converts."""

from collections.abc import Iterable

import numpy as np
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import VotingClassifier
from sklearn.model_selection import FixedThresholdClassifier, TunedThresholdClassifierCV
from sklearn.pipeline import Pipeline
from sklearn.semi_supervised import SelfTrainingClassifier

from churn_bundle.calibrated import calibrate_inside

# Their probabilities are those of the model inside.
ONLY_WRAPPERS = (FixedThresholdClassifier, SelfTrainingClassifier, TunedThresholdClassifierCV)


def mend_ensembles(estimators: Iterable[object]) -> None:
    """Mends all ensembles, and what stands at the end of Pipelines."""
    for estimator in estimators:
        if isinstance(estimator, VotingClassifier):
            mend_voting(estimator)
        elif isinstance(estimator, CalibratedClassifierCV):
            for part in getattr(estimator, "calibrated_classifiers_", []):
                part.estimator = thawed(part.estimator)
        elif isinstance(estimator, Pipeline):
            name, last = estimator.steps[-1]
            estimator.steps = [*estimator.steps[:-1], (name, last_step(last))]


def thawed(model: object) -> object:
    """Gives the model that a FrozenEstimator holds."""
    return model.estimator if type(model).__name__ == "FrozenEstimator" else model


def mend_voting(model: VotingClassifier) -> None:
    """Leaves out the transform, which nobody asks, and the weights of what was dropped."""
    model.flatten_transform = False
    if model.weights is not None and hasattr(model, "estimators_"):
        named = [name for name, estimator in model.estimators if not isinstance(estimator, str)]
        weights = dict(zip((name for name, _ in model.estimators), model.weights, strict=True))
        model.weights = np.array([weights[name] for name in named], np.float64)
        model.estimators = [each for each in model.estimators if each[0] in named]


def last_step(model: object) -> object:
    """Gives the model that a wrapper holds, and calibrates Pipelines behind their steps."""
    if isinstance(model, ONLY_WRAPPERS) and hasattr(model, "estimator_"):
        return model.estimator_
    if isinstance(model, CalibratedClassifierCV) and hasattr(model, "calibrated_classifiers_"):
        return calibrate_inside(model)
    return model
