"""The ONNX form of a SimpleImputer of numbers, with its indicators and in any precision."""

from collections.abc import Iterator

import numpy as np
from onnx import TensorProto
from skl2onnx import update_registered_converter
from skl2onnx.common._container import ModelComponentContainer
from skl2onnx.common._topology import Operator, Scope
from skl2onnx.common.data_types import DoubleTensorType, FloatTensorType
from sklearn.impute import SimpleImputer

from churn_bundle.graph_nodes import Nodes


class NumberImputer(SimpleImputer):
    """A SimpleImputer that skl2onnx converts by the converter below."""


def use_number_imputers(estimators: Iterator[object]) -> None:
    """Makes each SimpleImputer a NumberImputer."""
    for estimator in estimators:
        if type(estimator) is SimpleImputer:
            estimator.__class__ = NumberImputer


def kept_columns(imputer: SimpleImputer) -> np.ndarray:
    """Gives the columns that an imputer does not drop for having had no values."""
    statistics = imputer.statistics_.astype(np.float64)
    return np.flatnonzero(~np.isnan(statistics))


def indicated_columns(imputer: SimpleImputer) -> np.ndarray:
    """Gives the columns of which an imputer says whether they were missing."""
    return np.array([], int) if imputer.indicator_ is None else imputer.indicator_.features_


def imputer_shape(operator: Operator) -> None:
    """Says what an imputer gives."""
    imputer = operator.raw_operator
    is_double = isinstance(operator.inputs[0].type, DoubleTensorType)
    tensor_type = DoubleTensorType if is_double else FloatTensorType
    width = len(kept_columns(imputer)) + len(indicated_columns(imputer))
    operator.outputs[0].type = tensor_type([None, width])


def convert_imputer(scope: Scope, operator: Operator, container: ModelComponentContainer) -> None:
    """Adds an imputer: where a value is missing, the statistic."""
    imputer = operator.raw_operator
    is_double = isinstance(operator.inputs[0].type, DoubleTensorType)
    tensor_type = TensorProto.DOUBLE if is_double else TensorProto.FLOAT
    nodes = Nodes(scope, container)
    source = nodes.add("Cast", [operator.inputs[0].full_name], to=tensor_type)
    if np.isnan(imputer.missing_values):
        missing = nodes.add("IsNaN", [source])
    else:
        marker = nodes.constant(np.array([float(imputer.missing_values)]), tensor_type)
        missing = nodes.add("Equal", [source, marker])
    kept, indicated = kept_columns(imputer), indicated_columns(imputer)
    columns = nodes.constant(kept, TensorProto.INT64)
    statistics = imputer.statistics_.astype(np.float64)[kept]
    parts = [
        nodes.add(
            "Where",
            [
                nodes.add("Gather", [missing, columns], axis=1),
                nodes.constant(statistics.reshape(1, -1), tensor_type),
                nodes.add("Gather", [source, columns], axis=1),
            ],
            op_version=9,
        )
    ]
    if len(indicated):
        columns = nodes.constant(indicated, TensorProto.INT64)
        chosen = nodes.add("Gather", [missing, columns], axis=1)
        parts.append(nodes.add("Cast", [chosen], to=tensor_type))
    nodes.add("Concat", parts, operator.outputs[0].full_name, axis=1)


def register() -> None:
    """Tells skl2onnx how to convert a NumberImputer."""
    update_registered_converter(NumberImputer, "ChurnBundleImputer", imputer_shape, convert_imputer)
