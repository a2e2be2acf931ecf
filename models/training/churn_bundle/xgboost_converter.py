"""The ONNX forms of XGBoost's classifiers."""

import numpy as np
from onnx import TensorProto
from onnxmltools.convert.xgboost.operator_converters.XGBoost import convert_xgboost
from skl2onnx import update_registered_converter
from skl2onnx.common._container import ModelComponentContainer
from skl2onnx.common._topology import Operator, Scope
from skl2onnx.common.data_types import DoubleTensorType
from skl2onnx.common.shape_calculator import calculate_linear_classifier_output_shapes
from xgboost import XGBClassifier, XGBRFClassifier

from churn_bundle.boosters import booster_name, linear_weights
from churn_bundle.classifier_outputs import OPTIONS, add_outputs
from churn_bundle.errors import ExportError
from churn_bundle.exact_thresholds import Comparison
from churn_bundle.exact_trees import exact
from churn_bundle.graph_nodes import Nodes


def convert_booster(scope: Scope, operator: Operator, container: ModelComponentContainer) -> None:
    """Adds trees or a linear model, with missing values as NaN."""
    model = operator.raw_operator
    if booster_name(model) == "gblinear":
        convert_linear(scope, operator, container)
        return
    if not np.isnan(model.missing):
        raise ExportError(
            f"it takes {model.missing:g} for a missing value, and its trees have a form only for "
            "NaN: make such values NaN in the data, and fit with missing=nan"
        )
    # The converter wants columns that are named f0, f1, ...
    model.get_booster().feature_names = None
    convert_xgboost(scope, operator, container)


def convert_linear(scope: Scope, operator: Operator, container: ModelComponentContainer) -> None:
    """Adds a linear booster, for which a missing value is 0."""
    model = operator.raw_operator
    weights, constant = linear_weights(model)
    is_double = isinstance(operator.inputs[0].type, DoubleTensorType)
    nodes = Nodes(scope, container)
    # XGBoost itself keeps float32.
    values = operator.inputs[0].full_name
    if is_double:
        values = nodes.add("Cast", [values], to=TensorProto.FLOAT)
    values = nodes.add("Cast", [values], to=TensorProto.DOUBLE)
    missing = nodes.add("IsNaN", [values])
    if not np.isnan(model.missing):
        marker = nodes.constant(np.array([model.missing]), TensorProto.DOUBLE)
        missing = nodes.add("Or", [missing, nodes.add("Equal", [values, marker])], op_version=7)
    zero = nodes.constant(np.array([0.0]), TensorProto.DOUBLE)
    values = nodes.add("Where", [missing, zero, values], op_version=9)
    matrix = nodes.constant(weights.reshape(-1, 1), TensorProto.DOUBLE)
    score = nodes.add(
        "Add",
        [
            nodes.add("MatMul", [values, matrix]),
            nodes.constant(np.array([constant]), TensorProto.DOUBLE),
        ],
        op_version=14,
    )
    add_outputs(nodes, operator, nodes.add("Sigmoid", [score]))


def register() -> None:
    """Tells skl2onnx how to convert them."""
    for model in (XGBClassifier, XGBRFClassifier):
        update_registered_converter(
            model,
            f"ChurnBundle{model.__name__}",
            calculate_linear_classifier_output_shapes,
            exact(convert_booster, Comparison.FLOAT32),
            options=OPTIONS,
        )
