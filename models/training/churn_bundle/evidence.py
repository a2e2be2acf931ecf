"""Gathers what shows that a graph answers as its source: rows of customers with their scores."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from churn_bundle import converters, golden_rows
from churn_bundle.errors import ExportError
from churn_bundle.examples import check_examples
from churn_bundle.probe import Prober
from churn_bundle.proof import Attempt, Prover
from churn_bundle.reference import MIN_ROWS
from churn_bundle.rewrite import Rewriter
from churn_bundle.rows import from_json
from churn_bundle.source_model import SourceModel
from churn_bundle.text_codes import TextCodes


class Evidence(NamedTuple):
    """What the proof gives to the manifest.

    Attributes:
        best: the graph, and how far it is from its source on the reference rows.
        expected: the source's probabilities of the reference rows.
        golden: canonical golden rows.
        golden_expected: the source's probabilities of these.
        examples: canonical example customers.
        examples_expected: the source's probabilities of these.
    """

    best: Attempt
    expected: np.ndarray
    golden: pd.DataFrame
    golden_expected: np.ndarray
    examples: pd.DataFrame
    examples_expected: np.ndarray


def gather_evidence(
    source: SourceModel, rows: pd.DataFrame, examples: list[dict[str, Any]] | None
) -> Evidence:
    """Converts a model and compares it with its source, on real rows and on special ones.

    Args:
        source: the model.
        rows: canonical reference rows.
        examples: that a person stated.
    """
    features = source.features
    if examples is not None:
        check_examples(examples, features)
    expected = source.predict(rows)
    accepted = golden_rows.inside_contract(rows, features)
    if accepted.sum() < MIN_ROWS:
        raise ExportError(
            f"{accepted.sum()} reference rows are within the bounds; at least {MIN_ROWS} are needed"
        )
    if not accepted.all():
        print(
            f"{(~accepted).sum()} of {len(rows)} reference rows are outside of what the API accepts"
        )

    codes = TextCodes(features)
    converters.register(source.model)
    rewritten = Rewriter(Prober(source, codes)).rewrite()
    prover = Prover(source, rewritten, codes)

    inside = rows[accepted].reset_index(drop=True)
    special = golden_rows.special_rows(inside, expected[accepted], features)
    variants = golden_rows.variants(inside, features)
    everything = pd.concat([rows, special, variants], ignore_index=True)
    asked = np.concatenate([expected, source.predict(pd.concat([special, variants]))])
    best = prover.closest(everything, asked)
    on_rows = Attempt(best.graph, best.differences[: len(rows)])
    prover.report(on_rows, rows)
    prover.report_variants(best.graph, variants)

    agreeing = accepted & on_rows.agrees
    golden = pd.concat([special, golden_rows.spread_rows(rows[agreeing], expected[agreeing])])
    if examples is None:
        chosen = golden_rows.example_rows(rows[agreeing], expected[agreeing])
    else:
        chosen = from_json(examples, features)
    return Evidence(
        on_rows,
        expected,
        golden,
        prover.check_rows(best.graph, golden, "golden row"),
        chosen,
        prover.check_rows(best.graph, chosen, "example"),
    )
