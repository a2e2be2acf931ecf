"""Large forests in the form of ai.onnx.ml 5, which takes a third of the file and of the memory.

In ``TreeEnsembleClassifier`` each node has nine numbers and a text, of which ONNX Runtime keeps a
copy beside its own trees. ``TreeEnsemble`` has six numbers for a split and two for a leaf. ONNX
Runtime makes the same trees of both, and adds their leaves up in the same order, so the answers are
the same to the last bit.
"""

from itertools import pairwise
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from churn_bundle.forest_nodes import Forest, read_forest

OPSET = 5
DOMAIN = "ai.onnx.ml"
# Smaller forests stay such as every ONNX Runtime since 1.12 takes. TreeEnsemble came with 1.21.
LEAST_NODES = 10_000
# ONNX Runtime takes minutes and gigabytes to load more nodes in one operator.
MOST_NODES = 1_000_000
PART_NODES = 500_000
# The operators that are the same in ai.onnx.ml 5, by the opset since which they are.
UNCHANGED_SINCE = {
    "ArrayFeatureExtractor": 1,
    "Imputer": 1,
    "LabelEncoder": 2,
    "Normalizer": 1,
    "Scaler": 1,
    "TreeEnsembleClassifier": 1,
    "ZipMap": 1,
}
BRANCH_LEQ, SUM, NONE = 0, 1, 0
IDS = "nodes_nodeids"
TREES = "TreeEnsembleClassifier"


def compact_forests(model: onnx.ModelProto) -> None:
    """Rewrites the forests of a graph, if they are large and there are no other trees."""
    opsets = [opset for opset in model.opset_import if opset.domain == DOMAIN]
    version = max((opset.version for opset in opsets), default=0)
    special = [node for node in model.graph.node if node.domain == DOMAIN]
    trees = [node for node in special if node.op_type == TREES]
    sizes = [len(each.ints) for node in trees for each in node.attribute if each.name == IDS]
    if sum(sizes) < LEAST_NODES or any(
        UNCHANGED_SINCE.get(node.op_type, OPSET) > version for node in special
    ):
        return
    types = types_of(model)
    forests = [read_forest(node, types.get(node.input[0])) for node in trees]
    if any(forest is None for forest in forests):
        return
    written = {node.output[1]: write(node, f) for node, f in zip(trees, forests, strict=True)}
    nodes = []
    for node in model.graph.node:
        nodes += written[node.output[1]] if node.op_type == TREES else [node]
    graph = helper.make_graph(nodes, "", [], [])
    del model.graph.node[:]
    model.graph.node.extend(graph.node)
    for opset in opsets:
        opset.version = max(opset.version, OPSET)


def types_of(model: onnx.ModelProto) -> dict[str, int]:
    """Gives the types of the tensors in a graph, as far as they can be known without its trees."""
    rest = onnx.ModelProto(ir_version=model.ir_version, opset_import=model.opset_import)
    rest.graph.input.extend(model.graph.input)
    rest.graph.initializer.extend(model.graph.initializer)
    rest.graph.node.extend(node for node in model.graph.node if node.op_type != TREES)
    known = onnx.shape_inference.infer_shapes(rest).graph
    values = [*known.input, *known.value_info, *known.initializer]
    return {
        value.name: value.data_type
        if isinstance(value, TensorProto)
        else value.type.tensor_type.elem_type
        for value in values
    }


def write(node: onnx.NodeProto, forest: Forest) -> list[onnx.NodeProto]:
    """Gives the nodes that stand for a classifier: its label [N], its probabilities [N, 2]."""
    label, probabilities = node.output
    name = f"{probabilities}_compact"
    dtype = helper.np_dtype_to_tensor_dtype(forest.thresholds.dtype)
    return [
        *sums(node.input[0], forest, name),
        constant(f"{name}_one", [1.0], dtype),
        helper.make_node("Sub", [f"{name}_one", f"{name}_sum"], [f"{name}_rest"]),
        helper.make_node("Concat", [f"{name}_rest", f"{name}_sum"], [f"{name}_both"], axis=1),
        helper.make_node("Cast", [f"{name}_both"], [probabilities], to=TensorProto.FLOAT),
        constant(f"{name}_half", [0.5], dtype),
        helper.make_node("Greater", [f"{name}_sum", f"{name}_half"], [f"{name}_likely"]),
        helper.make_node("Cast", [f"{name}_likely"], [f"{name}_label"], to=TensorProto.INT64),
        constant(f"{name}_flat", [-1], TensorProto.INT64),
        helper.make_node("Reshape", [f"{name}_label", f"{name}_flat"], [label]),
    ]


def sums(rows: str, forest: Forest, name: str) -> list[onnx.NodeProto]:
    """Gives the nodes that add up the leaves of all trees, [N, 1].

    Parts of a very large forest give the leaf of each tree, [N, trees]. CumSum then adds them up
    one after the other, as the operator does, since another order would round otherwise.
    """
    count = len(forest.is_leaf)
    if count <= MOST_NODES:
        attributes = attributes_of(forest, is_sum=True)
        return [helper.make_node("TreeEnsemble", [rows], [f"{name}_sum"], **attributes)]
    trees = len(forest.roots)
    borders = np.linspace(0, trees, min(trees, -(-count // PART_NODES)) + 1).astype(int)
    parts = [forest.part(first, end) for first, end in pairwise(borders)]
    names = [f"{name}_part_{index}" for index in range(len(parts))]
    return [
        *(
            helper.make_node("TreeEnsemble", [rows], [each], **attributes_of(part, is_sum=False))
            for each, part in zip(names, parts, strict=True)
        ),
        helper.make_node("Concat", names, [f"{name}_leaves"], axis=1),
        constant(f"{name}_axis", [1], TensorProto.INT64),
        helper.make_node("CumSum", [f"{name}_leaves", f"{name}_axis"], [f"{name}_sums"]),
        constant(f"{name}_last", [trees - 1], TensorProto.INT64),
        helper.make_node("Gather", [f"{name}_sums", f"{name}_last"], [f"{name}_sum"], axis=1),
    ]


def attributes_of(forest: Forest, is_sum: bool) -> dict[str, Any]:
    """Gives the attributes of a TreeEnsemble with one target in all, or one for each tree."""
    is_leaf = forest.is_leaf
    alone = forest.roots[is_leaf[forest.roots]]
    # A tree of one leaf is a split whose two sides are that leaf.
    splits = np.concatenate([np.flatnonzero(~is_leaf), alone])
    places = np.where(is_leaf, np.cumsum(is_leaf), np.cumsum(~is_leaf)) - 1
    roots = places[forest.roots]
    roots[is_leaf[forest.roots]] = len(splits) - len(alone) + np.arange(len(alone))
    own = np.arange(len(is_leaf))
    true_nodes = np.where(is_leaf, own, forest.true_nodes)[splits]
    false_nodes = np.where(is_leaf, own, forest.false_nodes)[splits]
    tree_of_node = np.repeat(
        np.arange(len(forest.roots)), np.diff(forest.roots, append=len(is_leaf))
    )
    targets = np.zeros(len(is_leaf), dtype=np.int64) if is_sum else tree_of_node
    return {
        "domain": DOMAIN,
        "aggregate_function": SUM,
        "post_transform": NONE,
        "n_targets": 1 if is_sum else len(forest.roots),
        "tree_roots": roots.tolist(),
        "nodes_featureids": forest.features[splits].tolist(),
        "nodes_splits": numpy_helper.from_array(forest.thresholds[splits]),
        "nodes_modes": numpy_helper.from_array(np.full(len(splits), BRANCH_LEQ, dtype=np.uint8)),
        "nodes_truenodeids": places[true_nodes].tolist(),
        "nodes_falsenodeids": places[false_nodes].tolist(),
        "nodes_trueleafs": is_leaf[true_nodes].astype(int).tolist(),
        "nodes_falseleafs": is_leaf[false_nodes].astype(int).tolist(),
        "nodes_missing_value_tracks_true": forest.missing_true[splits].tolist(),
        "leaf_targetids": targets[is_leaf].tolist(),
        "leaf_weights": numpy_helper.from_array(forest.weights[is_leaf]),
    }


def constant(name: str, values: list[float], dtype: int) -> onnx.NodeProto:
    """Makes a node that gives a vector."""
    tensor = helper.make_tensor(name, dtype, [len(values)], values)
    return helper.make_node("Constant", [], [name], value=tensor)
