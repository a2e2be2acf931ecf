"""The same API by FastAPI and scikit-learn, as a good course would write it."""

import logging
import os
import sys
import time
from collections.abc import Awaitable, Callable

import pandas as pd
import uvicorn
from churn_pipeline import fit_pipeline
from contract import BatchPrediction, Customer, CustomerBatch, Prediction, to_prediction
from fastapi import FastAPI, Request, Response

logging.basicConfig(stream=sys.stdout, format="%(asctime)s %(levelname)s %(message)s")
logger = logging.getLogger("churn")
logger.setLevel(logging.INFO)

app = FastAPI()
pipeline = fit_pipeline()


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
    """Scores all customers in one call of the model."""
    frame = pd.DataFrame([customer.model_dump() for customer in customers])
    return [to_prediction(float(p)) for p in pipeline.predict_proba(frame)[:, 1]]


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
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=int(os.environ["PORT"]),
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
    )
