"""A converted model's answers, and how far they are from those of its source."""

from typing import Any, NamedTuple

import numpy as np

from churn_bundle.conversion import Graph
from churn_bundle.limits import Limits


class Attempt(NamedTuple):
    """A converted model's answers to some rows, beside those of its source."""

    graph: Graph
    served: np.ndarray
    expected: np.ndarray
    limits: Limits

    @property
    def differences(self) -> np.ndarray:
        """Absolute differences; what is no number is infinitely far."""
        return np.nan_to_num(np.abs(self.served - self.expected), nan=np.inf)

    @property
    def agrees(self) -> np.ndarray:
        """Which rows agree within the tolerance."""
        return self.differences <= self.limits.tolerance

    @property
    def flips(self) -> int:
        """Number of rows that differ so that the decision is another."""
        decision = self.limits.decision
        flipped = (self.served >= decision) != (self.expected >= decision)
        return int((flipped & ~self.agrees).sum())

    @property
    def distance(self) -> tuple[int, float]:
        """What makes a graph worse than another: wrong decisions first, then the worst row."""
        return self.flips, float(self.differences.max())

    def part(self, rows: slice) -> "Attempt":
        """Gives the answers to some of the rows."""
        return Attempt(self.graph, self.served[rows], self.expected[rows], self.limits)

    def describe(self) -> dict[str, Any]:
        """Says in the manifest's words how far the graph is from its source."""
        accepted = {"share": self.limits.accepted_share, "reason": self.limits.accepted_reason}
        return {
            "rows": len(self.served),
            "differing_rows": int((~self.agrees).sum()),
            "worst_difference": float(self.differences.max()),
            "flipped_decisions": self.flips,
        } | ({"accepted": accepted} if self.limits.accepted_share else {})
