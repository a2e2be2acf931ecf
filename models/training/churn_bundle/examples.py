"""The example customers of the API's documentation."""

from churn_bundle.errors import ExportError
from churn_bundle.feature import Feature

MAX_EXAMPLES = 10


def check_examples(examples: object, features: list[Feature]) -> None:
    """Checks stated examples against what the API accepts."""
    if not isinstance(examples, list) or not 1 <= len(examples) <= MAX_EXAMPLES:
        raise ExportError(f"the examples must be a list of 1 to {MAX_EXAMPLES} customers")
    names = {feature.name for feature in features}
    for customer in examples:
        if not isinstance(customer, dict):
            raise ExportError("each example must be a mapping of features to values")
        for name in customer:
            if name not in names:
                raise ExportError(f"an example has {name!r}, which is no feature of the model")
        for feature in features:
            check_value(feature, customer.get(feature.name))


def check_value(feature: Feature, value: object) -> None:
    """Checks one value of an example."""
    if value is None:
        fits = feature.nullable
    elif feature.type == "boolean":
        fits = isinstance(value, bool)
    elif feature.is_text:
        fits = isinstance(value, str) and (value in feature.categories or feature.accepts_unknown)
    else:
        fits = isinstance(value, int | float) and not isinstance(value, bool)
        fits = fits and (feature.type == "number" or value == int(value))
        fits = fits and (feature.minimum is None or value >= feature.minimum)
        fits = fits and (feature.maximum is None or value <= feature.maximum)
    if not fits:
        raise ExportError(f"an example has the {feature.name} {value!r}, which the API refuses")
