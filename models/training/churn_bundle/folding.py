"""Moves increasing transformers of numbers, such as scalers, into the thresholds of trees."""

import copy
import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer

from churn_bundle.estimators import pipelines_in
from churn_bundle.exact_thresholds import FARTHEST, Fold
from churn_bundle.exact_trees import is_exact_tree
from churn_bundle.feature import Feature
from churn_bundle.lookup import owners
from churn_bundle.matrix import matrix_order, picking
from churn_bundle.raw_steps import inner_models

# Values of each column at which a transformer is asked whether it increases.
MAX_PROBES = 500


class Column(NamedTuple):
    """What is known of a column of the matrix of numbers."""

    values: np.ndarray
    low: float
    high: float


class Folder:
    """Folds the transformers of a rewritten model."""

    def __init__(self, features: list[Feature], rows: pd.DataFrame) -> None:
        """Takes the features, and canonical rows with values that they have."""
        ordered = [features[index] for index in matrix_order(features)]
        self.columns = [describe(each, rows[each.name]) for each in ordered if not each.is_text]

    def fold(self, model: BaseEstimator) -> BaseEstimator | None:
        """Gives a copy with transformers folded into its trees; None if none can be.

        Args:
            model: that a Rewriter made, whose Pipelines take the matrix.
        """
        model = copy.deepcopy(model)
        folded = [self.fold_pipeline(pipeline) for pipeline in pipelines_in(model)]
        return model if any(folded) else None

    def fold_pipeline(self, pipeline: Pipeline) -> bool:
        """Folds what it can of the steps before the trees of a Pipeline; says whether it did."""
        *steps, (name, classifier) = pipeline.steps
        trees = trees_in(classifier)
        if not steps or not trees:
            return False
        first = steps[0][1]
        if len(steps) == 1 and hasattr(first, "transformers_"):
            entries = first.transformers_
        elif hasattr(first, "n_features_in_") and not isinstance(first, ColumnTransformer):
            chain = first if len(steps) == 1 else Pipeline(steps)
            entries = [("numbers", chain, list(range(first.n_features_in_)))]
        else:
            return False
        kept: list[tuple[str, Any, list[int]]] = []
        folds: list[Fold] = []
        offset, has_folded = 0, False
        for key, transformer, places in entries:
            found = self.folds(transformer, places, offset)
            if found is None:
                width = output_width(transformer, len(places))
                found = [Fold(offset + place) for place in range(width)]
                offset += width
            else:
                has_folded |= not is_identity(transformer)
                offset += len(places)
                transformer = "passthrough"
            folds += found
            kept.append((key, transformer, places))
        if has_folded:
            pipeline.steps = [("columns", picking(kept)), (name, classifier)]
            for tree in trees:
                tree.churn_folds = folds
        return has_folded

    def folds(self, transformer: object, places: list[int], offset: int) -> list[Fold] | None:
        """Gives each column of a transformer's output as an increasing function of one column.

        Args:
            transformer: fitted, or "passthrough".
            places: of its columns in the matrix.
            offset: of the first of these columns in the matrix that the trees will take.

        Returns:
            None if one of them is no such function.
        """
        if any(place >= len(self.columns) for place in places):
            return None  # Codes of texts.
        columns = [self.columns[place] for place in places]
        if is_identity(transformer):
            return [Fold(offset + i, each.low, each.high) for i, each in enumerate(columns)]
        base = np.array([column.values[0] for column in columns])
        try:
            outputs = [
                transform(transformer, base, index, np.append(column.values, np.nan))
                for index, column in enumerate(columns)
            ]
        except (ValueError, TypeError):
            return None  # Such as an imputer of a marker, or one that takes no missing values.
        owned = owners(outputs[0][0], outputs)
        if owned is None:
            return None
        folds = []
        for place, owner in enumerate(owned):
            answers = outputs[owner][:-1, place]
            if not (np.diff(answers) >= 0).all():
                return None
            through = column_function(transformer, base, owner, place)
            folds.append(Fold(offset + int(owner), *columns[owner][1:], through))
        return folds


def describe(feature: Feature, values: pd.Series) -> Column:
    """Gives some of a number's values in their order, and the least and the greatest possible."""
    known = np.unique(values.dropna().to_numpy(np.float64))
    picks = np.linspace(0, len(known) - 1, min(len(known), MAX_PROBES)).round().astype(int)
    low = -FARTHEST if feature.minimum is None else min(feature.minimum, known[0])
    high = FARTHEST if feature.maximum is None else max(feature.maximum, known[-1])
    return Column(known[picks], float(low), float(high))


def trees_in(classifier: object) -> list[object]:
    """Gives the trees that take what a classifier takes; none if others do, too."""
    if is_exact_tree(classifier):
        return [classifier]
    inside = [trees_in(model) for model in inner_models(classifier)]
    return [tree for trees in inside for tree in trees] if all(inside) else []


def is_identity(transformer: object) -> bool:
    """Whether it is "passthrough", of which a fitted ColumnTransformer makes a transformer."""
    return isinstance(transformer, str) or (
        isinstance(transformer, FunctionTransformer) and transformer.func is None
    )


def transform(transformer: object, base: np.ndarray, column: int, values: np.ndarray) -> np.ndarray:
    """Gives what a transformer makes of a row with these values in one column, float64."""
    rows = np.repeat(base[None, :], len(values), axis=0)
    rows[:, column] = values
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # About names of columns.
        output = transformer.transform(rows)
    dense = output.toarray() if hasattr(output, "toarray") else output
    return np.asarray(dense).astype(np.float64)


def column_function(
    transformer: object, base: np.ndarray, column: int, place: int
) -> Callable[[np.ndarray], np.ndarray]:
    """Gives one column of a transformer's output as a function of one column of its input."""
    return lambda values: transform(transformer, base, column, values)[:, place]


def output_width(transformer: object, width: int) -> int:
    """Gives the number of columns that a transformer makes of ``width``."""
    if isinstance(transformer, str):
        return width
    return transform(transformer, np.zeros(width), 0, np.zeros(1)).shape[1]
