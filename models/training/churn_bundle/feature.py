"""What a feature of the model is, on both sides: to callers of the API and to the model."""

from dataclasses import dataclass, field
from typing import Any

NUMBER_TYPES = ("integer", "number")


@dataclass
class Feature:
    """One field of a customer.

    Attributes:
        name: as the model was fitted with it.
        type: "integer", "number", "boolean" or "category".
        dtype: pandas dtype of the reference column; the model is asked in it.
        missing: what the reference data has for a missing value, NaN if it has none.
        missing_seen: whether the reference data has missing values.
        nullable: whether callers may leave the value out.
        minimum: least value that the API accepts, None for no limit.
        maximum: greatest value that the API accepts, None for no limit.
        categories: texts that the model knows, in the order to document them.
        accepts_unknown: whether callers may send another category.
        description: for the API's documentation.
        unit: of a number.
    """

    name: str
    type: str
    dtype: Any
    missing: object = float("nan")
    missing_seen: bool = False
    nullable: bool = False
    minimum: float | None = None
    maximum: float | None = None
    categories: list[str] = field(default_factory=list)
    accepts_unknown: bool = False
    description: str | None = None
    unit: str | None = None

    @property
    def is_text(self) -> bool:
        """Whether the graph takes it in a tensor of texts."""
        return self.type == "category"

    @property
    def is_number(self) -> bool:
        """Whether it is an integer or a number, for which there are bounds."""
        return self.type in NUMBER_TYPES
