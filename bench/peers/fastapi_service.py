"""The churn API by FastAPI, as a good course would write it, for any customer and model."""

import logging
import os
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Annotated, Literal

import numpy as np
import uvicorn
from fastapi import FastAPI, Request, Response
from pydantic import BaseModel, Field

Model = Callable[[list[BaseModel]], np.ndarray]

logging.basicConfig(stream=sys.stdout, format="%(asctime)s %(levelname)s %(message)s")
logger = logging.getLogger("churn")
logger.setLevel(logging.INFO)


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


def serve(customer_class: type[BaseModel], model: Model) -> None:
    """Serves a model, which gives the probabilities of both classes, float [N, 2]."""

    class CustomerBatch(BaseModel):
        """Customers that are scored together."""

        customers: Annotated[list[customer_class], Field(min_length=1, max_length=100)]

    def score(customers: list[BaseModel]) -> list[Prediction]:
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

    app = FastAPI()

    @app.middleware("http")
    async def log_latency(
        request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        """Logs one line for each request."""
        started_at = time.perf_counter()
        response = await call_next(request)
        latency_ms = (time.perf_counter() - started_at) * 1000
        path = request.url.path
        logger.info("%s %s %d %.2f ms", request.method, path, response.status_code, latency_ms)
        return response

    @app.post("/predict")
    async def predict(customer: customer_class) -> Prediction:
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

    port = int(os.environ["PORT"])
    uvicorn.run(app, port=port, loop="uvloop", http="httptools", access_log=False)
