"""Fixtures that several tests share."""

from pathlib import Path

import joblib
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from churn_bundle import background, golden_contributions
from synthetic_data import FEATURES, LABEL, make_customers


@pytest.fixture(scope="session")
def customers() -> pd.DataFrame:
    return make_customers(rows=1500, seed=7)


@pytest.fixture(scope="session")
def fitted(customers: pd.DataFrame) -> Pipeline:
    model = make_pipeline(StandardScaler(), LogisticRegression())
    return model.fit(customers[FEATURES], customers[LABEL])


@pytest.fixture(autouse=True)
def few_evaluations(monkeypatch: pytest.MonkeyPatch) -> None:
    """Explanations of fewer evaluations, since each export makes some."""
    monkeypatch.setattr(background, "MAX_ROWS", 16)
    monkeypatch.setattr(golden_contributions, "MAX_EVALUATIONS", 30_000)


@pytest.fixture
def command(tmp_path: Path, fitted: Pipeline, customers: pd.DataFrame) -> dict[str, str]:
    """The options of a command line that works, for a test to break one of."""
    joblib.dump(fitted, tmp_path / "model.joblib")
    customers.to_csv(tmp_path / "reference.csv", index=False)
    return {
        "--model": str(tmp_path / "model.joblib"),
        "--reference": str(tmp_path / "reference.csv"),
        "--output": str(tmp_path / "bundle" / "churn_model.onnx"),
        "--model-version": "1.2.3",
    }
