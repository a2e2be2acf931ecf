"""Graphs of other tools become bundles, or are refused in words."""

import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pandas as pd
import pytest
from onnx import TensorProto, helper, numpy_helper

from churn_bundle.cli import main

WEIGHTS = np.array([[0.05], [-0.02]], dtype=np.float32)
ROWS = pd.DataFrame({"tenure": np.arange(80.0) + 0.5, "charges": np.arange(80.0)[::-1] * 2.25})
LOGITS = ROWS.to_numpy(np.float32) @ WEIGHTS
SCORES = 1 / (1 + np.exp(-LOGITS[:, 0].astype(np.float64)))


def save(folder: Path, end: str = "sigmoid", opset: int = 17, external: bool = False) -> None:
    nodes = [helper.make_node("MatMul", ["x", "w"], ["z"])]
    kind, shape = TensorProto.FLOAT, ["N", 1]
    if end == "sigmoid":
        nodes.append(helper.make_node("Sigmoid", ["z"], ["y"]))
    elif end == "float16":
        nodes.append(helper.make_node("Cast", ["z"], ["y"], to=TensorProto.FLOAT16))
        kind = TensorProto.FLOAT16
    elif end == "two":
        nodes.append(helper.make_node("Sub", ["z", "z"], ["zero"]))
        nodes.append(helper.make_node("Concat", ["zero", "z"], ["y"], axis=1))
        shape = ["N", 2]
    elif end == "vector":
        nodes.append(helper.make_node("Sigmoid", ["z"], ["s"]))
        nodes.append(helper.make_node("Flatten", ["s"], ["f"], axis=0))
        nodes.append(helper.make_node("Squeeze", ["f"], ["y"]))
        shape = ["N"]
    else:
        nodes.append(helper.make_node("Identity", ["z"], ["y"]))
    graph = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", 2])],
        [helper.make_tensor_value_info("y", kind, shape)],
        [numpy_helper.from_array(WEIGHTS, "w")],
    )
    opsets = [helper.make_opsetid("", opset)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=10)
    more = {"save_as_external_data": True, "size_threshold": 0} if external else {}
    onnx.save(model, folder / "source.onnx", **more)


def wrap(folder: Path, *more: str, scores: np.ndarray = SCORES) -> int:
    ROWS.to_csv(folder / "rows.csv", index=False)
    pd.DataFrame({"p": scores}).to_csv(folder / "scores.csv", index=False)
    files = {"onnx": "source.onnx", "reference": "rows.csv", "probabilities": "scores.csv"}
    command = ["wrap", "--output", str(folder / "out" / "model.onnx"), "--model-version", "1"]
    for name, file in files.items():
        command += [f"--{name}", str(folder / file)]
    return main([*command, *more])


@pytest.mark.parametrize(
    ("end", "more"),
    [("sigmoid", []), ("vector", []), ("logits", ["--logits"]), ("two", ["--logits"])],
)
@pytest.mark.parametrize("external", [False, True])
def test_wraps_a_graph(tmp_path: Path, end: str, more: list[str], external: bool) -> None:
    save(tmp_path, end, external=external)
    assert wrap(tmp_path, *more) == 0
    content = (tmp_path / "out" / "model.onnx").read_bytes()
    session = onnxruntime.InferenceSession(content)
    answers = session.run(None, {"x": ROWS.to_numpy(np.float32)})[0].reshape(80, -1)[:, -1]
    assert np.allclose(answers, SCORES, atol=1e-5)
    golden = json.loads((tmp_path / "out" / "model.manifest.json").read_text())["golden_rows"]
    assert len(golden["rows"]) == 64
    # Of the training side: the graph's own float32 answers are farther away than this.
    distances = np.abs(np.subtract.outer(golden["probabilities"], SCORES))
    assert distances.min(axis=1).max() < 1e-14


@pytest.mark.parametrize(
    ("end", "opset", "scores", "words"),
    [
        ("logits", 17, SCORES, "add --logits"),
        ("sigmoid", 17, 1 - SCORES, "probability of staying"),
        ("sigmoid", 17, SCORES[:70], "70 probabilities for 80 reference rows"),
        ("sigmoid", 99, SCORES, "opset"),
    ],
)
def test_refuses(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    end: str,
    opset: int,
    scores: np.ndarray,
    words: str,
) -> None:
    save(tmp_path, end, opset)
    assert wrap(tmp_path, scores=scores) == 1
    assert words in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_takes_a_stated_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save(tmp_path)
    assert wrap(tmp_path, "--input", "x=tenure,charges") == 0
    assert wrap(tmp_path, "--input", "x=charges,tenure") == 1
    assert "another order" in capsys.readouterr().err
