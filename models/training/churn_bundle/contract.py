"""Decides what the API accepts for each feature: what a person states, else what is safe."""

from typing import Any

import pandas as pd

from churn_bundle.encoders import Encoding, encodings
from churn_bundle.errors import ExportError
from churn_bundle.feature import Feature
from churn_bundle.feature_options import Options, apply_options, check_options
from churn_bundle.names import check_categories
from churn_bundle.natives import adopt_categories
from churn_bundle.raw_steps import raw_steps
from churn_bundle.reference import infer_feature


def make_features(
    model: object, table: pd.DataFrame, indices: list[int], options: Options
) -> list[Feature]:
    """Describes the model's features as the API will take them.

    Args:
        model: fitted classifier.
        table: reference data, the columns that the model uses in its order.
        indices: of the features for each column that the model was fitted on.
        options: what a person states, by feature.

    Raises:
        ExportError: if a statement is wrong, or a feature is such as the service cannot take.
    """
    check_options(options, list(table.columns))
    features = [
        infer_feature(values, options.get(name, {}).get("type")) for name, values in table.items()
    ]
    adopt_categories(model, features)
    encoded = encodings(list(raw_steps(model, indices)))
    for index, feature in enumerate(features):
        stated = options.get(feature.name, {})
        found = encoded.get(index, [])
        if feature.is_text:
            adopt_encoded(feature, table[feature.name], found)
            check_categories(feature.name, feature.categories)
        apply_options(feature, stated)
        if feature.is_text:
            decide_unknown(feature, stated, found)
        elif feature.is_number:
            decide_bounds(feature, table[feature.name], stated, found)
    return features


def adopt_encoded(feature: Feature, values: pd.Series, found: list[Encoding]) -> None:
    """Takes the categories of all encoders, in their order.

    Where an encoder refuses others, so do those of the reference data belong to them, since the
    model could score them.
    """
    known = list(dict.fromkeys(category for each in found for category in each.categories))
    if not known or not all(isinstance(category, str) for category in known):
        return
    if not all(each.takes_unknown for each in found):
        known += sorted(set(values.dropna().unique()) - set(known))
    feature.categories = known


def decide_unknown(feature: Feature, stated: dict[str, Any], found: list[Encoding]) -> None:
    """Accepts unknown categories where that is stated: most are mistakes of a caller."""
    feature.accepts_unknown = stated.get("unknown") == "accept"
    refusing = [each for each in found if each.categories and not each.takes_unknown]
    if feature.accepts_unknown and refusing:
        raise ExportError(
            f"{feature.name} is stated to accept unknown categories, but the step "
            f"{refusing[0].path} refuses them: give its encoder handle_unknown='ignore' or "
            "'use_encoded_value' and fit again"
        )


def decide_bounds(
    feature: Feature, values: pd.Series, stated: dict[str, Any], found: list[Encoding]
) -> None:
    """Gives a number bounds where none are stated.

    A feature that was never negative gets the minimum 0, and no maximum. One that an encoder
    takes, which refuses what it does not know, gets the range of the known values, if it has no
    gaps.
    """
    refusing = [each for each in found if each.categories and not each.takes_unknown]
    if refusing:
        bounds_of_encoder(feature, refusing[0], "bounds" in stated)
    elif "bounds" not in stated and values.dropna().min() >= 0:
        feature.minimum = 0


def bounds_of_encoder(feature: Feature, encoding: Encoding, are_stated: bool) -> None:
    """Sees to it that an encoder knows every value within the bounds."""
    known = sorted(encoding.categories)
    low, high = known[0], known[-1]
    if not are_stated:
        feature.minimum, feature.maximum = low, high
    if feature.minimum is not None and feature.maximum is not None and feature.type == "integer":
        inside = range(int(feature.minimum), int(feature.maximum) + 1)
        if len(inside) <= len(known) and set(inside) <= set(known):
            return
    raise ExportError(
        f"the step {encoding.path} refuses values of {feature.name} that it was not fitted on, "
        "which bounds alone cannot keep out: give its encoder handle_unknown='ignore' or "
        "'use_encoded_value' and fit again"
    )


def describe_assumptions(features: list[Feature], options: Options) -> list[str]:
    """Says for each feature what the API will accept, as far as nobody stated it."""
    lines = []
    for feature in features:
        stated = options.get(feature.name, {})
        parts = [feature.type]
        if feature.is_number and "bounds" not in stated:
            parts.append(bounds_in_words(feature))
        if feature.is_text:
            parts[0] = f"category of {len(feature.categories)}"
            if "unknown" not in stated:
                parts.append("unknown ones refused")
        if "nullable" not in stated:
            parts.append("may be missing" if feature.nullable else "never missing")
        lines.append(f"assumed of {feature.name}: {', '.join(parts)}")
    return lines


def bounds_in_words(feature: Feature) -> str:
    """Says a number's bounds."""
    if feature.minimum is None and feature.maximum is None:
        return "no bounds"
    if feature.maximum is None:
        return f"at least {feature.minimum:g}"
    if feature.minimum is None:
        return f"at most {feature.maximum:g}"
    return f"{feature.minimum:g} to {feature.maximum:g}"
