"""The ONNX form of a calibration, in float64.

skl2onnx takes the nearest point of an isotonic calibration, where scikit-learn interpolates, does
not know temperatures, and calibrates the probability of LightGBM, not its decision function.
"""

from typing import Any

import numpy as np
from onnx import TensorProto
from skl2onnx import get_model_alias, update_registered_converter
from skl2onnx.common._container import ModelComponentContainer
from skl2onnx.common._topology import Operator, Scope
from skl2onnx.common.data_types import Int64TensorType
from skl2onnx.common.shape_calculator import calculate_linear_classifier_output_shapes
from sklearn.calibration import CalibratedClassifierCV

from churn_bundle.classifier_outputs import OPTIONS, add_outputs
from churn_bundle.exact_sums import add_exact_sum, has_exact_sum
from churn_bundle.graph_nodes import Nodes
from churn_bundle.interpolation import add_interpolation, column


class ExactlyCalibrated(CalibratedClassifierCV):
    """A CalibratedClassifierCV that skl2onnx converts by the converter below."""


def use_exact_calibration(estimator: object) -> None:
    """Makes a calibrated classifier an ExactlyCalibrated, unless skl2onnx does as well."""
    if type(estimator) is CalibratedClassifierCV and (
        estimator.method != "sigmoid"
        or any(decides_by_booster(part) for part in calibrated_parts(estimator))
    ):
        estimator.__class__ = ExactlyCalibrated


def calibrated_parts(estimator: CalibratedClassifierCV) -> list[object]:
    """Gives the models that are calibrated; none if it is not fitted."""
    return [part.estimator for part in getattr(estimator, "calibrated_classifiers_", [])]


def decides_by_booster(model: object) -> bool:
    """Whether it is LightGBM's with a decision function, as from its version 4.7 on."""
    return type(model).__name__ == "LGBMClassifier" and hasattr(model, "decision_function")


class CalibrationNodes(Nodes):
    """Adds the parts of a calibrated classifier."""

    def score(self, operator: Operator, model: object) -> str:
        """Adds what is calibrated; gives the name of its score of the second class, [N, 1]."""
        inner = self.scope.declare_local_operator(get_model_alias(type(model)), model)
        if hasattr(model, "decision_function"):
            if not self.container.has_options(model, "raw_scores"):
                raise RuntimeError(f"the decision function of {type(model).__name__} has no form")
            self.container.add_options(id(model), {"raw_scores": True})
            self.scope.add_options(id(model), {"raw_scores": True})
        inner.inputs = operator.inputs
        label = self.scope.declare_local_variable("label", Int64TensorType())
        scores = self.scope.declare_local_variable("scores", operator.inputs[0].type.__class__())
        inner.outputs.append(label)
        inner.outputs.append(scores)
        chosen = column(self, scores.full_name, 1)
        return self.add("Cast", [chosen], to=TensorProto.DOUBLE)

    def isotonic(self, score: str, calibrator: Any) -> str:  # noqa: ANN401
        """Interpolates between the points of an IsotonicRegression."""
        return add_interpolation(self, score, calibrator.X_thresholds_, calibrator.y_thresholds_)

    def sigmoid(self, score: str, calibrator: Any) -> str:  # noqa: ANN401
        """Gives 1 / (1 + exp(a x score + b)), after Platt."""
        product = self.add("Mul", [score, self.number(-calibrator.a_)], op_version=14)
        return self.add(
            "Sigmoid", [self.add("Sub", [product, self.number(calibrator.b_)], op_version=14)]
        )

    def temperature(self, score: str, calibrator: Any, is_probability: bool) -> str:  # noqa: ANN401
        """Multiplies log-odds by ``beta_``, the inverse of a temperature.

        scikit-learn takes the log-odds of a probability p as log(p + 1e-12) - log(1 - p + 1e-12),
        and those of a score s as s - -s.
        """
        if is_probability:
            other = self.add("Sub", [self.number(1.0), score], op_version=14)
            small = self.number(1e-12)
            logs = [
                self.add("Log", [self.add("Add", [each, small], op_version=14)])
                for each in (score, other)
            ]
            odds = self.add("Sub", logs, op_version=14)
        else:
            odds = self.add("Add", [score, score], op_version=14)
        return self.add("Sigmoid", [self.add("Mul", [odds, self.number(calibrator.beta_)])])

    def number(self, value: float) -> str:
        """Adds one float64."""
        return self.constant(np.array([value]), TensorProto.DOUBLE)


def convert_calibrated(
    scope: Scope, operator: Operator, container: ModelComponentContainer
) -> None:
    """Adds a calibrated classifier: the mean of what its parts' calibrators say."""
    model = operator.raw_operator
    nodes = CalibrationNodes(scope, container)
    parts = []
    for part in model.calibrated_classifiers_:
        estimator, calibrator = part.estimator, part.calibrators[0]
        if has_exact_sum(estimator):
            score = add_exact_sum(nodes, operator, estimator)
        else:
            score = nodes.score(operator, estimator)
        if model.method == "isotonic":
            parts.append(nodes.isotonic(score, calibrator))
        elif model.method == "sigmoid":
            parts.append(nodes.sigmoid(score, calibrator))
        else:
            is_probability = not hasattr(estimator, "decision_function")
            parts.append(nodes.temperature(score, calibrator, is_probability))
    total = nodes.add("Sum", parts) if len(parts) > 1 else parts[0]
    mean = nodes.add("Div", [total, nodes.number(float(len(parts)))], op_version=14)
    add_outputs(nodes, operator, mean)


def register() -> None:
    """Tells skl2onnx how to convert an ExactlyCalibrated."""
    update_registered_converter(
        ExactlyCalibrated,
        "ChurnBundleCalibrated",
        calculate_linear_classifier_output_shapes,
        convert_calibrated,
        options=OPTIONS,
    )
