"""A value with the interval in which the true one lies, with 95 % confidence."""

from typing import NamedTuple

import numpy as np

# 97.5 % of a standard normal variable lie below it.
Z = 1.959963984540054


class Estimate(NamedTuple):
    """A measured value.

    Attributes:
        value: as measured.
        low: lower end of the 95 % interval, None if there are too few rows to give one.
        high: upper end of it.
    """

    value: float
    low: float | None = None
    high: float | None = None

    def scaled(self, factor: float) -> "Estimate":
        """Multiplies the value and its interval."""
        if self.low is None or self.high is None:
            return Estimate(self.value * factor)
        return Estimate(self.value * factor, self.low * factor, self.high * factor)


def normal(value: float, variance: float) -> Estimate:
    """Gives a value the interval of a normal distribution."""
    if not np.isfinite(variance):
        return Estimate(value)
    half = Z * float(np.sqrt(variance))
    return Estimate(value, value - half, value + half)


def mean(values: np.ndarray) -> Estimate:
    """Gives the mean of values, float [N], with the interval of the central limit theorem."""
    variance = values.var(ddof=1) / len(values) if len(values) > 1 else np.nan
    return normal(float(values.mean()), variance)


def share(part: float, total: float) -> Estimate:
    """Gives part / total with Wilson's interval, which holds for few rows too.

    Source: Wilson, Journal of the American Statistical Association 22 (1927).
    """
    value = part / total
    denominator = 1 + Z**2 / total
    centre = (value + Z**2 / (2 * total)) / denominator
    half = Z / denominator * np.sqrt(value * (1 - value) / total + Z**2 / (4 * total**2))
    # Rounding may leave the value itself a last bit outside.
    low, high = min(value, centre - half), max(value, centre + half)
    return Estimate(value, max(0.0, float(low)), min(1.0, float(high)))
