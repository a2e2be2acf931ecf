"""Numbers for texts: the graph takes the code of each category, as the service makes it."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

MISSING_TEXT = "<missing>"


class TextCodes:
    """Codes for the texts of category features.

    A category's code is its place in the feature's list, from 1 on. 0 is any other text, and one
    more than the last place a missing value.
    """

    def __init__(self, categories: Mapping[str, list[str]]) -> None:
        """Takes the categories by the names of their features."""
        self.missing_text = unused_text({text for texts in categories.values() for text in texts})
        self.codes = {
            name: {text: code for code, text in enumerate(texts, start=1)}
            for name, texts in categories.items()
        }

    def __contains__(self, name: str) -> bool:
        """Says whether a feature has codes."""
        return name in self.codes

    def of(self, name: str, texts: list[str | None]) -> list[int]:
        """Gives the codes of a feature's categories, None being a missing one."""
        return [self.missing(name) if text is None else self.codes[name][text] for text in texts]

    def of_column(self, column: pd.Series) -> np.ndarray:
        """Gives the codes of a column of canonical values, int [N], by its name."""
        known = column.map(self.codes[column.name]).fillna(0).to_numpy(int)
        return np.where(column.isna(), self.missing(column.name), known)

    def missing(self, name: str) -> int:
        """Gives the code of a feature's missing value."""
        return len(self.codes[name]) + 1


def unused_text(texts: set[str]) -> str:
    """Gives a text for missing values that is no category."""
    candidate, number = MISSING_TEXT, 1
    while candidate in texts:
        number += 1
        candidate = f"<missing {number}>"
    return candidate
