"""Models of texts, booleans and missing values answer on unseen customers as their sources do."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from lightgbm import LGBMClassifier
from sklearn.base import ClassifierMixin, TransformerMixin
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer, make_column_selector, make_column_transformer
from sklearn.decomposition import PCA
from sklearn.ensemble import (
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
    StackingClassifier,
    VotingClassifier,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler, TargetEncoder
from xgboost import XGBClassifier

from bundle_checks import as_customers, check_bundle, run
from churn_bundle import export_bundle
from mixed_data import BOOLEANS, FEATURES, NUMBERS, TEXTS, make_mixed

Tables = tuple[pd.DataFrame, pd.Series]

TEXT_COLUMNS = list(TEXTS)
SCALED = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())


def one_hot(**options: object) -> OneHotEncoder:
    return OneHotEncoder(**({"handle_unknown": "ignore", "sparse_output": False} | options))


def ordinal(**options: object) -> OrdinalEncoder:
    given = {"handle_unknown": "use_encoded_value", "unknown_value": -1}
    return OrdinalEncoder(**(given | options))


def filled(encoder: TransformerMixin, **options: object) -> Pipeline:
    return make_pipeline(SimpleImputer(**({"strategy": "most_frequent"} | options)), encoder)


def by_column(
    encoder: TransformerMixin, classifier: ClassifierMixin, numbers: object = SCALED
) -> Pipeline:
    """Scales numbers, encodes texts and passes booleans through."""
    columns = [("numbers", numbers, NUMBERS), ("texts", encoder, TEXT_COLUMNS)]
    return make_pipeline(ColumnTransformer(columns, remainder="passthrough"), classifier)


def linear() -> LogisticRegression:
    return LogisticRegression(max_iter=2000)


def forest() -> RandomForestClassifier:
    return RandomForestClassifier(10, max_depth=6, random_state=0)


def histogram_boosting() -> HistGradientBoostingClassifier:
    return HistGradientBoostingClassifier(max_iter=15)


UNION = FeatureUnion([("one_hot", filled(one_hot())), ("ordinal", filled(ordinal()))])
MODELS = {
    "one-hot": by_column(one_hot(), linear()),
    "one-hot, sparse": by_column(one_hot(sparse_output=True), linear()),
    "one-hot that refuses unknown": by_column(OneHotEncoder(), linear()),
    "one-hot without the first": by_column(one_hot(drop="first"), linear()),
    "one-hot of frequent ones": by_column(
        one_hot(handle_unknown="infrequent_if_exist", min_frequency=150), linear()
    ),
    "most frequent": by_column(filled(one_hot()), linear()),
    "constant": by_column(filled(one_hot(), strategy="constant", fill_value="none"), linear()),
    "indicators": by_column(
        filled(one_hot(), add_indicator=True),
        linear(),
        make_pipeline(SimpleImputer(add_indicator=True), StandardScaler()),
    ),
    "ordinal": by_column(
        ordinal(encoded_missing_value=-2), GradientBoostingClassifier(n_estimators=15)
    ),
    "ordinal with missing ones": by_column(ordinal(encoded_missing_value=-2), forest()),
    "ordinal with NaN": by_column(
        ordinal(unknown_value=np.nan), histogram_boosting(), "passthrough"
    ),
    "ordinal, unknown as 99": by_column(
        ordinal(unknown_value=99, encoded_missing_value=98), histogram_boosting()
    ),
    "target": by_column(TargetEncoder(), linear()),
    "components": by_column(make_pipeline(one_hot(), PCA(5)), linear()),
    "gradient boosting": by_column(one_hot(), GradientBoostingClassifier(n_estimators=15)),
    "random forest": by_column(one_hot(), forest()),
    "histogram boosting": by_column(one_hot(), histogram_boosting(), "passthrough"),
    "lightgbm": by_column(one_hot(), LGBMClassifier(n_estimators=15, verbose=-1)),
    "lightgbm ordinal": by_column(
        ordinal(), LGBMClassifier(n_estimators=15, verbose=-1), "passthrough"
    ),
    "xgboost": by_column(one_hot(), XGBClassifier(n_estimators=15), "passthrough"),
    "xgboost ordinal": by_column(ordinal(), XGBClassifier(n_estimators=15), "passthrough"),
    "booleans encoded": make_pipeline(
        make_column_transformer((one_hot(), TEXT_COLUMNS + BOOLEANS), ("passthrough", NUMBERS)),
        histogram_boosting(),
    ),
    "numbers encoded": make_pipeline(
        make_column_transformer(
            (one_hot(), ["tenure", *TEXT_COLUMNS]), ("passthrough", NUMBERS + BOOLEANS)
        ),
        histogram_boosting(),
    ),
    "columns selected": make_pipeline(
        make_column_transformer(
            (one_hot(), make_column_selector(dtype_include=object)), remainder="passthrough"
        ),
        histogram_boosting(),
    ),
    "union": by_column(UNION, linear()),
    "forest of missing values": by_column(ordinal(), forest(), "passthrough"),
    "calibrated": CalibratedClassifierCV(by_column(one_hot(), linear()), cv=2),
    "calibrated forest": CalibratedClassifierCV(
        by_column(one_hot(), forest()), cv=2, ensemble=False
    ),
    "voting": VotingClassifier(
        [("a", by_column(one_hot(), linear())), ("b", by_column(ordinal(), forest()))],
        voting="soft",
    ),
    "stacking": StackingClassifier(
        [("a", by_column(one_hot(), linear())), ("b", by_column(ordinal(), forest()))], cv=2
    ),
    "search": GridSearchCV(by_column(one_hot(), linear()), {}, cv=2),
}


@pytest.fixture(scope="module")
def fitted_on() -> Tables:
    table, labels = make_mixed(900, seed=11)
    return table, (labels == "Yes").astype(int)


def unseen_customers(manifest: dict) -> pd.DataFrame:
    """Customers with every mix of missing and unknown values that the manifest allows."""
    table, _ = make_mixed(400, seed=12)
    random = np.random.default_rng(13)
    for feature in manifest["features"]:
        name = feature["name"]
        if feature["type"] == "category" and feature["unknown"] == "accept":
            table.loc[random.random(len(table)) < 0.1, name] = "neue Kategorie"
        if feature["nullable"]:
            table.loc[random.random(len(table)) < 0.1, name] = np.nan
    return table


@pytest.mark.parametrize("kind", MODELS)
def test_answers_as_its_source(kind: str, fitted_on: Tables, tmp_path: Path) -> None:
    table, labels = fitted_on
    model = MODELS[kind].fit(table, labels)
    output = tmp_path / "churn_model.onnx"
    unknown = "refuse" if "refuses" in kind else "accept"
    options = {name: {"unknown": unknown} for name in TEXTS}
    export_bundle(model, table, output, "1.0.0", features=options)

    manifest = check_bundle(output)
    assert [feature["name"] for feature in manifest["features"]] == FEATURES
    stated = {f["unknown"] for f in manifest["features"] if f["type"] == "category"}
    assert stated == {unknown}
    unseen = unseen_customers(manifest)
    served = run(output, as_customers(unseen))
    expected = model.predict_proba(unseen)[:, 1]
    np.testing.assert_allclose(served, expected, rtol=0, atol=manifest["tolerance"])
    (tensor,) = manifest["inputs"]
    assert tensor["category_codes"]
