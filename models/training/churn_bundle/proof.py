"""Compares ONNX graphs with the model that they were made of, and finds the closest one."""

import sys
from collections.abc import Iterator

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator

from churn_bundle.attempt import Attempt
from churn_bundle.conversion import FLOAT32, FLOAT64, MIXED, Graph, Precision, convert
from churn_bundle.conversion_errors import conversion_refusal
from churn_bundle.errors import ExportError
from churn_bundle.estimators import pipelines_in
from churn_bundle.folding import Folder
from churn_bundle.limits import Limits
from churn_bundle.rows import for_manifest
from churn_bundle.source_model import SourceModel
from churn_bundle.text_codes import TextCodes

MAX_ROWS_SHOWN = 10
# A graph that differs on some of these is compared on all rows only if no other graph agrees.
ROWS_AT_A_GLANCE = 500


class Prover:
    """Converts a rewritten model and compares it with its source."""

    def __init__(
        self, source: SourceModel, rewritten: BaseEstimator, codes: TextCodes, limits: Limits
    ) -> None:
        """Takes the model, its copy by a Rewriter, the codes of texts, and what may differ."""
        self.source = source
        self.rewritten = rewritten
        self.codes = codes
        self.limits = limits

    def candidates(self, rows: pd.DataFrame) -> Iterator[tuple[BaseEstimator, Precision]]:
        """Yields what to convert, in the order in which to try it."""
        folded = Folder(self.source.features, rows).fold(self.rewritten)
        if folded is not None:
            yield folded, FLOAT64
        yield self.rewritten, FLOAT32
        yield self.rewritten, FLOAT64
        if pipelines_in(self.rewritten):
            yield self.rewritten, MIXED

    def convert(self, model: BaseEstimator, precision: Precision) -> Graph:
        """Converts; raises an ExportError on what the converters do not support."""
        try:
            return convert(model, self.source.features, self.codes, precision)
        except Exception as error:
            raise conversion_refusal(error, self.source.model) from error

    def attempt(self, graph: Graph, rows: pd.DataFrame, expected: np.ndarray) -> Attempt:
        """Asks a graph for canonical ``rows``."""
        try:
            served = graph.predict(rows, self.source.positive)
        except Exception as error:
            raise conversion_refusal(error, self.source.model) from error
        return Attempt(graph, served, expected, self.limits)

    def closest(self, rows: pd.DataFrame, expected: np.ndarray) -> Attempt:
        """Finds the first graph that agrees on all rows, else the closest one."""
        glance = np.random.default_rng(0).permutation(len(rows))[:ROWS_AT_A_GLANCE]
        others, errors = [], []
        for model, precision in self.candidates(rows):
            try:
                graph = self.convert(model, precision)
                if self.attempt(graph, rows.iloc[glance], expected[glance]).agrees.all():
                    whole = self.attempt(graph, rows, expected)
                    if whole.agrees.all():
                        return whole
                    others.append(whole)
                else:
                    others.append(graph)
            except ExportError as error:  # Not every converter knows float64.
                errors.append(error)
        if not others:
            raise errors[0]
        attempts = [
            self.attempt(each, rows, expected) if isinstance(each, Graph) else each
            for each in others
        ]
        return min(attempts, key=lambda each: each.distance)

    def row_in_words(self, rows: pd.DataFrame, index: int) -> str:
        """Says the values of one canonical row."""
        return str(for_manifest(rows.iloc[[index]], self.source.features)[0])

    def report(self, attempt: Attempt, rows: pd.DataFrame, kind: str) -> None:
        """Prints how far a graph is from its source, the worst rows first.

        Args:
            attempt: on ``rows``.
            rows: canonical.
            kind: what to call them in a message.

        Raises:
            ExportError: if more rows differ than the limits allow.
        """
        if rows.empty:
            return
        differences, limits = attempt.differences, self.limits
        differing = np.flatnonzero(~attempt.agrees)
        worst_first = differing[np.argsort(-differences[differing])]
        for index in worst_first[:MAX_ROWS_SHOWN]:
            values = self.row_in_words(rows, index)
            print(
                f"row {index} of the {kind} differs by {differences[index]:.3g}: {values}",
                file=sys.stderr,
            )
        found = (
            f"{len(differing)} of {len(rows)} {kind} differ from the source model by more "
            f"than {limits.tolerance:g}"
        )
        worst = f"the greatest difference is {differences.max():.3g}"
        flips = f", {attempt.flips} decisions are flipped" if len(differing) else ""
        print(f"{attempt.graph.precision.label}: {found}; {worst}{flips}")
        if len(differing) > limits.accepted_share * len(rows):
            raise ExportError(
                f"{found}; {worst}{flips}, such as {self.row_in_words(rows, worst_first[0])}; "
                f"a share of {limits.accepted_share:g} may: change the step that the graph cannot "
                "follow, or state --accept SHARE and --accept-reason TEXT"
            )

    def check_rows(self, graph: Graph, rows: pd.DataFrame, kind: str) -> np.ndarray:
        """Checks that a graph answers as its source; gives the source's probabilities.

        Args:
            graph: converted model.
            rows: canonical rows, none of which may differ.
            kind: what to call a row in a message.
        """
        expected = self.source.predict(rows)
        differences = np.abs(graph.predict(rows, self.source.positive) - expected)
        if not (differences <= self.limits.tolerance).all():
            worst = int(np.argmax(differences))  # The first NaN, if there is one.
            raise ExportError(
                f"the {kind} {self.row_in_words(rows, worst)} differs by "
                f"{differences[worst]:.3g} from the source model"
            )
        return expected
