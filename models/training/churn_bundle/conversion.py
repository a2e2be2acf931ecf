"""Turns a rewritten model into ONNX, and runs the result."""

import copy
from typing import NamedTuple

import numpy as np
import onnxruntime
import pandas as pd
from onnx import ModelProto
from skl2onnx import to_onnx
from skl2onnx.common.data_types import DoubleTensorType, FloatTensorType
from skl2onnx.sklapi import CastTransformer
from sklearn.base import BaseEstimator

from churn_bundle.compact_forests import compact_forests
from churn_bundle.estimators import pipelines_in
from churn_bundle.feature import Feature
from churn_bundle.missing_in_trees import send_missing, whole_flags
from churn_bundle.text_codes import TextCodes

# Old enough for every ONNX Runtime since 1.12; with it skl2onnx writes IR version 8. Large forests
# take a newer one, see compact_forests.py.
TARGET_OPSET = {"": 17, "ai.onnx.ml": 3}


class Precision(NamedTuple):
    """In which floating-point types the graph computes."""

    label: str
    input_dtype: str
    cast_before_classifier: bool = False


# Small and fast; its rounding can push a value over a tree's threshold.
FLOAT32 = Precision("float32 inputs", "float32")
# Trees are exact in it, see exact_trees.py.
FLOAT64 = Precision("float64 inputs", "float64")
# For other classifiers that compare float32 after preprocessing in float64.
MIXED = Precision("float64 inputs, float32 classifier", "float64", True)


class Tensor(NamedTuple):
    """One input of the graph, of the shape [rows, features]."""

    name: str
    type: str
    features: list[str]
    missing_text: str | None = None
    #: Of the texts, if it takes numbers for them.
    codes: TextCodes | None = None


class Graph:
    """A converted model with all that is needed to ask it."""

    def __init__(self, model: ModelProto, inputs: list[Tensor], precision: Precision) -> None:
        """Loads a graph for the CPU, on one thread as the service does."""
        self.onnx_bytes = model.SerializeToString()
        self.inputs = inputs
        self.precision = precision
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 4  # What goes wrong is in the exception, in words.
        self.session = onnxruntime.InferenceSession(
            self.onnx_bytes, options, providers=["CPUExecutionProvider"]
        )

    def predict(self, rows: pd.DataFrame, positive: int = 1) -> np.ndarray:
        """Runs one forward pass.

        Args:
            rows: N canonical rows.
            positive: column of the probabilities that is churn.

        Returns:
            Probabilities of churn, float64 [N].
        """
        feed = {tensor.name: as_tensor(rows, tensor) for tensor in self.inputs}
        (probabilities,) = self.session.run(["probabilities"], feed)
        return probabilities[:, positive].astype(np.float64)


def as_tensor(rows: pd.DataFrame, tensor: Tensor) -> np.ndarray:
    """Takes canonical rows into the tensor of an input."""
    values = rows[tensor.features]
    if tensor.type == "string":
        return values.where(values.notna(), tensor.missing_text).to_numpy(dtype=object)
    if tensor.codes is None:
        return values.to_numpy(tensor.type)
    columns = [
        tensor.codes.of_column(column) if name in tensor.codes else column
        for name, column in values.items()
    ]
    return np.column_stack(columns).astype(tensor.type)


def cast_before_classifiers(model: BaseEstimator) -> None:
    """Casts to float32 before the classifier of each Pipeline in a model."""
    for pipeline in pipelines_in(model):
        pipeline.steps.insert(-1, ("cast_to_float32", CastTransformer(dtype=np.float32)))
        if pipeline is not model:  # What surrounds it computes in the type of the inputs.
            pipeline.steps.insert(-1, ("cast_to_float64", CastTransformer(dtype=np.float64)))


def convert(
    model: BaseEstimator, features: list[Feature], codes: TextCodes, precision: Precision
) -> Graph:
    """Converts a model that a Rewriter made.

    Args:
        model: classifier or Pipeline that takes one matrix; it is not changed.
        features: of the model, in the order in which it was fitted.
        codes: of the texts.
        precision: ``cast_before_classifier`` needs a Pipeline, see ``pipelines_in``.

    Returns:
        A graph with the input ``features``, numbers first, then the codes of texts, and with the
        outputs ``label`` [N] and ``probabilities`` [N, 2].

    Raises:
        Exception: whatever the converters raise on what they do not support.
    """
    model = copy.deepcopy(model)
    if precision.cast_before_classifier:
        cast_before_classifiers(model)
    tensor_type = FloatTensorType if precision.input_dtype == "float32" else DoubleTensorType
    with whole_flags():
        converted = to_onnx(
            model,
            initial_types=[("features", tensor_type([None, len(features)]))],
            target_opset=TARGET_OPSET,
            options={id(model): {"zipmap": False}},
        )
    send_missing(converted, model)
    compact_forests(converted)
    numbers = [feature.name for feature in features if not feature.is_text]
    texts = [feature.name for feature in features if feature.is_text]
    of_texts = (codes.missing_text, codes) if texts else ()
    tensor = Tensor("features", precision.input_dtype, numbers + texts, *of_texts)
    return Graph(converted, [tensor], precision)
