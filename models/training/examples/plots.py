"""Draws the model card's plots."""

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from sklearn.calibration import calibration_curve
from sklearn.metrics import roc_auc_score, roc_curve

BINS = 10
INK = "#1f4e79"
DIAGONAL = {"color": "#999999", "linestyle": "--", "linewidth": 1}


def plot_roc(labels: np.ndarray, probabilities: np.ndarray, path: Path) -> None:
    """Draws the ROC curve of probabilities, float [N], against labels 0 or 1, int [N]."""
    false_positive_rate, true_positive_rate, _ = roc_curve(labels, probabilities)
    figure = Figure(figsize=(4.5, 4.5), layout="constrained")
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], label="chance", **DIAGONAL)
    area = roc_auc_score(labels, probabilities)
    axes.plot(false_positive_rate, true_positive_rate, color=INK, label=f"model, area {area:.3f}")
    axes.set(
        title=f"ROC, {len(labels)} held-out customers",
        xlabel="false positive rate",
        ylabel="true positive rate",
        aspect="equal",
    )
    axes.legend(loc="lower right")
    figure.savefig(path, dpi=100)


def plot_calibration(labels: np.ndarray, probabilities: np.ndarray, path: Path) -> None:
    """Draws observed against predicted churn in ten bins, and how many customers each bin has."""
    observed, predicted = calibration_curve(labels, probabilities, n_bins=BINS)
    figure = Figure(figsize=(4.5, 5.5), layout="constrained")
    axes, counts = figure.subplots(2, sharex=True, height_ratios=(4, 1))
    axes.plot([0, 1], [0, 1], label="perfect calibration", **DIAGONAL)
    axes.plot(predicted, observed, color=INK, marker="o", markersize=4, label="model")
    axes.set(
        title=f"Calibration, {len(labels)} held-out customers",
        ylabel="observed churn rate",
        xlim=(0, 1),
        ylim=(0, 1),
    )
    axes.legend(loc="upper left")
    counts.hist(probabilities, bins=BINS, range=(0, 1), color=INK, edgecolor="white")
    counts.set(xlabel="predicted churn probability", ylabel="customers")
    figure.savefig(path, dpi=100)
