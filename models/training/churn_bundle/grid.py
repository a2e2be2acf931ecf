"""The values that a number can have in data like the reference: its decimals, steps and range."""

from typing import NamedTuple

import numpy as np

from churn_bundle.feature import Feature

# Values with more decimals are taken for continuous ones.
MAX_DECIMALS = 6
# Beyond this, neighbours of so many decimals are not told apart in float64.
MAX_COUNT = 2**50
# Step of a continuous number, as a share of its range.
FINE = 1e-6


class Grid(NamedTuple):
    """Values ``first + n * step`` over ``scale``, with n from 0 to ``last``.

    As quotients of whole numbers they are the float64 that JSON's readers make of the decimals.
    """

    first: float
    step: float
    scale: float
    last: int

    def value(self, numbers: np.ndarray) -> np.ndarray:
        """Gives the values of these numbers n, or the nearest that the grid has."""
        return (self.first + np.clip(numbers, 0, self.last) * self.step) / self.scale

    def number(self, values: np.ndarray) -> np.ndarray:
        """Gives for each value the greatest n whose value is not above it."""
        guess = np.floor((values * self.scale - self.first) / self.step)
        guess = np.clip(guess, 0, self.last)
        guess = guess - (self.value(guess) > values)
        return guess + ((self.value(guess + 1) <= values) & (guess < self.last))


def grid_of(feature: Feature, values: np.ndarray) -> Grid:
    """Finds the grid of a number or boolean.

    Args:
        feature: whose bounds the values must not leave.
        values: present ones of the reference data, within the bounds.
    """
    known = np.unique(values)
    low, high = known[0], known[-1]
    if feature.type == "boolean":
        return Grid(0, 1, 1, 1)
    for decimals in range(MAX_DECIMALS + 1):
        scale = 10.0**decimals
        whole = np.round(known * scale)
        if np.abs(whole).max() < MAX_COUNT and (whole / scale == known).all():
            steps = np.diff(whole).astype(np.int64)
            step = int(np.gcd.reduce(steps)) if len(steps) else 1
            return Grid(whole[0], step, scale, int((whole[-1] - whole[0]) // step))
    return Grid(low, (high - low) * FINE, 1.0, round(1 / FINE))
