"""Draws rows that are like the reference data, the same ones each time."""

import numpy as np
import pandas as pd

from churn_bundle.feature import Feature
from churn_bundle.grid import Grid, grid_of

SEED = 20_240_229


class Sampler:
    """Draws rows that are like the reference data."""

    def __init__(self, rows: pd.DataFrame, features: list[Feature]) -> None:
        """Takes canonical reference rows that the API accepts."""
        self.known = rows.reset_index(drop=True)
        self.random = np.random.default_rng(SEED)
        present = {f.name: rows[f.name].dropna().to_numpy() for f in features if not f.is_text}
        self.values = {name: np.unique(values) for name, values in present.items() if len(values)}
        self.grids: dict[str, Grid] = {
            f.name: grid_of(f, self.values[f.name]) for f in features if f.name in self.values
        }

    def some(self, count: int) -> pd.DataFrame:
        """Draws reference rows, the same one perhaps more than once."""
        picks = self.random.integers(0, len(self.known), count)
        return self.known.iloc[picks].reset_index(drop=True)

    def fresh(self, name: str, count: int) -> np.ndarray:
        """Draws values of a number's grid: half from all of it, half from midway between known."""
        grid, known = self.grids[name], self.values[name]
        anywhere = grid.value(self.random.integers(0, grid.last + 1, count))
        lower = self.random.integers(0, max(1, len(known) - 1), count)
        midway = (known[lower] + known[np.minimum(lower + 1, len(known) - 1)]) / 2
        beside = grid.value(grid.number(midway) + self.random.integers(0, 2, count))
        return np.where(self.random.random(count) < 0.5, anywhere, beside)

    def mixed(self, count: int) -> pd.DataFrame:
        """Draws each column on its own, and of numbers half from the grid."""
        columns = {}
        for name in self.known.columns:
            picks = self.random.integers(0, len(self.known), count)
            values = self.known[name].to_numpy()[picks]
            if name in self.grids:
                is_fresh = self.random.random(count) < 0.5
                values = np.where(is_fresh, self.fresh(name, count), values)
            columns[name] = values
        return pd.DataFrame(columns, columns=self.known.columns)

    def near(self, count: int) -> pd.DataFrame:
        """Draws reference rows in which a third of the numbers is another value of the grid."""
        rows = self.some(count)
        for name in self.grids:
            is_changed = (self.random.random(count) < 1 / 3) & rows[name].notna().to_numpy()
            rows[name] = np.where(is_changed, self.fresh(name, count), rows[name])
        return rows
