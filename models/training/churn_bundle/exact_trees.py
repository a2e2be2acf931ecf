"""Trees that take float64 and branch as their source does, to the last bit.

The converters cut thresholds to float32. scikit-learn's trees and XGBoost compare float32 values,
histogram boosting and LightGBM compare float64. Here each threshold is the greatest float64 that
goes to the left in the source model, what is done to the value before included.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from onnx import TensorProto
from skl2onnx.common import tree_ensemble
from skl2onnx.common._container import ModelComponentContainer
from skl2onnx.common._registration import get_converter, register_converter
from skl2onnx.common._topology import Operator, Scope
from skl2onnx.common.data_types import DoubleTensorType

from churn_bundle.exact_thresholds import OPERATOR_VERSION, Comparison, Fold, with_exact_thresholds
from churn_bundle.missing_in_trees import forests, nodes_of

# What skl2onnx calls the trees, and what they compare.
SCIKIT_LEARN = {
    "SklearnDecisionTreeClassifier": Comparison.VALUES_FLOAT32,
    "SklearnExtraTreeClassifier": Comparison.VALUES_FLOAT32,
    "SklearnRandomForestClassifier": Comparison.VALUES_FLOAT32,
    "SklearnExtraTreesClassifier": Comparison.VALUES_FLOAT32,
    "SklearnGradientBoostingClassifier": Comparison.VALUES_FLOAT32,
    "SklearnHistGradientBoostingClassifier": Comparison.FLOAT64,
}
CLASSIFIERS = {alias.removeprefix("Sklearn") for alias in SCIKIT_LEARN} | {
    "LGBMClassifier",
    "XGBClassifier",
    "XGBRFClassifier",
}
Converter = Callable[[Scope, Operator, ModelComponentContainer], None]


def exact(convert: Converter, comparison: Comparison, **more: object) -> Converter:
    """Makes a converter of trees keep what they compare, if the graph computes in float64.

    Args:
        convert: converter that cuts thresholds to float32.
        comparison: what the source compares.
        more: arguments by which the converter keeps them in float64.
    """

    def convert_exactly(
        scope: Scope, operator: Operator, container: ModelComponentContainer
    ) -> None:
        if not isinstance(operator.inputs[0].type, DoubleTensorType):
            convert(scope, operator, container)
            return
        with exact_nodes(container, operator, comparison):
            convert(scope, operator, container, **more)

    convert_exactly.is_exact = True
    return convert_exactly


def register() -> None:
    """Makes the converters of scikit-learn's trees exact."""
    for alias, comparison in SCIKIT_LEARN.items():
        known = get_converter(alias)
        if not hasattr(known._fct, "is_exact"):
            convert = exact(known._fct, comparison, op_version=OPERATOR_VERSION)
            register_converter(alias, convert, overwrite=True, options=known._options)


@contextmanager
def exact_nodes(
    container: ModelComponentContainer, operator: Operator, comparison: Comparison
) -> Iterator[None]:
    """Adds a model's trees with exact thresholds while its converter runs."""
    model = operator.raw_operator
    is_double = isinstance(operator.outputs[1].type, DoubleTensorType)
    add_node, original = container.add_node, tree_ensemble.sklearn_threshold

    def add_exact(kind: str, inputs: object, outputs: object, **more: object) -> None:
        if kind != "TreeEnsembleClassifier":
            add_node(kind, inputs, outputs, **more)
            return
        trees = [tree for forest in forests(model) for tree in forest]
        if trees:
            more["nodes_missing_value_tracks_true"] = nodes_of(trees)[1]
        exact_attributes = with_exact_thresholds(more, folds_of(model), comparison)
        label, probabilities = outputs
        given = f"{probabilities}_float32" if is_double else probabilities
        add_node(kind, inputs, [label, given], **exact_attributes)
        if is_double:  # The converter's shapes promise it; the operator gives float32.
            add_node("Cast", [given], [probabilities], to=TensorProto.DOUBLE)

    container.add_node = add_exact
    tree_ensemble.sklearn_threshold = lambda threshold, dtype, mode: threshold
    try:
        yield
    finally:
        del container.add_node
        tree_ensemble.sklearn_threshold = original


def is_exact_tree(model: object) -> bool:
    """Whether a classifier is one whose thresholds are made exact."""
    return type(model).__name__ in CLASSIFIERS


def folds_of(model: object) -> list[Fold] | None:
    """Gives what a Folder says of the columns that a model takes."""
    return getattr(model, "churn_folds", None)
