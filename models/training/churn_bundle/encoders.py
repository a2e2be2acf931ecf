"""What the model's own encoders say about categories."""

from typing import Any, NamedTuple

import numpy as np
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, TargetEncoder

from churn_bundle.raw_steps import RawStep

ENCODERS = (OneHotEncoder, OrdinalEncoder, TargetEncoder)


class Encoding(NamedTuple):
    """How one encoder takes one feature.

    Attributes:
        categories: that the encoder was fitted on, missing ones left out.
        takes_unknown: whether it treats every other category alike, without an error.
        path: of the step, for messages.
    """

    categories: list[Any]
    takes_unknown: bool
    path: str


def find_encoder(steps: list[Any]) -> object | None:
    """Finds the encoder of a chain of transformers."""
    return next((step for step in steps if isinstance(step, ENCODERS)), None)


def encodings(entries: list[RawStep]) -> dict[int, list[Encoding]]:
    """Finds the encoders of each feature, by the feature's index."""
    found: dict[int, list[Encoding]] = {}
    for entry in entries:
        encoder = find_encoder(entry.steps)
        if encoder is None or len(encoder.categories_) < len(entry.columns):
            for column in entry.columns:
                found.setdefault(column, []).append(Encoding([], False, entry.path))
            continue
        before = entry.steps[: entry.steps.index(encoder)]
        alike = all(isinstance(step, SimpleImputer) for step in before)
        takes_unknown = getattr(encoder, "handle_unknown", "ignore") != "error" and alike
        # A text that stands for a missing value is known to the imputer, not to the encoder.
        markers = [getattr(step, "missing_values", None) for step in before]
        markers = [marker for marker in markers if isinstance(marker, str)]
        for index, column in enumerate(entry.columns):
            values = [*np.asarray(encoder.categories_[index]).tolist(), *markers]
            categories = [value for value in values if value is not None and value == value]
            found.setdefault(column, []).append(Encoding(categories, takes_unknown, entry.path))
    return found
