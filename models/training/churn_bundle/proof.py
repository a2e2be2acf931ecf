"""Compares the ONNX graph with the model that it was made of, and finds the closest precision."""

import sys
from typing import NamedTuple

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator

from churn_bundle.conversion import FALLBACKS, FLOAT32, Graph, Precision, convert, pipelines_in
from churn_bundle.conversion_errors import conversion_refusal
from churn_bundle.errors import ExportError
from churn_bundle.rows import for_manifest
from churn_bundle.source_model import SourceModel
from churn_bundle.text_codes import TextCodes

# float32 arithmetic leaves about 2e-7; a tree's flipped branch moves far more than this.
TOLERANCE = 1e-5
# Of the reference rows. Golden rows may not differ at all: the service would refuse the bundle.
MAX_DIFFERING_FRACTION = 0.001
MAX_ROWS_SHOWN = 10


class Attempt(NamedTuple):
    """A converted model and how far it is from its source on some rows."""

    graph: Graph
    differences: np.ndarray

    @property
    def agrees(self) -> np.ndarray:
        """Which rows agree within the tolerance; NaN never does."""
        return self.differences <= TOLERANCE


class Prover:
    """Converts a rewritten model and compares it with its source."""

    def __init__(self, source: SourceModel, rewritten: BaseEstimator, codes: TextCodes) -> None:
        """Takes the model, its copy by a Rewriter, and the codes of texts."""
        self.source = source
        self.rewritten = rewritten
        self.codes = codes

    def attempt(self, rows: pd.DataFrame, expected: np.ndarray, precision: Precision) -> Attempt:
        """Converts in one precision and compares on canonical ``rows``."""
        try:
            graph = convert(self.rewritten, self.source.features, self.codes, precision)
            differences = np.abs(graph.predict(rows, self.source.positive) - expected)
        except Exception as error:
            raise conversion_refusal(error, self.source.model) from error
        return Attempt(graph, differences)

    def closest(self, rows: pd.DataFrame, expected: np.ndarray) -> Attempt:
        """Converts with float32 inputs, or, where those disagree, in the closest precision."""
        best = self.attempt(rows, expected, FLOAT32)
        for precision in FALLBACKS:
            if best.agrees.all():
                break
            if precision.cast_before_classifier and not pipelines_in(self.rewritten):
                continue
            try:
                other = self.attempt(rows, expected, precision)
            except ExportError:
                continue  # Not every converter knows float64; the best so far stands.
            if other.agrees.sum() > best.agrees.sum():
                best = other
        return best

    def row_in_words(self, rows: pd.DataFrame, index: int) -> str:
        """Says the values of one canonical row."""
        return str(for_manifest(rows.iloc[[index]], self.source.features)[0])

    def report(self, best: Attempt, rows: pd.DataFrame) -> None:
        """Prints the reference rows that differ, the worst first; raises if they are too many."""
        differing = np.flatnonzero(~best.agrees)
        worst_first = differing[np.argsort(-best.differences[differing])]
        for index in worst_first[:MAX_ROWS_SHOWN]:
            values = self.row_in_words(rows, index)
            print(
                f"row {index} differs by {best.differences[index]:.3g}: {values}", file=sys.stderr
            )
        print(
            f"{best.graph.precision.label}: {len(differing)} of {len(rows)} reference rows differ "
            f"by more than {TOLERANCE:g}; the greatest difference is {best.differences.max():.3g}"
        )
        if len(differing) > MAX_DIFFERING_FRACTION * len(rows):
            raise ExportError(
                f"{len(differing)} of {len(rows)} reference rows differ from the source model, "
                f"more than {MAX_DIFFERING_FRACTION:.1%}"
            )

    def report_variants(self, graph: Graph, rows: pd.DataFrame) -> None:
        """Raises if the graph does not take unknown or missing values as its source does."""
        if rows.empty:
            return
        differences = np.abs(graph.predict(rows, self.source.positive) - self.source.predict(rows))
        differing = np.flatnonzero(~(differences <= TOLERANCE))
        if len(differing) > MAX_DIFFERING_FRACTION * len(rows):
            worst = int(np.argmax(differences))
            raise ExportError(
                f"{len(differing)} of {len(rows)} rows with unknown or missing values differ from "
                f"the source model, such as {self.row_in_words(rows, worst)} by "
                f"{differences[worst]:.3g}"
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
        if not (differences <= TOLERANCE).all():
            worst = int(np.argmax(differences))  # The first NaN, if there is one.
            raise ExportError(
                f"the {kind} {self.row_in_words(rows, worst)} differs by "
                f"{differences[worst]:.3g} from the source model"
            )
        return expected
