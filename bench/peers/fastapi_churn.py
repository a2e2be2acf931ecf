"""The bundled model by FastAPI and scikit-learn.

The pipeline is the one that models/churn_model.onnx was exported from. The model's
training script chooses it and fits it on the same rows, but importing that takes the exporter's
packages too. The benchmark checks that the probabilities are the same.
"""

from typing import Annotated

import numpy as np
import pandas as pd
from pydantic import BaseModel, Field
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from fastapi_service import Model, serve
from synthetic_data import FEATURES, LABEL, make_customers

MAX_FLOAT32 = 3.4028235677973362e38


class Customer(BaseModel):
    """What the model has to know of a customer."""

    tenure_months: Annotated[int, Field(ge=0, le=120)]
    monthly_charges: Annotated[float, Field(ge=0, le=500)]
    total_charges: Annotated[float, Field(ge=0, le=MAX_FLOAT32)]
    num_products: Annotated[int, Field(ge=1, le=10)]
    has_support_calls: Annotated[int, Field(ge=0, le=1)]


def by_scikit_learn() -> Model:
    """Fits the pipeline that was exported."""
    customers = make_customers(7000, 2024)
    training, _ = train_test_split(
        customers, test_size=0.25, stratify=customers[LABEL], random_state=2024
    )
    pipeline = make_pipeline(StandardScaler(), LogisticRegression())
    pipeline.fit(training[FEATURES], training[LABEL])

    def run(customers: list[Customer]) -> np.ndarray:
        return pipeline.predict_proba(pd.DataFrame([c.model_dump() for c in customers]))

    return run


serve(Customer, by_scikit_learn())
