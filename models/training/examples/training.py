"""What the training scripts of the example models share: the split, the choice, the measures."""

import argparse
import json
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_score, train_test_split
from sklearn.pipeline import Pipeline

MODELS_FOLDER = Path(__file__).resolve().parents[2]
CUSTOMERS = 7000
SEED = 2024
HELD_OUT_FRACTION = 0.25
FOLDS = 5
CALIBRATION_BINS = 10


def split(customers: pd.DataFrame, label: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Gives the customers for training and those that are held out, with the same churn rate."""
    train, held_out = train_test_split(
        customers, test_size=HELD_OUT_FRACTION, stratify=customers[label], random_state=SEED
    )
    return train, held_out


def choose(models: dict[str, Pipeline], features: pd.DataFrame, labels: pd.Series) -> Pipeline:
    """Fits the candidate with the least cross-validated log loss on all rows."""
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    losses = {}
    for name, model in models.items():
        scores = cross_val_score(model, features, labels, scoring="neg_log_loss", cv=folds)
        losses[name] = -scores.mean()
        print(f"{name}: cross-validated log loss {losses[name]:.4f} (sd {scores.std():.4f})")
    best = min(losses, key=losses.__getitem__)
    print(f"chosen: {best}")
    return models[best].fit(features, labels)


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


def write_build(
    folder: Path,
    prefix: str,
    model: Pipeline,
    train: pd.DataFrame,
    held_out: pd.DataFrame,
    metrics: dict[str, float],
) -> list[str]:
    """Prints the metrics and writes what the exporter needs.

    Args:
        folder: of the files; it is made if need be.
        prefix: of the names of the files; the bundled model's pickle alone is churn_model.
        model: fitted.
        train: reference data.
        held_out: customers that the model has not seen.
        metrics: on held_out.

    Returns:
        The exporter's options that name the files.
    """
    for name, value in metrics.items():
        print(f"{name}: {value:.4g}")
    folder.mkdir(parents=True, exist_ok=True)
    model_file = folder / f"{prefix or 'churn_'}model.joblib"
    reference_file = folder / f"{prefix}reference.csv"
    held_out_file = folder / f"{prefix}held_out.csv"
    metrics_file = folder / f"{prefix}metrics.json"
    joblib.dump(model, model_file)
    train.to_csv(reference_file, index=False)
    held_out.to_csv(held_out_file, index=False)
    metrics_file.write_text(json.dumps(metrics, indent=2) + "\n", encoding="utf-8")
    return [
        *("--model", str(model_file)),
        *("--reference", str(reference_file)),
        *("--held-out", str(held_out_file)),
        *("--metrics", str(metrics_file)),
    ]


def parse_folders(description: str, bundle_folder: Path) -> argparse.Namespace:
    """Reads a script's command line: ``output`` for the bundle and ``build`` for the rest."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--output", type=Path, default=bundle_folder, help="folder of the bundle")
    parser.add_argument(
        "--build",
        type=Path,
        default=MODELS_FOLDER / "training" / "build",
        help="folder of the pickle, the reference data and the metrics",
    )
    return parser.parse_args()
