"""Says which values a feature accepts, and shows one that it does not, in the service's words.

The words are those of src/prediction/dto/feature-words.ts and
src/prediction/validation/field-errors.ts.
"""

import math
from collections.abc import Collection
from itertools import islice

from churn_bundle.spark.json_text import (
    SURROGATE,
    first_utf16_units,
    json_text,
    number,
    text,
    utf16_units,
)
from churn_bundle.spark.served_feature import ServedFeature

MAX_CATEGORY = 256
MOST_LISTED = 20
MOST_CHARACTERS = 400
LONGEST_ECHO = 40
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def must_be(feature: ServedFeature) -> str:
    """Says what a value must be, without the feature's name."""
    return f"must be {allowed(feature)}{', or null' if feature.nullable else ''}"


def allowed(feature: ServedFeature) -> str:
    """Says which values are accepted."""
    if feature.type == "boolean":
        return "true or false"
    if feature.type == "category":
        if feature.accepts_unknown:
            return f"a text of at most {MAX_CATEGORY} characters"
        return f"one of {listed(feature.categories)}"
    noun = "an integer" if feature.type == "integer" else "a number"
    return noun + bounds(feature.stated_minimum, feature.stated_maximum)


def bounds(minimum: float | None, maximum: float | None) -> str:
    """Says the stated bounds of a number."""
    if minimum is None:
        return "" if maximum is None else f" of at most {number(maximum)}"
    if maximum is None:
        return f" of at least {number(minimum)}"
    return f" from {number(minimum)} to {number(maximum)}"


def listed(categories: Collection[str]) -> str:
    """Lists categories, the first of them if they are many or long."""
    shown, characters = [], 0
    for category in islice(categories, MOST_LISTED):
        quoted = text(category)
        characters += utf16_units(quoted)
        if characters > MOST_CHARACTERS:
            break
        shown.append(quoted)
    hidden = len(categories) - len(shown)
    if not hidden:
        return ", ".join(shown)
    return f"{', '.join(shown)} and {hidden} others" if shown else f"{hidden} long categories"


def shown(value: bool | float | str | None) -> str:
    """Shows a value so that it is recognised and never long."""
    if value is None:
        return "null"
    if isinstance(value, float) and math.isinf(value):
        return "beyond the range of a double"
    is_text = isinstance(value, str)
    written = json_text(first_utf16_units(value, LONGEST_ECHO) if is_text else value)
    if utf16_units(written) <= LONGEST_ECHO:
        return written
    return SURROGATE.sub(REPLACEMENT, first_utf16_units(written, LONGEST_ECHO)) + "…"
