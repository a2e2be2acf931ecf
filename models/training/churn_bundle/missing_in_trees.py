"""Which way scikit-learn's trees send missing values, which skl2onnx leaves out."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from onnx import ModelProto, NodeProto
from skl2onnx.common import tree_ensemble
from sklearn.tree import BaseDecisionTree

from churn_bundle.estimators import estimators_in

# A split of missing from other values has an infinite threshold, at which skl2onnx never ends.
GREATEST = 1e37


@contextmanager
def whole_flags() -> Iterator[None]:
    """Lets skl2onnx write the flags of trees as integers: protobuf 7 refuses its booleans."""
    original = tree_ensemble.add_node

    def add_node(*values: object, nodes_missing_value_tracks_true: int = 0, **more: object) -> None:
        flag = int(nodes_missing_value_tracks_true)
        original(*values, nodes_missing_value_tracks_true=flag, **more)

    tree_ensemble.add_node = add_node
    try:
        yield
    finally:
        tree_ensemble.add_node = original


def tame_thresholds(model: object) -> None:
    """Makes infinite thresholds finite in all trees of a copy of a model."""
    for estimator in estimators_in(model):
        if is_fitted_tree(estimator):
            thresholds = estimator.tree_.threshold
            thresholds[np.isposinf(thresholds)] = GREATEST


def is_fitted_tree(estimator: object) -> bool:
    """Whether it is a tree; a forest also keeps one that is not fitted."""
    return isinstance(estimator, BaseDecisionTree) and hasattr(estimator, "tree_")


def forests(model: object) -> Iterator[list[BaseDecisionTree]]:
    """Yields the trees of each forest in a model, and each tree that stands alone."""
    inside = set()
    for estimator in estimators_in(model):
        members = getattr(estimator, "estimators_", [])
        members = members.ravel() if isinstance(members, np.ndarray) else members
        trees = [tree for tree in members if is_fitted_tree(tree)]
        if trees and len(trees) == len(members):
            inside |= {id(tree) for tree in trees}
            yield trees
        elif is_fitted_tree(estimator) and id(estimator) not in inside:
            yield [estimator]


def send_missing(graph: ModelProto, model: object) -> None:
    """Sends missing values the way that the model's trees do.

    Args:
        graph: converted model; it is changed.
        model: that it was converted from.
    """
    nodes = [node for node in graph.graph.node if node.op_type.startswith("TreeEnsemble")]
    for trees in forests(model):
        features, left = nodes_of(trees)
        for node in nodes:
            attributes = {attribute.name: attribute for attribute in node.attribute}
            is_exact = "nodes_values_as_tensor" in attributes  # It has its flags already.
            if not is_exact and list(attributes["nodes_featureids"].ints) == features:
                set_flags(node, left)


def nodes_of(trees: list[BaseDecisionTree]) -> tuple[list[int], list[int]]:
    """Gives each node's feature (0 for a leaf), and 1 where missing values go to the left."""
    features: list[int] = []
    left: list[int] = []
    for tree in (each.tree_ for each in trees):
        is_leaf = tree.children_left < 0
        features += np.where(is_leaf, 0, tree.feature).tolist()
        left += np.where(is_leaf, 0, tree.missing_go_to_left).tolist()
    return features, left


def set_flags(node: NodeProto, flags: list[int]) -> None:
    """Sets which nodes of a tree ensemble send missing values to the left."""
    for attribute in node.attribute:
        if attribute.name == "nodes_missing_value_tracks_true":
            del attribute.ints[:]
            attribute.ints.extend(int(flag) for flag in flags)
