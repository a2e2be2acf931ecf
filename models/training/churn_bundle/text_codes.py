"""Numbers for texts: the graph takes the code of each category, as the service makes it."""

import numpy as np
import pandas as pd

from churn_bundle.feature import Feature

MISSING_TEXT = "<missing>"


class TextCodes:
    """Codes for the texts of category features.

    A category's code is its place in the feature's list, from 1 on. 0 is any other text, and one
    more than the last place a missing value.
    """

    def __init__(self, features: list[Feature]) -> None:
        """Takes all features of a model."""
        self.categories = {f.name: f.categories for f in features if f.is_text}
        known = {text for texts in self.categories.values() for text in texts}
        self.missing_text = unused_text(known)

    def of(self, name: str, texts: list[str | None]) -> list[int]:
        """Gives the codes of a feature's categories, None being a missing one."""
        categories = self.categories[name]
        codes = {text: code for code, text in enumerate([*categories, None], start=1)}
        return [codes[text] for text in texts]

    def of_column(self, column: pd.Series) -> np.ndarray:
        """Gives the codes of a feature's canonical values, int [N]."""
        categories = self.categories[column.name]
        codes = {text: code for code, text in enumerate(categories, start=1)}
        known = column.map(codes).fillna(0).to_numpy(int)
        return np.where(column.isna(), len(categories) + 1, known)

    def count(self, name: str) -> int:
        """Gives the greatest code of a feature."""
        return len(self.categories[name]) + 1


def unused_text(texts: set[str]) -> str:
    """Gives a text for missing values that is no category."""
    candidate, number = MISSING_TEXT, 1
    while candidate in texts:
        number += 1
        candidate = f"<missing {number}>"
    return candidate
