"""Gathers what shows that a graph answers as its source: rows of customers with their scores."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from churn_bundle import converters, golden_rows
from churn_bundle.attempt import Attempt
from churn_bundle.errors import ExportError
from churn_bundle.examples import check_examples
from churn_bundle.limits import Limits
from churn_bundle.neighbours import check_alone
from churn_bundle.probe import Prober
from churn_bundle.proof import Prover
from churn_bundle.reference import MIN_ROWS
from churn_bundle.rewrite import Rewriter
from churn_bundle.rows import from_json
from churn_bundle.source_model import SourceModel
from churn_bundle.text_codes import TextCodes
from churn_bundle.unseen_rows import unseen_rows


class Evidence(NamedTuple):
    """What the proof gives to the manifest.

    Attributes:
        best: the graph, and how far it is from its source on all rows that were compared.
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
    source: SourceModel,
    rows: pd.DataFrame,
    examples: list[dict[str, Any]] | None,
    limits: Limits,
) -> Evidence:
    """Converts a model and compares it with its source, on real rows and on special ones.

    Args:
        source: the model.
        rows: canonical reference rows.
        examples: that a person stated.
        limits: what the proof allows.
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

    codes = TextCodes({each.name: each.categories for each in features if each.is_text})
    converters.register(source.model)
    rewritten = Rewriter(Prober(source, codes)).rewrite()
    prover = Prover(source, rewritten, codes, limits)

    inside = rows[accepted].reset_index(drop=True)
    special = golden_rows.special_rows(inside, expected[accepted], features)
    variants = golden_rows.variants(inside, features)
    unseen, threshold_count = unseen_rows(source, inside)
    others = pd.concat([unseen, variants, special])
    everything = pd.concat([rows, others], ignore_index=True)
    best = prover.closest(everything, np.concatenate([expected, source.predict(others)]))
    start = 0
    for kind, part in (
        ("reference rows", rows),
        ("unseen rows", unseen),
        ("rows with unknown or missing values", variants),
    ):
        prover.report(best.part(slice(start, start + len(part))), part, kind)
        start += len(part)

    agreeing = accepted & best.agrees[: len(rows)]
    beside = best.agrees[len(rows) :][:threshold_count]
    beside = unseen.head(threshold_count)[beside]
    golden = pd.concat(
        [
            special,
            golden_rows.some_rows(beside, features),
            golden_rows.spread_rows(rows[agreeing], expected[agreeing]),
        ],
        ignore_index=True,
    )
    check_alone(best.graph, golden, source.positive)
    if examples is None:
        chosen = golden_rows.example_rows(rows[agreeing], expected[agreeing])
    else:
        chosen = from_json(examples, features)
    return Evidence(
        best,
        expected,
        golden,
        prover.check_rows(best.graph, golden, "golden row"),
        chosen,
        prover.check_rows(best.graph, chosen, "example"),
    )
