"""The bundled model by MLServer: a custom runtime with the ONNX file that the service has, too."""

import asyncio
import os

import numpy as np
import onnxruntime
from mlserver import MLModel, MLServer, ModelSettings, Settings
from mlserver.codecs import NumpyCodec, StringCodec
from mlserver.types import InferenceRequest, InferenceResponse

FEATURES = [
    "tenure_months",
    "monthly_charges",
    "total_charges",
    "num_products",
    "has_support_calls",
]


class ChurnModel(MLModel):
    """Scores one tensor for each feature. It checks no bounds, unlike the service."""

    async def load(self) -> bool:
        """Loads the graph."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(
            "models/churn_model.onnx", options, providers=["CPUExecutionProvider"]
        )
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        """Answers the three outputs that the service answers."""
        columns = {each.name: NumpyCodec.decode_input(each).ravel() for each in payload.inputs}
        rows = np.column_stack([columns[name] for name in FEATURES]).astype(np.float32)
        scores = self.session.run(["probabilities"], {"features": rows})[0]
        probabilities = scores[:, 1].astype(np.float64)
        tiers = np.select([probabilities >= 0.7, probabilities >= 0.4], ["HIGH", "MEDIUM"], "LOW")
        return InferenceResponse(
            model_name=self.name,
            model_version="1.0.0",
            outputs=[
                NumpyCodec.encode_output("churn_probability", probabilities),
                NumpyCodec.encode_output("churn_prediction", probabilities >= 0.5),
                StringCodec.encode_output("risk_tier", tiers.tolist(), use_bytes=False),
            ],
        )


async def main() -> None:
    """Serves on PORT; MLServer's gRPC wants a port, too."""
    port = int(os.environ["PORT"])
    settings = Settings(
        host=os.environ["HOST"],
        http_port=port,
        grpc_port=port + 50,
        metrics_endpoint=None,
        parallel_workers=0,
    )
    await MLServer(settings).start([ModelSettings(name="churn_model", implementation=ChurnModel)])


asyncio.run(main())
