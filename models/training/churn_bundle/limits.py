"""How far a graph may be from its source: what a person states, with the reason for it."""

from typing import Any, NamedTuple

from churn_bundle.errors import ExportError

# float32 arithmetic leaves about 2e-7; a tree's flipped branch moves far more than this.
TOLERANCE = 1e-5
# The service allows no more than this.
MAX_TOLERANCE = 0.01


class Limits(NamedTuple):
    """What the proof allows.

    Attributes:
        tolerance: greatest difference of a probability that is none.
        tolerance_reason: why it is not the default.
        accepted_share: of the compared rows may differ by more.
        accepted_reason: why they may.
        decision: least probability for which a customer is said to churn.
    """

    tolerance: float = TOLERANCE
    tolerance_reason: str | None = None
    accepted_share: float = 0.0
    accepted_reason: str | None = None
    decision: float = 0.5


def check_limits(limits: Limits) -> Limits:
    """Checks the numbers, and that a reason stands beside each that is not the default."""
    if not 0 < limits.tolerance <= MAX_TOLERANCE:
        raise ExportError(f"the tolerance is above 0 and at most {MAX_TOLERANCE}")
    if not 0 <= limits.accepted_share <= 1:
        raise ExportError("the accepted share of differing rows lies in 0..1, such as 0.001")
    for name, is_stated, reason in (
        ("tolerance", limits.tolerance != TOLERANCE, limits.tolerance_reason),
        ("accept", limits.accepted_share > 0, limits.accepted_reason),
    ):
        if is_stated and not (reason or "").strip():
            raise ExportError(f"--{name} needs its reason: add --{name}-reason TEXT")
        if reason and not is_stated:
            raise ExportError(f"--{name}-reason needs a --{name} that is not the default")
    return limits


def describe_tolerance(limits: Limits) -> dict[str, Any]:
    """Gives what the manifest says of the tolerance."""
    reason = limits.tolerance_reason
    return {"tolerance": limits.tolerance} | ({"tolerance_reason": reason} if reason else {})
