"""The thresholds of the decision and the risk tiers: what was trained is what decides."""

import copy
from typing import NamedTuple

import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.pipeline import Pipeline

from churn_bundle.errors import ExportError

# scikit-learn's classifiers that decide by a threshold of their own, which came with 1.5.
OWN_THRESHOLD = ("TunedThresholdClassifierCV", "FixedThresholdClassifier")
BY_PROBABILITY = "predict_proba"


class Thresholds(NamedTuple):
    """Least probabilities for the decision and for the risk tiers MEDIUM and HIGH."""

    decision: float = 0.5
    medium: float = 0.4
    high: float = 0.7


DEFAULT_THRESHOLDS = Thresholds()


def check_thresholds(values: tuple[float, float, float]) -> Thresholds:
    """Checks that thresholds lie in 0..1 and that HIGH is not below MEDIUM."""
    decision, medium, high = values
    if not (0 <= decision <= 1 and 0 <= medium <= high <= 1):
        raise ExportError("thresholds lie in 0..1, and MEDIUM is not above HIGH")
    return Thresholds(decision, medium, high)


def decide_thresholds(
    model: ClassifierMixin, positive: int, stated: tuple[float, float, float] | None
) -> tuple[ClassifierMixin, Thresholds]:
    """Takes a model's own decision threshold out of it, and says which thresholds hold.

    Args:
        model: fitted classifier or Pipeline; it is not changed.
        positive: column of predict_proba that is churn.
        stated: thresholds that a person wants instead.

    Returns:
        The model that gives the probabilities, and the thresholds.

    Raises:
        ExportError: if the model's threshold is one of other scores, and none is stated.
    """
    owner = model.steps[-1][1] if isinstance(model, Pipeline) else model
    if type(owner).__name__ not in OWN_THRESHOLD:
        return model, check_thresholds(stated or DEFAULT_THRESHOLDS)
    inner = owner.estimator_ if hasattr(owner, "estimator_") else owner.estimator
    if isinstance(model, Pipeline):
        model = copy.copy(model)
        model.steps = [*model.steps[:-1], (model.steps[-1][0], inner)]
    else:
        model = inner
    kind, own = type(owner).__name__, own_threshold(owner, inner, positive)
    if stated is not None:
        thresholds = check_thresholds(stated)
        if own != thresholds.decision:
            found = "on other scores" if own is None else f"{own:.6g}"
            print(
                f"{kind} decides by its threshold {found}; the service will decide by "
                f"{thresholds.decision:.6g}, as stated"
            )
        return model, thresholds
    if own is None:
        raise ExportError(
            f"{kind} decides by a threshold on decision_function, which is no probability: fit it "
            f"with response_method={BY_PROBABILITY!r}, or state --thresholds DECISION MEDIUM HIGH"
        )
    print(f"the decision threshold {own:.6g} is that of {kind}")
    return model, check_thresholds(DEFAULT_THRESHOLDS._replace(decision=own))


def own_threshold(owner: ClassifierMixin, inner: ClassifierMixin, positive: int) -> float | None:
    """Gives the least probability of churn at which a model says so; None if it takes no such."""
    method = owner.response_method
    methods = (BY_PROBABILITY, "decision_function") if method == "auto" else (method,)
    used = next((each for each in methods if hasattr(inner, each)), None)
    if used != BY_PROBABILITY:
        return None
    threshold = getattr(owner, "best_threshold_", None)
    if threshold is None:
        threshold = 0.5 if owner.threshold == "auto" else owner.threshold
    scorer = getattr(owner, "_curve_scorer", None)
    label = owner.pos_label if scorer is None else scorer._get_pos_label()
    classes = np.asarray(owner.classes_).tolist()
    if positive == (1 if label is None else classes.index(label)):
        return float(np.clip(threshold, 0, 1))
    # Not to churn from a probability of t on is to churn above 1 - t.
    return float(np.clip(np.nextafter(1 - threshold, 2), 0, 1))
