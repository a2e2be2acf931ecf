"""Loads and asks a graph that another tool made."""

import re

import numpy as np
import onnx
import onnxruntime
import pandas as pd

from churn_bundle.conversion import Graph, Precision, Tensor, as_tensor
from churn_bundle.errors import ExportError, first_line
from churn_bundle.onnx_source import OUTPUT

AS_IT_IS = Precision("as it is", "float32")
TOO_NEW = {
    r"Unsupported model IR version: (\d+), max supported IR version: (\d+)": "IR version",
    r"Opset (\d+) is under development.* is till opset (\d+)": "opset",
}


class WrappedGraph(Graph):
    """A graph whose output is one of ``give_probabilities``."""

    def __init__(self, model: onnx.ModelProto, inputs: list[Tensor]) -> None:
        """Loads the graph from memory, as the service does."""
        try:
            super().__init__(model, inputs, AS_IT_IS)
        except Exception as error:
            raise ExportError(
                f"onnxruntime {onnxruntime.__version__} cannot load the graph: {cause(error)}"
            ) from error

    def predict(self, rows: pd.DataFrame, positive: int = 1) -> np.ndarray:
        """Runs one forward pass; gives probabilities of churn, float64 [N]."""
        feed = {tensor.name: as_tensor(rows, tensor) for tensor in self.inputs}
        try:
            (answers,) = self.session.run([OUTPUT], feed)
        except Exception as error:
            raise ExportError(
                f"the graph cannot score a batch of {len(rows)}: {first_line(error)}"
            ) from error
        if answers.shape not in ((len(rows),), (len(rows), 1), (len(rows), 2)):
            raise ExportError(
                f"the graph gave the shape {list(answers.shape)} for a batch of {len(rows)}; it "
                "must be [N], [N, 1] or [N, 2] for every N"
            )
        matrix = answers.reshape(len(rows), -1)
        return matrix[:, positive if matrix.shape[1] == 2 else 0].astype(np.float64)


def cause(error: Exception) -> str:
    """Says what onnxruntime says, in short if the graph is too new for it."""
    for pattern, what in TOO_NEW.items():
        if found := re.search(pattern, str(error), re.DOTALL):
            return (
                f"its {what} is {found[1]}, and at most {found[2]} is supported: export it with an "
                "older one"
            )
    return first_line(error)
