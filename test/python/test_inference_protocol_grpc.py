"""Triton's client and grpcurl work against the service, by the open protocol over gRPC."""

import asyncio
import json
import os
import subprocess
from collections.abc import Iterator

import numpy as np
import pytest
import requests
import tritonclient.grpc as triton
from tritonclient.grpc.aio import InferenceServerClient as AsyncTritonClient
from tritonclient.utils import InferenceServerException

from service import started_service
from tensors import COLUMNS, MATRIX, MODEL, check_reasons, columns, matrix

# One of each datatype.
SENT = {**COLUMNS, "total_charges": COLUMNS["total_charges"].astype(np.float32)}


@pytest.fixture(scope="module")
def service() -> Iterator[tuple[str, str]]:
    """The URL of the service and its address for gRPC."""
    with started_service(GRPC_PORT="0") as listening:
        yield listening["url"], listening["grpc_address"]


@pytest.fixture(scope="module")
def address(service: tuple[str, str]) -> str:
    return service[1]


@pytest.fixture(scope="module")
def probabilities(service: tuple[str, str]) -> list[float]:
    """What REST says of the customers."""
    body = {
        "inputs": [
            {
                "name": "input-0",
                "datatype": "FP64",
                "shape": list(MATRIX.shape),
                "data": MATRIX.ravel().tolist(),
            }
        ]
    }
    answer = requests.post(f"{service[0]}/v2/models/{MODEL}/infer", json=body, timeout=10).json()
    return answer["outputs"][0]["data"]


@pytest.fixture
def client(address: str) -> Iterator[triton.InferenceServerClient]:
    with triton.InferenceServerClient(address) as made:
        yield made


def inputs() -> list[triton.InferInput]:
    return columns(triton, SENT)


def check(result: triton.InferResult, probabilities: list[float]) -> None:
    assert result.as_numpy("churn_probability").tolist() == pytest.approx(probabilities, abs=1e-6)
    assert result.as_numpy("churn_prediction").tolist() == [True, False]
    assert result.as_numpy("risk_tier").tolist() == [b"HIGH", b"LOW"]


def test_triton_finds_the_server_and_the_model(client: triton.InferenceServerClient) -> None:
    assert client.is_server_live()
    assert client.is_server_ready()
    assert client.is_model_ready(MODEL)
    assert client.is_model_ready(MODEL, "1.0.0")
    with pytest.raises(InferenceServerException, match='Version "2" of "churn_model"'):
        client.is_model_ready(MODEL, "2")
    assert client.get_server_metadata().name == "churn-model-api"
    metadata = client.get_model_metadata(MODEL)
    assert [tensor.name for tensor in metadata.inputs] == list(COLUMNS)
    assert all(tensor.datatype and tensor.shape for tensor in metadata.outputs)


def test_triton_infers(client: triton.InferenceServerClient, probabilities: list[float]) -> None:
    check(client.infer(MODEL, inputs()), probabilities)
    names = ["risk_tier", "churn_probability", "churn_prediction"]
    result = client.infer(
        MODEL,
        inputs(),
        model_version="1.0.0",
        request_id="42",
        outputs=[triton.InferRequestedOutput(name) for name in names],
        client_timeout=10,
    )
    check(result, probabilities)
    response = result.get_response()
    assert response.id == "42"
    assert [output.name for output in response.outputs] == names


@pytest.mark.parametrize("algorithm", ["gzip", "deflate"])
def test_triton_compresses(
    client: triton.InferenceServerClient, probabilities: list[float], algorithm: str
) -> None:
    check(client.infer(MODEL, inputs(), compression_algorithm=algorithm), probabilities)


def test_triton_infers_many_at_once(
    client: triton.InferenceServerClient, probabilities: list[float]
) -> None:
    answered = []
    for _ in range(20):
        client.async_infer(
            MODEL, inputs(), callback=lambda result, error: answered.append((result, error))
        )
    check(client.infer(MODEL, inputs()), probabilities)
    while len(answered) < 20:
        check(client.infer(MODEL, inputs()), probabilities)
    for result, error in answered:
        assert error is None
        check(result, probabilities)


def test_triton_for_asyncio_infers(address: str, probabilities: list[float]) -> None:
    async def infer() -> triton.InferResult:
        async with AsyncTritonClient(address) as client:
            assert await client.is_server_ready()
            return await client.infer(MODEL, matrix(triton, MATRIX))

    check(asyncio.run(infer()), probabilities)


def test_triton_infers_ten_thousand_rows(
    client: triton.InferenceServerClient, probabilities: list[float]
) -> None:
    result = client.infer(MODEL, matrix(triton, np.tile(MATRIX, (5000, 1))))
    answered = result.as_numpy("churn_probability").reshape(5000, 2)
    assert np.abs(answered - probabilities).max() < 1e-6


def test_triton_gets_reasons(client: triton.InferenceServerClient) -> None:
    check_reasons(triton, client, inputs())


def test_triton_is_told_what_is_wrong(client: triton.InferenceServerClient) -> None:
    narrow = matrix(triton, MATRIX[:, :4])
    too_long = matrix(triton, np.where(np.arange(5) == 0, 999, MATRIX))
    cases = [
        (lambda: client.infer("loyalty", inputs()), "NOT_FOUND", '"churn_model" is.'),
        (lambda: client.infer(MODEL, inputs()[1:]), "INVALID_ARGUMENT", "is missing"),
        (lambda: client.infer(MODEL, narrow), "INVALID_ARGUMENT", "the shape [rows, 5]"),
        (lambda: client.infer(MODEL, too_long), "INVALID_ARGUMENT", "row 0: tenure_months"),
    ]
    for infer, status, message in cases:
        with pytest.raises(InferenceServerException) as raised:
            infer()
        assert raised.value.status() == f"StatusCode.{status}"
        assert message in raised.value.message()


def grpcurl(*arguments: str) -> str:
    """Runs grpcurl, which learns of the services by reflection."""
    command = [os.environ.get("GRPCURL", "grpcurl"), "-plaintext", *arguments]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, timeout=30).stdout


def test_grpcurl_finds_the_services(address: str) -> None:
    assert grpcurl(address, "list").split() == [
        "grpc.health.v1.Health",
        "grpc.reflection.v1.ServerReflection",
        "inference.GRPCInferenceService",
    ]
    described = grpcurl(address, "describe", "inference.ModelInferRequest")
    assert "map<string, .inference.InferParameter> parameters = 4;" in described
    assert json.loads(grpcurl(address, "grpc.health.v1.Health/Check")) == {"status": "SERVING"}


def test_grpcurl_infers(address: str, probabilities: list[float]) -> None:
    tensor = {
        "name": "input-0",
        "datatype": "FP64",
        "shape": list(MATRIX.shape),
        "contents": {"fp64_contents": MATRIX.ravel().tolist()},
    }
    request = json.dumps({"model_name": MODEL, "inputs": [tensor]})
    answer = json.loads(
        grpcurl("-d", request, address, "inference.GRPCInferenceService/ModelInfer")
    )
    scores = answer["outputs"][0]["contents"]["fp64_contents"]
    assert scores == pytest.approx(probabilities, abs=1e-9)
