"""Computes the contributions of golden explanations, as exactly as there is time for."""

import time

import numpy as np
import pandas as pd

from churn_bundle.shapley import Contributions, Explained, Predict, exact_evaluations
from churn_bundle.source_model import SourceModel

# Rows that the model may score for all customers together.
MAX_EVALUATIONS = 1_500_000
# A slow model may score as many as it is likely to do in this time.
MAX_SECONDS = 60
# Standard error with which sampling ends early: a tenth of a percentage point.
TARGET_ERROR = 0.001


def contributions(
    source: SourceModel, customers: pd.DataFrame, background: pd.DataFrame
) -> list[Contributions]:
    """Computes exact values of all customers if that is affordable, else estimates them.

    Args:
        source: the model.
        customers: canonical rows.
        background: canonical rows, at most 128.
    """
    left = affordable_evaluations(source, background)
    is_exact = exact_evaluations(background) * len(customers) <= left
    found = []
    for index in range(len(customers)):
        explained = Explained(source.predict, customers.iloc[[index]], background)
        if is_exact:
            found.append(explained.exact())
            continue
        # What one customer leaves goes to the next ones.
        found.append(explained.sampled(TARGET_ERROR, left // (len(customers) - index)))
        left -= explained.evaluations
    return found


def graph_differences(
    source: SourceModel,
    graph: Predict,
    customers: pd.DataFrame,
    background: pd.DataFrame,
    found: list[Contributions],
) -> np.ndarray:
    """Says how far the graph's contributions are from the source's, float [customers].

    Explanations ask for customers who are a mixture of two, which the proof has not seen. Sampled
    contributions are compared in one run, of the same orders for both.
    """
    differences = []
    for index, each in enumerate(found):
        customer = customers.iloc[[index]]
        served = Explained(graph, customer, background)
        if each.is_exact:
            gaps = served.exact().values - each.values
        else:
            gaps = served.run(0) - Explained(source.predict, customer, background).run(0)
        differences.append(np.abs(gaps).max())
    return np.array(differences)


def affordable_evaluations(source: SourceModel, background: pd.DataFrame) -> int:
    """Says how many rows the model may score, from the time that it takes for some."""
    rows = pd.concat([background] * 16, ignore_index=True)
    start = time.perf_counter()
    source.predict(rows)
    seconds_per_row = (time.perf_counter() - start) / len(rows)
    return min(MAX_EVALUATIONS, int(MAX_SECONDS / seconds_per_row))
