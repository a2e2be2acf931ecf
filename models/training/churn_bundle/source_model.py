"""The fitted model that is exported, and its own answers."""

import warnings
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
from sklearn.base import ClassifierMixin, is_regressor
from sklearn.ensemble import VotingClassifier
from sklearn.exceptions import NotFittedError
from sklearn.pipeline import Pipeline
from sklearn.utils.validation import check_is_fitted

from churn_bundle.errors import ExportError, first_line
from churn_bundle.estimators import is_estimator
from churn_bundle.feature import Feature
from churn_bundle.rows import for_model

# Pairs of which everyone would take the second for churn.
KNOWN_CLASSES = (["0", "1"], ["false", "true"], ["no", "yes"])


def load_model(path: Path) -> ClassifierMixin:
    """Unpickles a model. A pickle can run any code: load none that you would not run."""
    if not path.is_file():
        raise ExportError(f"no model file at {path}")
    try:
        return joblib.load(path)
    except Exception as error:
        raise ExportError(f"cannot unpickle {path}: {first_line(error)}") from error


def check_model(model: object) -> None:
    """Checks that a model is a fitted binary classifier."""
    kind = type(model).__name__
    if isinstance(model, type) or not is_estimator(model):
        raise ExportError(f"{kind} is not a scikit-learn classifier or Pipeline")
    try:
        check_is_fitted(model)
    except NotFittedError as error:
        raise ExportError(f"{kind} is not fitted: call fit before saving it") from error
    if not hasattr(model, "predict_proba"):
        raise ExportError(f"{kind} has no predict_proba: {way_to_probabilities(model)}")
    classes = np.asarray(model.classes_).tolist()
    if len(classes) != 2:
        raise ExportError(f"{kind} is not binary: it has {len(classes)} classes, {classes[:5]}")


def way_to_probabilities(model: Any) -> str:  # noqa: ANN401
    """Says how to get probabilities from a model that gives none."""
    last = model.steps[-1][1] if isinstance(model, Pipeline) else model
    kind = type(last).__name__
    if is_regressor(last):
        return f"{kind} is a regressor; fit a classifier on the labels"
    if isinstance(last, VotingClassifier):
        return "fit it with voting='soft', of models that give probabilities"
    return f"fit CalibratedClassifierCV({kind}()) instead, which gives probabilities"


def positive_column(model: ClassifierMixin, positive_class: object = None) -> int:
    """Finds the column of predict_proba that is the probability of churn.

    Args:
        model: binary classifier.
        positive_class: the label that means churn, as it is or as a text; None to guess.
    """
    classes = np.asarray(model.classes_).tolist()
    if positive_class is not None:
        if positive_class in classes:
            return classes.index(positive_class)
        texts = [str(label) for label in classes]
        if str(positive_class) in texts:
            return texts.index(str(positive_class))
        raise ExportError(f"the positive class {positive_class!r} is none of the model's {classes}")
    texts = [str(label).lower() for label in classes]
    for pair in KNOWN_CLASSES:
        if sorted(texts) == pair:
            return texts.index(pair[1])
    if sorted(texts) == ["0.0", "1.0"]:
        return texts.index("1.0")
    raise ExportError(
        f"{type(model).__name__}'s classes are {classes}: say which one means churn by "
        f"--positive-class {classes[1]} (in Python, positive_class={classes[1]!r})"
    )


def model_features(model: ClassifierMixin, columns: list[str]) -> list[str] | None:
    """Gives the names that a model was fitted with, None if it saw an array without names.

    Args:
        model: fitted classifier.
        columns: of the reference data.
    """
    names = [str(name) for name in getattr(model, "feature_names_in_", [])]
    if type(model).__module__.startswith("lightgbm"):
        names = [str(name) for name in model.booster_.feature_name()]
        if names == [f"Column_{index}" for index in range(len(names))]:
            return None
        # LightGBM writes spaces as underscores.
        spaced = {column.replace(" ", "_"): column for column in columns}
        names = [name if name in columns else spaced.get(name, name) for name in names]
    if type(model).__module__.startswith("catboost"):
        names = [str(name) for name in model.feature_names_]
        # What was fitted on an array is numbered.
        if names == [str(index) for index in range(len(names))] and names != columns:
            return None
    return names or None


class SourceModel:
    """A fitted model that answers canonical rows."""

    def __init__(
        self,
        model: ClassifierMixin,
        positive: int,
        features: list[Feature],
        columns: pd.DataFrame,
        indices: list[int],
    ) -> None:
        """Takes a fitted model.

        Args:
            model: fitted classifier.
            positive: column of predict_proba that is churn.
            features: that it uses.
            columns: reference data, all columns that it was fitted on.
            indices: of the features for each of these columns, -1 for one that it drops.
        """
        self.model = model
        self.positive = positive
        self.features = features
        self.indices = indices
        self.columns = columns.head(1)
        self.by_name = model_features(model, list(columns.columns)) is not None

    def table(self, rows: pd.DataFrame, columns: list[int] | None = None) -> object:
        """Makes of canonical rows what the model was fitted on: a DataFrame, or an array.

        Args:
            rows: of all features, or of some.
            columns: indices of these; None for all columns that the model was fitted on.
        """
        if columns is None:
            table = for_model(rows, self.features)
            for place, index in enumerate(self.indices):
                if index < 0:  # Whatever a column holds that the model drops, it is there.
                    name = self.columns.columns[place]
                    table.insert(place, name, self.columns[name].iloc[0])
        else:
            table = for_model(rows, [self.features[column] for column in columns])
        if self.by_name:
            return table
        is_mixed = any(feature.is_text for feature in self.features)
        return table.to_numpy(dtype=object if is_mixed else None)

    def scores(self, rows: pd.DataFrame) -> np.ndarray:
        """Gives the probabilities of churn, float64 [N]; raises whatever the model raises."""
        with warnings.catch_warnings():
            # About names that transformers drop, and categories that encoders do not know.
            warnings.simplefilter("ignore")
            probabilities = self.model.predict_proba(self.table(rows))
        return np.asarray(probabilities)[:, self.positive].astype(np.float64)

    def predict(self, rows: pd.DataFrame) -> np.ndarray:
        """Gives the probabilities of churn, float64 [N].

        Raises:
            ExportError: if the model cannot score the rows.
        """
        try:
            return self.scores(rows)
        except Exception as error:
            texts = ", ".join(feature.name for feature in self.features if feature.is_text)
            types = f"; the reference data has texts in {texts}: had the training too?"
            raise ExportError(
                f"the model cannot score the rows: {first_line(error)}{types if texts else ''}"
            ) from error
