"""Rows of any types as numbers, and back: the package shap mixes numbers only."""

import numpy as np
import pandas as pd


class ColumnCodes:
    """The distinct values of each column; a value's code is its place among them.

    shap takes numbers that are nearly equal for equal. Codes are whole, so none are.
    """

    def __init__(self, rows: pd.DataFrame) -> None:
        """Takes the canonical rows that hold all values."""
        self.names = rows.columns
        self.codes = np.empty(rows.shape, dtype=np.float64)
        self.values = []
        for place, name in enumerate(self.names):
            codes, _ = pd.factorize(rows[name])  # -1 for a missing value.
            self.codes[:, place] = np.where(codes < 0, codes.max() + 1, codes)
            _, first_rows = np.unique(self.codes[:, place], return_index=True)
            self.values.append(rows[name].to_numpy()[first_rows])

    def decode(self, codes: np.ndarray) -> pd.DataFrame:
        """Gives the canonical rows of codes, float [N, features]."""
        places = codes.astype(int).T
        columns = {
            name: values[column]
            for name, values, column in zip(self.names, self.values, places, strict=True)
        }
        return pd.DataFrame(columns, columns=self.names)
