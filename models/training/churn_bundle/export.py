"""Exports a fitted binary classifier as a bundle that the service can prove and serve."""

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import ClassifierMixin

from churn_bundle.bundle_files import describe_examples, describe_golden, write_bundle
from churn_bundle.calibration import calibration_bins, without_outcome
from churn_bundle.contract import describe_assumptions, make_features
from churn_bundle.describe import (
    describe_feature,
    describe_framework,
    describe_tensor,
    histogram,
)
from churn_bundle.diagnosis import with_hints
from churn_bundle.errors import ExportError
from churn_bundle.evidence import gather_evidence
from churn_bundle.explanations import explain
from churn_bundle.feature_options import Options
from churn_bundle.golden_rows import inside_contract
from churn_bundle.limits import Limits, check_limits, describe_tolerance
from churn_bundle.progress import notice_if_slow, size_in_words
from churn_bundle.raw_steps import feature_indices
from churn_bundle.reference import select_features
from churn_bundle.rows import canonical
from churn_bundle.source_model import SourceModel, check_model, model_features, positive_column
from churn_bundle.thresholds import decide_thresholds

DEFAULT_LIMITS = Limits()


def export_bundle(
    model: ClassifierMixin,
    reference: pd.DataFrame,
    output: Path | str,
    version: str,
    *,
    features: Options | None = None,
    metrics: dict[str, float] | None = None,
    thresholds: tuple[float, float, float] | None = None,
    positive_class: object = None,
    examples: list[dict[str, Any]] | None = None,
    explanations: bool = True,
    outcome: str | None = None,
    held_out: pd.DataFrame | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> None:
    """Converts a model, proves it against its source and writes the bundle.

    Args:
        model: fitted binary classifier or Pipeline, or a search that found one.
        reference: the data that it was fitted on, or such as it; at least 64 rows.
        output: path of the ONNX file; its stem is the model's name.
        version: of the model.
        features: what the API accepts, by feature; see ``feature_options.KEYS``.
        metrics: measured on held-out data.
        thresholds: for the decision, MEDIUM and HIGH; None for the model's own decision threshold,
            if it has one, and the defaults.
        positive_class: the label that means churn; None for 1, True or Yes.
        examples: customers for the API's documentation; None to choose two from the reference.
        explanations: whether the service is to explain probabilities; it takes the package shap.
        outcome: column that says who churned, with the labels of the model, for the calibration.
        held_out: customers with that column that the model was not fitted on; None to take those
            of the reference, which flatter.
        limits: how far the graph may be from the model, with the reasons.

    Raises:
        ExportError: if there is nothing to export or the export does not answer as its source.
            The files of an earlier bundle are then as they were.
    """
    output, options = Path(output), features or {}
    limits = check_limits(limits)
    check_metrics(metrics or {})
    model = getattr(model, "best_estimator_", model)  # What a GridSearchCV and its like found.
    check_model(model)
    positive = positive_column(model, positive_class)
    model, thresholds = decide_thresholds(model, positive, thresholds)
    limits = limits._replace(decision=thresholds.decision)
    names = model_features(model, [str(name) for name in reference.columns])
    if held_out is not None and outcome is None:
        raise ExportError(
            "the held-out data is for the calibration: say which of its columns is the outcome, by "
            "--outcome (in Python, outcome=)"
        )
    customers = without_outcome(reference, outcome, names)
    table = select_features(customers, names, getattr(model, "n_features_in_", None))
    indices = feature_indices(model, table.shape[1])
    used = table.loc[:, [index >= 0 for index in indices]]
    if dropped := [name for name in table.columns if name not in used.columns]:
        print(f"the model does not use {', '.join(dropped)}: left out of the API")
    described = make_features(model, used, indices, options)
    for line in describe_assumptions(described, options):
        print(line)
    rows = canonical(used, described)
    source = SourceModel(model, positive, described, table, indices)
    doing = f"converting and proving {type(model).__name__}"
    with with_hints(model), notice_if_slow(doing, size_in_words(model)):
        proven = gather_evidence(source, rows, examples, limits)
    calibration = {}
    if outcome is not None:
        judged = reference if held_out is None else held_out
        calibration = {"calibration": calibration_bins(source, judged, outcome)}
    explained = None
    if explanations:
        usable = inside_contract(rows, described) & proven.best.agrees[: len(rows)]
        graph = partial(proven.best.graph.predict, positive=positive)
        explained = explain(source, graph, rows[usable], proven.expected[usable], proven.golden)

    content = {
        "features": [describe_feature(f, rows[f.name]) for f in described],
        "inputs": [describe_tensor(tensor) for tensor in proven.best.graph.inputs],
        "output": {"name": "probabilities", "column": positive},
        "examples": describe_examples(proven.examples, described, proven.examples_expected),
        "thresholds": thresholds._asdict(),
        **describe_tolerance(limits),
        "comparison": proven.best.describe(),
        "metrics": metrics or {},
        "reference": {
            "rows": len(rows),
            "probability_histogram": histogram(proven.expected, np.linspace(0, 1, 21)),
            **calibration,
        },
        "golden_rows": describe_golden(proven.golden, described, proven.golden_expected),
        **({"explanations": explained} if explained else {}),
    }
    write_bundle(output, version, describe_framework(model), proven.best.graph.onnx_bytes, content)


def check_metrics(metrics: dict[str, Any]) -> None:
    """Checks that metrics map names to finite numbers."""
    for name, value in metrics.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not np.isfinite(value):
            raise ExportError(f"the metric {name} is not a finite number")
