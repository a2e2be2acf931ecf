"""Rows of customers in four forms: canonical, as the model, the graph and the manifest have them.

Canonical rows are a DataFrame with one column per feature: float64 for numbers and for booleans
(1 and 0), with NaN for a missing one; objects for texts, with None for a missing one.
"""

from typing import Any

import numpy as np
import pandas as pd

from churn_bundle.feature import Feature


def canonical(table: pd.DataFrame, features: list[Feature]) -> pd.DataFrame:
    """Takes the reference data, columns as ``features``, into the canonical form."""
    columns = {}
    for feature in features:
        values = table[feature.name]
        if feature.is_text:
            present = values.notna().to_numpy()
            texts = values.astype(object).to_numpy(dtype=object, copy=True)
            texts[~present] = None
            columns[feature.name] = texts
        else:
            columns[feature.name] = values.astype(object).where(values.notna(), np.nan)
            columns[feature.name] = columns[feature.name].to_numpy(np.float64)
    return pd.DataFrame(columns, columns=[feature.name for feature in features])


def for_model(rows: pd.DataFrame, features: list[Feature]) -> pd.DataFrame:
    """Takes canonical rows into the dtypes of the reference data."""
    columns = {feature.name: column_for_model(rows[feature.name], feature) for feature in features}
    return pd.DataFrame(columns, index=rows.index)


def column_for_model(values: pd.Series, feature: Feature) -> object:
    """Takes one canonical column into the dtype of the reference data."""
    dtype = feature.dtype
    present = values.notna()
    if isinstance(dtype, pd.CategoricalDtype):
        known = set(dtype.categories)
        others = [value for value in values[present].unique() if value not in known]
        extended = pd.CategoricalDtype([*dtype.categories, *others], dtype.ordered)
        return pd.Categorical(values, dtype=extended)
    if feature.is_text:
        texts = values.to_numpy(dtype=object, copy=True)
        texts[~present.to_numpy()] = feature.missing
        # pandas 3 would make of texts a dtype of its own, in which None is NaN.
        return pd.Series(texts, index=values.index, dtype=object).astype(dtype)
    if not isinstance(dtype, np.dtype):  # pandas' own nullable integers, floats and booleans.
        return values.where(present).astype("Float64").astype(dtype)
    if dtype.kind == "f":
        return values.astype(dtype)
    if present.all():
        if dtype.kind == "b":
            return values.astype(bool)
        if dtype.kind == "O":
            return values.astype(bool).astype(object)
        # A bound may be a fraction, or out of the range of a small integer type.
        return values.astype(np.int64) if (values % 1 == 0).all() else values
    if feature.type == "boolean" and dtype.kind in "bO":
        markers = np.full(len(values), feature.missing, dtype=object)
        return pd.Series(np.where(present, values == 1, markers), index=values.index, dtype=object)
    return values


def for_manifest(rows: pd.DataFrame, features: list[Feature]) -> list[dict[str, Any]]:
    """Takes canonical rows into JSON's values: null for a missing one, 6 for the integer 6."""
    columns = [[to_json(value, feature) for value in rows[feature.name]] for feature in features]
    names = [feature.name for feature in features]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def to_json(value: object, feature: Feature) -> object:
    """Takes one canonical value into JSON's."""
    if value is None or value != value:
        return None
    if feature.is_text:
        return str(value)
    if feature.type == "boolean":
        return bool(value)
    # Whole numbers print shorter as integers, and to JSON's readers they are the same.
    return int(value) if value == int(value) else float(value)


def from_json(customers: list[dict[str, Any]], features: list[Feature]) -> pd.DataFrame:
    """Takes customers, each feature present or missing, into the canonical form."""
    columns = {}
    for feature in features:
        values = [customer.get(feature.name) for customer in customers]
        if feature.is_text:
            columns[feature.name] = pd.Series(values, dtype=object)
        else:
            numbers = [np.nan if value is None else float(value) for value in values]
            columns[feature.name] = pd.Series(numbers, dtype=np.float64)
    return pd.DataFrame(columns)
