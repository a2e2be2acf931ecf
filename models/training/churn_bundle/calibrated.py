"""Calibrated Pipelines, of which skl2onnx would calibrate the wrong score."""

import copy

from sklearn.base import BaseEstimator
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import VotingClassifier
from sklearn.pipeline import Pipeline


def calibrate_inside(model: CalibratedClassifierCV) -> BaseEstimator:
    """Moves the calibration into the calibrated Pipelines, behind their preprocessing.

    Args:
        model: part of a copy; what it holds is used again.

    Returns:
        A Pipeline that ends in a calibrated classifier, or the mean of several such; the model
        itself if what it calibrates is no Pipeline.
    """
    members = []
    for calibrated in model.calibrated_classifiers_:
        pipeline = calibrated.estimator
        if type(pipeline).__name__ == "FrozenEstimator":
            pipeline = pipeline.estimator
        if not isinstance(pipeline, Pipeline):
            return model
        part, single = copy.copy(calibrated), copy.copy(model)
        part.estimator = pipeline.steps[-1][1]
        single.calibrated_classifiers_ = [part]
        members.append(Pipeline([*pipeline.steps[:-1], ("calibrated", single)]))
    if len(members) == 1:
        return members[0]
    named = [(f"fold_{n}", each) for n, each in enumerate(members)]
    mean = VotingClassifier(named, voting="soft", flatten_transform=False)
    mean.estimators_ = members
    mean.classes_ = model.classes_
    return mean
