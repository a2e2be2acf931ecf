"""Steps that are a matrix and a constant, which skl2onnx does not know or takes for others."""

import numpy as np
from onnx import TensorProto
from skl2onnx import update_registered_converter
from skl2onnx.common._container import ModelComponentContainer
from skl2onnx.common._topology import Operator, Scope
from skl2onnx.common.data_types import DoubleTensorType, FloatTensorType
from skl2onnx.common.shape_calculator import calculate_linear_classifier_output_shapes
from sklearn.decomposition import FactorAnalysis, FastICA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.feature_selection import SequentialFeatureSelector

from churn_bundle.classifier_outputs import OPTIONS, add_outputs
from churn_bundle.graph_nodes import Nodes


class Factors(FactorAnalysis):
    """A FactorAnalysis that skl2onnx converts by the converter below."""


class Components(FastICA):
    """A FastICA that skl2onnx converts by the converter below."""


class Selection(SequentialFeatureSelector):
    """A SequentialFeatureSelector that skl2onnx converts by the converter below."""


class Discriminant(LinearDiscriminantAnalysis):
    """A LinearDiscriminantAnalysis that skl2onnx converts by the converter below."""


OWN = {
    FactorAnalysis: Factors,
    FastICA: Components,
    LinearDiscriminantAnalysis: Discriminant,
    SequentialFeatureSelector: Selection,
}


def use_affine(estimator: object) -> None:
    """Makes an estimator one of the classes above."""
    if type(estimator) in OWN:
        estimator.__class__ = OWN[type(estimator)]


def affine_of(transformer: object) -> tuple[np.ndarray, np.ndarray]:
    """Gives the matrix [features, width] and the constant [width] of a transformer."""
    if isinstance(transformer, SequentialFeatureSelector):
        matrix = np.eye(len(transformer.support_))[:, transformer.support_]
        return matrix, np.zeros(matrix.shape[1])
    if isinstance(transformer, FastICA):
        matrix = transformer.components_.T
        offset = -transformer.mean_ @ matrix if transformer.whiten else np.zeros(matrix.shape[1])
        return matrix, offset
    # The mean of the factors for a row: scikit-learn's FactorAnalysis.transform.
    weighted = transformer.components_ / transformer.noise_variance_
    inverse = np.eye(len(transformer.components_)) + weighted @ transformer.components_.T
    matrix = weighted.T @ np.linalg.inv(inverse)
    return matrix, -transformer.mean_ @ matrix


def add_affine(nodes: Nodes, source: str, matrix: np.ndarray, offset: np.ndarray) -> str:
    """Multiplies by a matrix and adds a constant, in float64."""
    values = nodes.add("Cast", [source], to=TensorProto.DOUBLE)
    product = nodes.add("MatMul", [values, nodes.constant(matrix, TensorProto.DOUBLE)])
    constant = nodes.constant(offset.reshape(1, -1), TensorProto.DOUBLE)
    return nodes.add("Add", [product, constant], op_version=14)


def affine_shape(operator: Operator) -> None:
    """Says what a transformer gives."""
    is_double = isinstance(operator.inputs[0].type, DoubleTensorType)
    tensor_type = DoubleTensorType if is_double else FloatTensorType
    operator.outputs[0].type = tensor_type([None, len(affine_of(operator.raw_operator)[1])])


def convert_affine(scope: Scope, operator: Operator, container: ModelComponentContainer) -> None:
    """Adds a transformer."""
    is_double = isinstance(operator.inputs[0].type, DoubleTensorType)
    nodes = Nodes(scope, container)
    values = add_affine(nodes, operator.inputs[0].full_name, *affine_of(operator.raw_operator))
    target = TensorProto.DOUBLE if is_double else TensorProto.FLOAT
    nodes.add("Cast", [values], operator.outputs[0].full_name, to=target)


def convert_discriminant(
    scope: Scope, operator: Operator, container: ModelComponentContainer
) -> None:
    """Adds a linear discriminant: skl2onnx takes a softmax for its logistic function."""
    model = operator.raw_operator
    nodes = Nodes(scope, container)
    score = add_affine(nodes, operator.inputs[0].full_name, model.coef_.T, model.intercept_)
    add_outputs(nodes, operator, nodes.add("Sigmoid", [score]))


def register() -> None:
    """Tells skl2onnx how to convert the classes above."""
    for own in (Factors, Components, Selection):
        alias = f"ChurnBundle{own.__name__}"
        update_registered_converter(own, alias, affine_shape, convert_affine)
    update_registered_converter(
        Discriminant,
        "ChurnBundleDiscriminant",
        calculate_linear_classifier_output_shapes,
        convert_discriminant,
        options=OPTIONS,
    )
