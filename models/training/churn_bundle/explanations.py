"""Makes the manifest's explanations: a background, and the source model's own contributions.

The service explains by the graph. By these golden explanations it proves that it does so as the
package shap does by the source model.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from churn_bundle.background import choose_background
from churn_bundle.errors import ExportError, first_line
from churn_bundle.explained_customers import customers_to_explain
from churn_bundle.feature import Feature
from churn_bundle.limits import TOLERANCE
from churn_bundle.rows import for_manifest
from churn_bundle.source_model import SourceModel

if TYPE_CHECKING:
    from churn_bundle.shapley import Contributions, Predict

GREATEST_GAP = 1e-9


def explain(
    source: SourceModel,
    graph: "Predict",
    rows: pd.DataFrame,
    probabilities: np.ndarray,
    golden: pd.DataFrame,
) -> dict[str, Any] | None:
    """Gives the manifest's section, or None, and says why, where the bundle cannot explain.

    Args:
        source: the model.
        graph: gives the exported graph's probabilities of canonical rows, float [N].
        rows: canonical reference rows that the API accepts and that the graph scores right.
        probabilities: the model's of these, float [N].
        golden: canonical golden rows, for customers with missing values and unknown categories.
    """
    try:
        # shap is optional, and takes seconds to import.
        from churn_bundle.golden_contributions import contributions, graph_differences
    except ImportError as error:
        print(
            f"the bundle cannot explain its probabilities ({first_line(error)}): "
            "pip install 'churn-bundle[explanations]' and export again"
        )
        return None
    features = source.features
    background = choose_background(rows, probabilities)
    customers = customers_to_explain(rows, probabilities, golden, features)
    base = float(source.predict(background).mean())
    expected = source.predict(customers)
    found = contributions(source, customers, background)
    for each, probability in zip(found, expected, strict=True):
        check_sum(base, each, probability)
    differences = graph_differences(source, graph, customers, background, found)
    agreeing = np.flatnonzero(differences <= TOLERANCE)
    if len(agreeing) < len(found):
        print(
            f"{len(found) - len(agreeing)} of {len(found)} customers are explained differently by "
            f"the graph, by up to {differences.max():.3g}: no golden explanations of them"
        )
    if len(agreeing) == 0:
        print("the bundle cannot explain its probabilities: its graph explains all differently")
        return None
    customers, expected = customers.iloc[agreeing], expected[agreeing]
    found = [found[index] for index in agreeing]
    print(in_words(found, len(background)))
    return {
        "features": [feature.name for feature in features],
        "background": values_of(background, features),
        "base_probability": base,
        "golden": [
            {"row": row, "probability": float(probability), **for_json(each)}
            for row, probability, each in zip(
                values_of(customers, features), expected, found, strict=True
            )
        ],
    }


def check_sum(base: float, found: "Contributions", probability: float) -> None:
    """Checks that base and contributions make up the probability, as they do for any function."""
    total = base + float(found.values.sum())
    if not abs(total - probability) <= GREATEST_GAP:
        raise ExportError(
            f"contributions add up to {total} instead of the probability {probability}: the model "
            "scores a customer differently when others are scored with it; leave explanations out "
            "by --no-explanations (in Python, explanations=False)"
        )


def values_of(rows: pd.DataFrame, features: list[Feature]) -> list[list[Any]]:
    """Takes canonical rows into the manifest's lists."""
    return [list(row.values()) for row in for_manifest(rows, features)]


def for_json(found: "Contributions") -> dict[str, list[float]]:
    """Takes contributions into the manifest's lists."""
    if found.is_exact:
        return {"contributions": found.values.tolist()}
    return {
        "contributions": found.values.tolist(),
        "standard_errors": found.standard_errors.tolist(),
    }


def in_words(found: list["Contributions"], background_rows: int) -> str:
    """Says how good the golden explanations are."""
    start = f"explanations: {len(found)} golden ones against {background_rows} customers"
    if all(each.is_exact for each in found):
        return f"{start}, exact"
    worst = max(each.standard_errors.max() for each in found)
    return f"{start}, sampled, with standard errors up to {worst:.2g}"
