"""Finds which steps of a model take columns of the customer as they are."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import FeatureUnion, Pipeline

COMPOSITES = (ColumnTransformer, FeatureUnion, Pipeline)
# Attributes under which classifiers keep fitted classifiers that take the same columns.
INNER = ("estimator_", "estimators_", "calibrated_classifiers_", "best_estimator_")


class RawStep(NamedTuple):
    """A chain of transformers, or a classifier, that takes columns of the customer as they are."""

    path: str
    steps: list[Any]
    columns: list[int]


def raw_steps(estimator: object, columns: list[int], path: str = "") -> Iterator[RawStep]:
    """Yields the chains by which columns enter a model.

    Args:
        estimator: fitted model, or a part of one.
        columns: indices of the features that the estimator takes.
        path: names of the steps that lead to the estimator, for messages.
    """
    if isinstance(estimator, Pipeline):
        steps = [step for step in named_steps(estimator) if step[1] != "passthrough"]
        steps = steps or named_steps(estimator)
        where = join(path, steps[0][0])
        if isinstance(steps[0][1], COMPOSITES) or len(steps) == 1:
            yield from raw_steps(steps[0][1], columns, where)
        else:
            chain = [step for _, step in steps]
            yield RawStep(where, chain[:-1] if hasattr(chain[-1], "predict") else chain, columns)
    elif isinstance(estimator, ColumnTransformer):
        for name, transformer, local in column_entries(estimator):
            chosen = [columns[index] for index in local]
            yield from raw_steps(transformer, chosen, join(path, name))
    elif isinstance(estimator, FeatureUnion):
        for name, transformer in estimator.transformer_list:
            yield from raw_steps(transformer, columns, join(path, name))
    elif inner := inner_models(estimator):
        for model in inner:
            yield from raw_steps(model, columns, path)
    else:
        yield RawStep(path or type(estimator).__name__, [estimator], columns)


def feature_indices(model: object, count: int) -> list[int]:
    """Numbers the columns that a model uses, from 0 on; a column that it drops is -1.

    Args:
        model: fitted classifier.
        count: number of columns that it was fitted on.
    """
    used = {column for step in raw_steps(model, list(range(count))) for column in step.columns}
    ranks = {column: rank for rank, column in enumerate(sorted(used))}
    return [ranks.get(column, -1) for column in range(count)]


def named_steps(pipeline: Pipeline) -> list[tuple[str, Any]]:
    """Gives a Pipeline's steps, of which those that do nothing are called "passthrough"."""
    return [(name, "passthrough" if step is None else step) for name, step in pipeline.steps]


def column_entries(transformer: ColumnTransformer) -> list[tuple[str, Any, list[int]]]:
    """Gives each entry of a fitted ColumnTransformer that has columns, these as positions."""
    names = [str(name) for name in getattr(transformer, "feature_names_in_", [])]
    entries = []
    for name, inner, columns in transformer.transformers_:
        positions = column_positions(columns, names, transformer.n_features_in_)
        if positions and not (isinstance(inner, str) and inner == "drop"):
            entries.append((name, inner, positions))
    return entries


def column_positions(columns: object, names: list[str], count: int) -> list[int]:
    """Turns the columns of a ColumnTransformer's entry into positions.

    Args:
        columns: a name or position, a list, slice or mask of them.
        names: that the ColumnTransformer was fitted with, if it was.
        count: number of columns that it was fitted on.
    """
    if isinstance(columns, str):
        return [names.index(columns)]
    if isinstance(columns, slice):
        start, stop = columns.start, columns.stop
        if isinstance(start, str) or isinstance(stop, str):  # A slice of names holds its end.
            start = names.index(start) if start is not None else None
            stop = names.index(stop) + 1 if stop is not None else None
        return list(range(count))[slice(start, stop, columns.step)]
    if np.ndim(columns) == 0:
        return [int(columns) % count]
    values = list(columns)
    if values and all(isinstance(value, bool | np.bool_) for value in values):
        return [index for index, chosen in enumerate(values) if chosen]
    return [
        names.index(value) if isinstance(value, str) else int(value) % count for value in values
    ]


def inner_models(estimator: object) -> list[Any]:
    """Gives the fitted models inside a classifier such as CalibratedClassifierCV or Voting."""
    if is_ensemble_of_trees(estimator):
        return []
    for attribute in INNER:
        inner = getattr(estimator, attribute, None)
        if inner is not None:
            models = list(inner) if isinstance(inner, list | tuple | np.ndarray) else [inner]
            models = [getattr(model, "estimator", model) for model in models]
            return [model for model in models if not isinstance(model, str)]
    return []


def is_ensemble_of_trees(estimator: object) -> bool:
    """Whether the models inside are trees, or take a part of the columns."""
    return type(estimator).__module__.startswith(
        ("sklearn.ensemble._forest", "sklearn.ensemble._gb", "sklearn.ensemble._bagging")
    )


def join(path: str, name: str) -> str:
    """Adds a step's name to a path."""
    return f"{path}.{name}" if path else name
