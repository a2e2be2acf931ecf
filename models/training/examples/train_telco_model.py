"""Trains the telco model on synthetic customers and exports it.

    python models/training/examples/train_telco_model.py

It chooses between a linear model and boosted trees by cross-validation, measures the winner on
customers that it has not seen, and writes the pickle, the reference data and the metrics to
models/training/build (not committed) and the bundle to models/telco.
"""

import argparse
import json
import sys
from pathlib import Path

import joblib
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_score, train_test_split
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from churn_bundle.cli import main as churn_bundle
from telco_customers import BOOLEANS, CATEGORIES, FEATURES, LABEL, NUMBERS, make_customers
from train_sample_model import measure

MODELS_FOLDER = Path(__file__).resolve().parents[2]
FEATURES_FILE = Path(__file__).with_name("telco_features.yaml")
VERSION = "1.0.0"
POSITIVE_CLASS = "Yes"
CUSTOMERS = 7000
HELD_OUT_FRACTION = 0.25
FOLDS = 5
SEED = 2024


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


def choose(train: pd.DataFrame) -> Pipeline:
    """Fits the candidate with the least cross-validated log loss on all of ``train``."""
    models = {"logistic regression": linear_model(), "boosted trees": boosted_trees()}
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    losses = {}
    for name, model in models.items():
        scores = cross_val_score(
            model, train[FEATURES], train[LABEL], scoring="neg_log_loss", cv=folds
        )
        losses[name] = -scores.mean()
        print(f"{name}: cross-validated log loss {losses[name]:.4f} (sd {scores.std():.4f})")
    best = min(losses, key=losses.__getitem__)
    print(f"chosen: {best}")
    return models[best].fit(train[FEATURES], train[LABEL])


def train_and_export(bundle_folder: Path, build_folder: Path) -> int:
    """Trains, measures and exports the telco model; returns the exporter's exit code."""
    customers = make_customers(CUSTOMERS, SEED)
    train, held_out = train_test_split(
        customers, test_size=HELD_OUT_FRACTION, stratify=customers[LABEL], random_state=SEED
    )
    model = choose(train)
    labels = (held_out[LABEL] == POSITIVE_CLASS).to_numpy(int)
    column = list(model.classes_).index(POSITIVE_CLASS)
    metrics = measure(labels, model.predict_proba(held_out[FEATURES])[:, column])
    for name, value in metrics.items():
        print(f"{name}: {value:.4g}")

    build_folder.mkdir(parents=True, exist_ok=True)
    model_file = build_folder / "telco_model.joblib"
    reference_file = build_folder / "telco_reference.csv"
    metrics_file = build_folder / "telco_metrics.json"
    joblib.dump(model, model_file)
    train.to_csv(reference_file, index=False)
    metrics_file.write_text(json.dumps(metrics, indent=2) + "\n", encoding="utf-8")

    return churn_bundle(
        [
            "export",
            *("--model", str(model_file)),
            *("--reference", str(reference_file)),
            *("--metrics", str(metrics_file)),
            *("--features", str(FEATURES_FILE)),
            *("--positive-class", POSITIVE_CLASS),
            *("--output", str(bundle_folder / "telco_model.onnx")),
            *("--model-version", VERSION),
        ]
    )


def main() -> int:
    """Runs the command line; returns the exit code."""
    parser = argparse.ArgumentParser(description="Train and export the telco model.")
    parser.add_argument(
        "--output", type=Path, default=MODELS_FOLDER / "telco", help="folder of the bundle"
    )
    parser.add_argument(
        "--build",
        type=Path,
        default=MODELS_FOLDER / "training" / "build",
        help="folder of the pickle, the reference data and the metrics",
    )
    options = parser.parse_args()
    return train_and_export(options.output, options.build)


if __name__ == "__main__":
    sys.exit(main())
