"""Trains the bundled sample model on synthetic customers and exports it.

    python models/training/examples/train_sample_model.py

It chooses between a linear model and boosted trees by cross-validation, measures the winner on
customers that it has not seen, and writes the pickle, the reference data and the metrics to
models/training/build (not committed), the plots to models/plots and the bundle to models.
"""

import sys
from pathlib import Path

from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from churn_bundle.cli import main as churn_bundle
from plots import plot_calibration, plot_roc
from synthetic_data import FEATURES, LABEL, make_customers
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

FEATURES_FILE = Path(__file__).with_name("features.yaml")
EXAMPLES_FILE = Path(__file__).with_name("examples.yaml")
VERSION = "1.0.0"


def candidates() -> dict[str, Pipeline]:
    """Gives the unfitted models to choose from, by name."""
    return {
        "logistic regression": make_pipeline(StandardScaler(), LogisticRegression()),
        "boosted trees": make_pipeline(
            StandardScaler(),
            HistGradientBoostingClassifier(learning_rate=0.05, max_iter=150, random_state=SEED),
        ),
    }


def train_and_export(models_folder: Path, build_folder: Path) -> int:
    """Trains, measures and exports the sample model; returns the exporter's exit code."""
    train, held_out = split(make_customers(CUSTOMERS, SEED), LABEL)
    model = choose(candidates(), train[FEATURES], train[LABEL])
    labels = held_out[LABEL].to_numpy()
    probabilities = model.predict_proba(held_out[FEATURES])[:, 1]
    metrics = measure(labels, probabilities)
    build = write_build(build_folder, "", model, train, held_out, metrics)

    plots_folder = models_folder / "plots"
    plots_folder.mkdir(parents=True, exist_ok=True)
    plot_roc(labels, probabilities, plots_folder / "roc.png")
    plot_calibration(labels, probabilities, plots_folder / "calibration.png")

    return churn_bundle(
        [
            "export",
            *build,
            *("--outcome", LABEL),
            *("--features", str(FEATURES_FILE)),
            *("--examples", str(EXAMPLES_FILE)),
            *("--output", str(models_folder / "churn_model.onnx")),
            *("--model-version", VERSION),
        ]
    )


if __name__ == "__main__":
    folders = parse_folders("Train and export the bundled sample model.", MODELS_FOLDER)
    sys.exit(train_and_export(folders.output, folders.build))
