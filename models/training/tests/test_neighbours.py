"""Other customers in a batch must not change an answer."""

from pathlib import Path

import numpy as np
import onnx
import pandas as pd
import pytest
from onnxruntime.quantization import quantize_dynamic
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from churn_bundle import ExportError, Limits, export_bundle
from churn_bundle.conversion import FLOAT32, Graph
from churn_bundle.neighbours import check_alone
from churn_bundle.proof import Prover
from synthetic_data import FEATURES, LABEL

LOOSE = Limits(0.01, "for a test", 1, "for a test")


def quantized(graph: Graph, folder: Path) -> Graph:
    """Gives the graph with weights as int8, and activations scaled by each batch."""
    target = folder / "quantized.onnx"
    quantize_dynamic(onnx.load_from_string(graph.onnx_bytes), target)
    model = onnx.load(target)
    target.unlink()
    assert "DynamicQuantizeLinear" in {node.op_type for node in model.graph.node}
    return Graph(model, graph.inputs, FLOAT32)


def test_refuses_a_dynamically_quantized_graph(
    customers: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = make_pipeline(StandardScaler(), MLPClassifier((16,), max_iter=60, random_state=0))
    model.fit(customers[FEATURES], customers[LABEL])
    convert = Prover.convert
    monkeypatch.setattr(Prover, "candidates", lambda self, rows: [(self.rewritten, FLOAT32)])
    monkeypatch.setattr(Prover, "convert", lambda *values: quantized(convert(*values), tmp_path))
    with pytest.raises(ExportError, match=r"alone and .* in a batch .* dynamically quantized"):
        export_bundle(
            model,
            customers,
            tmp_path / "churn_model.onnx",
            "1.0.0",
            explanations=False,
            limits=LOOSE,
        )
    assert list(tmp_path.iterdir()) == []


class ByNeighbours:
    """A graph whose answers are moved if there is more than one."""

    far = 0.0

    def predict(self, rows: pd.DataFrame, positive: int) -> np.ndarray:
        return rows["score"].to_numpy() + self.far * (len(rows) > positive)


@pytest.mark.parametrize(("far", "is_refused"), [(1e-7, False), (1e-4, True), (np.nan, True)])
def test_alone_and_in_a_batch_may_differ_by_rounding_only(far: float, is_refused: bool) -> None:
    rows = pd.DataFrame({"score": np.linspace(0, 1, 200)})
    graph = ByNeighbours()
    graph.far = far
    if not is_refused:
        assert check_alone(graph, rows, 1) == 64
        return
    with pytest.raises(ExportError, match="other customers change an answer"):
        check_alone(graph, rows, 1)
