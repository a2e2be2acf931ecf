"""Fits and exports a kind of model, and says how exactly its graph answers unseen customers."""

import re
import warnings
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bundle_checks import as_customers, check_bundle, run
from catalogue import ROWS, UNSEEN_ROWS, Kind, tables
from churn_bundle import ExportError, export_bundle

# Of probabilities: what float32 arithmetic leaves of them, and the exporter's own tolerance.
EXACT, TOLERATED = 2e-6, 1e-5

EXACTLY, WITHIN = "exactly", "within 0.00001"
# What the proof says of a graph that answers otherwise; what follows it says why.
OTHERWISE = re.compile(
    r"^(\d+ of \d+ .* differ from the source model.*?--accept-reason TEXT|the golden row \{.*?)"
    r"(; |$)"
)


class Outcome(NamedTuple):
    """What became of an export.

    Attributes:
        refusal: what the exporter said, None if it wrote a bundle.
        differences: between the graph and the model, float64 [unseen rows].
    """

    refusal: str | None
    differences: np.ndarray

    @property
    def served(self) -> str:
        """How the docs say it."""
        return EXACTLY if self.differences.max() <= EXACT / 2 else WITHIN

    def keeps(self, served: str) -> bool:
        """Whether what the docs promise holds."""
        return bool(self.differences.max() <= (EXACT if served == EXACTLY else TOLERATED))


def try_export(kind: Kind, folder: Path) -> Outcome:
    """Fits a kind of model on its data, exports it and asks the graph."""
    table, labels = tables(kind.data, ROWS, 1)
    unseen, _ = tables(kind.data, UNSEEN_ROWS, 2)
    onnx_file = folder / "model.onnx"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = kind.make().fit(table, labels)
        try:
            export_bundle(model, table, onnx_file, "1.0.0", explanations=False)
        except ExportError as error:
            return Outcome(gist(str(error)), np.zeros(0))
        expected = model.predict_proba(unseen)[:, 1]
    check_bundle(onnx_file)
    return Outcome(None, np.abs(run(onnx_file, as_customers(unseen)) - expected))


def gist(message: str) -> str:
    """Leaves out of a refusal what is another time on another day: rows and their number."""
    reason = OTHERWISE.sub("", message)
    return reason or "the graph does not answer as the model"
