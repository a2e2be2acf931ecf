"""Checks one value as the service does, and says in its words what is wrong with it."""

import re
from typing import NamedTuple

from churn_bundle.spark.field_words import MAX_CATEGORY, must_be, shown
from churn_bundle.spark.json_text import number
from churn_bundle.spark.served_feature import ServedFeature

# A NUL would cut a text off on its way into the graph, half a surrogate pair would be replaced.
NOT_WHOLE = re.compile(r"[\x00\ud800-\udfff]")

NOT_OF_TYPE = {
    "integer": "not_an_integer",
    "number": "not_a_number",
    "boolean": "not_a_boolean",
    "category": "not_a_text",
}

Value = bool | float | str | None


class FieldError(NamedTuple):
    """One value that is refused, as in the ``errors`` of the service's 422.

    Attributes:
        pointer: the feature, as a JSON pointer.
        code: stable, for programs; docs/errors.md lists them.
        detail: for people.
    """

    pointer: str
    code: str
    detail: str


def field_error(feature: ServedFeature, value: Value) -> FieldError | None:
    """Gives the first thing that is wrong with a value, None if the service accepts it."""
    if value is None and feature.nullable:
        return None
    fault = text_fault if feature.type == "category" else number_fault
    found = fault(feature, value) if is_of_type(feature, value) else wrong_type(feature)
    if found is None:
        return None
    code, words = found
    pointer = "/" + feature.name.replace("~", "~0").replace("/", "~1")
    return FieldError(pointer, code, f"{feature.name} {words}, but is {shown(value)}.")


def wrong_type(feature: ServedFeature) -> tuple[str, str]:
    """Gives code and words for a value of another type."""
    return NOT_OF_TYPE[feature.type], must_be(feature)


def is_of_type(feature: ServedFeature, value: Value) -> bool:
    """Whether a value is of the feature's type; numbers are finite."""
    if feature.type == "category":
        return isinstance(value, str)
    if feature.type == "boolean" or isinstance(value, bool):
        return feature.type == "boolean" and isinstance(value, bool)
    if not isinstance(value, int | float) or value in (float("inf"), float("-inf")):
        return False
    return feature.type == "number" or value == int(value)


def number_fault(feature: ServedFeature, value: float) -> tuple[str, str] | None:
    """Gives code and words for a number out of bounds; booleans have none."""
    if feature.type == "boolean":
        return None
    if value < feature.minimum:
        return "too_small", (
            f"must be at least {number(feature.minimum)}, the least number that the model takes"
            if feature.stated_minimum is None
            else must_be(feature)
        )
    if value > feature.maximum:
        return "too_large", (
            f"must be at most {number(feature.maximum)}, the greatest number that the model takes"
            if feature.stated_maximum is None
            else must_be(feature)
        )
    return None


def text_fault(feature: ServedFeature, value: str) -> tuple[str, str] | None:
    """Gives code and words for a text that is no category."""
    if not feature.accepts_unknown:
        return None if value in feature.categories else ("unknown_category", must_be(feature))
    if len(value) > MAX_CATEGORY:
        return "too_long", must_be(feature)
    if NOT_WHOLE.search(value):
        return "invalid", "must be a text without NUL characters and lone surrogates"
    if value == feature.missing_text:
        return "invalid", "must be null where it is missing"
    return None
