"""Fits the pipeline that models/churn_model.onnx was exported from.

models/training/train_sample_model.py chooses it and fits it on the same rows, but importing that
takes the exporter's packages too. The benchmark checks that the probabilities are the same.
"""

import sys
from pathlib import Path

from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

sys.path.append(str(Path(__file__).resolve().parents[2] / "models" / "training"))
from synthetic_data import FEATURES, LABEL, make_customers

CUSTOMERS = 7000
HELD_OUT_FRACTION = 0.25
SEED = 2024


def fit_pipeline() -> Pipeline:
    """Fits the bundled model's pipeline on its training rows."""
    customers = make_customers(CUSTOMERS, SEED)
    train, _ = train_test_split(
        customers, test_size=HELD_OUT_FRACTION, stratify=customers[LABEL], random_state=SEED
    )
    return make_pipeline(StandardScaler(), LogisticRegression()).fit(train[FEATURES], train[LABEL])
