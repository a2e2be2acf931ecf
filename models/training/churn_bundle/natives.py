"""Models that take pandas categories themselves, without an encoder."""

import itertools
from typing import Any

import numpy as np
import pandas as pd

from churn_bundle.errors import ExportError
from churn_bundle.feature import Feature
from churn_bundle.lookup import ColumnTable, Lookup
from churn_bundle.text_codes import TextCodes


def lightgbm_categories(model: object) -> list[list[Any]]:
    """Gives the categories of each categorical column that an LGBMClassifier was fitted on."""
    if not type(model).__module__.startswith("lightgbm") or not hasattr(model, "booster_"):
        return []  # An ensemble also keeps a model that is not fitted.
    return model.booster_.pandas_categorical or []


def adopt_categories(model: object, features: list[Feature]) -> None:
    """Gives texts the dtype that a LightGBM model was fitted on: a CSV file does not hold it."""
    known = lightgbm_categories(model)
    texts = [feature for feature in features if feature.is_text]
    if not known or not texts:
        return
    if len(known) != len(texts):
        named = ", ".join(feature.name for feature in texts)
        raise ExportError(
            f"LightGBM was fitted on {len(known)} categorical columns, but the reference data has "
            f"texts in {len(texts)}: {named}; leave booleans and numbers as they are, without "
            "astype('category'), or make them texts in the data before fit"
        )
    for feature, categories in zip(texts, known, strict=True):
        if not all(isinstance(category, str) for category in categories):
            raise ExportError(
                f"LightGBM's categories of {feature.name} are not texts, such as "
                f"{categories[0]!r}: make them texts in the data before fit"
            )
        feature.dtype = pd.CategoricalDtype(categories)
        feature.categories = list(categories)


def lightgbm_lookups(
    model: object, columns: list[Feature], codes: TextCodes
) -> list[tuple[str | Lookup, list[int]]] | None:
    """Says how to make LightGBM's own matrix, None for other models.

    A category that LightGBM does not know goes the same way as a missing one: as NaN.

    Args:
        model: classifier.
        columns: features that it takes, in its order.
        codes: of the texts.

    Returns:
        Runs of columns with what to do with them: "passthrough", or a Lookup of LightGBM's codes.
    """
    known = lightgbm_categories(model)
    texts = [feature for feature in columns if feature.is_text]
    if not known or len(known) != len(texts):
        return None
    categories = dict(zip((feature.name for feature in texts), known, strict=True))
    runs = []
    for is_text, run in itertools.groupby(range(len(columns)), lambda i: columns[i].is_text):
        indices = list(run)
        if is_text:
            names = [columns[index].name for index in indices]
            runs.append((code_lookup(names, categories, codes), indices))
        else:
            runs.append(("passthrough", indices))
    return runs


def code_lookup(names: list[str], categories: dict[str, list[str]], codes: TextCodes) -> Lookup:
    """Makes a Lookup from the texts of some features to their positions in ``categories``."""
    tables = []
    for place, name in enumerate(names):
        rows = np.zeros((len(categories[name]) + 2, len(names)))
        rows[:, place] = [np.nan, *range(len(categories[name])), np.nan]
        keys = np.array(codes.of(name, [*categories[name], None]), dtype=np.float64)
        tables.append(ColumnTable(keys, rows, codes=True))
    return Lookup(tables)
