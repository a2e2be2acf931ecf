"""Takes the place of transformers whose columns have few values: a table of their own answers.

A chain of transformers over texts, booleans or encoded numbers is replaced by what it gave for each
value of each column. Missing values, unknown categories, infrequent ones and imputed texts are then
exact, whatever the converters know of them.
"""

from dataclasses import dataclass

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin

# Above this number of cells per row of customers, a table is split into several.
MAX_CELLS = 4096


@dataclass
class ColumnTable:
    """What one column adds to the output.

    Attributes:
        keys: value of each row of the table but the first; NaN for a missing one.
        rows: float64 [1 + keys, width]; the first row is for any other value. The columns that
            other features determine are 0.
        codes: whether the keys are codes of texts, whole numbers from 1 on.
    """

    keys: np.ndarray
    rows: np.ndarray
    codes: bool


class Lookup(TransformerMixin, BaseEstimator):
    """Sums the rows that the columns' values have in their tables."""

    def __init__(self, tables: list[ColumnTable] | None = None) -> None:
        """Takes one table per column, all of one width."""
        self.tables = tables

    @property
    def width(self) -> int:
        """Number of columns that it gives."""
        return self.tables[0].rows.shape[1]

    def fit(self, rows: object, labels: object = None) -> "Lookup":
        """Does nothing: the tables are all that it needs."""
        return self

    def transform(self, values: np.ndarray) -> np.ndarray:
        """Looks values up, float [N, columns]; gives float64 [N, width]."""
        total = np.zeros((len(values), self.width))
        for table, column in zip(self.tables, np.asarray(values).T, strict=True):
            index = np.zeros(len(column), dtype=int)
            for row, key in enumerate(table.keys, start=1):
                index[(column == key) | (np.isnan(column) & np.isnan(key))] = row
            total += table.rows[index]
        return total


def owners(base: np.ndarray, outputs: list[np.ndarray]) -> np.ndarray | None:
    """Finds which column of a transformer determines each place of its output.

    Args:
        base: output [width] for a row of customers.
        outputs: for each column, the output [values, width] if only this column's value changes.

    Returns:
        The column's index for each place, int [width]; a constant place goes to the column before
        it. None if two columns determine one place.
    """
    changed = np.array([(~same(output, base)).any(axis=0) for output in outputs])
    if (changed.sum(axis=0) > 1).any():
        return None
    found = np.where(changed.any(axis=0), changed.argmax(axis=0), -1)
    current = 0
    for place, owner in enumerate(found):
        current = owner if owner >= 0 else current
        found[place] = current
    return found


def same(values: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Compares values, NaN being the same as NaN."""
    return (values == others) | (np.isnan(values) & np.isnan(others))


def split(tables: list[ColumnTable], owned: np.ndarray) -> list[tuple[Lookup, list[int]]]:
    """Makes Lookups of a moderate size, whose outputs side by side are the tables' sum.

    Args:
        tables: of all columns.
        owned: which column determines each place of the output.

    Returns:
        Each Lookup with the indices of its columns.
    """
    everything = list(range(len(tables)))
    if len(tables) * len(owned) <= MAX_CELLS or (np.diff(owned) < 0).any():
        return [(Lookup(tables), everything)]
    groups: list[list[int]] = []
    for index in everything:
        group = [*groups[-1], index] if groups else [index]
        if groups and len(group) * np.isin(owned, group).sum() <= MAX_CELLS:
            groups[-1] = group
        else:
            groups.append([index])
    lookups = []
    for group in groups:
        places = np.isin(owned, group)
        parts = [
            ColumnTable(table.keys, table.rows[:, places], table.codes)
            for table in (tables[index] for index in group)
        ]
        if places.any():
            lookups.append((Lookup(parts), group))
    return lookups
