"""The models of the catalogue: linear ones, trees, boosters, neighbours, ensembles, calibration."""

from typing import Any

import numpy as np
from catboost import CatBoostClassifier
from lightgbm import LGBMClassifier
from sklearn.calibration import CalibratedClassifierCV
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis, QuadraticDiscriminantAnalysis
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import (
    AdaBoostClassifier,
    BaggingClassifier,
    ExtraTreesClassifier,
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    StackingClassifier,
    VotingClassifier,
)
from sklearn.frozen import FrozenEstimator
from sklearn.gaussian_process import GaussianProcessClassifier
from sklearn.linear_model import LogisticRegressionCV, RidgeClassifier, SGDClassifier
from sklearn.model_selection import (
    FixedThresholdClassifier,
    GridSearchCV,
    TunedThresholdClassifierCV,
)
from sklearn.multiclass import OneVsRestClassifier
from sklearn.naive_bayes import BernoulliNB, ComplementNB, GaussianNB, MultinomialNB
from sklearn.neighbors import KNeighborsClassifier, RadiusNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler
from sklearn.semi_supervised import SelfTrainingClassifier
from sklearn.svm import SVC, LinearSVC, NuSVC
from sklearn.tree import DecisionTreeClassifier, ExtraTreeClassifier
from xgboost import XGBClassifier, XGBRFClassifier

from catalogue import ROWS, Kind, forest, logistic, one_hot, scaled, tables
from mixed_data import TEXTS


def calibrated(model: Any, **options: object) -> CalibratedClassifierCV:  # noqa: ANN401
    return CalibratedClassifierCV(model, cv=3, **options)


def lightgbm(**options: object) -> LGBMClassifier:
    return LGBMClassifier(n_estimators=15, verbose=-1, n_jobs=1, **options)


def xgboost(**options: object) -> XGBClassifier:
    return XGBClassifier(n_estimators=15, n_jobs=1, **options)


def catboost(**options: object) -> CatBoostClassifier:
    return CatBoostClassifier(
        iterations=20, verbose=0, thread_count=1, allow_writing_files=False, **options
    )


def boosting() -> GradientBoostingClassifier:
    return GradientBoostingClassifier(n_estimators=15, random_state=0)


def histogram_boosting(**options: object) -> HistGradientBoostingClassifier:
    return HistGradientBoostingClassifier(max_iter=15, **options)


def members() -> list[tuple[str, Any]]:
    return [("linear", scaled(logistic())), ("forest", forest())]


def voting(**options: object) -> VotingClassifier:
    return VotingClassifier(members(), **{"voting": "soft"} | options)


def multilayer() -> MLPClassifier:
    return MLPClassifier((8,), max_iter=200, random_state=0)


def products(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    return left @ right.T


def frozen_forest() -> FrozenEstimator:
    return FrozenEstimator(forest().fit(*tables("numbers", ROWS, 3)))


MODELS = [
    Kind("`LogisticRegression`", lambda: scaled(logistic())),
    Kind("`LogisticRegressionCV`", lambda: scaled(LogisticRegressionCV(cv=3))),
    Kind("`SGDClassifier(loss='log_loss')`", lambda: scaled(SGDClassifier(loss="log_loss"))),
    Kind(
        "`SGDClassifier(loss='modified_huber')`",
        lambda: scaled(SGDClassifier(loss="modified_huber", random_state=0)),
    ),
    Kind("`RidgeClassifier`", lambda: scaled(RidgeClassifier())),
    Kind("`LinearDiscriminantAnalysis`", lambda: scaled(LinearDiscriminantAnalysis())),
    Kind("`QuadraticDiscriminantAnalysis`", lambda: scaled(QuadraticDiscriminantAnalysis())),
    Kind("`GaussianNB`", lambda: scaled(GaussianNB())),
    Kind("`BernoulliNB`", lambda: scaled(BernoulliNB())),
    Kind("`MultinomialNB`", lambda: make_pipeline(MinMaxScaler(), MultinomialNB())),
    Kind("`ComplementNB`", lambda: make_pipeline(MinMaxScaler(), ComplementNB())),
    Kind("`KNeighborsClassifier`", lambda: scaled(KNeighborsClassifier(7))),
    Kind("`RadiusNeighborsClassifier`", lambda: scaled(RadiusNeighborsClassifier(9.0))),
    Kind("`GaussianProcessClassifier`", lambda: scaled(GaussianProcessClassifier())),
    Kind("`MLPClassifier`", lambda: scaled(multilayer())),
    Kind("`SVC(probability=True)`", lambda: scaled(SVC(probability=True, random_state=0))),
    Kind("`NuSVC(probability=True)`", lambda: scaled(NuSVC(probability=True, random_state=0))),
    Kind("`SVC`, which has no probabilities", lambda: scaled(SVC())),
    Kind("`DummyClassifier`", DummyClassifier),
    Kind("`DecisionTreeClassifier`", lambda: DecisionTreeClassifier(max_depth=5)),
    Kind("`ExtraTreeClassifier`", lambda: ExtraTreeClassifier(max_depth=5, random_state=0)),
    Kind("`RandomForestClassifier`", forest),
    Kind("`RandomForestClassifier` with missing values", forest, "gaps"),
    Kind("`ExtraTreesClassifier`", lambda: ExtraTreesClassifier(20, max_depth=6, random_state=0)),
    Kind("`GradientBoostingClassifier`", boosting),
    Kind("`HistGradientBoostingClassifier` with missing values", histogram_boosting, "gaps"),
    Kind(
        "`HistGradientBoostingClassifier` with its own categories",
        lambda: histogram_boosting(categorical_features="from_dtype"),
        "categories",
    ),
    Kind("`AdaBoostClassifier`", lambda: AdaBoostClassifier(n_estimators=10, random_state=0)),
    Kind(
        "`BaggingClassifier`",
        lambda: BaggingClassifier(scaled(logistic()), n_estimators=5, random_state=0),
    ),
    Kind("`LGBMClassifier` with missing values", lightgbm, "gaps"),
    Kind("`LGBMClassifier` with pandas' categories", lightgbm, "categories"),
    Kind("`LGBMClassifier(boosting_type='dart')`", lambda: lightgbm(boosting_type="dart")),
    Kind(
        "`LGBMClassifier(boosting_type='rf')`",
        lambda: lightgbm(boosting_type="rf", subsample=0.7, subsample_freq=1),
    ),
    Kind("`LGBMClassifier(linear_tree=True)`", lambda: lightgbm(linear_tree=True)),
    Kind(
        "`LGBMClassifier(objective='cross_entropy')`", lambda: lightgbm(objective="cross_entropy")
    ),
    Kind("`XGBClassifier` with missing values", xgboost, "gaps"),
    Kind("`XGBClassifier(booster='dart')`", lambda: xgboost(booster="dart", rate_drop=0.3), "gaps"),
    Kind("`XGBClassifier(booster='gblinear')`", lambda: xgboost(booster="gblinear"), "gaps"),
    Kind("`XGBClassifier(missing=0)`", lambda: xgboost(missing=0.0)),
    Kind(
        "`XGBClassifier(enable_categorical=True)` on pandas' categories",
        lambda: xgboost(enable_categorical=True),
        "categories",
    ),
    Kind("`XGBRFClassifier`", lambda: XGBRFClassifier(n_estimators=15, n_jobs=1)),
    Kind("`CatBoostClassifier` with missing values", catboost, "gaps"),
    Kind("`CatBoostClassifier(nan_mode='Max')`", lambda: catboost(nan_mode="Max"), "gaps"),
    Kind(
        "`CatBoostClassifier` behind an encoder",
        lambda: make_pipeline(one_hot(), catboost()),
        "mixed",
    ),
    Kind(
        "`CatBoostClassifier(cat_features=…)`",
        lambda: catboost(cat_features=list(TEXTS)),
        "categories",
    ),
    Kind("`VotingClassifier`", voting),
    Kind("`VotingClassifier(weights=…)` behind a step", lambda: scaled(voting(weights=[1, 2]))),
    Kind(
        "`VotingClassifier` of boosters of other libraries",
        lambda: VotingClassifier([("lightgbm", lightgbm()), ("xgboost", xgboost())], voting="soft"),
    ),
    Kind("`VotingClassifier(voting='hard')`", lambda: voting(voting="hard")),
    Kind("`StackingClassifier`", lambda: StackingClassifier(members(), cv=3)),
    Kind("`OneVsRestClassifier`", lambda: scaled(OneVsRestClassifier(logistic()))),
    Kind("`GridSearchCV`", lambda: GridSearchCV(logistic(), {"C": [0.1, 1]}, cv=2)),
    Kind(
        "`TunedThresholdClassifierCV`", lambda: TunedThresholdClassifierCV(scaled(logistic()), cv=3)
    ),
    Kind("`FixedThresholdClassifier`", lambda: FixedThresholdClassifier(scaled(logistic()))),
    Kind("`SelfTrainingClassifier`", lambda: scaled(SelfTrainingClassifier(logistic()))),
    Kind("Sigmoid calibration of a forest", lambda: calibrated(forest())),
    Kind("Sigmoid calibration of `SVC`", lambda: calibrated(scaled(SVC()))),
    Kind(
        "Sigmoid calibration of `SVC` on numbers of any size",
        lambda: calibrated(SVC(kernel="rbf")),
    ),
    Kind(
        "Sigmoid calibration of `SVC(kernel='poly')`",
        lambda: scaled(calibrated(SVC(kernel="poly", coef0=1.0))),
    ),
    Kind(
        "Sigmoid calibration of `SVC` with a kernel of your own",
        lambda: scaled(calibrated(SVC(kernel=products))),
    ),
    Kind("Sigmoid calibration of `NuSVC`", lambda: scaled(calibrated(NuSVC()))),
    Kind("Sigmoid calibration of `LinearSVC`", lambda: scaled(calibrated(LinearSVC()))),
    Kind("Sigmoid calibration of `RidgeClassifier`", lambda: scaled(calibrated(RidgeClassifier()))),
    Kind("Sigmoid calibration of `LGBMClassifier`", lambda: calibrated(lightgbm())),
    Kind("Sigmoid calibration of a frozen model", lambda: calibrated(frozen_forest())),
    Kind(
        "Isotonic calibration of `LogisticRegression`",
        lambda: scaled(calibrated(logistic(), method="isotonic")),
    ),
    Kind("Isotonic calibration of `SVC`", lambda: scaled(calibrated(SVC(), method="isotonic"))),
    Kind(
        "Isotonic calibration of `LinearSVC`",
        lambda: scaled(calibrated(LinearSVC(), method="isotonic")),
    ),
    Kind("Isotonic calibration of a forest", lambda: calibrated(forest(), method="isotonic")),
    Kind(
        "Isotonic calibration of `GradientBoostingClassifier`",
        lambda: calibrated(boosting(), method="isotonic"),
    ),
    Kind(
        "Isotonic calibration of `HistGradientBoostingClassifier`",
        lambda: calibrated(histogram_boosting(), method="isotonic"),
        "gaps",
    ),
    Kind(
        "Isotonic calibration of `LGBMClassifier`",
        lambda: calibrated(lightgbm(), method="isotonic"),
    ),
    Kind(
        "Isotonic calibration of `XGBClassifier`",
        lambda: calibrated(xgboost(), method="isotonic"),
    ),
    Kind("Temperature calibration", lambda: scaled(calibrated(multilayer(), method="temperature"))),
]
