"""Proves that a graph answers here as it did in training, before it scores anybody."""

import numpy as np

from churn_bundle.errors import ScoringError, first_line
from churn_bundle.spark.bundle import Bundle, KnownRow
from churn_bundle.spark.churn_model import ChurnModel, Columns

# Kernels for one row and for many round differently, by about 1e-7.
MOST_DIFFERENCE_ALONE = 1e-5
ROWS_ALONE = 8


def prove(model: ChurnModel) -> float:
    """Compares the graph's answers with the known probabilities.

    Returns:
        The greatest difference.

    Raises:
        ScoringError: if an answer differs by more than the tolerance, or depends on other rows.
    """
    bundle = model.bundle
    rows = bundle.known_rows
    together = ask(model, rows)
    check(bundle, rows, together)
    spread = [rows[index] for index in np.linspace(0, len(rows) - 1, ROWS_ALONE, dtype=int)]
    by_name = dict(zip((row.name for row in rows), together, strict=True))
    for row in spread:
        (alone,) = ask(model, (row,))
        if not abs(alone - by_name[row.name]) <= MOST_DIFFERENCE_ALONE:
            raise ScoringError(
                f"other customers in a batch change the answer to one: the {row.name} of "
                f"{bundle.where} got {by_name[row.name]} in a batch, and {alone} alone: export "
                "the graph without dynamic quantization, or quantize it statically"
            )
    return float(np.abs(together - stated(rows)).max())


def stated(rows: tuple[KnownRow, ...]) -> np.ndarray:
    """Gives the known probabilities."""
    return np.array([row.probability for row in rows])


def ask(model: ChurnModel, rows: tuple[KnownRow, ...]) -> np.ndarray:
    """Asks the graph for known rows in one pass."""
    try:
        return model.probabilities(columns_of(model.bundle, rows), len(rows))
    except Exception as error:
        raise ScoringError(
            f"the graph of {model.bundle.where} fails on its golden rows: {first_line(error)}: "
            "export the bundle again"
        ) from error


def check(bundle: Bundle, rows: tuple[KnownRow, ...], served: np.ndarray) -> None:
    """Raises a ScoringError that names the worst row, if one differs too much."""
    differences = np.abs(served - stated(rows))
    differences[np.isnan(differences)] = np.inf
    worst = int(differences.argmax())
    if differences[worst] > bundle.tolerance:
        row = rows[worst]
        raise ScoringError(
            f"the model {bundle.name} {bundle.version} of {bundle.where} does not answer as it did "
            f"in training: expected {row.probability} for the {row.name} {row.customer}, within "
            f"{bundle.tolerance}, found {served[worst]}: export the bundle again: the graph, its "
            "preprocessing or the order of its features is not that of the trained model"
        )


def columns_of(bundle: Bundle, rows: tuple[KnownRow, ...]) -> Columns:
    """Makes columns of known rows, as the graph takes them."""
    columns = {}
    for feature in bundle.features:
        values = [row.customer.get(feature.name) for row in rows]
        if feature.type == "category":
            columns[feature.name] = feature.texts_in_graph(values)
        else:
            numbers = [np.nan if value is None else float(value) for value in values]
            columns[feature.name] = np.array(numbers)
    return columns
