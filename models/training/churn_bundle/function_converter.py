"""The ONNX form of a FunctionTransformer that applies one of NumPy's functions."""

from collections.abc import Callable

import numpy as np
from onnx import TensorProto
from skl2onnx import update_registered_converter
from skl2onnx.common._container import ModelComponentContainer
from skl2onnx.common._topology import Operator, Scope
from skl2onnx.common.data_types import DoubleTensorType, FloatTensorType
from sklearn.preprocessing import FunctionTransformer

from churn_bundle.errors import ExportError
from churn_bundle.graph_nodes import Nodes

Form = Callable[[Nodes, str], str]


def one(nodes: Nodes) -> str:
    """Adds the number 1."""
    return nodes.constant(np.array([1.0]), TensorProto.DOUBLE)


def logarithm(base: float) -> Form:
    """Gives the form of a logarithm."""

    def form(nodes: Nodes, values: str) -> str:
        scale = nodes.constant(np.array([np.log(base)]), TensorProto.DOUBLE)
        return nodes.add("Div", [nodes.add("Log", [values]), scale], op_version=14)

    return form


def node(kind: str) -> Form:
    """Gives the form of a function that is one node."""
    return lambda nodes, values: nodes.add(kind, [values])


FORMS: dict[object, Form] = {
    np.abs: node("Abs"),
    np.fabs: node("Abs"),
    np.ceil: node("Ceil"),
    np.exp: node("Exp"),
    np.expm1: lambda nodes, values: nodes.add(
        "Sub", [nodes.add("Exp", [values]), one(nodes)], op_version=14
    ),
    np.floor: node("Floor"),
    np.log: node("Log"),
    np.log10: logarithm(10),
    np.log1p: lambda nodes, values: nodes.add(
        "Log", [nodes.add("Add", [values, one(nodes)], op_version=14)]
    ),
    np.log2: logarithm(2),
    np.negative: node("Neg"),
    np.reciprocal: node("Reciprocal"),
    np.sign: node("Sign"),
    np.sqrt: node("Sqrt"),
    np.square: lambda nodes, values: nodes.add("Mul", [values, values], op_version=14),
}


class NumpyFunction(FunctionTransformer):
    """A FunctionTransformer that skl2onnx converts by the converter below."""


def use_numpy_function(estimator: object) -> None:
    """Makes a FunctionTransformer a NumpyFunction, unless it changes nothing."""
    if type(estimator) is FunctionTransformer and estimator.func is not None:
        estimator.__class__ = NumpyFunction


def function_shape(operator: Operator) -> None:
    """Says what a function gives: the shape that it takes."""
    taken = operator.inputs[0].type
    tensor_type = DoubleTensorType if isinstance(taken, DoubleTensorType) else FloatTensorType
    operator.outputs[0].type = tensor_type([None, taken.shape[1]])


def convert_function(scope: Scope, operator: Operator, container: ModelComponentContainer) -> None:
    """Adds a function, in float64: 1 + x would round a small x away in float32."""
    transformer = operator.raw_operator
    form = FORMS.get(transformer.func) if callable(transformer.func) else None
    if form is None or transformer.kw_args:
        name = getattr(transformer.func, "__name__", type(transformer.func).__name__)
        known = ", ".join(sorted({f"np.{each.__name__}" for each in FORMS}))
        raise ExportError(
            f"it applies {name}{' with kw_args' if transformer.kw_args else ''}, and a function of "
            f"Python has no form in ONNX: apply one of {known} without kw_args, or compute the "
            "column in the data before fit"
        )
    is_double = isinstance(operator.inputs[0].type, DoubleTensorType)
    nodes = Nodes(scope, container)
    values = nodes.add("Cast", [operator.inputs[0].full_name], to=TensorProto.DOUBLE)
    target = TensorProto.DOUBLE if is_double else TensorProto.FLOAT
    nodes.add("Cast", [form(nodes, values)], operator.outputs[0].full_name, to=target)


def register() -> None:
    """Tells skl2onnx how to convert a NumpyFunction."""
    update_registered_converter(
        NumpyFunction, "ChurnBundleFunction", function_shape, convert_function
    )
