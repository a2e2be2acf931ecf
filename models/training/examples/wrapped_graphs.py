"""Wraps graphs as other tools write them: weights in a second file, logits, texts with gaps."""

import tempfile
from pathlib import Path

import numpy as np
import onnx
import pandas as pd
from onnx import TensorProto, helper, numpy_helper
from sklearn.linear_model import LogisticRegression

from churn_bundle.cli import main as churn_bundle
from mixed_data import make_mixed
from synthetic_data import FEATURES, LABEL, make_customers

OPSETS = [helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", 3)]
MISSING = "none"
TEXT = "contract"
NUMBER = "tenure"


def wrap_logits(rows: int, seed: int, output: Path) -> int:
    """Wraps a graph of one matrix that gives logits, its weights in another file."""
    customers = make_customers(rows, seed)
    table = customers[FEATURES]
    scale = table.std().to_numpy()
    model = LogisticRegression(max_iter=1000).fit(table.to_numpy() / scale, customers[LABEL])
    weights = (model.coef_[0] / scale).astype(np.float32).reshape(-1, 1)
    graph = helper.make_graph(
        [
            helper.make_node("MatMul", ["x", "weights"], ["products"]),
            helper.make_node("Add", ["products", "intercept"], ["logits"]),
        ],
        "logits",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", len(FEATURES)])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["N", 1])],
        [
            numpy_helper.from_array(weights, "weights"),
            numpy_helper.from_array(model.intercept_.astype(np.float32), "intercept"),
        ],
    )
    scores = model.predict_proba(table.to_numpy() / scale)[:, 1]
    return wrap(graph, table, scores, output, "--logits")


def wrap_texts(rows: int, seed: int, output: Path) -> int:
    """Wraps a graph of a number and a text, which takes a text of its own for a missing one."""
    customers, labels = make_mixed(rows, seed)
    table = customers[[NUMBER, TEXT]]
    texts = pd.get_dummies(table[TEXT].fillna(MISSING), dtype=float)
    columns = texts.assign(**{NUMBER: table[NUMBER] / 10})
    model = LogisticRegression(max_iter=1000).fit(columns.to_numpy(), labels)
    *text_weights, number_weight = model.coef_[0]
    graph = helper.make_graph(
        [
            helper.make_node(
                "LabelEncoder",
                [TEXT],
                ["text_logit"],
                domain="ai.onnx.ml",
                keys_strings=list(texts),
                values_floats=text_weights,
                default_float=0.0,
            ),
            helper.make_node("Mul", [NUMBER, "number_weight"], ["number_logit"]),
            helper.make_node("Sum", ["text_logit", "number_logit", "intercept"], ["logit"]),
            helper.make_node("Sigmoid", ["logit"], ["probability"]),
        ],
        "texts",
        [
            helper.make_tensor_value_info(TEXT, TensorProto.STRING, ["N", 1]),
            helper.make_tensor_value_info(NUMBER, TensorProto.FLOAT, ["N", 1]),
        ],
        [helper.make_tensor_value_info("probability", TensorProto.FLOAT, ["N", 1])],
        [
            numpy_helper.from_array(np.float32([number_weight / 10]), "number_weight"),
            numpy_helper.from_array(model.intercept_.astype(np.float32), "intercept"),
        ],
    )
    scores = model.predict_proba(columns.to_numpy())[:, 1]
    return wrap(graph, table, scores, output, "--missing-text", MISSING)


WRAPPED_GRAPHS = {"wrapped-logits": wrap_logits, "wrapped-texts": wrap_texts}


def wrap(
    graph: onnx.GraphProto, table: pd.DataFrame, scores: np.ndarray, output: Path, *more: str
) -> int:
    """Writes the files that ``churn-bundle wrap`` takes, and runs it; returns its exit code."""
    model = helper.make_model(graph, opset_imports=OPSETS, ir_version=8)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        onnx.save(
            model,
            folder / "graph.onnx",
            save_as_external_data=True,
            location="graph.onnx.data",
            size_threshold=0,
        )
        table.to_csv(folder / "rows.csv", index=False)
        pd.DataFrame({"probability": scores}).to_csv(folder / "scores.csv", index=False)
        command = ["wrap", "--onnx", str(folder / "graph.onnx")]
        command += ["--reference", str(folder / "rows.csv")]
        command += ["--probabilities", str(folder / "scores.csv")]
        command += ["--output", str(output), "--model-version", "1.0.0", *more]
        return churn_bundle(command)
