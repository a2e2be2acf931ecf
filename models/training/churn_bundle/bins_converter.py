"""The ONNX form of a KBinsDiscretizer, whose sparse matrix becomes a dense one."""

import numpy as np
from onnx import TensorProto
from skl2onnx import update_registered_converter
from skl2onnx.common._container import ModelComponentContainer
from skl2onnx.common._topology import Operator, Scope
from skl2onnx.common.data_types import DoubleTensorType, FloatTensorType
from sklearn.preprocessing import KBinsDiscretizer

from churn_bundle.graph_nodes import Nodes
from churn_bundle.interpolation import column, count_reached


class DenseBins(KBinsDiscretizer):
    """A KBinsDiscretizer that skl2onnx converts by the converter below."""


def use_dense_bins(estimator: object) -> None:
    """Makes a KBinsDiscretizer a DenseBins."""
    if type(estimator) is KBinsDiscretizer:
        estimator.__class__ = DenseBins


def bins_shape(operator: Operator) -> None:
    """Says what bins give: a column for each feature, or for each bin."""
    bins = operator.raw_operator
    is_double = isinstance(operator.inputs[0].type, DoubleTensorType)
    tensor_type = DoubleTensorType if is_double else FloatTensorType
    width = len(bins.n_bins_) if bins.encode == "ordinal" else int(sum(bins.n_bins_))
    operator.outputs[0].type = tensor_type([None, width])


def convert_bins(scope: Scope, operator: Operator, container: ModelComponentContainer) -> None:
    """Adds for each feature the number of its bin, or a column for each bin.

    The edges have the type of the values: rounding both keeps a value on the edge that it is on.
    """
    bins = operator.raw_operator
    is_double = isinstance(operator.inputs[0].type, DoubleTensorType)
    tensor_type = TensorProto.DOUBLE if is_double else TensorProto.FLOAT
    nodes = Nodes(scope, container)
    source = nodes.add("Cast", [operator.inputs[0].full_name], to=tensor_type)
    parts = []
    for index, (edges, count) in enumerate(zip(bins.bin_edges_, bins.n_bins_, strict=True)):
        inner = edges[1:-1] if len(edges) > 2 else np.array([np.inf])
        number = count_reached(nodes, column(nodes, source, index), inner, tensor_type)
        axis = nodes.constant(np.array([1]), TensorProto.INT64)
        number = nodes.add("Unsqueeze", [number, axis])
        if bins.encode != "ordinal":
            numbers = nodes.constant(np.arange(count).reshape(1, -1), TensorProto.INT64)
            number = nodes.add("Equal", [number, numbers])
        parts.append(nodes.add("Cast", [number], to=tensor_type))
    nodes.add("Concat", parts, operator.outputs[0].full_name, axis=1)


def register() -> None:
    """Tells skl2onnx how to convert a DenseBins."""
    update_registered_converter(DenseBins, "ChurnBundleBins", bins_shape, convert_bins)
