"""The ONNX form of a Lookup: a few nodes, however many columns it has."""

import numpy as np
from onnx import TensorProto
from skl2onnx import update_registered_converter
from skl2onnx.common._container import ModelComponentContainer
from skl2onnx.common._topology import Operator, Scope
from skl2onnx.common.data_types import DoubleTensorType, FloatTensorType

from churn_bundle.graph_nodes import Nodes
from churn_bundle.lookup import ColumnTable, Lookup


def lookup_shape(operator: Operator) -> None:
    """Says what a Lookup gives: [N, width] of the type that it takes."""
    is_double = isinstance(operator.inputs[0].type, DoubleTensorType)
    tensor_type = DoubleTensorType if is_double else FloatTensorType
    operator.outputs[0].type = tensor_type([None, operator.raw_operator.width])


def by_code(table: ColumnTable) -> np.ndarray:
    """Spreads a table so that a code is the index of its row."""
    keys = table.keys.astype(int)
    rows = np.repeat(table.rows[:1], keys.max() + 1, axis=0)
    rows[keys] = table.rows[1:]
    return rows


class LookupNodes(Nodes):
    """Adds the parts of a Lookup."""

    def codes(self, source: str, columns: list[int], count: int) -> str:
        """Gives whole numbers [N, columns] as int64."""
        if len(columns) < count:
            chosen = self.constant(np.array(columns), TensorProto.INT64)
            source = self.add("Gather", [source, chosen], axis=1)
        return self.add("Cast", [source], to=TensorProto.INT64)

    def key_index(self, source: str, column: int, count: int, keys: np.ndarray) -> str:
        """Gives the row of each number [N, 1] among ``keys``, of which the last is NaN."""
        if count > 1:
            chosen = self.constant(np.array([column]), TensorProto.INT64)
            source = self.add("Gather", [source, chosen], axis=1)
        source = self.add("Cast", [source], to=TensorProto.FLOAT)
        known = self.add(
            "LabelEncoder",
            [source],
            op_domain="ai.onnx.ml",
            op_version=2,
            keys_floats=keys[:-1].astype(np.float32).tolist(),
            values_int64s=list(range(1, len(keys))),
            default_int64=0,
        )
        missing = self.add("IsNaN", [source])
        last = self.constant(np.array([[len(keys)]]), TensorProto.INT64)
        return self.add("Where", [missing, last, known], op_version=9)


def convert_lookup(scope: Scope, operator: Operator, container: ModelComponentContainer) -> None:
    """Adds a Lookup: the index of each column's row, one table of all columns, and a sum."""
    tables = operator.raw_operator.tables
    source, target = operator.inputs[0].full_name, operator.outputs[0].full_name
    is_double = isinstance(operator.inputs[0].type, DoubleTensorType)
    tensor_type = TensorProto.DOUBLE if is_double else TensorProto.FLOAT
    nodes = LookupNodes(scope, container)
    order = sorted(range(len(tables)), key=lambda index: not tables[index].codes)
    coded = [index for index in order if tables[index].codes]

    parts = [nodes.codes(source, coded, len(tables))] if coded else []
    for index in order[len(coded) :]:
        parts.append(nodes.key_index(source, index, len(tables), tables[index].keys))
    index = nodes.add("Concat", parts, axis=1) if len(parts) > 1 else parts[0]

    blocks = [by_code(tables[i]) if tables[i].codes else tables[i].rows for i in order]
    table = nodes.constant(np.concatenate(blocks), tensor_type)
    if len(blocks) == 1:
        axis = nodes.constant(np.array([1]), TensorProto.INT64)
        nodes.add("Gather", [table, nodes.add("Squeeze", [index, axis])], target, axis=0)
        return
    offsets = np.cumsum([0, *(len(block) for block in blocks[:-1])])
    index = nodes.add("Add", [index, nodes.constant(offsets, TensorProto.INT64)])
    rows = nodes.add("Gather", [table, index], axis=0)
    axis = nodes.constant(np.array([1]), TensorProto.INT64)
    nodes.add("ReduceSum", [rows, axis], target, keepdims=0)


def register() -> None:
    """Tells skl2onnx how to convert a Lookup."""
    update_registered_converter(Lookup, "ChurnBundleLookup", lookup_shape, convert_lookup)
