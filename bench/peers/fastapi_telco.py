"""The telco model by FastAPI and scikit-learn.

The pipeline is the one that models/telco/telco_model.onnx was exported from, fitted on the same
rows as its training script does. The benchmark checks that the probabilities are the same.
"""

from typing import Annotated, Literal

import numpy as np
import pandas as pd
from pydantic import BaseModel, Field
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from fastapi_service import Model, serve
from telco_customers import BOOLEANS, CATEGORIES, FEATURES, LABEL, NUMBERS, make_customers

YesNo = Literal["Yes", "No", "No internet"]


class Customer(BaseModel):
    """What the model has to know of a customer."""

    gender: Literal["Female", "Male"]
    senior_citizen: bool
    has_partner: bool
    has_dependents: bool | None = None
    tenure_months: Annotated[int, Field(ge=0, le=120)]
    phone_service: bool
    multiple_lines: Literal["Yes", "No", "No phone service"]
    internet_service: Literal["DSL", "Fiber optic", "No internet"]
    online_security: YesNo
    online_backup: YesNo
    device_protection: YesNo
    tech_support: YesNo
    streaming_tv: YesNo
    streaming_movies: YesNo
    contract: Literal["Month-to-month", "One year", "Two year"]
    paperless_billing: bool | None = None
    payment_method: Annotated[str, Field(max_length=256)] | None = None
    monthly_charges: Annotated[float, Field(ge=0, le=500)]
    total_charges: Annotated[float, Field(ge=0, le=100_000)] | None = None


def by_scikit_learn() -> Model:
    """Fits the pipeline that was exported."""
    customers = make_customers(7000, 2024)
    training, _ = train_test_split(
        customers, test_size=0.25, stratify=customers[LABEL], random_state=2024
    )
    encoder = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    columns = ColumnTransformer(
        [("texts", encoder, CATEGORIES), ("others", "passthrough", NUMBERS + BOOLEANS)]
    )
    trees = HistGradientBoostingClassifier(
        learning_rate=0.06, max_iter=100, max_depth=4, random_state=2024
    )
    pipeline = make_pipeline(columns, trees)
    pipeline.fit(training[FEATURES], training[LABEL])

    def run(customers: list[Customer]) -> np.ndarray:
        rows = pd.DataFrame([c.model_dump() for c in customers])
        return pipeline.predict_proba(rows.astype(object).where(rows.notna(), np.nan))

    return run


serve(Customer, by_scikit_learn())
