"""The same API by BentoML and the bundled ONNX model.

BentoML's adaptive batching is not used: it joins calls whose one argument is a list, so this API
would need a second service behind the first, and a call from process to process costs far more than
the 10 us of a forward pass.
"""

import time
from pathlib import Path
from typing import Annotated

import bentoml
import numpy as np
import onnxruntime
from contract import MAX_FLOAT32, BatchPrediction, Customer, Prediction, to_prediction
from pydantic import Field

MODEL = Path(__file__).resolve().parents[2] / "models" / "churn_model.onnx"


@bentoml.service(workers=1, traffic={"timeout": 30})
class Churn:
    """Scores customers."""

    def __init__(self) -> None:
        """Loads the model."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(
            MODEL, options, providers=["CPUExecutionProvider"]
        )

    def score(self, rows: list[list[float]]) -> list[Prediction]:
        """Scores all rows in one forward pass."""
        features = np.asarray(rows, dtype=np.float32)
        (probabilities,) = self.session.run(["probabilities"], {"features": features})
        return [to_prediction(p) for p in probabilities[:, 1].tolist()]

    @bentoml.api(route="/predict")
    async def predict(
        self,
        tenure_months: Annotated[int, Field(ge=0, le=120)],
        monthly_charges: Annotated[float, Field(ge=0, le=500)],
        total_charges: Annotated[float, Field(ge=0, le=MAX_FLOAT32)],
        num_products: Annotated[int, Field(ge=1, le=10)],
        has_support_calls: Annotated[int, Field(ge=0, le=1)],
    ) -> Prediction:
        """Scores one customer."""
        row = [tenure_months, monthly_charges, total_charges, num_products, has_support_calls]
        return self.score([row])[0]

    @bentoml.api(route="/predict/batch")
    async def predict_batch(
        self, customers: Annotated[list[Customer], Field(min_length=1, max_length=100)]
    ) -> BatchPrediction:
        """Scores up to 100 customers."""
        started_at = time.perf_counter()
        predictions = self.score([list(customer.model_dump().values()) for customer in customers])
        latency_ms = round((time.perf_counter() - started_at) * 1000, 2)
        return BatchPrediction(
            predictions=predictions, batch_size=len(predictions), latency_ms=latency_ms
        )
