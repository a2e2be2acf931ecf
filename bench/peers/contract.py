"""The JSON that every contender takes and gives, as pydantic models."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

DECISION_THRESHOLD = 0.5
MEDIUM_THRESHOLD = 0.4
HIGH_THRESHOLD = 0.7
MODEL_VERSION = "1.0.0"
MAX_FLOAT32 = 3.4028235677973362e38


class Customer(BaseModel):
    """What the model has to know of a customer."""

    tenure_months: Annotated[int, Field(ge=0, le=120)]
    monthly_charges: Annotated[float, Field(ge=0, le=500)]
    total_charges: Annotated[float, Field(ge=0, le=MAX_FLOAT32)]
    num_products: Annotated[int, Field(ge=1, le=10)]
    has_support_calls: Annotated[int, Field(ge=0, le=1)]


class CustomerBatch(BaseModel):
    """Customers that are scored together."""

    customers: Annotated[list[Customer], Field(min_length=1, max_length=100)]


class Prediction(BaseModel):
    """The score of one customer."""

    churn_probability: float
    churn_prediction: bool
    risk_tier: Literal["LOW", "MEDIUM", "HIGH"]
    model_version: str


class BatchPrediction(BaseModel):
    """The scores of a batch."""

    predictions: list[Prediction]
    batch_size: int
    latency_ms: float


def to_prediction(probability: float) -> Prediction:
    """Words a probability of churn as the API does."""
    tier = "HIGH" if probability >= HIGH_THRESHOLD else "LOW"
    if MEDIUM_THRESHOLD <= probability < HIGH_THRESHOLD:
        tier = "MEDIUM"
    return Prediction(
        churn_probability=round(probability, 4),
        churn_prediction=probability >= DECISION_THRESHOLD,
        risk_tier=tier,
        model_version=MODEL_VERSION,
    )
