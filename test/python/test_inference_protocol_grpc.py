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

from conftest import running_service
from service import grpc_address

MODEL = "churn_model"
COLUMNS = {
    "tenure_months": np.array([6, 48], dtype=np.int64),
    "monthly_charges": np.array([79.99, 45]),
    "total_charges": np.array([479.94, 2160], dtype=np.float32),
    "num_products": np.array([1, 3], dtype=np.int32),
    "has_support_calls": np.array([1, 0], dtype=np.uint8),
}
DATATYPES = {
    "int64": "INT64",
    "float64": "FP64",
    "float32": "FP32",
    "int32": "INT32",
    "uint8": "UINT8",
}
MATRIX = np.column_stack([column.astype(np.float64) for column in COLUMNS.values()])


@pytest.fixture(scope="module")
def service() -> Iterator[tuple[str, str]]:
    """The URL of the service and its address for gRPC."""
    with running_service(GRPC_PORT="0") as url:
        yield url, grpc_address(url)


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
    tensors = []
    for name, column in COLUMNS.items():
        tensor = triton.InferInput(name, list(column.shape), DATATYPES[column.dtype.name])
        tensor.set_data_from_numpy(column)
        tensors.append(tensor)
    return tensors


def matrix(rows: np.ndarray) -> list[triton.InferInput]:
    tensor = triton.InferInput("input-0", list(rows.shape), "FP64")
    tensor.set_data_from_numpy(rows)
    return [tensor]


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
            return await client.infer(MODEL, matrix(MATRIX))

    check(asyncio.run(infer()), probabilities)


def test_triton_infers_ten_thousand_rows(
    client: triton.InferenceServerClient, probabilities: list[float]
) -> None:
    result = client.infer(MODEL, matrix(np.tile(MATRIX, (5000, 1))))
    answered = result.as_numpy("churn_probability").reshape(5000, 2)
    assert np.abs(answered - probabilities).max() < 1e-6


def test_triton_gets_reasons(client: triton.InferenceServerClient) -> None:
    names = ["churn_probability", "contributions", "base_probability"]
    outputs = [triton.InferRequestedOutput(name) for name in names]
    result = client.infer(MODEL, inputs(), outputs=outputs)
    contributions = result.as_numpy("contributions")
    assert contributions.shape == (2, 5)
    total = result.as_numpy("base_probability") + contributions.sum(axis=1)
    assert np.abs(total - result.as_numpy("churn_probability")).max() < 1e-6


def test_triton_is_told_what_is_wrong(client: triton.InferenceServerClient) -> None:
    narrow = matrix(MATRIX[:, :4])
    too_long = matrix(np.where(np.arange(5) == 0, 999, MATRIX))
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
