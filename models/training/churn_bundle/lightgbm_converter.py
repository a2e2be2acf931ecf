"""The ONNX form of an LGBMClassifier, and what of LightGBM has none."""

from lightgbm import LGBMClassifier
from onnxmltools.convert.lightgbm.operator_converters.LightGbm import convert_lightgbm
from skl2onnx import update_registered_converter
from skl2onnx.common._container import ModelComponentContainer
from skl2onnx.common._topology import Operator, Scope
from skl2onnx.common.shape_calculator import calculate_linear_classifier_output_shapes

from churn_bundle.classifier_outputs import OPTIONS
from churn_bundle.errors import ExportError
from churn_bundle.exact_thresholds import Comparison
from churn_bundle.exact_trees import exact


def convert_booster(scope: Scope, operator: Operator, container: ModelComponentContainer) -> None:
    """Adds the trees of a classifier."""
    model = operator.raw_operator
    if model.get_params().get("linear_tree"):
        raise ExportError(
            "the linear models in its leaves have no form in ONNX: fit with linear_tree=False"
        )
    objective = str(model.objective_)
    if not objective.startswith("binary"):
        raise ExportError(
            f"its objective {objective} has no form in ONNX: fit with objective='binary'"
        )
    convert_lightgbm(scope, operator, container)


def register() -> None:
    """Tells skl2onnx how to convert an LGBMClassifier."""
    update_registered_converter(
        LGBMClassifier,
        "LightGbmLGBMClassifier",
        calculate_linear_classifier_output_shapes,
        exact(convert_booster, Comparison.FLOAT64),
        options=OPTIONS,
    )
