"""Interventional Shapley values of a model's probability, by the package shap.

v(S) is the mean of the model over the background rows, with the features in S taken from the
customer and the others from the background row. The values of a customer and v(empty) add up to
the probability of the customer (Lundberg & Lee, NeurIPS 2017; Janzing et al., AISTATS 2020).
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd
import shap

from churn_bundle.column_codes import ColumnCodes

Predict = Callable[[pd.DataFrame], np.ndarray]

# By fewer a standard error cannot be judged.
MIN_RUNS = 8


class Contributions(NamedTuple):
    """Shapley values of one customer.

    Attributes:
        values: float [features].
        standard_errors: of the values, None where they are exact.
    """

    values: np.ndarray
    standard_errors: np.ndarray | None = None

    @property
    def is_exact(self) -> bool:
        """Whether all coalitions were computed."""
        return self.standard_errors is None


def exact_evaluations(background: pd.DataFrame) -> int:
    """Says how many rows a model scores at most for the exact values of one customer."""
    return len(background) * 2 ** background.shape[1]


class Explained:
    """One customer, a background, and the model that is asked about both.

    Attributes:
        evaluations: rows that the model has scored.
    """

    def __init__(self, predict: Predict, customer: pd.DataFrame, background: pd.DataFrame) -> None:
        """Takes a model and canonical rows.

        Args:
            predict: gives the probabilities of canonical rows, float64 [N].
            customer: one row.
            background: the rows to take the other values from.
        """
        self.predict = predict
        self.column_codes = ColumnCodes(pd.concat([background, customer], ignore_index=True))
        codes = self.column_codes.codes
        self.customer = codes[-1:]
        # shap would draw a sample of more rows than max_samples, by default 100.
        self.masker = shap.maskers.Independent(codes[:-1], max_samples=len(background))
        self.evaluations = 0

    def scores(self, codes: np.ndarray) -> np.ndarray:
        """Scores rows of codes, float [N, features]."""
        self.evaluations += len(codes)
        return self.predict(self.column_codes.decode(codes))

    def exact(self) -> Contributions:
        """Computes the values from all 2^features coalitions."""
        explainer = shap.explainers.ExactExplainer(self.scores, self.masker)
        # By default shap refuses more than 100,000 coalitions.
        coalitions = 2 ** self.customer.shape[1]
        explanation = explainer(self.customer, max_evals=coalitions, silent=True)
        return Contributions(explanation.values[0])

    def sampled(self, target: float, max_evaluations: int) -> Contributions:
        """Estimates the values by runs, each of which adds up exactly.

        A run takes random orders of the features, each forward and backward. Runs are independent,
        so their spread gives the standard error of their mean.

        Args:
            target: greatest standard error with which to end.
            max_evaluations: rows scored after which to end, but not before MIN_RUNS.
        """
        runs: list[np.ndarray] = []
        while True:
            runs.append(self.run(seed=len(runs)))
            if len(runs) < MIN_RUNS:
                continue
            errors = np.std(runs, axis=0, ddof=1) / np.sqrt(len(runs))
            if errors.max() <= target or self.evaluations >= max_evaluations:
                return Contributions(np.mean(runs, axis=0), errors)

    def run(self, seed: int) -> np.ndarray:
        """Estimates the values once, float [features]."""
        one_order = 2 * self.customer.shape[1] + 1
        state = np.random.get_state()  # shap seeds numpy's global generator.
        try:
            explainer = shap.explainers.PermutationExplainer(self.scores, self.masker, seed=seed)
            return explainer(self.customer, max_evals=one_order, silent=True).values[0]
        finally:
            np.random.set_state(state)
