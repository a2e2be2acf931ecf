"""The two outputs of a classifier, as skl2onnx wants them."""

import numpy as np
from onnx import TensorProto
from skl2onnx.common._topology import Operator
from skl2onnx.common.data_types import DoubleTensorType

from churn_bundle.graph_nodes import Nodes

OPTIONS = {"zipmap": [True, False, "columns"], "nocl": [True, False]}


def add_outputs(nodes: Nodes, operator: Operator, second: str) -> None:
    """Adds the label and the probabilities of a binary classifier.

    Args:
        nodes: of the graph.
        operator: the classifier; its outputs get their values.
        second: name of the probability of the second class, float64 [N, 1].
    """
    label, probabilities = operator.outputs
    one = nodes.constant(np.array([1.0]), TensorProto.DOUBLE)
    first = nodes.add("Sub", [one, second], op_version=14)
    both = nodes.add("Concat", [first, second], axis=1)
    is_double = isinstance(probabilities.type, DoubleTensorType)
    target = TensorProto.DOUBLE if is_double else TensorProto.FLOAT
    nodes.add("Cast", [both], probabilities.full_name, to=target)
    likelier = nodes.add("ArgMax", [both], axis=1, keepdims=0)
    add_label(nodes, likelier, np.asarray(operator.raw_operator.classes_), label.full_name)


def add_label(nodes: Nodes, index: str, classes: np.ndarray, output: str) -> None:
    """Turns the index of a class into its label."""
    if classes.dtype.kind in "biuf":
        labels = nodes.constant(classes.astype(np.int64), TensorProto.INT64)
        nodes.add("Gather", [labels, index], output, axis=0)
        return
    nodes.add(
        "LabelEncoder",
        [index],
        output,
        op_domain="ai.onnx.ml",
        op_version=2,
        keys_int64s=[0, 1],
        values_strings=[str(label) for label in classes],
    )
