"""Checks what a person states about features, and puts it into them."""

from typing import Any

import numpy as np

from churn_bundle.errors import ExportError
from churn_bundle.feature import Feature

TYPES = ("integer", "number", "boolean", "category")
KEYS = ("description", "unit", "bounds", "categories", "unknown", "nullable", "type")

Options = dict[str, dict[str, Any]]


def check_options(options: Options, names: list[str]) -> None:
    """Checks the names and the keys, so that a typing error does not go unnoticed."""
    for name, stated in options.items():
        if name not in names:
            raise ExportError(
                f"the features file states {name!r}, which is no feature of the model: "
                f"{', '.join(names[:20])}"
            )
        if not isinstance(stated, dict):
            raise ExportError(f"the features file must hold a mapping for {name}")
        for key in stated:
            if key not in KEYS:
                raise ExportError(
                    f"the features file states {key!r} of {name}: it can state {', '.join(KEYS)}"
                )
        check_values(name, stated)


def check_values(name: str, stated: dict[str, Any]) -> None:
    """Checks the kinds of the values that do not depend on the feature's type."""
    for key in ("description", "unit"):
        if key in stated and not isinstance(stated[key], str):
            raise ExportError(f"the {key} of {name} must be a text")
    if stated.get("type", "integer") not in TYPES:
        raise ExportError(f"the type of {name} must be one of {', '.join(TYPES)}")
    if stated.get("unknown", "refuse") not in ("refuse", "accept"):
        raise ExportError(f"unknown of {name} must be refuse or accept")
    if not isinstance(stated.get("nullable", False), bool):
        raise ExportError(f"nullable of {name} must be true or false")


def apply_options(feature: Feature, stated: dict[str, Any]) -> None:
    """Puts everything but the type and ``unknown`` into a feature of a known type."""
    for key, allowed in (
        ("bounds", feature.is_number),
        ("unit", feature.is_number),
        ("categories", feature.is_text),
        ("unknown", feature.is_text),
    ):
        if key in stated and not allowed:
            raise ExportError(f"{feature.name} is of the type {feature.type}: it has no {key}")
    feature.description = stated.get("description")
    feature.unit = stated.get("unit")
    if "bounds" in stated:
        feature.minimum, feature.maximum = read_bounds(feature, stated["bounds"])
    if "categories" in stated:
        feature.categories = ordered_categories(feature, stated["categories"])
    if "nullable" in stated:
        feature.nullable = stated["nullable"]
        if feature.missing_seen and not feature.nullable:
            raise ExportError(
                f"{feature.name} is stated as not nullable, but the reference data has missing "
                "values of it: leave these rows out of it"
            )


def read_bounds(feature: Feature, bounds: object) -> tuple[float | None, float | None]:
    """Reads [low, high] or a mapping of minimum and maximum."""
    wrong = f"the bounds of {feature.name} must be two numbers, [low, high], or minimum and maximum"
    if isinstance(bounds, dict):
        if not bounds or not set(bounds) <= {"minimum", "maximum"}:
            raise ExportError(wrong)
        pair = (bounds.get("minimum"), bounds.get("maximum"))
    elif isinstance(bounds, list | tuple) and len(bounds) == 2:
        pair = tuple(bounds)
    else:
        raise ExportError(wrong)
    for bound in pair:
        if bound is None:
            continue
        if isinstance(bound, bool) or not isinstance(bound, int | float) or not np.isfinite(bound):
            raise ExportError(wrong)
        if feature.type == "integer" and bound != int(bound):
            raise ExportError(f"the bounds of {feature.name}, an integer, must be whole numbers")
    low, high = pair
    if low is not None and high is not None and low > high:
        raise ExportError(f"the bounds of {feature.name} are not in order: {low} and {high}")
    return low, high


def ordered_categories(feature: Feature, stated: object) -> list[str]:
    """Takes another order of the categories; each that the model knows must come once."""
    if not isinstance(stated, list) or not all(isinstance(value, str) for value in stated):
        raise ExportError(f"the categories of {feature.name} must be a list of texts, in quotes")
    if sorted(stated) != sorted(feature.categories):
        raise ExportError(
            f"the categories of {feature.name} must be those that the model was fitted on, in any "
            f"order: {', '.join(map(repr, feature.categories[:20]))}"
        )
    return stated
