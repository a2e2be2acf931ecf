"""Boosted models in the form that their converters know: a plain sum of trees."""

import json
from collections.abc import Iterable
from typing import Any

import numpy as np


def use_plain_trees(estimators: Iterable[object]) -> None:
    """Rewrites boosters of a copy of a model whose trees have weights.

    LightGBM's random forests take a mean, XGBoost's DART weighs each tree. The weights go into the
    leaves.
    """
    for estimator in estimators:
        kind = type(estimator).__name__
        if kind == "LGBMClassifier" and is_forest(estimator):
            weigh_lightgbm(estimator)
        elif kind.startswith("XGB") and booster_name(estimator) == "dart":
            weigh_xgboost(estimator)


def is_forest(model: Any) -> bool:  # noqa: ANN401
    """Whether a LightGBM model takes the mean of its trees."""
    return hasattr(model, "booster_") and "average_output" in model.booster_.model_to_string()


def weigh_lightgbm(model: Any) -> None:  # noqa: ANN401
    """Divides the leaves of a LightGBM random forest by the number of its trees."""
    booster = model.booster_
    trees = booster.num_trees()
    for tree in range(trees):
        for leaf in range(leaves_of(booster, tree)):
            booster.set_leaf_output(tree, leaf, booster.get_leaf_output(tree, leaf) / trees)
    model.boosting_type = "gbdt"


def leaves_of(booster: Any, tree: int) -> int:  # noqa: ANN401
    """Counts the leaves of one of LightGBM's trees."""
    dumped = booster.dump_model(start_iteration=tree, num_iteration=1)["tree_info"]
    return dumped[0]["num_leaves"]


def booster_name(model: Any) -> str | None:  # noqa: ANN401
    """Gives the booster of a fitted XGBoost model: gbtree, dart or gblinear."""
    if not model.__sklearn_is_fitted__():
        return None
    config = json.loads(model.get_booster().save_config())
    return config["learner"]["gradient_booster"]["name"]


def weigh_xgboost(model: Any) -> None:  # noqa: ANN401
    """Makes DART's trees trees of a plain booster, with their weights in the leaves."""
    from xgboost import Booster

    content = json.loads(model.get_booster().save_raw("json"))
    dart = content["learner"]["gradient_booster"]
    plain = dart["gbtree"]
    for tree, weight in zip(plain["model"]["trees"], dart["weight_drop"], strict=True):
        is_leaf = np.array(tree["left_children"]) < 0
        values = np.array(tree["split_conditions"], np.float64)
        tree["split_conditions"] = np.where(is_leaf, values * weight, values).tolist()
        tree["base_weights"] = (np.array(tree["base_weights"]) * weight).tolist()
    content["learner"]["gradient_booster"] = plain
    booster = Booster()
    booster.load_model(bytearray(json.dumps(content).encode()))
    model._Booster = booster
    model.booster = "gbtree"


def linear_weights(model: Any) -> tuple[np.ndarray, float]:  # noqa: ANN401
    """Gives the weights [features] and the constant of a linear XGBoost model.

    The constant holds the base score, which XGBoost keeps as a probability.
    """
    learner = json.loads(model.get_booster().save_raw("json"))["learner"]
    weights = np.array(learner["gradient_booster"]["model"]["weights"], np.float64)
    stated = json.loads(learner["learner_model_param"]["base_score"])
    base = float(stated[0] if isinstance(stated, list) else stated)
    return weights[:-1], float(weights[-1] + np.log(base / (1 - base)))
