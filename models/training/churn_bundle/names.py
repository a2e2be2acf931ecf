"""Checks that names and categories are such as the service can take."""

import re
from collections import Counter

from churn_bundle.errors import ExportError

MAX_NAME = 128
MAX_CATEGORY = 256

# Every JavaScript object has these, so no field of a customer may bear their names.
RESERVED = frozenset(
    [
        "__defineGetter__",
        "__defineSetter__",
        "__lookupGetter__",
        "__lookupSetter__",
        "__proto__",
        "constructor",
        "hasOwnProperty",
        "isPrototypeOf",
        "propertyIsEnumerable",
        "toLocaleString",
        "toString",
        "valueOf",
    ]
)
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
SURROGATE = re.compile(r"[\ud800-\udfff]")


def check_names(names: list[str]) -> None:
    """Checks the names of features.

    Raises:
        ExportError: on the first name that the service could not take.
    """
    for name in names:
        if name in RESERVED:
            raise ExportError(
                f"the feature name {name!r} is reserved in JavaScript: rename the column"
            )
        if not 1 <= len(name) <= MAX_NAME or CONTROL.search(name) or SURROGATE.search(name):
            raise ExportError(
                f"the feature name {name[:200]!r} is not 1 to {MAX_NAME} characters without "
                "control characters: rename the column"
            )
    check_unique(names)


def check_unique(names: list[str]) -> None:
    """Checks that no name comes twice."""
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise ExportError(f"the column name {twice[0]!r} comes twice: rename one of them")


def check_categories(feature: str, categories: list[str]) -> None:
    """Checks the texts of a category feature."""
    if not categories:
        raise ExportError(f"the feature {feature} has no categories")
    for category in categories:
        if len(category) > MAX_CATEGORY or "\0" in category or SURROGATE.search(category):
            raise ExportError(
                f"the category {category[:50]!r} of {feature} is longer than {MAX_CATEGORY} "
                "characters, or holds a NUL or half a surrogate pair: map it to a short name"
            )
