"""Forests in the compact form answer to the last bit as in the form that skl2onnx writes."""

import copy
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pandas as pd
import pytest
from sklearn.base import ClassifierMixin
from sklearn.ensemble import (
    ExtraTreesClassifier,
    GradientBoostingClassifier,
    RandomForestClassifier,
    VotingClassifier,
)
from sklearn.tree import DecisionTreeClassifier

from bundle_checks import as_customers, run
from churn_bundle import compact_forests, conversion, exact_trees, export_bundle
from churn_bundle.conversion import FLOAT32, FLOAT64, Graph, Precision
from churn_bundle.missing_in_trees import tame_thresholds

ROWS = 900
FEATURES = ["tenure", "charges", "products"]


def customers(rows: int, missing: float = 0.0) -> pd.DataFrame:
    random = np.random.default_rng(7)
    table = pd.DataFrame(random.normal(50, 20, (rows, 3)).round(2), columns=FEATURES)
    return table.mask(random.random(table.shape) < missing)


def labels(table: pd.DataFrame) -> np.ndarray:
    noise = np.random.default_rng(8).normal(0, 30, len(table))
    return (table["tenure"].fillna(20) + noise < table["charges"].fillna(60)).astype(int).to_numpy()


def converted(
    model: ClassifierMixin, monkeypatch: pytest.MonkeyPatch, precision: Precision, least: int
) -> Graph:
    """Converts as the exporter does, into the compact form from this number of nodes on."""
    monkeypatch.setattr(compact_forests, "LEAST_NODES", least)
    exact_trees.register()
    model = copy.deepcopy(model)
    tame_thresholds(model)
    features = [conversion.Feature(name, "number", np.dtype(float)) for name in FEATURES]
    return conversion.convert(model, features, conversion.TextCodes({}), precision)


def operators(graph: Graph) -> list[str]:
    return [node.op_type for node in onnx.load_from_string(graph.onnx_bytes).graph.node]


MODELS = {
    "forest": RandomForestClassifier(40, random_state=1),
    "extra trees": ExtraTreesClassifier(40, random_state=1),
    "tree": DecisionTreeClassifier(random_state=1),
}


@pytest.mark.parametrize("most_nodes", [10**6, 2000], ids=["whole", "in parts"])
@pytest.mark.parametrize("precision", [FLOAT32, FLOAT64], ids=["float32", "float64"])
@pytest.mark.parametrize("missing", [0.0, 0.2], ids=["complete", "with gaps"])
@pytest.mark.parametrize("name", list(MODELS))
def test_answers_are_the_same_to_the_last_bit(
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    missing: float,
    precision: Precision,
    most_nodes: int,
) -> None:
    monkeypatch.setattr(compact_forests, "MOST_NODES", most_nodes)
    monkeypatch.setattr(compact_forests, "PART_NODES", most_nodes // 2)
    table = customers(ROWS, missing)
    model = MODELS[name].fit(table, labels(table))
    plain = converted(model, monkeypatch, precision, least=10**9)
    compact = converted(model, monkeypatch, precision, least=1)
    assert "TreeEnsembleClassifier" in operators(plain)
    count = operators(compact).count("TreeEnsemble")
    assert "TreeEnsembleClassifier" not in operators(compact)
    assert (count > 1) == (most_nodes == 2000 and name != "tree")
    assert len(compact.onnx_bytes) < 0.6 * len(plain.onnx_bytes)

    rows = customers(3000, missing).to_numpy(precision.input_dtype)
    for size in (1, 2, 51, 128, len(rows)):
        feed = {"features": rows[:size]}
        for answer, expected in zip(
            compact.session.run(None, feed), plain.session.run(None, feed), strict=True
        ):
            assert answer.dtype == expected.dtype
            np.testing.assert_array_equal(answer, expected)


def test_trees_of_one_leaf(monkeypatch: pytest.MonkeyPatch) -> None:
    table = customers(12)
    few = np.array([1] + [0] * 11)
    model = RandomForestClassifier(30, random_state=3).fit(table, few)
    assert min(tree.tree_.node_count for tree in model.estimators_) == 1
    plain = converted(model, monkeypatch, FLOAT32, least=10**9)
    compact = converted(model, monkeypatch, FLOAT32, least=1)
    feed = {"features": customers(500).to_numpy(np.float32)}
    for answer, expected in zip(
        compact.session.run(None, feed), plain.session.run(None, feed), strict=True
    ):
        np.testing.assert_array_equal(answer, expected)


@pytest.mark.parametrize(
    "model",
    [
        GradientBoostingClassifier(n_estimators=5),
        VotingClassifier(
            [("a", DecisionTreeClassifier()), ("b", GradientBoostingClassifier(n_estimators=5))],
            voting="soft",
            flatten_transform=False,
        ),
    ],
    ids=["boosting", "a forest beside boosting"],
)
def test_other_trees_stay_as_they_are(
    monkeypatch: pytest.MonkeyPatch, model: ClassifierMixin
) -> None:
    table = customers(300)
    model.fit(table, labels(table))
    graph = converted(model, monkeypatch, FLOAT32, least=1)
    assert "TreeEnsemble" not in operators(graph)


def test_a_large_forest_is_exported_in_the_compact_form(tmp_path: Path) -> None:
    table = customers(3000)
    model = RandomForestClassifier(30, random_state=1).fit(table, labels(table))
    assert sum(tree.tree_.node_count for tree in model.estimators_) > compact_forests.LEAST_NODES
    output = tmp_path / "model.onnx"
    export_bundle(model, table, output, "1.0.0", explanations=False)
    assert "TreeEnsemble" in {node.op_type for node in onnx.load(output).graph.node}
    served = run(output, as_customers(table))
    np.testing.assert_allclose(served, model.predict_proba(table)[:, 1], rtol=0, atol=1e-5)
    onnxruntime.InferenceSession(output)
