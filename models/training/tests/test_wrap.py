"""Graphs of other tools become bundles, or are refused in words."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import onnx
import onnxruntime
import pandas as pd
import pytest
from onnx import TensorProto, helper, numpy_helper

from bundle_checks import (
    SCHEMA_FILE,
    as_tensor,
    check_contract,
    golden_customers,
    read_manifest,
)
from churn_bundle.cli import main

WEIGHTS = np.array([[0.05], [-0.02]], dtype=np.float32)
ROWS = pd.DataFrame({"tenure": np.arange(80.0) + 0.5, "charges": np.arange(80.0)[::-1] * 2.25})
LOGITS = ROWS.to_numpy(np.float32) @ WEIGHTS
SCORES = 1 / (1 + np.exp(-LOGITS[:, 0].astype(np.float64)))


def save(
    folder: Path,
    end: str = "sigmoid",
    opset: int = 17,
    external: bool = False,
    ir_version: int = 10,
) -> None:
    nodes = [helper.make_node("MatMul", ["x", "w"], ["z"])]
    kind, shape, others = TensorProto.FLOAT, ["N", 1], []
    if end == "sigmoid":
        nodes.append(helper.make_node("Sigmoid", ["z"], ["y"]))
    elif end == "float16":
        nodes.append(helper.make_node("Sigmoid", ["z"], ["s"]))
        nodes.append(helper.make_node("Cast", ["s"], ["y"], to=TensorProto.FLOAT16))
        kind = TensorProto.FLOAT16
    elif end in ("both", "zipmap"):
        nodes.append(helper.make_node("Sub", ["z", "z"], ["zero"]))
        nodes.append(helper.make_node("Concat", ["zero", "z"], ["both"], axis=1))
        nodes.append(helper.make_node("Softmax", ["both"], ["y"], axis=1))
        shape = ["N", 2]
        nodes.append(helper.make_node("ArgMax", ["y"], ["label"], axis=1, keepdims=0))
        others = [helper.make_tensor_value_info("label", TensorProto.INT64, ["N"])]
    elif end == "two":
        nodes.append(helper.make_node("Sub", ["z", "z"], ["zero"]))
        nodes.append(helper.make_node("Concat", ["zero", "z"], ["y"], axis=1))
        shape = ["N", 2]
    elif end in ("vector", "squeezed"):
        nodes.append(helper.make_node("Sigmoid", ["z"], ["s"]))
        axes = ["columns"] if end == "vector" else []
        nodes.append(helper.make_node("Squeeze", ["s", *axes], ["y"]))
        shape = ["N"]
    else:
        nodes.append(helper.make_node("Identity", ["z"], ["y"]))
    output = helper.make_tensor_value_info("y", kind, shape)
    if end == "zipmap":
        labels = {"domain": "ai.onnx.ml", "classlabels_int64s": [0, 1]}
        nodes.append(helper.make_node("ZipMap", ["y"], ["maps"], **labels))
        score = helper.make_tensor_type_proto(TensorProto.FLOAT, None)
        pairs = helper.make_map_type_proto(TensorProto.INT64, score)
        output = helper.make_value_info("maps", helper.make_sequence_type_proto(pairs))
    graph = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", 2])],
        [*others, output],
        [numpy_helper.from_array(WEIGHTS, "w"), numpy_helper.from_array(np.int64([1]), "columns")],
    )
    opsets = [helper.make_opsetid("", opset), helper.make_opsetid("ai.onnx.ml", 3)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=ir_version)
    more = {"save_as_external_data": True, "size_threshold": 0} if external else {}
    onnx.save(model, folder / "source.onnx", **more)


def wrap(folder: Path, *more: str, scores: np.ndarray = SCORES, rows: pd.DataFrame = ROWS) -> int:
    rows.to_csv(folder / "rows.csv", index=False)
    pd.DataFrame({"p": scores}).to_csv(folder / "scores.csv", index=False)
    files = {"onnx": "source.onnx", "reference": "rows.csv", "probabilities": "scores.csv"}
    command = ["wrap", "--output", str(folder / "out" / "model.onnx"), "--model-version", "1"]
    for name, file in files.items():
        command += [f"--{name}", str(folder / file)]
    return main([*command, *more])


def check(folder: Path) -> dict[str, Any]:
    """Asserts that the bundle is valid and answers its golden rows; gives its manifest."""
    onnx_file = folder / "out" / "model.onnx"
    manifest = read_manifest(onnx_file)
    jsonschema.validate(manifest, json.loads(SCHEMA_FILE.read_text(encoding="utf-8")))
    check_contract(manifest)
    session = onnxruntime.InferenceSession(onnx_file.read_bytes())  # No external data.
    customers = golden_customers(manifest)
    feed = {each["name"]: as_tensor(each, customers, manifest) for each in manifest["inputs"]}
    (answers,) = session.run([manifest["output"]["name"]], feed)
    assert answers.dtype == np.float32
    served = answers.reshape(len(customers), -1)[:, -1]
    expected = manifest["golden_rows"]["probabilities"]
    np.testing.assert_allclose(served, expected, rtol=0, atol=manifest["tolerance"])
    return manifest


@pytest.mark.parametrize(
    ("end", "more"),
    [
        ("sigmoid", []),
        ("vector", []),
        ("both", []),
        ("zipmap", []),
        ("float16", ["--tolerance", "0.001", "--tolerance-reason", "float16"]),
        ("logits", ["--logits"]),
        ("two", ["--logits"]),
    ],
)
@pytest.mark.parametrize("external", [False, True])
def test_wraps_a_graph(tmp_path: Path, end: str, more: list[str], external: bool) -> None:
    save(tmp_path, end, external=external)
    assert wrap(tmp_path, *more) == 0
    manifest = check(tmp_path)
    assert manifest["tolerance"] == (0.001 if end == "float16" else 1e-5)
    golden = manifest["golden_rows"]
    assert len(golden["rows"]) >= 64
    # Of the training side: the graph's own float32 answers are farther away than this.
    distances = np.abs(np.subtract.outer(golden["probabilities"], SCORES))
    assert distances.min(axis=1).max() < 1e-14


@pytest.mark.parametrize(
    ("end", "opset", "scores", "words"),
    [
        ("logits", 17, SCORES, "add --logits"),
        ("sigmoid", 17, 1 - SCORES, "probability of staying"),
        ("squeezed", 17, SCORES, "gave the shape [] for a batch of 1"),
        ("sigmoid", 17, SCORES[:70], "70 probabilities for 80 reference rows"),
        ("sigmoid", 17, np.full(80, 50.0), "do not all lie in 0..1"),
        ("sigmoid", 17, np.full(80, np.nan), "do not all lie in 0..1"),
        ("float16", 17, SCORES, "differ by more than 1e-05"),
        ("sigmoid", 99, SCORES, "its opset is 99, and at most"),
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


def test_refuses_an_ir_version_that_is_too_new(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save(tmp_path, ir_version=99)
    assert wrap(tmp_path) == 1
    assert "its IR version is 99, and at most" in capsys.readouterr().err


def test_refuses_external_data_that_is_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save(tmp_path, external=True)
    for file in tmp_path.iterdir():
        if file.name != "source.onnx":
            file.unlink()
    assert wrap(tmp_path) == 1
    assert "must lie beside it" in capsys.readouterr().err


def test_takes_what_a_person_states(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save(tmp_path)
    stated = {
        "features": {"tenure": {"bounds": {"minimum": 0, "maximum": 70}, "unit": "months"}},
        "examples": [{"tenure": 5, "charges": 70.5}],
        "metrics": {"auc": 0.9},
    }
    more = ["--thresholds", "0.3", "0.2", "0.6"]
    for name, content in stated.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(content))
        more += [f"--{name}", str(tmp_path / f"{name}.json")]
    assert wrap(tmp_path, *more) == 0
    manifest = check(tmp_path)
    assert manifest["features"][0]["bounds"] == {"minimum": 0, "maximum": 70}
    assert manifest["features"][0]["unit"] == "months"
    assert [example["customer"] for example in manifest["examples"]] == stated["examples"]
    probability = 1 / (1 + np.exp(-(5 * 0.05 - 70.5 * 0.02)))
    assert manifest["examples"][0]["probability"] == pytest.approx(probability, abs=1e-6)
    assert manifest["metrics"] == {"auc": 0.9}
    assert manifest["thresholds"] == {"decision": 0.3, "medium": 0.2, "high": 0.6}
    assert manifest["comparison"]["rows"] == 80
    assert wrap(tmp_path, "--tolerance", "0.001") == 1
    assert "add --tolerance-reason" in capsys.readouterr().err


def save_columns(
    folder: Path,
    types: dict[str, int],
    shape: tuple[str | int, ...] = ("N", 1),
    last: str = "y",
    missing: str = "",
) -> None:
    """Writes a graph of an input for each feature; a text adds 1 if it is basic, 3 if missing."""
    nodes, terms = [], []
    for name, kind in types.items():
        source, term = name, f"{name}_float"
        if kind == TensorProto.STRING:
            codes = {"keys_strings": ["basic", missing], "values_floats": [1.0, 3.0]}
            codes["default_float"] = 0.0
            nodes.append(
                helper.make_node("LabelEncoder", [name], [term], domain="ai.onnx.ml", **codes)
            )
        else:
            nodes.append(helper.make_node("Cast", [source], [term], to=TensorProto.FLOAT))
        terms.append(term)
    nodes.append(helper.make_node("Sum", terms, ["z"]))
    nodes.append(helper.make_node("Sigmoid", ["z"], ["y"]))
    nodes.append(helper.make_node("ArgMax", ["y"], ["label"], axis=1, keepdims=0))
    kinds = {"y": TensorProto.FLOAT, "label": TensorProto.INT64}
    graph = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info(name, kind, shape) for name, kind in types.items()],
        [helper.make_tensor_value_info(last, kinds[last], ["N", 1] if last == "y" else ["N"])],
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", 3)]
    onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=8), folder / "source.onnx")


COLUMNS = pd.DataFrame(
    {
        "months": np.arange(80) % 3,
        "share": np.linspace(0, 1, 80),
        "paperless": np.arange(80) % 2 == 0,
        "plan": ["basic", "plus", "plus", "pro"] * 20,
    }
)
COLUMN_TYPES = {
    "plan": TensorProto.STRING,
    "share": TensorProto.DOUBLE,
    "paperless": TensorProto.BOOL,
    "months": TensorProto.INT64,
}
COLUMN_LOGITS = COLUMNS.assign(plan=COLUMNS["plan"] == "basic").astype(float).sum(axis=1)


def score(logits: pd.Series) -> np.ndarray:
    return 1 / (1 + np.exp(-logits.to_numpy()))


COLUMN_SCORES = score(COLUMN_LOGITS)


def wrap_columns(folder: Path, *more: str, rows: pd.DataFrame = COLUMNS) -> int:
    return wrap(folder, *more, scores=COLUMN_SCORES, rows=rows)


def test_wraps_a_graph_with_an_input_for_each_feature(tmp_path: Path) -> None:
    save_columns(tmp_path, COLUMN_TYPES)
    assert wrap_columns(tmp_path, rows=COLUMNS.assign(customer_number=range(80))) == 0
    manifest = check(tmp_path)
    assert [(each["name"], each["type"]) for each in manifest["inputs"]] == [
        ("plan", "string"),
        ("share", "float64"),
        ("paperless", "bool"),
        ("months", "int64"),
    ]
    assert [feature["name"] for feature in manifest["features"]] == list(COLUMNS)
    plans = {customer["plan"] for customer in golden_customers(manifest)}
    assert plans == {"basic", "plus", "pro"}


def test_missing_values_are_in_golden_rows(tmp_path: Path) -> None:
    save(tmp_path)
    gaps = ROWS.mask(ROWS["charges"].rank() == 40)
    nodes = onnx.load(tmp_path / "source.onnx")
    nodes.graph.node[0].input[0] = "known"
    nodes.graph.node.insert(0, helper.make_node("Where", ["gap", "zero", "x"], ["known"]))
    nodes.graph.node.insert(0, helper.make_node("IsNaN", ["x"], ["gap"]))
    nodes.graph.initializer.append(numpy_helper.from_array(np.float32([0]), "zero"))
    onnx.save(nodes, tmp_path / "source.onnx")
    scores = 1 / (1 + np.exp(-(gaps.fillna(0).to_numpy() @ WEIGHTS.astype(np.float64))[:, 0]))
    assert wrap(tmp_path, rows=gaps, scores=scores) == 0
    manifest = check(tmp_path)
    assert any(customer["charges"] is None for customer in golden_customers(manifest))


GAPS = COLUMNS.assign(plan=COLUMNS["plan"].where(COLUMNS["plan"] != "pro"))


def test_a_stated_text_stands_for_a_missing_one(tmp_path: Path) -> None:
    save_columns(tmp_path, COLUMN_TYPES, missing="none")
    scores = score(COLUMN_LOGITS + 3 * GAPS["plan"].isna())
    assert wrap(tmp_path, "--missing-text", "none", rows=GAPS, scores=scores) == 0
    manifest = check(tmp_path)
    assert {each["name"]: each.get("missing_text") for each in manifest["inputs"]} == {
        **dict.fromkeys(COLUMN_TYPES),
        "plan": "none",
    }
    assert {feature["name"] for feature in manifest["features"] if feature["nullable"]} == {"plan"}
    assert {customer["plan"] for customer in golden_customers(manifest)} == {"basic", "plus", None}


@pytest.mark.parametrize(
    ("types", "rows", "more", "words"),
    [
        ({"plan": TensorProto.STRING}, GAPS, [], "plan may be missing: add --missing-text"),
        (
            {"plan": TensorProto.STRING},
            COLUMNS,
            ["--missing-text", "pro"],
            "--missing-text pro is a category of plan",
        ),
        (
            {"months": TensorProto.INT64},
            COLUMNS,
            ["--missing-text", "none"],
            "--missing-text is for an input of texts, and the graph has none",
        ),
        (
            {"months": TensorProto.INT64},
            COLUMNS.assign(months=COLUMNS["months"].where(COLUMNS["share"] > 0.5)),
            [],
            "months may be missing, which the int64 input months cannot hold",
        ),
        ({"share": TensorProto.INT64}, COLUMNS, [], "share is a number; it takes integer or bool"),
        ({"months": TensorProto.BOOL}, COLUMNS, [], "months is a integer; it takes boolean"),
        ({"plan": TensorProto.FLOAT}, COLUMNS, [], "plan is a category; it takes number"),
        ({"months": TensorProto.STRING}, COLUMNS, [], "months is a integer; it takes category"),
        ({"months": TensorProto.UINT8}, COLUMNS, [], "is of the type uint8; the service fills"),
        (
            {"a": TensorProto.FLOAT, "months": TensorProto.FLOAT},
            COLUMNS,
            [],
            "no reference column is named as the graph's input a: say what it takes by --input a=",
        ),
        (
            {"months": TensorProto.FLOAT},
            COLUMNS,
            ["--input", "y=months"],
            "--input names y; the graph's inputs are months",
        ),
        (
            {"months": TensorProto.FLOAT},
            COLUMNS,
            ["--input", "months=age"],
            "the reference data lacks age, which months takes",
        ),
        ({"months": TensorProto.FLOAT}, COLUMNS, ["--input", "months"], "not of the form"),
        (
            {"months": TensorProto.FLOAT, "share": TensorProto.FLOAT},
            COLUMNS,
            ["--input", "share=months"],
            "months goes into share, and into months already",
        ),
    ],
)
def test_refuses_inputs(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    types: dict[str, int],
    rows: pd.DataFrame,
    more: list[str],
    words: str,
) -> None:
    save_columns(tmp_path, types)
    assert wrap_columns(tmp_path, *more, rows=rows) == 1
    assert words in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("shape", "shown"), [((1, 1), "[1, 1]"), (("N",), "[N]"), (("N", 2), "[N, 2]")]
)
def test_refuses_the_shape_of_an_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], shape: tuple[str | int, ...], shown: str
) -> None:
    save_columns(tmp_path, {"months": TensorProto.FLOAT}, shape)
    assert wrap_columns(tmp_path) == 1
    assert f"has the shape {shown}; it must be [N, 1]" in capsys.readouterr().err


def test_refuses_a_graph_of_labels(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save_columns(tmp_path, {"months": TensorProto.FLOAT}, last="label")
    assert wrap_columns(tmp_path) == 1
    assert "0 of the graph's outputs (label) can be a probability" in capsys.readouterr().err
