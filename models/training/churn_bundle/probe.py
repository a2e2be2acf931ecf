"""Asks transformers what they give for each value of their columns."""

import warnings
from typing import Any

import numpy as np
import pandas as pd

from churn_bundle.encoders import find_encoder
from churn_bundle.feature import Feature
from churn_bundle.lookup import ColumnTable, Lookup, owners, split
from churn_bundle.source_model import SourceModel
from churn_bundle.text_codes import TextCodes

# A text that no model was fitted on.
UNKNOWN_TEXT = "<unknown>"

Lookups = list[tuple[Lookup, list[int]]]


class Prober:
    """Replaces chains of transformers by Lookups."""

    def __init__(self, source: SourceModel, codes: TextCodes) -> None:
        """Takes the source model and the codes of texts."""
        self.source = source
        self.codes = codes
        self.features = source.features

    def replace(self, steps: list[Any], columns: list[int]) -> tuple[Lookups, int] | None:
        """Replaces as many steps of a chain as it can.

        Args:
            steps: fitted transformers, the first of which takes the columns as they are.
            columns: indices of the features that it takes.

        Returns:
            Lookups with the positions of their columns among ``columns``, and how many steps they
            replace; None if none can be replaced.
        """
        features = [self.features[column] for column in columns]
        domains = [domain(feature, steps, index) for index, feature in enumerate(features)]
        if any(values is None for values in domains):
            return None
        for count in range(len(steps), 0, -1):
            lookups = self.tabulate(steps[:count], columns, domains)
            if lookups is not None:
                return lookups, count
        return None

    def tabulate(
        self, steps: list[Any], columns: list[int], domains: list[list[Any]]
    ) -> Lookups | None:
        """Makes the tables of a chain, None if they would not answer as the chain."""
        features = [self.features[column] for column in columns]
        base = pd.DataFrame(
            {
                feature.name: pd.Series(values[:1], dtype=object if feature.is_text else float)
                for feature, values in zip(features, domains, strict=True)
            }
        )
        known = [with_values(base, index, values) for index, values in enumerate(domains)]
        others = [
            with_values(base, index, [value])
            for index, (feature, values) in enumerate(zip(features, domains, strict=True))
            for value in unusual(feature, values)
        ]
        try:
            first, *known = self.transform_each(steps, [base, *known], columns)
        except Exception:
            return None  # Such as an imputer's texts; a longer chain may give numbers.
        others = self.transform_or_none(steps, others, columns)
        seen = [
            np.vstack([each for each in (known[i], *others[2 * i : 2 * i + 2]) if each is not None])
            for i in range(len(columns))
        ]
        owned = owners(first[0], seen)
        if owned is None:
            return None
        tables = []
        for index, feature in enumerate(features):
            unknown, missing = (
                np.full_like(first, np.nan) if rows is None else rows
                for rows in others[2 * index : 2 * index + 2]
            )
            answers = np.where(owned == index, np.vstack([unknown, known[index], missing]), 0.0)
            keys = self.keys(feature, domains[index])
            tables.append(ColumnTable(keys, answers, feature.is_text))
        return split(tables, owned)

    def keys(self, feature: Feature, values: list[Any]) -> np.ndarray:
        """Gives what stands for a column's values, and last for a missing one, in the graph."""
        if feature.is_text:
            return np.array(self.codes.of(feature.name, [*values, None]), dtype=np.float64)
        return np.array([*values, np.nan])

    def transform_each(
        self, steps: list[Any], frames: list[pd.DataFrame], columns: list[int]
    ) -> list[np.ndarray]:
        """Runs a chain on canonical rows of some columns; gives each frame's output."""
        output = self.source.table(pd.concat(frames, ignore_index=True), columns)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for step in steps:
                output = output if isinstance(step, str) else step.transform(output)
        dense = output.toarray() if hasattr(output, "toarray") else output
        values = np.asarray(dense).astype(np.float64)
        ends = np.cumsum([len(frame) for frame in frames])
        if values.ndim != 2 or len(values) != ends[-1]:
            raise ValueError("the output is no matrix with a row for each customer")
        return np.split(values, ends[:-1])

    def transform_or_none(
        self, steps: list[Any], frames: list[pd.DataFrame], columns: list[int]
    ) -> list[np.ndarray | None]:
        """Runs a chain on frames of which it may refuse some, for which there is None."""
        try:
            return self.transform_each(steps, frames, columns)
        except Exception:
            if len(frames) == 1:
                return [None]
            half = len(frames) // 2
            return [
                *self.transform_or_none(steps, frames[:half], columns),
                *self.transform_or_none(steps, frames[half:], columns),
            ]


def domain(feature: Feature, steps: list[Any], index: int) -> list[Any] | None:
    """Gives the canonical values of a column that a table can list, None if it cannot.

    Args:
        feature: that the column holds.
        steps: that take it.
        index: of the column among those that the steps take.
    """
    if feature.is_text:
        return list(feature.categories)
    if feature.type == "boolean":
        return [0.0, 1.0]
    encoder = find_encoder(steps)
    if encoder is None or len(encoder.categories_) <= index:
        return None
    try:
        values = np.asarray(encoder.categories_[index]).astype(np.float64)
    except (TypeError, ValueError):
        return None
    return values[~np.isnan(values)].tolist()


def unusual(feature: Feature, values: list[Any]) -> list[Any]:
    """Gives an unknown value and a missing one."""
    return [UNKNOWN_TEXT, None] if feature.is_text else [max(values) + 1, np.nan]


def with_values(base: pd.DataFrame, column: int, values: list[Any]) -> pd.DataFrame:
    """Repeats a row of canonical customers with these values in one column."""
    rows = base.loc[base.index.repeat(len(values))].reset_index(drop=True)
    rows.isetitem(column, pd.Series(values, dtype=base.dtypes.iloc[column]))
    return rows
