"""Trains the bundled sample model on synthetic customers and exports it.

    python models/training/examples/train_sample_model.py

It chooses between a linear model and boosted trees by cross-validation, measures the winner on
customers that it has not seen, and writes the pickle, the reference data and the metrics to
models/training/build (not committed), the plots to models/plots and the bundle to models.
"""

import argparse
import json
import sys
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_score, train_test_split
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from churn_bundle.cli import main as churn_bundle
from plots import plot_calibration, plot_roc
from synthetic_data import FEATURES, LABEL, make_customers

MODELS_FOLDER = Path(__file__).resolve().parents[2]
FEATURES_FILE = Path(__file__).with_name("features.yaml")
EXAMPLES_FILE = Path(__file__).with_name("examples.yaml")
VERSION = "1.0.0"
CUSTOMERS = 7000
HELD_OUT_FRACTION = 0.25
FOLDS = 5
CALIBRATION_BINS = 10
SEED = 2024


def candidates() -> dict[str, Pipeline]:
    """Gives the unfitted models to choose from, by name."""
    return {
        "logistic regression": make_pipeline(StandardScaler(), LogisticRegression()),
        "boosted trees": make_pipeline(
            StandardScaler(),
            HistGradientBoostingClassifier(learning_rate=0.05, max_iter=150, random_state=SEED),
        ),
    }


def choose(train: pd.DataFrame) -> Pipeline:
    """Fits the candidate with the least cross-validated log loss on all of ``train``."""
    models = candidates()
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


def expected_calibration_error(labels: np.ndarray, probabilities: np.ndarray) -> float:
    """Gives the mean gap between predicted and observed churn, over 10 bins of equal width.

    Each bin weighs as many customers as it holds (Naeini et al., AAAI 2015).
    """
    bins = np.minimum((probabilities * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    gaps = np.bincount(bins, weights=probabilities - labels, minlength=CALIBRATION_BINS)
    return float(np.abs(gaps).sum() / len(labels))


def measure(labels: np.ndarray, probabilities: np.ndarray) -> dict[str, float]:
    """Measures probabilities of churn, float [N], against labels 0 or 1, int [N]."""
    return {
        "roc_auc": float(roc_auc_score(labels, probabilities)),
        "log_loss": float(log_loss(labels, probabilities)),
        "brier_score": float(brier_score_loss(labels, probabilities)),
        "expected_calibration_error": expected_calibration_error(labels, probabilities),
        "held_out_rows": len(labels),
        "held_out_churn_rate": float(labels.mean()),
    }


def train_and_export(models_folder: Path, build_folder: Path) -> int:
    """Trains, measures and exports the sample model; returns the exporter's exit code."""
    customers = make_customers(CUSTOMERS, SEED)
    train, held_out = train_test_split(
        customers, test_size=HELD_OUT_FRACTION, stratify=customers[LABEL], random_state=SEED
    )
    model = choose(train)
    labels = held_out[LABEL].to_numpy()
    probabilities = model.predict_proba(held_out[FEATURES])[:, 1]
    metrics = measure(labels, probabilities)
    for name, value in metrics.items():
        print(f"{name}: {value:.4g}")

    build_folder.mkdir(parents=True, exist_ok=True)
    model_file = build_folder / "churn_model.joblib"
    reference_file = build_folder / "reference.csv"
    metrics_file = build_folder / "metrics.json"
    joblib.dump(model, model_file)
    train.to_csv(reference_file, index=False)
    metrics_file.write_text(json.dumps(metrics, indent=2) + "\n", encoding="utf-8")

    plots_folder = models_folder / "plots"
    plots_folder.mkdir(parents=True, exist_ok=True)
    plot_roc(labels, probabilities, plots_folder / "roc.png")
    plot_calibration(labels, probabilities, plots_folder / "calibration.png")

    return churn_bundle(
        [
            "export",
            *("--model", str(model_file)),
            *("--reference", str(reference_file)),
            *("--metrics", str(metrics_file)),
            *("--features", str(FEATURES_FILE)),
            *("--examples", str(EXAMPLES_FILE)),
            *("--output", str(models_folder / "churn_model.onnx")),
            *("--model-version", VERSION),
        ]
    )


def main() -> int:
    """Runs the command line; returns the exit code."""
    parser = argparse.ArgumentParser(description="Train and export the bundled sample model.")
    parser.add_argument("--output", type=Path, default=MODELS_FOLDER, help="folder of the bundle")
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
