"""Reads a graph that another tool made, and gives it one output of float32 probabilities."""

from pathlib import Path

import onnx
from onnx import TensorProto, helper

from churn_bundle.conversion import TARGET_OPSET
from churn_bundle.errors import ExportError, first_line

# No tool calls a tensor of its own so.
OUTPUT = "churn_probabilities"
FLOATS = (TensorProto.FLOAT, TensorProto.DOUBLE, TensorProto.FLOAT16)


def load_graph(path: Path) -> onnx.ModelProto:
    """Reads an ONNX file with the external data beside it, which then belongs to the graph."""
    if not path.is_file():
        raise ExportError(f"no ONNX file at {path}")
    try:
        model = onnx.load(path)
    except Exception as error:
        raise ExportError(
            f"cannot read {path} as ONNX: {first_line(error)}; its external data, if any, must "
            "lie beside it"
        ) from error
    if not model.graph.output:
        raise ExportError(f"{path} is no ONNX graph: it has no output")
    return model


def cut_zipmap(model: onnx.ModelProto) -> None:
    """Replaces the output of a ZipMap by the tensor that it takes."""
    graph = model.graph
    for node in [node for node in graph.node if node.op_type == "ZipMap"]:
        for output in graph.output:
            if output.name == node.output[0]:
                classes = sum(len(labels.ints) + len(labels.strings) for labels in node.attribute)
                output.CopyFrom(
                    helper.make_tensor_value_info(node.input[0], TensorProto.FLOAT, ["N", classes])
                )
        graph.node.remove(node)


def candidates(model: onnx.ModelProto) -> list[onnx.ValueInfoProto]:
    """Gives the outputs of floats in the shapes [N], [N, 1] and [N, 2]."""
    found = []
    for output in model.graph.output:
        tensor = output.type.tensor_type
        sizes = [d.dim_value if d.HasField("dim_value") else None for d in tensor.shape.dim]
        fits = len(sizes) == 1 or (len(sizes) == 2 and sizes[1] in (None, 1, 2))
        if tensor.elem_type in FLOATS and fits:
            found.append(output)
    return found


def give_probabilities(model: onnx.ModelProto, logits: bool) -> None:
    """Makes the one output that can be a probability float32, of logits if it has these."""
    cut_zipmap(model)
    graph = model.graph
    found = candidates(model)
    if len(found) != 1:
        names = ", ".join(output.name for output in graph.output)
        raise ExportError(
            f"{len(found)} of the graph's outputs ({names}) can be a probability: exactly one "
            "must be of floats in the shape [N], [N, 1] or [N, 2]"
        )
    source = found[0]
    dims = source.type.tensor_type.shape.dim
    columns = dims[1].dim_value if len(dims) == 2 else 1
    if logits and columns == 0:
        raise ExportError(
            f"the output {source.name} does not say whether it has 1 or 2 columns, on which the "
            "function of --logits depends: export it with a fixed second dimension"
        )
    cast = "churn_logits" if logits else OUTPUT
    graph.node.append(helper.make_node("Cast", [source.name], [cast], to=TensorProto.FLOAT))
    if logits and columns == 2:
        graph.node.append(helper.make_node("Softmax", [cast], [OUTPUT], axis=1))
    elif logits:
        graph.node.append(helper.make_node("Sigmoid", [cast], [OUTPUT]))
    if all(opset.domain not in ("", "ai.onnx") for opset in model.opset_import):
        model.opset_import.append(helper.make_opsetid("", TARGET_OPSET[""]))
    shape = ["N", columns or None] if len(dims) == 2 else ["N"]
    del graph.output[:]
    graph.output.append(helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, shape))
