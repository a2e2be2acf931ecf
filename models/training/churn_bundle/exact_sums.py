"""Scores of tree ensembles in float64, for a calibration that jumps between close scores.

ONNX Runtime adds up leaves in float32. Here each leaf is split into a multiple of a power of two,
so coarse that float32 adds those up without rounding, and the small rest. The two sums together
have the digits of float64.
"""

from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
from onnx import TensorProto, numpy_helper
from skl2onnx import get_model_alias
from skl2onnx.common._container import ModelComponentContainer
from skl2onnx.common._registration import get_converter
from skl2onnx.common._topology import Operator
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import (
    ExtraTreesClassifier,
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
)

from churn_bundle.graph_nodes import Nodes
from churn_bundle.interpolation import column

FORESTS = (ExtraTreesClassifier, RandomForestClassifier)
# float32 holds whole numbers up to 2 to the power of 24; two bits are left over.
WHOLE_BITS = 22


class Recorder:
    """Takes the place of skl2onnx's container, and keeps the trees that a converter adds."""

    def __init__(self, container: ModelComponentContainer) -> None:
        """Takes the container, whose options the converter asks for."""
        self.container = container
        self.trees: dict[str, Any] | None = None

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        """Gives whatever else the container has."""
        return getattr(self.container, name)

    def add_node(self, kind: str, inputs: object, outputs: object, **more: object) -> None:
        """Keeps the trees, and drops every other node."""
        if kind == "TreeEnsembleClassifier":
            self.trees = more

    def add_initializer(self, *values: object, **more: object) -> None:
        """Drops what belongs to other nodes."""


class Leaves(NamedTuple):
    """The leaves of an ensemble, and what is added to their sum."""

    trees: np.ndarray
    nodes: np.ndarray
    values: np.ndarray
    base: float


def has_exact_sum(model: object) -> bool:
    """Whether the sum of a model's trees can be had in float64."""
    known = (*FORESTS, GradientBoostingClassifier, HistGradientBoostingClassifier)
    return isinstance(model, known) or type(model).__name__ == "LGBMClassifier"


def add_exact_sum(nodes: Nodes, operator: Operator, model: object) -> str:
    """Adds what a calibration takes of a model: the score or probability of the second class.

    Args:
        nodes: of the graph.
        operator: the calibrated classifier, whose input the trees take.
        model: one of which ``has_exact_sum`` is true.

    Returns:
        Name of the float64 tensor [N, 1].
    """
    scope, container = nodes.scope, nodes.container
    attributes = recorded_trees(nodes, operator, model)
    leaves = leaves_of(attributes, model)
    coarse, rest = split(leaves)
    both = np.concatenate([coarse, rest])
    count = len(leaves.values)
    more = {key: value for key, value in attributes.items() if key.startswith("nodes_")}
    if "nodes_values_as_tensor" in attributes:
        more["target_weights_as_tensor"] = numpy_helper.from_array(both)
    else:
        more["target_weights"] = both.tolist()
    sums = scope.get_unique_variable_name("tree_sums")
    container.add_node(
        "TreeEnsembleRegressor",
        [operator.inputs[0].full_name],
        [sums],
        name=scope.get_unique_operator_name("TreeSums"),
        op_domain="ai.onnx.ml",
        op_version=attributes.get("op_version", 1),
        n_targets=2,
        post_transform="NONE",
        target_ids=[0] * count + [1] * count,
        target_nodeids=np.tile(leaves.nodes, 2).tolist(),
        target_treeids=np.tile(leaves.trees, 2).tolist(),
        **more,
    )
    wide = nodes.add("Cast", [sums], to=TensorProto.DOUBLE)
    base = nodes.constant(np.array([leaves.base]), TensorProto.DOUBLE)
    total = nodes.add("Add", [column(nodes, wide, 0), column(nodes, wide, 1)], op_version=14)
    score = nodes.add("Add", [total, base], op_version=14)
    # scikit-learn calibrates a decision function rather than a probability.
    is_probability = not hasattr(model, "decision_function")
    if is_probability and attributes["post_transform"] == "LOGISTIC":
        return nodes.add("Sigmoid", [score])
    return score


def recorded_trees(nodes: Nodes, operator: Operator, model: object) -> dict[str, Any]:
    """Gives the attributes of the tree ensemble that a model's converter adds."""
    scope = nodes.scope
    outputs = [
        SimpleNamespace(full_name=name, onnx_name=name, type=operator.inputs[0].type)
        for name in ("label", "scores")
    ]
    stand_in = SimpleNamespace(
        raw_operator=model,
        inputs=operator.inputs,
        outputs=outputs,
        type=get_model_alias(type(model)),
        full_name=scope.get_unique_operator_name("Recorded"),
        input_full_names=[operator.inputs[0].full_name],
        output_full_names=[output.full_name for output in outputs],
        target_opset=operator.target_opset,
    )
    recorder = Recorder(nodes.container)
    get_converter(stand_in.type)._fct(scope, stand_in, recorder)
    return recorder.trees


def leaves_of(attributes: dict[str, Any], model: Any) -> Leaves:  # noqa: ANN401
    """Gives the leaves of the second class in float64, which skl2onnx cuts to float32."""
    classes = np.array(attributes["class_ids"], dtype=int)
    chosen = classes == classes.max()
    trees = np.array(attributes["class_treeids"], dtype=int)[chosen]
    nodes = np.array(attributes["class_nodeids"], dtype=int)[chosen]
    base = numbers(attributes, "base_values")
    if isinstance(model, FORESTS):
        members = [each.tree_.value[:, 0, :] for each in model.estimators_]
        values = [each[:, 1] / each.sum(axis=1) / len(members) for each in members]
    elif isinstance(model, GradientBoostingClassifier):
        members = model.estimators_[:, 0]
        values = [model.learning_rate * each.tree_.value[:, 0, 0] for each in members]
        base = log_odds_before(model) if isinstance(model.init_, DummyClassifier) else base
    elif isinstance(model, HistGradientBoostingClassifier):
        values = [each[0].nodes["value"] for each in model._predictors]
        base = np.ravel(model._baseline_prediction)
    else:
        return Leaves(trees, nodes, numbers(attributes, "class_weights")[chosen], base.sum())
    found = [values[tree][node] for tree, node in zip(trees, nodes, strict=True)]
    return Leaves(trees, nodes, np.array(found, np.float64), float(base.sum()))


def log_odds_before(model: GradientBoostingClassifier) -> np.ndarray:
    """Gives the log-odds from which gradient boosting starts, clipped as scikit-learn does."""
    least = np.finfo(np.float32).eps
    share = np.clip(model.init_.class_prior_[1], least, 1 - least)
    return np.array([np.log(share / (1 - share))])


def numbers(attributes: dict[str, Any], name: str) -> np.ndarray:
    """Gives the numbers of an attribute, which may be a tensor."""
    tensor = attributes.get(f"{name}_as_tensor")
    given = attributes.get(name, []) if tensor is None else numpy_helper.to_array(tensor)
    return np.array(given, dtype=np.float64)


def split(leaves: Leaves) -> tuple[np.ndarray, np.ndarray]:
    """Splits leaves into parts that float32 adds up without rounding, and the rest."""
    greatest = np.zeros(leaves.trees.max() + 1)
    np.maximum.at(greatest, leaves.trees, np.abs(leaves.values))
    step = 2.0 ** (np.ceil(np.log2(max(greatest.sum(), 1e-30))) - WHOLE_BITS)
    coarse = np.round(leaves.values / step) * step
    return coarse, leaves.values - coarse
