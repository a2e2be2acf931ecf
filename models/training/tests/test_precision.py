"""Casting to float32 can flip a branch of a tree: the exporter notices, mends it or refuses."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.base import ClassifierMixin
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier
from xgboost import XGBClassifier

from bundle_checks import check_bundle, golden_customers
from churn_bundle import ExportError, Limits, export_bundle
from churn_bundle.conversion import FLOAT32, Graph
from churn_bundle.limits import TOLERANCE
from churn_bundle.proof import Prover

ROWS = 2000
# float32 has 24 bits: beside this number it cannot tell neighbours closer than 4.
LARGE = 2.0**25
ACCEPTED = Limits(accepted_share=0.001, accepted_reason="for a test")


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    """A label that hangs on differences which only float64 can hold."""
    random = np.random.default_rng(5)
    near_large = LARGE + random.integers(0, 10, ROWS)
    return pd.DataFrame({"balance": near_large, "age": random.integers(18, 90, ROWS)})


@pytest.fixture(scope="module")
def labels(table: pd.DataFrame) -> pd.Series:
    return ((table["balance"] - LARGE) % 2).astype(int)


@pytest.mark.parametrize(
    "classifier",
    [DecisionTreeClassifier(random_state=0), XGBClassifier(n_estimators=20)],
    ids=["scikit-learn", "xgboost"],
)
def test_falls_back_to_float64(
    classifier: ClassifierMixin, table: pd.DataFrame, labels: pd.Series, tmp_path: Path
) -> None:
    model = make_pipeline(StandardScaler(), classifier).fit(table, labels)
    output = tmp_path / "large.onnx"
    export_bundle(model, table, output, "1.0.0")
    manifest = check_bundle(output)
    assert [tensor["type"] for tensor in manifest["inputs"]] == ["float64"]


def test_keeps_float32_where_it_agrees(tmp_path: Path, table: pd.DataFrame) -> None:
    labels = (table["age"] > 50).astype(int)
    model = DecisionTreeClassifier().fit(table, labels)
    output = tmp_path / "small.onnx"
    export_bundle(model, table, output, "1.0.0")
    assert [tensor["type"] for tensor in check_bundle(output)["inputs"]] == ["float32"]


def only_float32(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Prover, "candidates", lambda self, rows: [(self.rewritten, FLOAT32)])


def test_refuses_when_no_precision_agrees(
    table: pd.DataFrame,
    labels: pd.Series,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    only_float32(monkeypatch)
    model = make_pipeline(StandardScaler(), DecisionTreeClassifier()).fit(table, labels)
    with pytest.raises(ExportError, match=r"of 2000 reference rows differ .* decisions are flip"):
        export_bundle(model, table, tmp_path / "large.onnx", "1.0.0")
    assert list(tmp_path.iterdir()) == []
    shown = capsys.readouterr().err.splitlines()
    assert len(shown) == 10
    assert all("differs by" in line and "balance" in line for line in shown)


def disagree_on(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Moves the exported model's answers for the first ``rows`` reference rows."""
    predict = Graph.predict

    def moved(graph: Graph, table: pd.DataFrame, positive: int) -> np.ndarray:
        probabilities = predict(graph, table, positive)
        if len(table) >= ROWS:
            probabilities[:rows] += 2 * TOLERANCE
        return probabilities

    monkeypatch.setattr(Graph, "predict", moved)


def test_reports_few_differing_rows_and_keeps_them_out_of_the_golden_ones(
    table: pd.DataFrame,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    table = table.assign(age=np.arange(ROWS) / 10)
    labels = (table["age"] > 50).astype(int)
    model = make_pipeline(StandardScaler(), DecisionTreeClassifier()).fit(table, labels)
    disagree_on(2, monkeypatch)
    output = tmp_path / "small.onnx"
    options = {"age": {"bounds": [-1, 300]}}
    export_bundle(model, table, output, "1.0.0", features=options, limits=ACCEPTED)

    printed = capsys.readouterr()
    assert "2 of 2000 reference rows differ" in printed.out
    assert [line.split(" of")[0] for line in printed.err.splitlines()] == ["row 0", "row 1"]
    manifest = check_bundle(output)
    assert manifest["comparison"]["differing_rows"] == 2
    assert manifest["comparison"]["worst_difference"] == pytest.approx(2 * TOLERANCE, rel=0.01)
    assert manifest["comparison"]["accepted"] == {"share": 0.001, "reason": "for a test"}
    ages = [customer["age"] for customer in golden_customers(manifest)]
    assert not {0.0, 0.1} & set(ages)


@pytest.mark.parametrize(("limits", "rows"), [(ACCEPTED, 3), (Limits(), 1)])
def test_refuses_one_row_more_than_is_accepted(
    limits: Limits,
    rows: int,
    table: pd.DataFrame,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    labels = (table["age"] > 50).astype(int)
    model = make_pipeline(StandardScaler(), DecisionTreeClassifier()).fit(table, labels)
    disagree_on(rows, monkeypatch)
    with pytest.raises(ExportError, match=f"{rows} of 2000 reference rows differ"):
        export_bundle(model, table, tmp_path / "small.onnx", "1.0.0", limits=limits)
    assert list(tmp_path.iterdir()) == []


def test_refuses_a_golden_row_that_differs(
    table: pd.DataFrame, labels: pd.Series, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = make_pipeline(StandardScaler(), DecisionTreeClassifier()).fit(table, labels)
    predict = Graph.predict

    def moved(graph: Graph, rows: pd.DataFrame, positive: int) -> np.ndarray:
        return predict(graph, rows, positive) + (len(rows) < ROWS) * 0.25

    monkeypatch.setattr(Graph, "predict", moved)
    with pytest.raises(ExportError, match=r"the golden row .* differs by 0\.25 from the source"):
        export_bundle(model, table, tmp_path / "large.onnx", "1.0.0")
    assert list(tmp_path.iterdir()) == []
