"""Finds the greatest float64 for which a condition holds, to the last bit."""

from collections.abc import Callable

import numpy as np

# A float64 has 64 bits, and each round settles one.
ROUNDS = 64


def to_rank(values: np.ndarray) -> np.ndarray:
    """Numbers float64 values in their order, int64."""
    bits = (np.asarray(values, dtype=np.float64) + 0.0).view(np.int64)
    return np.where(bits < 0, np.int64(-(2**63)) - bits, bits)


def from_rank(ranks: np.ndarray) -> np.ndarray:
    """Gives the float64 values that ``to_rank`` numbered."""
    return np.where(ranks < 0, np.int64(-(2**63)) - ranks, ranks).view(np.float64)


def last_true(
    holds: Callable[[np.ndarray], np.ndarray], low: np.ndarray, high: np.ndarray
) -> np.ndarray:
    """Finds where conditions stop holding.

    Args:
        holds: takes one float64 for each condition, says for each whether it holds.
        low: a value for each condition for which it holds.
        high: a greater one for each condition for which it does not.

    Returns:
        For each condition a value for which it holds, though not for the next float64. If it holds
        up to some value and not beyond, it is that value.
    """
    low, high = to_rank(low), to_rank(high)
    for _ in range(ROUNDS):
        middle = (low >> 1) + (high >> 1) + (low & high & 1)
        is_held = holds(from_rank(middle)) | (middle == low)
        low, high = np.where(is_held, middle, low), np.where(is_held, high, middle)
    return from_rank(low)
