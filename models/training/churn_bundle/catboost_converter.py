"""The ONNX form of a CatBoostClassifier: its own export, without the ZipMap at its end."""

import tempfile
from pathlib import Path
from typing import Any

import onnx
from catboost import CatBoostClassifier
from onnx import TensorProto
from skl2onnx import update_registered_converter
from skl2onnx.common._container import ModelComponentContainer
from skl2onnx.common._topology import Operator, Scope, Variable
from skl2onnx.common.data_types import DoubleTensorType, FloatTensorType, Int64TensorType
from skl2onnx.common.shape_calculator import calculate_linear_classifier_output_shapes

from churn_bundle.classifier_outputs import OPTIONS, add_outputs
from churn_bundle.errors import ExportError
from churn_bundle.graph_nodes import Nodes
from churn_bundle.interpolation import column

ALIAS = "ChurnBundleCatBoost"
NODE_KINDS = ("BRANCH_GT", "BRANCH_GTE")


def refuse_other_inputs(model: CatBoostClassifier) -> None:
    """Refuses what CatBoost computes of categories, texts and embeddings, which is not exported."""
    kinds = {
        "cat_features": model.get_cat_feature_indices(),
        "text_features": model.get_text_feature_indices(),
        "embedding_features": model.get_embedding_feature_indices(),
    }
    for kind, indices in kinds.items():
        if indices:
            names = ", ".join(str(model.feature_names_[index]) for index in indices[:5])
            raise ExportError(
                f"its {kind} ({names}) have no form in ONNX, since CatBoost makes statistics of "
                "them: encode them in a Pipeline before it, by "
                "OneHotEncoder(handle_unknown='ignore') or TargetEncoder() in a ColumnTransformer, "
                f"and fit without {kind}"
            )


def own_trees(model: CatBoostClassifier) -> dict[str, Any]:
    """Gives the attributes of the tree ensemble that CatBoost itself exports."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "model.onnx"
        model.save_model(str(file), format="onnx")
        exported = onnx.load(file)
    node = next(each for each in exported.graph.node if each.op_type == "TreeEnsembleClassifier")
    return {each.name: onnx.helper.get_attribute_value(each) for each in node.attribute}


def convert_catboost(scope: Scope, operator: Operator, container: ModelComponentContainer) -> None:
    """Adds the trees; a missing value goes the way that CatBoost's ``nan_mode`` says."""
    model = operator.raw_operator
    refuse_other_inputs(model)
    attributes = own_trees(model)
    for name in ("classlabels_int64s", "classlabels_strings"):
        attributes.pop(name, None)
    attributes = {name: plain(value) for name, value in attributes.items()}
    if model.get_all_params().get("nan_mode") == "Max":
        kinds = attributes["nodes_modes"]
        attributes["nodes_missing_value_tracks_true"] = [int(kind in NODE_KINDS) for kind in kinds]
    nodes = Nodes(scope, container)
    values = operator.inputs[0].full_name
    if isinstance(operator.inputs[0].type, DoubleTensorType):
        values = nodes.add("Cast", [values], to=TensorProto.FLOAT)
    label = scope.get_unique_variable_name("catboost_label")
    probabilities = scope.get_unique_variable_name("catboost_probabilities")
    container.add_node(
        "TreeEnsembleClassifier",
        [values],
        [label, probabilities],
        name=scope.get_unique_operator_name("CatBoost"),
        op_domain="ai.onnx.ml",
        op_version=1,
        classlabels_int64s=[0, 1],
        **attributes,
    )
    second = nodes.add("Cast", [column(nodes, probabilities, 1)], to=TensorProto.DOUBLE)
    add_outputs(nodes, operator, second)


def plain(value: Any) -> Any:  # noqa: ANN401
    """Turns bytes into texts, also those in a list."""
    if isinstance(value, bytes):
        return value.decode()
    return [plain(each) for each in value] if isinstance(value, list) else value


def parse_catboost(
    scope: Scope, model: CatBoostClassifier, inputs: list[Variable], custom_parsers: object = None
) -> list[Variable]:
    """Declares a classifier, which skl2onnx does not see: CatBoost has no base class of sklearn."""
    operator = scope.declare_local_operator(ALIAS, model)
    operator.inputs = list(inputs)
    operator.outputs.append(scope.declare_local_variable("label", Int64TensorType()))
    values = DoubleTensorType if isinstance(inputs[0].type, DoubleTensorType) else FloatTensorType
    operator.outputs.append(scope.declare_local_variable("probabilities", values()))
    return operator.outputs


def register() -> None:
    """Tells skl2onnx how to convert a CatBoostClassifier."""
    update_registered_converter(
        CatBoostClassifier,
        ALIAS,
        calculate_linear_classifier_output_shapes,
        convert_catboost,
        options=OPTIONS,
        parser=parse_catboost,
    )
