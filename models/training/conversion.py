"""Turns a fitted classifier into ONNX, preprocessing included, and runs the result."""

import copy
from typing import NamedTuple

import numpy as np
import onnxruntime
import pandas as pd
from lightgbm import LGBMClassifier
from onnx import ModelProto
from onnxmltools.convert.lightgbm.operator_converters.LightGbm import convert_lightgbm
from onnxmltools.convert.xgboost.operator_converters.XGBoost import convert_xgboost
from skl2onnx import to_onnx, update_registered_converter
from skl2onnx.common._container import ModelComponentContainer
from skl2onnx.common._topology import Operator, Scope
from skl2onnx.common.data_types import DoubleTensorType, FloatTensorType
from skl2onnx.common.shape_calculator import calculate_linear_classifier_output_shapes
from skl2onnx.sklapi import CastTransformer
from sklearn.base import ClassifierMixin
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import Pipeline
from xgboost import XGBClassifier

# Old enough for every ONNX Runtime since 1.12; with it skl2onnx writes IR version 8.
TARGET_OPSET = {"": 17, "ai.onnx.ml": 3}


def convert_unnamed_xgboost(
    scope: Scope, operator: Operator, container: ModelComponentContainer
) -> None:
    """Converts an XGBClassifier, whose columns the converter wants to be named f0, f1, ..."""
    operator.raw_operator.get_booster().feature_names = None
    convert_xgboost(scope, operator, container)


CONVERTER_OPTIONS = {"zipmap": [True, False, "columns"], "nocl": [True, False]}
for classifier, alias, converter in (
    (XGBClassifier, "XGBoostXGBClassifier", convert_unnamed_xgboost),
    (LGBMClassifier, "LightGbmLGBMClassifier", convert_lightgbm),
):
    update_registered_converter(
        classifier,
        alias,
        calculate_linear_classifier_output_shapes,
        converter,
        options=CONVERTER_OPTIONS,
    )


class Precision(NamedTuple):
    """In which floating-point types the graph computes."""

    label: str
    input_dtype: str
    cast_before_classifier: bool


FLOAT32 = Precision("float32 inputs", "float32", False)

# Preprocessing in float32 can push a value over a tree's threshold. scikit-learn and XGBoost
# preprocess in float64 and compare float32, which the first fallback does too.
FALLBACKS = (
    Precision("float64 inputs, float32 classifier", "float64", True),
    Precision("float64 inputs", "float64", False),
)


def convert(model: ClassifierMixin, features: list[str], precision: Precision) -> ModelProto:
    """Converts a fitted binary classifier.

    Args:
        model: classifier or Pipeline; it is not changed.
        features: names of the columns, in the order in which the model takes them.
        precision: ``cast_before_classifier`` needs a Pipeline.

    Returns:
        A graph with one input ``features`` [N, features], or, for a Pipeline with a
        ColumnTransformer, which picks columns by name, one input [N, 1] per feature.
        Its outputs are ``label`` [N] and ``probabilities`` [N, 2].

    Raises:
        Exception: whatever the converters raise on what they do not support.
    """
    model = copy.deepcopy(model)
    steps = [step for _, step in model.steps] if isinstance(model, Pipeline) else [model]
    if precision.cast_before_classifier:
        model.steps.insert(-1, ("cast_to_float32", CastTransformer(dtype=np.float32)))

    tensor_type = FloatTensorType if precision.input_dtype == "float32" else DoubleTensorType
    if any(isinstance(step, ColumnTransformer) for step in steps):
        inputs = [(name, tensor_type([None, 1])) for name in features]
    else:
        inputs = [("features", tensor_type([None, len(features)]))]
    return to_onnx(
        model,
        initial_types=inputs,
        target_opset=TARGET_OPSET,
        options={id(model): {"zipmap": False}},
    )


def open_session(graph: ModelProto) -> onnxruntime.InferenceSession:
    """Loads a graph for the CPU, on one thread as the service does."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(
        graph.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )


def predict_onnx(session: onnxruntime.InferenceSession, rows: pd.DataFrame) -> np.ndarray:
    """Runs one forward pass.

    Args:
        session: of a graph that ``convert`` made.
        rows: N rows, columns in the model's order; they are cast to the inputs' type.

    Returns:
        Probabilities of class 1, float64 [N].
    """
    inputs = session.get_inputs()
    dtype = np.float32 if inputs[0].type == "tensor(float)" else np.float64
    if len(inputs) == 1:
        feed = {inputs[0].name: rows.to_numpy(dtype)}
    else:
        feed = {tensor.name: rows[[tensor.name]].to_numpy(dtype) for tensor in inputs}
    (probabilities,) = session.run(["probabilities"], feed)
    return probabilities[:, 1].astype(np.float64)
