"""How often customers churned, by the probability that the model gave them."""

from typing import Any

import numpy as np
import pandas as pd

from churn_bundle.errors import ExportError, first_line
from churn_bundle.feature import Feature
from churn_bundle.rows import canonical
from churn_bundle.source_model import SourceModel

BINS = 10


def without_outcome(
    reference: pd.DataFrame, outcome: str | None, names: list[str] | None
) -> pd.DataFrame:
    """Leaves the outcome out: a model that was fitted on an array takes all columns.

    Args:
        reference: data with the features, and maybe the outcome.
        outcome: name of its column, if a person states one.
        names: that the model was fitted with, None if it saw an array.
    """
    if outcome in (names or []):
        raise ExportError(f"the outcome {outcome} is a feature of the model, so it is no outcome")
    return reference.drop(columns=[outcome], errors="ignore") if outcome else reference


def calibration_bins(
    source: SourceModel, customers: pd.DataFrame, outcome: str
) -> list[dict[str, float | int]]:
    """Compares probabilities with outcomes in at most 10 bins of about the same number of rows.

    The bins lie between the deciles of the probability, and equal probabilities share a bin, as in
    scikit-learn's ``calibration_curve(strategy="quantile")``.

    Args:
        source: the model.
        customers: its features and the outcome, best customers that it was not fitted on.
        outcome: name of the column that says whether a customer churned.
    """
    churned = outcomes(source, customers, outcome)
    probabilities = source.predict(features_of(customers, source.features))
    deciles = np.quantile(probabilities, np.linspace(0, 1, BINS + 1))
    bins = np.searchsorted(deciles[1:-1], probabilities)
    return [
        {
            "mean_probability": float(probabilities[bins == bin_].mean()),
            "churn_ratio": float(churned[bins == bin_].mean()),
            "rows": int((bins == bin_).sum()),
        }
        for bin_ in np.unique(bins)
    ]


def features_of(customers: pd.DataFrame, features: list[Feature]) -> pd.DataFrame:
    """Takes the features into the canonical form, if they are such as in the reference data."""
    names = [feature.name for feature in features]
    if missing := [name for name in names if name not in customers.columns]:
        raise ExportError(f"the held-out data lacks the columns {', '.join(missing)}")
    for feature in features:
        values = customers[feature.name].dropna()
        if feature.is_text and not all(isinstance(value, str) for value in values):
            raise ExportError(
                f"{feature.name} is a text in the reference data, but {values.dtype} in the "
                "held-out data: make it one type in both"
            )
    try:
        return canonical(customers[names], features)
    except (TypeError, ValueError) as error:
        raise ExportError(
            f"the held-out data is not such as the reference data: {first_line(error)}"
        ) from error


def outcomes(source: SourceModel, customers: pd.DataFrame, outcome: str) -> np.ndarray:
    """Says who churned, bool [N]: whose outcome is the class that means churn."""
    if outcome not in customers.columns:
        raise ExportError(
            f"there is no outcome column {outcome!r}; the columns are "
            f"{', '.join(map(str, customers.columns[:40]))}"
        )
    labels = customers[outcome]
    if missing := int(labels.isna().sum()):
        raise ExportError(
            f"the outcome {outcome} is missing in {missing} rows: leave these rows out of the data"
        )
    classes = [as_text(label) for label in np.asarray(source.model.classes_).tolist()]
    texts = np.array([as_text(label) for label in labels.tolist()])
    if strangers := sorted(set(texts) - set(classes)):
        raise ExportError(
            f"the outcome {outcome} has {', '.join(strangers[:5])}, but the model's classes are "
            f"{', '.join(classes)}"
        )
    return texts == classes[source.positive]


def as_text(label: Any) -> str:  # noqa: ANN401
    """Writes a label the same whether pandas read 1 as an integer or as a float."""
    return str(int(label)) if isinstance(label, float) and label.is_integer() else str(label)
