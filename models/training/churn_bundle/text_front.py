"""Puts nodes in front of a graph that make its matrix of numbers and texts."""

from onnx import ModelProto, NodeProto, TensorProto, ValueInfoProto, helper

from churn_bundle.text_codes import TextCodes

FLOATS = {"float32": TensorProto.FLOAT, "float64": TensorProto.DOUBLE}


def put_in_front(
    model: ModelProto, numbers: list[str], texts: list[str], codes: TextCodes, dtype: str
) -> None:
    """Replaces the graph's input ``features`` by ``numbers`` and ``texts``.

    Args:
        model: graph whose matrix has the numbers first; it is changed.
        numbers: names of the features that are no texts.
        texts: names of the others.
        codes: of the texts.
        dtype: of the matrix.
    """
    nodes: list[NodeProto] = []
    coded = add_codes(nodes, texts, codes)
    if dtype == "float64":
        nodes.append(helper.make_node("Cast", [coded], ["codes_float64"], to=TensorProto.DOUBLE))
        coded = "codes_float64"
    parts = ["numbers", coded] if numbers else [coded]
    nodes.append(helper.make_node("Concat", parts, ["features"], name="front_matrix", axis=1))

    nodes.extend(model.graph.node)
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    del model.graph.input[:]
    if numbers:
        model.graph.input.append(matrix("numbers", FLOATS[dtype], len(numbers)))
    model.graph.input.append(matrix("texts", TensorProto.STRING, len(texts)))
    for opset in list(model.opset_import):
        if opset.domain == "ai.onnx.ml":  # LabelEncoder came to take floats after version 1.
            model.opset_import.remove(opset)
    model.opset_import.append(helper.make_opsetid("ai.onnx.ml", 3))


def matrix(name: str, element: int, columns: int) -> ValueInfoProto:
    """Describes an input [rows, columns]."""
    return helper.make_tensor_value_info(name, element, [None, columns])


def add_codes(nodes: list[NodeProto], texts: list[str], codes: TextCodes) -> str:
    """Adds the nodes that make codes, float32 [N, texts]; gives the name of the tensor."""
    if codes.shared or len(texts) == 1:
        nodes.append(encoder("texts", "codes", codes.keys[texts[0]]))
        return "codes"
    columns = [f"text_{index}" for index in range(len(texts))]
    nodes.append(helper.make_node("Split", ["texts"], columns, name="front_split", axis=1))
    coded = [f"code_{index}" for index in range(len(texts))]
    for name, column, output in zip(texts, columns, coded, strict=True):
        nodes.append(encoder(column, output, codes.keys[name]))
    nodes.append(helper.make_node("Concat", coded, ["codes"], name="front_codes", axis=1))
    return "codes"


def encoder(source: str, target: str, keys: list[str]) -> NodeProto:
    """Makes a node that turns texts into 1, 2, ... and any other text into 0."""
    return helper.make_node(
        "LabelEncoder",
        [source],
        [target],
        name=f"front_{target}",
        domain="ai.onnx.ml",
        keys_strings=keys,
        values_floats=[float(code) for code in range(1, len(keys) + 1)],
        default_float=0.0,
    )
