"""Asks a bundle's graph for probabilities."""

from collections.abc import Mapping

import numpy as np
import onnxruntime

from churn_bundle.errors import ScoringError, first_line
from churn_bundle.spark.bundle import Bundle, TensorInput

INT64_END = 2.0**63
LIMITS = {
    "int32": (-(2.0**31), 2.0**31 - 1),
    "int64": (-INT64_END, np.nextafter(INT64_END, 0)),
}
QUIET = 4

# By feature: float64 for numbers and booleans, NaN for a missing one; for texts objects, with the
# graph's own text for a missing one, or codes.
Columns = Mapping[str, np.ndarray]


class ChurnModel:
    """A loaded graph, on one thread: Spark counts a core for each task."""

    def __init__(self, bundle: Bundle) -> None:
        """Loads the graph; raises a ScoringError if onnxruntime cannot."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = QUIET
        self.bundle = bundle
        try:
            self.session = onnxruntime.InferenceSession(
                bundle.graph, options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:
            raise ScoringError(
                f"onnxruntime {onnxruntime.__version__} cannot load the graph of {bundle.where}: "
                f"{first_line(error)}"
            ) from error

    def probabilities(self, columns: Columns, rows: int) -> np.ndarray:
        """Gives the probability of churn of each row, float64 [rows], unchecked."""
        if not rows:
            return np.empty(0)
        feed = {each.name: tensor(each, columns, rows) for each in self.bundle.inputs}
        (output,) = self.session.run([self.bundle.output], feed)
        if output.ndim == 2:
            output = output[:, self.bundle.output_column if output.shape[1] == 2 else 0]
        return output.astype(np.float64)


def tensor(stated: TensorInput, columns: Columns, rows: int) -> np.ndarray:
    """Makes a tensor [rows, features]; numbers are cast as the service casts them."""
    is_text = stated.type == "string"
    values = np.empty((rows, len(stated.features)), dtype=object if is_text else np.float64)
    for place, name in enumerate(stated.features):
        values[:, place] = columns[name]
    if is_text:
        return values
    if stated.type in LIMITS:
        values = np.clip(np.trunc(values), *LIMITS[stated.type])
    return values.astype(stated.type)
