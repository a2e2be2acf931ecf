"""The trees of a forest as arrays, read from the operator that a converter writes."""

from typing import NamedTuple

import numpy as np
import onnx
from onnx import TensorProto, numpy_helper

LEAF = b"LEAF"
LESS_OR_EQUAL = b"BRANCH_LEQ"
DTYPES = {TensorProto.FLOAT: np.float32, TensorProto.DOUBLE: np.float64}


class Forest(NamedTuple):
    """The nodes of all trees, one after the other, as arrays [nodes].

    Attributes:
        roots: index of the first node of each tree, [trees].
        is_leaf: whether a node is a leaf.
        features: column that a split compares.
        thresholds: up to which a value goes to the true side.
        true_nodes: index of the node on that side.
        false_nodes: index of the node on the other side.
        missing_true: 1 where a missing value goes to the true side.
        weights: what a leaf adds to the probability of the second class.
    """

    roots: np.ndarray
    is_leaf: np.ndarray
    features: np.ndarray
    thresholds: np.ndarray
    true_nodes: np.ndarray
    false_nodes: np.ndarray
    missing_true: np.ndarray
    weights: np.ndarray

    def part(self, first: int, end: int) -> "Forest":
        """Gives the trees from the first to before the end."""
        start = self.roots[first]
        nodes = slice(start, self.roots[end] if end < len(self.roots) else len(self.is_leaf))
        return Forest(
            self.roots[first:end] - start,
            self.is_leaf[nodes],
            self.features[nodes],
            self.thresholds[nodes],
            self.true_nodes[nodes] - start,
            self.false_nodes[nodes] - start,
            self.missing_true[nodes],
            self.weights[nodes],
        )


def read_forest(node: onnx.NodeProto, input_type: int | None) -> Forest | None:
    """Reads a TreeEnsembleClassifier whose leaves add up to the probability of label 1 of 0 and 1.

    Args:
        node: it is not changed.
        input_type: of the tensor of rows, in which ONNX Runtime compares and adds up.

    Returns:
        None if it is another one, such as boosted trees, or trees of more classes.
    """
    given = {each.name: each for each in node.attribute}
    modes = np.array(given["nodes_modes"].strings)
    trees, ids = numbers(given, "nodes_treeids"), numbers(given, "nodes_nodeids")
    roots = np.flatnonzero(np.diff(trees, prepend=-1))
    first = np.repeat(roots, np.diff(roots, append=len(trees)))
    weights = numbers(given, "class_weights")
    is_leaf = modes == LEAF
    is_known = (
        input_type in DTYPES
        and list(numbers(given, "classlabels_int64s")) == [0, 1]
        and given["post_transform"].s == b"NONE"
        and not {"base_values", "base_values_as_tensor"} & set(given)
        and bool((is_leaf | (modes == LESS_OR_EQUAL)).all())
        and len(np.unique(numbers(given, "class_ids"))) == 1
        and np.array_equal(trees[roots], np.arange(len(roots)))
        and np.array_equal(ids, np.arange(len(trees)) - first)
        and bool((weights >= 0).all())
    )
    if not is_known:
        return None
    leaves = roots[numbers(given, "class_treeids")] + numbers(given, "class_nodeids")
    if len(np.unique(leaves)) != len(leaves):
        return None
    thresholds = numbers(given, "nodes_values").astype(DTYPES[input_type])
    missing_true = numbers(given, "nodes_missing_value_tracks_true")
    leaf_weights = np.zeros(len(trees), dtype=thresholds.dtype)
    leaf_weights[leaves] = weights
    return Forest(
        roots,
        is_leaf,
        numbers(given, "nodes_featureids"),
        thresholds,
        first + numbers(given, "nodes_truenodeids"),
        first + numbers(given, "nodes_falsenodeids"),
        missing_true if len(missing_true) else np.zeros(len(trees), dtype=np.int64),
        leaf_weights,
    )


def numbers(given: dict[str, onnx.AttributeProto], name: str) -> np.ndarray:
    """Gives the numbers of an attribute, which may be a tensor, or left out."""
    if f"{name}_as_tensor" in given:
        return numpy_helper.to_array(given[f"{name}_as_tensor"].t)
    if name not in given:
        return np.array([], dtype=np.int64)
    attribute = given[name]
    if attribute.floats:
        return np.array(attribute.floats, dtype=np.float32)
    return np.array(attribute.ints, dtype=np.int64)
