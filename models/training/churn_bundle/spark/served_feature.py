"""What a feature is to those who want a score: its type, its bounds, its categories."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

# Greatest double that rounds to a finite float32 (IEEE 754-2019, 4.3.1).
MAX_FLOAT32 = (2 - 2**-24 - 2**-52) * 2.0**127
MAX_FLOAT64 = (2 - 2**-52) * 2.0**1023
# The integers that a double, and so JSON, states exactly.
MAX_EXACT = 2**53 - 1

RANGES = {
    "float32": (-MAX_FLOAT32, MAX_FLOAT32),
    "float64": (-MAX_FLOAT64, MAX_FLOAT64),
    "int32": (-(2**31), 2**31 - 1),
    "int64": (-MAX_EXACT, MAX_EXACT),
}


class ServedFeature(NamedTuple):
    """One field of a customer.

    Attributes:
        name: of the column.
        type: "integer", "number", "boolean" or "category".
        nullable: whether the value may be missing.
        minimum: least number that is accepted: the stated one, or that of the tensor.
        maximum: greatest number that is accepted.
        stated_minimum: as the manifest has it, None if it has none.
        stated_maximum: as the manifest has it.
        categories: texts that the model knows, in their order; the keys, which are looked up fast.
        accepts_unknown: whether another category is accepted.
        missing_text: what stands for a missing text.
        has_codes: whether the graph takes numbers for the texts.
    """

    name: str
    type: str
    nullable: bool
    minimum: float = 0
    maximum: float = 1
    stated_minimum: float | None = None
    stated_maximum: float | None = None
    categories: Mapping[str, None] = MappingProxyType({})
    accepts_unknown: bool = False
    missing_text: str | None = None
    has_codes: bool = False

    def texts_in_graph(self, texts: list[str | None]) -> np.ndarray:
        """Gives what the graph takes for texts, None being a missing one: [N] of objects or floats.

        The code of a category is its place, from 1 on; 0 is any other text, and one more than the
        last place a missing one.
        """
        if not self.has_codes:
            missing = self.missing_text or ""
            return np.array([missing if text is None else text for text in texts], dtype=object)
        codes = {text: code for code, text in enumerate([*self.categories, None], start=1)}
        return np.array([codes.get(text, 0) for text in texts], dtype=np.float64)


def served_feature(stated: dict[str, Any], tensor: dict[str, Any]) -> ServedFeature:
    """Reads a feature of a manifest.

    Args:
        stated: the feature.
        tensor: the input of the graph that takes it.
    """
    name, kind, nullable = stated["name"], stated["type"], stated.get("nullable", False)
    if kind == "boolean":
        return ServedFeature(name, kind, nullable)
    if kind == "category":
        return ServedFeature(
            name,
            kind,
            nullable,
            categories=dict.fromkeys(stated["categories"]),
            accepts_unknown=stated.get("unknown", "refuse") == "accept",
            missing_text=tensor.get("missing_text"),
            has_codes=tensor.get("category_codes", False),
        )
    low, high = RANGES[tensor["type"]]
    if kind == "integer":
        low, high = max(low, -MAX_EXACT), min(high, MAX_EXACT)
    bounds = stated.get("bounds", {})
    stated_low, stated_high = bounds.get("minimum"), bounds.get("maximum")
    return ServedFeature(
        name,
        kind,
        nullable,
        minimum=low if stated_low is None else stated_low,
        maximum=high if stated_high is None else stated_high,
        stated_minimum=stated_low,
        stated_maximum=stated_high,
    )
