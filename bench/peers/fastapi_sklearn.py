"""The same API by FastAPI and scikit-learn, as a good course would write it.

The pipeline is the one that models/churn_model.onnx was exported from. The model's training script
chooses it and fits it on the same rows, but importing that takes the exporter's packages too. The
benchmark checks that the probabilities are the same.
"""

import logging
import os
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pandas as pd
import uvicorn
from contract import BatchPrediction, Customer, CustomerBatch, Prediction, to_prediction
from fastapi import FastAPI, Request, Response
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

sys.path.append(str(Path(__file__).resolve().parents[2] / "models" / "training"))
from synthetic_data import FEATURES, LABEL, make_customers

CUSTOMERS = 7000
HELD_OUT_FRACTION = 0.25
SEED = 2024

logging.basicConfig(stream=sys.stdout, format="%(asctime)s %(levelname)s %(message)s")
logger = logging.getLogger("churn")
logger.setLevel(logging.INFO)

all_customers = make_customers(CUSTOMERS, SEED)
training_customers, _ = train_test_split(
    all_customers, test_size=HELD_OUT_FRACTION, stratify=all_customers[LABEL], random_state=SEED
)
pipeline = make_pipeline(StandardScaler(), LogisticRegression())
pipeline.fit(training_customers[FEATURES], training_customers[LABEL])

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
