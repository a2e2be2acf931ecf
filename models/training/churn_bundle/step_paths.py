"""Names the steps of a model, as the messages do."""

from collections.abc import Iterator
from typing import Any

from sklearn.compose import ColumnTransformer
from sklearn.pipeline import FeatureUnion, Pipeline

from churn_bundle.raw_steps import INNER, join

# A final_estimator_ takes what others give, so it is none of the models that take the columns.
FITTED_PARTS = (*INNER, "final_estimator_")


def step_paths(estimator: Any, path: str = "") -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    """Yields each step of a fitted model with the names that lead to it, the outermost first."""
    yield path, estimator
    for name, part in named_parts(estimator):
        if not isinstance(part, str) and part is not None:
            yield from step_paths(part, join(path, name))


def named_parts(estimator: Any) -> list[tuple[str, Any]]:  # noqa: ANN401
    """Gives what an estimator is made of, by name."""
    if isinstance(estimator, Pipeline):
        return list(estimator.steps)
    if isinstance(estimator, ColumnTransformer):
        return [(name, inner) for name, inner, _ in estimator.transformers_]
    if isinstance(estimator, FeatureUnion):
        return list(estimator.transformer_list)
    parts: list[tuple[str, Any]] = []
    for attribute in FITTED_PARTS:
        inner = getattr(estimator, attribute, None)
        if inner is None:
            continue
        members = list(inner) if hasattr(inner, "__len__") else [inner]
        if attribute == "estimators_" and hasattr(estimator, "named_estimators_"):
            fitted = estimator.named_estimators_.items()
            parts += [(name, part) for name, part in fitted if not isinstance(part, str)]
            continue
        # The members of an ensemble are all alike: one speaks for them.
        parts += [("estimator", getattr(part, "estimator", part)) for part in members[:1]]
    return parts
