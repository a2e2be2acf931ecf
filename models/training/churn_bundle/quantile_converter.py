"""The ONNX form of a QuantileTransformer.

skl2onnx's own form takes minutes to make and knows no normal distribution.
"""

import numpy as np
from onnx import TensorProto
from scipy.stats import norm
from skl2onnx import update_registered_converter
from skl2onnx.common._container import ModelComponentContainer
from skl2onnx.common._topology import Operator, Scope
from skl2onnx.common.data_types import DoubleTensorType, FloatTensorType
from sklearn.preprocessing import QuantileTransformer

from churn_bundle.graph_nodes import Nodes
from churn_bundle.interpolation import add_interpolation, column
from churn_bundle.normal_quantile import add_normal_quantile, number

# How close to its ends scikit-learn takes a value for the end, if the output is normal.
MARGIN = 1e-7


class Quantiles(QuantileTransformer):
    """A QuantileTransformer that skl2onnx converts by the converter below."""


def use_quantiles(estimator: object) -> None:
    """Makes a QuantileTransformer a Quantiles."""
    if type(estimator) is QuantileTransformer:
        estimator.__class__ = Quantiles


def quantiles_shape(operator: Operator) -> None:
    """Says what quantiles give: the shape that they take."""
    taken = operator.inputs[0].type
    tensor_type = DoubleTensorType if isinstance(taken, DoubleTensorType) else FloatTensorType
    operator.outputs[0].type = tensor_type([None, operator.raw_operator.n_features_in_])


class QuantileNodes(Nodes):
    """Adds the parts of a QuantileTransformer."""

    def rank(self, values: str, points: np.ndarray, heights: np.ndarray) -> str:
        """Gives the mean rank of each value: of equal points, the first and the last count."""
        rising = add_interpolation(self, values, points, heights)
        mirrored = self.add("Neg", [values])
        falling = add_interpolation(self, mirrored, -points[::-1], -heights[::-1])
        difference = self.add("Sub", [rising, falling], op_version=14)
        return self.add("Mul", [difference, number(self, 0.5)], op_version=14)

    def with_ends(self, values: str, ranks: str, points: np.ndarray, is_normal: bool) -> str:
        """Gives the rank 1 at the greatest point, and then 0 at the least."""
        for end, rank, kind in ((points[-1], 1.0, "Greater"), (points[0], 0.0, "Less")):
            if is_normal:
                moved = number(self, MARGIN if kind == "Greater" else -MARGIN)
                near = self.add("Add", [values, moved], op_version=14)
                is_end = self.add(kind, [near, number(self, end)])
            else:
                is_end = self.add("Equal", [values, number(self, end)])
            ranks = self.add("Where", [is_end, number(self, rank), ranks], op_version=9)
        return ranks

    def normal(self, ranks: str) -> str:
        """Gives the normal quantile of each rank, clipped as scikit-learn does."""
        least = MARGIN - np.spacing(1)
        ranks = self.add("Max", [ranks, number(self, least)])
        ranks = self.add("Min", [ranks, number(self, 1 - least)])
        quantiles = add_normal_quantile(self, ranks)
        lowest, greatest = norm.ppf(least), norm.ppf(1 - least)
        quantiles = self.add("Max", [quantiles, number(self, lowest)])
        return self.add("Min", [quantiles, number(self, greatest)])


def convert_quantiles(scope: Scope, operator: Operator, container: ModelComponentContainer) -> None:
    """Adds a QuantileTransformer, in float64.

    Where the input is float32, so are the points: a value stays on the point that it is on.
    """
    transformer = operator.raw_operator
    is_normal = transformer.output_distribution == "normal"
    is_double = isinstance(operator.inputs[0].type, DoubleTensorType)
    nodes = QuantileNodes(scope, container)
    source = nodes.add("Cast", [operator.inputs[0].full_name], to=TensorProto.DOUBLE)
    parts = []
    for index, points in enumerate(transformer.quantiles_.T):
        if not is_double:
            points = points.astype(np.float32).astype(np.float64)
        values = column(nodes, source, index)
        ranks = nodes.rank(values, points, transformer.references_)
        ranks = nodes.with_ends(values, ranks, points, is_normal)
        parts.append(nodes.normal(ranks) if is_normal else ranks)
    together = nodes.add("Concat", parts, axis=1) if len(parts) > 1 else parts[0]
    target = TensorProto.DOUBLE if is_double else TensorProto.FLOAT
    nodes.add("Cast", [together], operator.outputs[0].full_name, to=target)


def register() -> None:
    """Tells skl2onnx how to convert a Quantiles."""
    update_registered_converter(
        Quantiles, "ChurnBundleQuantiles", quantiles_shape, convert_quantiles
    )
