"""Steps without an exact form in ONNX are refused, by name and with a way out."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from lightgbm import LGBMClassifier
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder
from xgboost import XGBClassifier

from churn_bundle import ExportError, export_bundle
from mixed_data import NUMBERS, TEXTS, make_mixed

Tables = tuple[pd.DataFrame, pd.Series]


class Doubled(TransformerMixin, BaseEstimator):
    """A transformer that no converter knows."""

    def fit(self, rows: pd.DataFrame, labels: pd.Series) -> "Doubled":
        self.fitted_ = True
        return self

    def transform(self, rows: pd.DataFrame) -> np.ndarray:
        return np.asarray(rows) * 2


@pytest.fixture(scope="module")
def tables() -> Tables:
    table, labels = make_mixed(400, seed=21, missing=False)
    return table, (labels == "Yes").astype(int)


def as_categories(table: pd.DataFrame) -> pd.DataFrame:
    return table.astype(dict.fromkeys(TEXTS, "category"))


CASES = {
    "categories of histogram boosting": (
        as_categories,
        lambda: HistGradientBoostingClassifier(max_iter=5, categorical_features="from_dtype"),
        r"HistGradientBoostingClassifier's own categorical_features have no form in ONNX: encode",
    ),
    "numbered categories of histogram boosting": (
        lambda table: table[[*NUMBERS]].assign(
            lines=table["lines"].astype("category").cat.codes * 3 % 4,
            contract=table["contract"].astype("category").cat.codes * 3 % 4,
        ),
        lambda: HistGradientBoostingClassifier(
            max_iter=5, categorical_features=["lines", "contract"]
        ),
        r"rows differ .*; HistGradientBoostingClassifier's own categorical_features",
    ),
    "categories of xgboost": (
        as_categories,
        lambda: XGBClassifier(n_estimators=5, enable_categorical=True),
        r"XGBClassifier's own categories have no form in ONNX: encode",
    ),
    "categories of lightgbm behind a step": (
        as_categories,
        lambda: make_pipeline(
            make_column_transformer(
                ("passthrough", list(TEXTS)), verbose_feature_names_out=False
            ).set_output(transform="pandas"),
            LGBMClassifier(n_estimators=5, verbose=-1),
        ),
        r"takes the texts of .*; LGBMClassifier's own categories are exact only as its direct",
    ),
    "words of texts": (
        lambda table: table,
        lambda: make_pipeline(
            make_column_transformer((TfidfVectorizer(), "contract")), LogisticRegression()
        ),
        r"the step columntransformer\.tfidfvectorizer \(TfidfVectorizer\) takes the texts of",
    ),
    "a transformer of its own": (
        lambda table: table,
        lambda: make_pipeline(
            make_column_transformer(
                (Doubled(), NUMBERS), (OneHotEncoder(handle_unknown="ignore"), list(TEXTS))
            ),
            LogisticRegression(max_iter=2000),
        ),
        r"the step columntransformer\.doubled \(Doubled\) cannot be exported: it has no form",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_refuses(
    case: str, tables: Tables, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change: Callable[[pd.DataFrame], pd.DataFrame]
    change, make, reason = CASES[case]
    table, labels = change(tables[0]), tables[1]
    with pytest.raises(ExportError, match=reason) as refusal:
        export_bundle(make().fit(table, labels), table, tmp_path / "churn_model.onnx", "1.0.0")
    assert "\n" not in str(refusal.value)
    assert list(tmp_path.iterdir()) == []
