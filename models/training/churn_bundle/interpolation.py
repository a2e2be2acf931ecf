"""ONNX nodes that find a value among points, and interpolate between them, as NumPy does."""

import numpy as np
from onnx import TensorProto

from churn_bundle.graph_nodes import Nodes


def column(nodes: Nodes, matrix: str, index: int) -> str:
    """Takes one column [N, 1] of a matrix."""
    chosen = nodes.constant(np.array([index]), TensorProto.INT64)
    return nodes.add("Gather", [matrix, chosen], axis=1)


def count_reached(nodes: Nodes, values: str, points: np.ndarray, tensor_type: int) -> str:
    """Counts the points that are not above a value: ``numpy.searchsorted`` with side="right".

    Args:
        nodes: of the graph.
        values: name of a tensor [N, 1].
        points: in rising order, float64 [K].
        tensor_type: of the values.

    Returns:
        Name of the int64 tensor [N]; a missing value reaches no point.
    """
    edges = nodes.constant(points.reshape(1, -1), tensor_type)
    reached = nodes.add("GreaterOrEqual", [values, edges], op_version=16)
    axis = nodes.constant(np.array([1]), TensorProto.INT64)
    return nodes.add(
        "ReduceSum", [nodes.add("Cast", [reached], to=TensorProto.INT64), axis], keepdims=0
    )


def add_interpolation(nodes: Nodes, values: str, points: np.ndarray, heights: np.ndarray) -> str:
    """Interpolates as ``numpy.interp``, in float64: a steep piece makes much of a rounding.

    Args:
        nodes: of the graph.
        values: name of a float64 tensor [N, 1].
        points: in rising order, float64 [K]; of equal ones the last counts.
        heights: at the points, float64 [K].

    Returns:
        Name of the float64 tensor [N, 1]; outside of the points it has the height of the end.
    """
    points, heights = np.asarray(points, np.float64), np.asarray(heights, np.float64)
    widths, rises = np.diff(points), np.diff(heights)
    slopes = np.divide(rises, widths, out=np.zeros(len(widths)), where=widths > 0)
    pieces = np.column_stack([points, heights, [*slopes, 0.0]])

    lowest, greatest = (
        nodes.constant(np.array([end]), TensorProto.DOUBLE) for end in (points[0], points[-1])
    )
    inside = nodes.add("Min", [nodes.add("Max", [values, lowest]), greatest])
    count = count_reached(nodes, values, points, TensorProto.DOUBLE)
    # What lies below takes the first piece, and a missing value too, which stays missing.
    first = nodes.constant(np.array([1]), TensorProto.INT64)
    index = nodes.add("Sub", [nodes.add("Max", [count, first]), first], op_version=14)
    piece = nodes.add("Gather", [nodes.constant(pieces, TensorProto.DOUBLE), index], axis=0)
    start, height, slope = (column(nodes, piece, place) for place in range(3))
    offset = nodes.add("Sub", [inside, start], op_version=14)
    rise = nodes.add("Mul", [offset, slope], op_version=14)
    return nodes.add("Add", [height, rise], op_version=14)
