"""The ONNX form of a support vector machine's decision function, in float64.

ONNX's own operator knows float32 only, in which distances between large numbers lose their digits.
"""

import numpy as np
from onnx import TensorProto
from skl2onnx import update_registered_converter
from skl2onnx.common._container import ModelComponentContainer
from skl2onnx.common._topology import Operator, Scope
from skl2onnx.common.data_types import DoubleTensorType
from skl2onnx.common.shape_calculator import calculate_linear_classifier_output_shapes
from sklearn.svm import SVC, NuSVC

from churn_bundle.classifier_outputs import OPTIONS, add_label
from churn_bundle.errors import ExportError
from churn_bundle.graph_nodes import Nodes


class Machine(SVC):
    """An SVC without probabilities that skl2onnx converts by the converter below."""


class NuMachine(NuSVC):
    """A NuSVC without probabilities that skl2onnx converts by the converter below."""


OWN = {SVC: Machine, NuSVC: NuMachine}


def use_machine(estimator: object) -> None:
    """Makes a fitted SVC that something calibrates one of the classes above."""
    is_fitted = type(estimator) in OWN and hasattr(estimator, "support_vectors_")
    if is_fitted and not hasattr(estimator, "predict_proba"):
        estimator.__class__ = OWN[type(estimator)]


class MachineNodes(Nodes):
    """Adds the parts of a support vector machine."""

    def numbers(self, values: object) -> str:
        """Adds float64 values."""
        return self.constant(np.atleast_1d(np.asarray(values, np.float64)), TensorProto.DOUBLE)

    def binary(self, kind: str, left: str, right: str) -> str:
        """Adds an operation on two tensors."""
        return self.add(kind, [left, right], op_version=14 if kind in ("Add", "Mul") else 13)

    def kernel(self, values: str, model: SVC) -> str:
        """Gives the kernel of each row and each support vector, float64 [N, vectors].

        The formulas are those of scikit-learn's user guide on kernel functions.
        """
        vectors = np.asarray(model.support_vectors_, np.float64)
        product = self.binary("MatMul", values, self.numbers(vectors.T))
        if model.kernel == "linear":
            return product
        if model.kernel == "rbf":
            axis = self.constant(np.array([1]), TensorProto.INT64)
            squares = self.add("ReduceSum", [self.binary("Mul", values, values), axis], keepdims=1)
            lengths = self.binary("Add", squares, self.numbers([(vectors**2).sum(axis=1)]))
            twice = self.binary("Mul", product, self.numbers(-2.0))
            distances = self.binary("Add", lengths, twice)
            return self.add("Exp", [self.binary("Mul", distances, self.numbers(-model._gamma))])
        moved = self.binary(
            "Add",
            self.binary("Mul", product, self.numbers(model._gamma)),
            self.numbers(model.coef0),
        )
        if model.kernel == "poly":
            return self.binary("Pow", moved, self.numbers(model.degree))
        if model.kernel == "sigmoid":
            return self.add("Tanh", [moved])
        name = getattr(model.kernel, "__name__", model.kernel)
        raise ExportError(
            f"its kernel {name} has no form in ONNX: fit with kernel='rbf', 'linear', "
            "'poly' or 'sigmoid'"
        )


def convert_machine(scope: Scope, operator: Operator, container: ModelComponentContainer) -> None:
    """Adds a machine: its label, and the scores of both classes."""
    model = operator.raw_operator
    label, scores = operator.outputs
    nodes = MachineNodes(scope, container)
    values = nodes.add("Cast", [operator.inputs[0].full_name], to=TensorProto.DOUBLE)
    weights = np.asarray(model.dual_coef_, np.float64).reshape(-1, 1)
    weighted = nodes.binary("MatMul", nodes.kernel(values, model), nodes.numbers(weights))
    second = nodes.binary("Add", weighted, nodes.numbers(model.intercept_))
    both = nodes.add("Concat", [nodes.add("Neg", [second]), second], axis=1)
    is_double = isinstance(scores.type, DoubleTensorType)
    target = TensorProto.DOUBLE if is_double else TensorProto.FLOAT
    nodes.add("Cast", [both], scores.full_name, to=target)
    likelier = nodes.add("ArgMax", [both], axis=1, keepdims=0)
    add_label(nodes, likelier, np.asarray(model.classes_), label.full_name)


def register() -> None:
    """Tells skl2onnx how to convert the classes above."""
    for own in OWN.values():
        update_registered_converter(
            own,
            f"ChurnBundle{own.__name__}",
            calculate_linear_classifier_output_shapes,
            convert_machine,
            options=OPTIONS | {"raw_scores": [True, False]},
        )
