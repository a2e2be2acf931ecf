"""Says which features each input of another tool's graph takes."""

import onnx
from onnx import TensorProto

from churn_bundle.conversion import Tensor
from churn_bundle.errors import ExportError
from churn_bundle.names import check_categories

TYPES = {
    TensorProto.FLOAT: "float32",
    TensorProto.DOUBLE: "float64",
    TensorProto.INT32: "int32",
    TensorProto.INT64: "int64",
    TensorProto.BOOL: "bool",
    TensorProto.STRING: "string",
}


def parse_mapping(texts: list[str]) -> dict[str, list[str]]:
    """Reads NAME=feature,feature."""
    mapping = {}
    for text in texts:
        name, _, features = text.partition("=")
        if not name or not features:
            raise ExportError(f"--input {text} is not of the form NAME=feature,feature")
        mapping[name] = features.split(",")
    return mapping


def map_inputs(
    model: onnx.ModelProto, columns: list[str], mapping: dict[str, list[str]]
) -> list[Tensor]:
    """Maps the graph's inputs to features: as stated, else by name, else all to the one input."""
    weights = {initializer.name for initializer in model.graph.initializer}
    inputs = [value for value in model.graph.input if value.name not in weights]
    names = [value.name for value in inputs]
    if unknown := [name for name in mapping if name not in names]:
        raise ExportError(f"--input names {unknown[0]}; the graph's inputs are {', '.join(names)}")
    tensors = []
    for value in inputs:
        features = mapping.get(value.name)
        if features is None and value.name in columns:
            features = [value.name]
        if features is None and len(inputs) == 1:
            features = columns
        if features is None:
            raise ExportError(
                f"no reference column is named as the graph's input {value.name}: say what it "
                f"takes by --input {value.name}=feature,feature"
            )
        if missing := [name for name in features if name not in columns]:
            raise ExportError(f"the reference data lacks {missing[0]}, which {value.name} takes")
        taken = {name: tensor.name for tensor in tensors for name in tensor.features}
        if twice := [name for name in features if name in taken or features.count(name) > 1]:
            other = taken.get(twice[0], value.name)
            raise ExportError(
                f"{twice[0]} goes into {value.name}, and into {other} already: a feature goes into "
                "one input, once; use it twice inside the graph"
            )
        tensors.append(Tensor(value.name, input_type(value, len(features)), features))
    return tensors


def input_type(value: onnx.ValueInfoProto, count: int) -> str:
    """Gives the type of an input after a check that the service can fill it."""
    tensor = value.type.tensor_type
    if tensor.elem_type not in TYPES:
        kind = TensorProto.DataType.Name(tensor.elem_type).lower()
        raise ExportError(
            f"the graph's input {value.name} is of the type {kind}; the service fills "
            f"{', '.join(TYPES.values())}: cast it inside the graph"
        )
    sizes = [dim.dim_value if dim.HasField("dim_value") else None for dim in tensor.shape.dim]
    if len(sizes) != 2 or sizes[0] is not None or sizes[1] not in (None, count):
        shown = ", ".join("N" if size is None else str(size) for size in sizes)
        raise ExportError(
            f"the graph's input {value.name} has the shape [{shown}]; it must be [N, {count}] for "
            f"{count} features, with a batch dimension that is not fixed; --input "
            f"{value.name}=feature,feature names those that it takes"
        )
    return TYPES[tensor.elem_type]


def state_missing_text(inputs: list[Tensor], text: str | None) -> list[Tensor]:
    """Gives the inputs of texts the text that the graph takes for a missing value."""
    if text is None:
        return inputs
    if all(tensor.type != "string" for tensor in inputs):
        raise ExportError("--missing-text is for an input of texts, and the graph has none")
    check_categories("--missing-text", [text])
    return [
        tensor._replace(missing_text=text) if tensor.type == "string" else tensor
        for tensor in inputs
    ]
