"""Makes a bundle of an ONNX graph and of the probabilities that its training side computed."""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pandas as pd

from churn_bundle import golden_rows
from churn_bundle.attempt import Attempt
from churn_bundle.bundle_files import describe_examples, describe_golden, write_bundle
from churn_bundle.compact_forests import compact_forests
from churn_bundle.contract import describe_assumptions, make_features
from churn_bundle.describe import describe_feature, describe_tensor, histogram
from churn_bundle.errors import ExportError
from churn_bundle.examples import check_examples
from churn_bundle.export import DEFAULT_LIMITS, check_metrics
from churn_bundle.feature import Feature
from churn_bundle.feature_options import Options
from churn_bundle.limits import Limits, check_limits, describe_tolerance
from churn_bundle.neighbours import check_alone
from churn_bundle.onnx_inputs import map_inputs, state_missing_text
from churn_bundle.onnx_source import OUTPUT, give_probabilities, load_graph
from churn_bundle.reference import MIN_ROWS, select_features
from churn_bundle.rows import canonical, from_json
from churn_bundle.thresholds import DEFAULT_THRESHOLDS, check_thresholds
from churn_bundle.wrap_checks import check_answers, check_types
from churn_bundle.wrapped_graph import WrappedGraph


def wrap_onnx(
    onnx_file: Path,
    reference: pd.DataFrame,
    probabilities: np.ndarray,
    output: Path,
    version: str,
    *,
    features: Options | None = None,
    mapping: dict[str, list[str]] | None = None,
    logits: bool = False,
    missing_text: str | None = None,
    metrics: dict[str, float] | None = None,
    thresholds: tuple[float, float, float] = DEFAULT_THRESHOLDS,
    examples: list[dict[str, Any]] | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> None:
    """Proves a graph against the training side's probabilities and writes the bundle."""
    options = features or {}
    decisions = check_thresholds(thresholds)
    limits = check_limits(limits)._replace(decision=decisions.decision)
    check_metrics(metrics or {})
    model = load_graph(onnx_file)
    give_probabilities(model, logits)
    compact_forests(model)
    columns = [str(name) for name in reference.columns]
    inputs = state_missing_text(map_inputs(model, columns, mapping or {}), missing_text)
    used = [name for name in columns if any(name in each.features for each in inputs)]
    if dropped := [name for name in columns if name not in used]:
        print(f"the graph does not take {', '.join(dropped)}: left out of the API")
    table = select_features(reference, used, None)
    if len(probabilities) != len(table):
        raise ExportError(
            f"there are {len(probabilities)} probabilities for {len(table)} reference rows: give "
            "one for each row, in the same order"
        )
    described = make_features(object(), table, list(range(len(used))), options)
    check_types(inputs, described)
    for line in describe_assumptions(described, options):
        print(line)
    rows = canonical(table, described)
    graph = WrappedGraph(model, inputs)
    attempt = Attempt(graph, graph.predict(rows), probabilities, limits)
    check_answers(attempt)

    golden = choose_golden(rows, probabilities, described)
    check_alone(graph, golden, 1)
    if examples is None:
        accepted = golden_rows.inside_contract(rows, described)
        chosen = golden_rows.example_rows(rows[accepted], probabilities[accepted])
    else:
        check_examples(examples, described)
        chosen = from_json(examples, described)
    content = {
        "features": [describe_feature(f, rows[f.name]) for f in described],
        "inputs": [describe_tensor(tensor) for tensor in inputs],
        "output": {"name": OUTPUT, "column": 1},
        "examples": describe_examples(chosen, described, graph.predict(chosen)),
        "thresholds": decisions._asdict(),
        **describe_tolerance(limits),
        "comparison": attempt.describe(),
        "metrics": metrics or {},
        "reference": {
            "rows": len(rows),
            "probability_histogram": histogram(probabilities, np.linspace(0, 1, 21)),
        },
        "golden_rows": describe_golden(golden, described, probabilities[golden.index]),
    }
    framework = {
        "name": model.producer_name or "onnx",
        "versions": {"onnx": onnx.__version__, "onnxruntime": onnxruntime.__version__},
    }
    write_bundle(output, version, framework, graph.onnx_bytes, content)


def choose_golden(
    rows: pd.DataFrame, probabilities: np.ndarray, features: list[Feature]
) -> pd.DataFrame:
    """Picks reference rows of all scores, and one for each category and missing value in them."""
    accepted = golden_rows.inside_contract(rows, features)
    if accepted.sum() < MIN_ROWS:
        raise ExportError(
            f"{accepted.sum()} reference rows are within the bounds; at least {MIN_ROWS} are needed"
        )
    inside = rows[accepted]
    picks = list(golden_rows.spread_rows(inside, probabilities[accepted]).index)
    for feature in features:
        values = inside[feature.name]
        for value in golden_rows.special_values(feature, values):
            holders = values.index[values.isna() if pd.isna(value) else values == value]
            picks += list(holders[:1])
    return rows.loc[list(dict.fromkeys(picks))[: golden_rows.MAX_SPECIAL_ROWS]]
