"""What a kind of model is, for the table in docs/exportable-models.md, and on what it is fitted."""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer, make_column_transformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from mixed_data import NUMBERS, TEXTS, make_mixed
from synthetic_data import LABEL, make_customers

ROWS = 600
UNSEEN_ROWS = 2000
# The number of mixed data that is missing in some rows.
GAPPY = "total_charges"
WITH_GAPS = ["monthly_charges", "total_charges"]

Tables = tuple[pd.DataFrame, pd.Series]


class Kind(NamedTuple):
    """A kind of model that someone may want to export.

    Attributes:
        name: as the docs call it.
        make: gives one that is not fitted.
        data: "numbers", "gaps" (numbers of which some are missing), "mixed" (with texts and
            missing values) or "categories" (texts as pandas' categories).
    """

    name: str
    make: Callable[[], Any]
    data: str = "numbers"


@cache
def tables(data: str, rows: int, seed: int) -> Tables:
    """Makes features and labels of one sort of data."""
    if data in ("mixed", "categories"):
        table, labels = make_mixed(rows, seed, missing=data == "mixed")
        if data == "categories":
            table = table.astype(dict.fromkeys(TEXTS, "category"))
        return table, (labels == "Yes").astype(int)
    table = make_customers(rows, seed)
    labels = table.pop(LABEL)
    if data == "gaps":
        random = np.random.default_rng(seed)
        for name in WITH_GAPS:
            table[name] = table[name].where(random.random(rows) > 0.1)
    return table, labels


def logistic(**options: object) -> LogisticRegression:
    return LogisticRegression(max_iter=3000, **options)


def forest() -> RandomForestClassifier:
    return RandomForestClassifier(20, max_depth=6, random_state=0)


def scaled(*steps: object) -> Pipeline:
    """Makes a Pipeline of these steps behind a scaler."""
    return make_pipeline(StandardScaler(), *steps)


def before_logistic(*steps: object) -> Pipeline:
    """Makes a Pipeline of these steps before a logistic regression."""
    return make_pipeline(*steps, logistic())


def one_hot() -> ColumnTransformer:
    """Makes the usual columns of mixed data: texts one-hot, and numbers as they are."""
    encoder = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    numbers = [name for name in NUMBERS if name != GAPPY]
    return make_column_transformer((encoder, list(TEXTS)), ("passthrough", numbers))
