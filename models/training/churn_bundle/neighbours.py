"""Proves that a customer's answer does not hang on the others in the batch."""

import numpy as np
import pandas as pd

from churn_bundle.conversion import Graph
from churn_bundle.errors import ExportError
from churn_bundle.limits import TOLERANCE

# Kernels for one row and for many round differently by about 1e-7.
MAX_DIFFERENCE = TOLERANCE
ROWS_ALONE = 64


def check_alone(graph: Graph, rows: pd.DataFrame, positive: int) -> int:
    """Compares answers to single rows with those to the same rows in a batch.

    Args:
        graph: converted model.
        rows: canonical.
        positive: column of the probabilities that is churn.

    Returns:
        The number of rows that were asked alone.

    Raises:
        ExportError: if one answer differs.
    """
    together = graph.predict(rows, positive)
    picks = np.unique(np.linspace(0, len(rows) - 1, ROWS_ALONE).round().astype(int))
    alone = np.array([graph.predict(rows.iloc[[pick]], positive)[0] for pick in picks])
    differences = np.abs(alone - together[picks])
    if not (differences <= MAX_DIFFERENCE).all():
        worst = int(np.argmax(differences))
        raise ExportError(
            f"the graph gives one customer {alone[worst]:.6g} alone and "
            f"{together[picks[worst]]:.6g} in a batch of {len(rows)}: other customers change an "
            "answer, as in a dynamically quantized graph; export it without quantization, or "
            "quantize it statically"
        )
    return len(picks)
