"""Reads the reference data and picks the model's columns from it."""

import csv
from pathlib import Path

import numpy as np
import pandas as pd

from churn_bundle.errors import ExportError, first_line
from churn_bundle.feature import Feature
from churn_bundle.names import check_names, check_unique

MIN_ROWS = 64


def load_reference(path: Path, texts: tuple[str, ...] = ()) -> pd.DataFrame:
    """Reads a Parquet file, or a CSV file with a header.

    Args:
        path: Parquet if its name ends in .parquet or .pq, else CSV.
        texts: columns of a CSV file to read as texts even if all their values look like numbers.
    """
    if not path.is_file():
        raise ExportError(f"no reference data at {path}")
    try:
        if path.suffix.lower() in (".parquet", ".pq"):
            return pd.read_parquet(path)
        # pandas would rename the second of two columns, and a model might then take the wrong one.
        with path.open(encoding="utf-8-sig", newline="") as file:
            check_unique([name for name in next(csv.reader(file), []) if name])
        table = pd.read_csv(path, low_memory=False, dtype=dict.fromkeys(texts, object))
        return table.apply(lambda column: column if column.name in texts else numbers_in(column))
    except (ValueError, OSError, ImportError, csv.Error) as error:
        raise ExportError(f"cannot read {path}: {first_line(error)}") from error


def numbers_in(column: pd.Series) -> pd.Series:
    """Reads a column as numbers whose only other cells are blank, as in the public Telco table."""
    if not pd.api.types.is_string_dtype(column.dropna()):
        return column
    cells = column.str.strip()
    blank = (cells == "").to_numpy(dtype=bool, na_value=False)
    present = column.notna().to_numpy() & ~blank
    numbers = pd.to_numeric(cells.where(present), errors="coerce")
    is_number = blank.any() and present.any() and (numbers.notna().to_numpy() == present).all()
    return numbers.astype(float) if is_number else column


def select_features(
    table: pd.DataFrame, names: list[str] | None, fitted_on: int | None
) -> pd.DataFrame:
    """Picks the model's features from the reference data, in the model's order.

    Args:
        table: reference data.
        names: that the model was fitted with. It takes these by name, and others, such as the
            label, are left out. None for a model that was fitted on an array: it takes all columns.
        fitted_on: number of columns that the model was fitted on, None if it does not say.

    Raises:
        ExportError: on missing columns or a wrong number of them, on names that the service could
            not take, or on too few rows.
    """
    table = table.set_axis([str(name) for name in table.columns], axis="columns")
    features = names or list(table.columns)
    missing = [name for name in features if name not in table.columns]
    if missing:
        raise ExportError(f"the reference data lacks the model's columns {', '.join(missing)}")
    if fitted_on not in (None, len(features)):
        raise ExportError(
            f"the model was fitted on {fitted_on} unnamed columns, the reference data has "
            f"{len(features)}: {', '.join(features)}"
        )
    check_names(features)
    check_unique([name for name in table.columns if name in set(features)])
    if len(table) < MIN_ROWS:
        raise ExportError(
            f"the reference data has {len(table)} rows; at least {MIN_ROWS} are needed"
        )
    return table[features].reset_index(drop=True)


def infer_feature(values: pd.Series, stated_type: str | None) -> Feature:
    """Finds the type of a reference column and what it has for missing values."""
    name = str(values.name)
    present = values.dropna()
    if present.empty:
        raise ExportError(f"the reference column {name} has no values")
    feature = Feature(name, column_type(values, present), values.dtype)
    if stated_type and stated_type != feature.type:
        change_type(feature, present, stated_type)
    feature.missing_seen = len(present) < len(values)
    feature.nullable = feature.missing_seen
    if feature.missing_seen:
        feature.missing = missing_marker(values)
    if feature.is_number and np.isinf(present.to_numpy(np.float64)).any():
        raise ExportError(f"the reference column {name} has infinite values")
    if feature.is_text:
        feature.categories = known_texts(values, present)
    return feature


def column_type(values: pd.Series, present: pd.Series) -> str:
    """Finds "integer", "number", "boolean" or "category" for a column."""
    types = pd.api.types
    if types.is_bool_dtype(present.infer_objects()):
        return "boolean"
    if isinstance(values.dtype, pd.CategoricalDtype):
        if all(isinstance(value, str) for value in values.cat.categories):
            return "category"
        raise ExportError(
            f"the categories of the reference column {values.name} are not texts: make them texts "
            "before fit"
        )
    if types.is_integer_dtype(values.dtype):
        return "integer"
    if types.is_float_dtype(values.dtype):
        # A missing value makes pandas read whole numbers as floats.
        whole = len(present) < len(values) and (present % 1 == 0).all()
        return "integer" if whole else "number"
    if types.infer_dtype(present, skipna=True) == "string":
        return "category"
    raise ExportError(
        f"the reference column {values.name} is not numeric, boolean or text, but "
        f"{types.infer_dtype(present)}"
    )


def change_type(feature: Feature, present: pd.Series, stated: str) -> None:
    """Takes the type that the features file states, if the values allow it."""
    numeric = feature.is_number
    whole = numeric and (present % 1 == 0).all()
    allowed = {
        "integer": whole,
        "number": numeric,
        "boolean": numeric and present.isin([0, 1]).all(),
    }
    if not allowed.get(stated, False):
        raise ExportError(
            f"{feature.name} cannot be of the type {stated}: the reference data has "
            f"{feature.dtype}, such as {present.iloc[0]!r}"
        )
    feature.type = stated


def missing_marker(values: pd.Series) -> object:
    """Gives what a column has for a missing value: NaN, None or pandas.NA."""
    missing = values[values.isna()]
    if values.dtype != object:
        return missing.iloc[0]
    if len({type(value) for value in missing}) > 1:
        raise ExportError(
            f"the reference column {values.name} has both None and NaN for missing values, which a "
            "model tells apart: use one of them"
        )
    return missing.iloc[0]


def known_texts(values: pd.Series, present: pd.Series) -> list[str]:
    """Gives the categories of a column: those of its dtype, else the values in sorted order."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        return list(values.cat.categories)
    return sorted(present.unique())
