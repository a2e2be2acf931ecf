"""Refuses graphs to wrap that the service could not feed, or that do not answer as stated."""

import numpy as np

from churn_bundle.attempt import Attempt
from churn_bundle.conversion import Tensor
from churn_bundle.errors import ExportError
from churn_bundle.feature import Feature

# A number with fractions would be cut in the others without a word.
TYPES_OF_FEATURES = {
    "string": ("category",),
    "bool": ("boolean",),
    "int32": ("integer", "boolean"),
    "int64": ("integer", "boolean"),
}
NUMBERS = ("number", "integer", "boolean")


def check_types(tensors: list[Tensor], features: list[Feature]) -> None:
    """Checks that each input can hold its features."""
    by_name = {feature.name: feature for feature in features}
    for tensor in tensors:
        allowed = TYPES_OF_FEATURES.get(tensor.type, NUMBERS)
        for name in tensor.features:
            if by_name[name].type not in allowed:
                raise ExportError(
                    f"the graph's input {tensor.name} is of {tensor.type}, but {name} is a "
                    f"{by_name[name].type}; it takes {' or '.join(allowed)}: state the type in "
                    "--features if the values allow it, or encode it inside the graph"
                )
            check_missing(tensor, by_name[name])


def check_missing(tensor: Tensor, feature: Feature) -> None:
    """Checks that an input can hold the missing values of a feature."""
    name, text = feature.name, tensor.missing_text
    if text in feature.categories:
        raise ExportError(
            f"--missing-text {text} is a category of {name} in the reference data: leave these "
            "fields empty, or state another text"
        )
    if feature.nullable and tensor.type == "string" and text is None:
        raise ExportError(
            f"{name} may be missing: add --missing-text with the text that the graph takes for a "
            "missing value"
        )
    if feature.nullable and tensor.type in TYPES_OF_FEATURES and tensor.type != "string":
        raise ExportError(
            f"{name} may be missing, which the {tensor.type} input {tensor.name} cannot "
            "hold: give a reference without missing values, and state nullable: false"
        )


def check_answers(attempt: Attempt) -> None:
    """Refuses a graph that does not answer as its training side, with the likely cause."""
    served, expected, tolerance = attempt.served, attempt.expected, attempt.limits.tolerance
    if not ((expected >= 0) & (expected <= 1)).all():
        raise ExportError("the scores of --probabilities do not all lie in 0..1")
    if attempt.agrees.all():
        return
    worst = int(np.argmax(attempt.differences))
    likely = "the features are in another order, or the preprocessing is not in the graph"
    if not ((served >= 0) & (served <= 1)).all():
        likely = "the graph gives logits: add --logits"
    elif np.allclose(1 - served, expected, rtol=0, atol=tolerance):
        likely = "the graph gives the probability of staying: 1 minus it is expected"
    raise ExportError(
        f"{int((~attempt.agrees).sum())} of {len(expected)} rows differ by more than "
        f"{tolerance:g} from --probabilities; the worst is row {worst} of the reference data: the "
        f"graph says {served[worst]:.6g}, expected is {expected[worst]:.6g}. Likely cause: {likely}"
    )
