"""Trains the telco model on synthetic customers and exports it.

    python models/training/examples/train_telco_model.py

It chooses between a linear model and boosted trees by cross-validation, measures the winner on
customers that it has not seen, and writes the pickle, the reference data and the metrics to
models/training/build (not committed) and the bundle to models/telco.
"""

import sys
from pathlib import Path

from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from churn_bundle.cli import main as churn_bundle
from telco_customers import BOOLEANS, CATEGORIES, FEATURES, LABEL, NUMBERS, make_customers
from training import (
    CUSTOMERS,
    MODELS_FOLDER,
    SEED,
    choose,
    measure,
    parse_folders,
    split,
    write_build,
)

FEATURES_FILE = Path(__file__).with_name("telco_features.yaml")
VERSION = "1.0.0"
POSITIVE_CLASS = "Yes"


def text_encoder() -> OneHotEncoder:
    """Makes one column per text and one for a missing text; an unknown text is 0 in all."""
    return OneHotEncoder(handle_unknown="ignore", sparse_output=False)


def linear_model() -> Pipeline:
    """Fills in missing values, which a linear model cannot take."""
    numbers = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    columns = ColumnTransformer(
        [
            ("texts", text_encoder(), CATEGORIES),
            ("numbers", numbers, NUMBERS),
            ("booleans", SimpleImputer(strategy="mean"), BOOLEANS),
        ]
    )
    return make_pipeline(columns, LogisticRegression(max_iter=1000))


def boosted_trees() -> Pipeline:
    """Takes booleans as 1 and 0; the trees send a missing value to a side of its own."""
    columns = ColumnTransformer(
        [
            ("texts", text_encoder(), CATEGORIES),
            ("others", "passthrough", NUMBERS + BOOLEANS),
        ]
    )
    trees = HistGradientBoostingClassifier(
        learning_rate=0.06, max_iter=100, max_depth=4, random_state=SEED
    )
    return make_pipeline(columns, trees)


def train_and_export(bundle_folder: Path, build_folder: Path) -> int:
    """Trains, measures and exports the telco model; returns the exporter's exit code."""
    train, held_out = split(make_customers(CUSTOMERS, SEED), LABEL)
    candidates = {"logistic regression": linear_model(), "boosted trees": boosted_trees()}
    model = choose(candidates, train[FEATURES], train[LABEL])
    labels = (held_out[LABEL] == POSITIVE_CLASS).to_numpy(int)
    column = list(model.classes_).index(POSITIVE_CLASS)
    metrics = measure(labels, model.predict_proba(held_out[FEATURES])[:, column])

    return churn_bundle(
        [
            "export",
            *write_build(build_folder, "telco_", model, train, held_out, metrics),
            *("--outcome", LABEL),
            *("--features", str(FEATURES_FILE)),
            *("--positive-class", POSITIVE_CLASS),
            *("--output", str(bundle_folder / "telco_model.onnx")),
            *("--model-version", VERSION),
        ]
    )


if __name__ == "__main__":
    folders = parse_folders("Train and export the telco model.", MODELS_FOLDER / "telco")
    sys.exit(train_and_export(folders.output, folders.build))
