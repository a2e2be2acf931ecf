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


class Prober:
    """Replaces chains of transformers by Lookups."""

    def __init__(self, source: SourceModel, rows: pd.DataFrame, codes: TextCodes) -> None:
        """Takes the source model, canonical reference rows and the codes of texts."""
        self.source = source
        self.rows = rows
        self.codes = codes
        self.features = source.features

    def replace(
        self, steps: list[Any], columns: list[int]
    ) -> tuple[list[tuple[Lookup, list[int]]], int] | None:
        """Replaces as many steps of a chain as it can.

        Returns:
            Lookups with the positions of their columns among ``columns``, and how many steps they
            replace; None if none can be replaced.
        """
        domains = [self.domain(steps, columns, index) for index in range(len(columns))]
        if any(domain is None for domain in domains):
            return None
        for count in range(len(steps), 0, -1):
            lookups = self.tabulate(steps[:count], columns, domains)
            if lookups is not None:
                return lookups, count
        return None

    def domain(self, steps: list[Any], columns: list[int], index: int) -> list[Any] | None:
        """Gives the canonical values of one column that a table can list, None if it cannot."""
        feature = self.features[columns[index]]
        if feature.is_text:
            return list(feature.categories)
        if feature.type == "boolean":
            return [0.0, 1.0]
        encoder = find_encoder(steps)
        if encoder is None or len(encoder.categories_) < len(columns):
            return None
        try:
            values = np.asarray(encoder.categories_[index]).astype(np.float64)
        except (TypeError, ValueError):
            return None
        return values[~np.isnan(values)].tolist()

    def tabulate(
        self, steps: list[Any], columns: list[int], domains: list[list[Any]]
    ) -> list[tuple[Lookup, list[int]]] | None:
        """Makes the tables of a chain, None if they would not answer as the chain."""
        base = self.base_row(columns, domains)
        frames = [base] + [
            with_values(base, column, values)
            for column, values in zip(columns, domains, strict=True)
        ]
        try:
            output = self.transform(steps, pd.concat(frames, ignore_index=True), columns)
        except Exception:
            return None  # Such as an imputer's texts; a longer chain may give numbers.
        ends = np.cumsum([len(frame) for frame in frames])
        first, *outputs = np.split(output, ends[:-1])
        others = [
            self.other_rows(steps, base, columns, index, values)
            for index, values in enumerate(domains)
        ]
        seen = [
            np.vstack([output, *(row for row in rows if row is not None)])
            for output, rows in zip(outputs, others, strict=True)
        ]
        owned = owners(first[0], seen)
        if owned is None:
            return None
        tables = []
        for index, (output, rows) in enumerate(zip(outputs, others, strict=True)):
            feature = self.features[columns[index]]
            unknown, missing = (
                np.full_like(first[0], np.nan) if row is None else row for row in rows
            )
            answers = np.where(owned == index, np.vstack([unknown, output, missing]), 0.0)
            keys = self.keys(feature, domains[index])
            tables.append(ColumnTable(keys, answers, feature.is_text))
        return split(tables, owned)

    def other_rows(
        self,
        steps: list[Any],
        base: pd.DataFrame,
        columns: list[int],
        index: int,
        values: list[Any],
    ) -> list[np.ndarray | None]:
        """Gives a chain's output for an unknown and a missing value, None where it refuses it."""
        is_text = self.features[columns[index]].is_text
        outputs = []
        for other in [UNKNOWN_TEXT, None] if is_text else [max(values) + 1, np.nan]:
            try:
                row = with_values(base, columns[index], [other])
                outputs.append(self.transform(steps, row, columns)[0])
            except Exception:
                outputs.append(None)
        return outputs

    def keys(self, feature: Feature, values: list[Any]) -> np.ndarray:
        """Gives what stands for a column's values, and last for a missing one, in the graph."""
        if feature.is_text:
            return np.array(self.codes.of(feature.name, [*values, None]), dtype=np.float64)
        return np.array([*values, np.nan])

    def base_row(self, columns: list[int], domains: list[list[Any]]) -> pd.DataFrame:
        """Makes a row with a known value in each of the columns."""
        base = self.rows.iloc[[0]].reset_index(drop=True)
        for column, values in zip(columns, domains, strict=True):
            base = with_values(base, column, values[:1])
        return base

    def transform(self, steps: list[Any], rows: pd.DataFrame, columns: list[int]) -> np.ndarray:
        """Runs a chain of transformers on some columns of canonical rows, float64 [N, width]."""
        table = self.source.table(rows)
        output = table.iloc[:, columns] if isinstance(table, pd.DataFrame) else table[:, columns]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for step in steps:
                output = output if step == "passthrough" else step.transform(output)
        dense = output.toarray() if hasattr(output, "toarray") else output
        return np.asarray(dense).astype(np.float64)


def with_values(base: pd.DataFrame, column: int, values: list[Any]) -> pd.DataFrame:
    """Repeats a row of canonical customers with these values in one column."""
    rows = base.loc[base.index.repeat(len(values))].reset_index(drop=True)
    rows.isetitem(column, pd.Series(values, dtype=base.dtypes.iloc[column]))
    return rows
