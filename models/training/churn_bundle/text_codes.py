"""Numbers for texts: the graph turns its tensor of texts into codes before all else."""

from churn_bundle.feature import Feature

MISSING_TEXT = "<missing>"
# Up to this product of texts and columns, all columns share one list of texts: one ONNX node.
MAX_SHARED = 20_000


class TextCodes:
    """Codes from 1 on for the texts of category features; 0 is any other text."""

    def __init__(self, features: list[Feature]) -> None:
        """Takes all features of a model."""
        self.categories = {f.name: f.categories for f in features if f.is_text}
        distinct = list(dict.fromkeys(text for texts in self.categories.values() for text in texts))
        self.missing_text = unused_text(set(distinct))
        self.shared = len(distinct) * len(self.categories) <= MAX_SHARED
        shared_keys = [*distinct, self.missing_text]
        self.keys = {
            name: shared_keys if self.shared else [*texts, self.missing_text]
            for name, texts in self.categories.items()
        }

    def of(self, name: str, texts: list[str | None]) -> list[int]:
        """Gives the codes of a feature's texts, None being a missing one."""
        codes = {text: code for code, text in enumerate(self.keys[name], start=1)}
        return [codes[self.missing_text if text is None else text] for text in texts]

    def count(self, name: str) -> int:
        """Gives the greatest code of a feature."""
        return len(self.keys[name])


def unused_text(texts: set[str]) -> str:
    """Gives a text for missing values that is no category."""
    candidate, number = MISSING_TEXT, 1
    while candidate in texts:
        number += 1
        candidate = f"<missing {number}>"
    return candidate
