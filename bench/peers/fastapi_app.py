"""The same API by FastAPI, as a good course would write it. The argument names what scores.

For scikit-learn the pipeline is the one that models/churn_model.onnx was exported from. The model's
training script chooses it and fits it on the same rows, but importing that takes the exporter's
packages too. The benchmark checks that the probabilities are the same.
"""

import logging
import os
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Annotated, Literal

import numpy as np
import onnxruntime
import pandas as pd
import uvicorn
from fastapi import FastAPI, Request, Response
from pydantic import BaseModel, Field
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from synthetic_data import FEATURES, LABEL, make_customers

MAX_FLOAT32 = 3.4028235677973362e38

logging.basicConfig(stream=sys.stdout, format="%(asctime)s %(levelname)s %(message)s")
logger = logging.getLogger("churn")
logger.setLevel(logging.INFO)


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


Model = Callable[[list[Customer]], np.ndarray]


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


def by_onnxruntime() -> Model:
    """Loads the file that the service has, too."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        "models/churn_model.onnx", options, providers=["CPUExecutionProvider"]
    )

    def run(customers: list[Customer]) -> np.ndarray:
        rows = np.array([list(c.model_dump().values()) for c in customers], dtype=np.float32)
        return session.run(["probabilities"], {"features": rows})[0]

    return run


model = {"scikit-learn": by_scikit_learn, "onnxruntime": by_onnxruntime}[sys.argv[1]]()
app = FastAPI()


@app.middleware("http")
async def log_latency(
    request: Request, call_next: Callable[[Request], Awaitable[Response]]
) -> Response:
    """Logs one line for each request."""
    started_at = time.perf_counter()
    response = await call_next(request)
    latency_ms = (time.perf_counter() - started_at) * 1000
    logger.info(
        "%s %s %d %.2f ms", request.method, request.url.path, response.status_code, latency_ms
    )
    return response


def score(customers: list[Customer]) -> list[Prediction]:
    """Scores all customers in one call of the model, and words their probabilities."""
    return [
        Prediction(
            churn_probability=round(p, 4),
            churn_prediction=p >= 0.5,
            risk_tier="HIGH" if p >= 0.7 else "MEDIUM" if p >= 0.4 else "LOW",
            model_version="1.0.0",
        )
        for p in model(customers)[:, 1].tolist()
    ]


@app.post("/predict")
async def predict(customer: Customer) -> Prediction:
    """Scores one customer."""
    return score([customer])[0]


@app.post("/predict/batch")
async def predict_batch(batch: CustomerBatch) -> BatchPrediction:
    """Scores up to 100 customers."""
    started_at = time.perf_counter()
    predictions = score(batch.customers)
    latency_ms = round((time.perf_counter() - started_at) * 1000, 2)
    return BatchPrediction(
        predictions=predictions, batch_size=len(predictions), latency_ms=latency_ms
    )


if __name__ == "__main__":
    port = int(os.environ["PORT"])
    uvicorn.run(app, port=port, loop="uvloop", http="httptools", access_log=False)
