"""The clients of Triton and KServe work against the service, by the Open Inference Protocol."""

import asyncio
from collections.abc import Iterator

import numpy as np
import pytest
import requests
import tritonclient.http as triton
from httpx import HTTPStatusError
from kserve import InferenceRESTClient, InferInput, InferRequest, RESTConfig
from tritonclient.http.aio import InferenceServerClient as AsyncTritonClient
from tritonclient.utils import InferenceServerException

from conftest import running_service
from tensors import COLUMNS, MATRIX, MODEL, check_reasons, columns, matrix


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with running_service() as service_url:
        yield service_url


@pytest.fixture(scope="module")
def probabilities(url: str) -> list[float]:
    """What /predict/batch says of the customers, to 4 decimals."""
    names = list(COLUMNS)
    customers = [
        dict(zip(names, row, strict=True))
        for row in zip(*(c.tolist() for c in COLUMNS.values()), strict=True)
    ]
    answer = requests.post(f"{url}/predict/batch", json={"customers": customers}, timeout=10).json()
    return [prediction["churn_probability"] for prediction in answer["predictions"]]


@pytest.fixture
def client(url: str) -> Iterator[triton.InferenceServerClient]:
    with triton.InferenceServerClient(url.removeprefix("http://"), concurrency=4) as made:
        yield made


def inputs(*, binary: bool = True) -> list[triton.InferInput]:
    return columns(triton, COLUMNS, binary_data=binary)


def check(result: triton.InferResult, probabilities: list[float]) -> None:
    assert result.as_numpy("churn_probability").round(4).tolist() == probabilities
    assert result.as_numpy("churn_prediction").tolist() == [True, False]
    # Binary data is bytes, and JSON is texts.
    tiers = result.as_numpy("risk_tier").tolist()
    assert [tier if isinstance(tier, str) else tier.decode() for tier in tiers] == ["HIGH", "LOW"]


def test_triton_finds_the_server_and_the_model(client: triton.InferenceServerClient) -> None:
    assert client.is_server_live()
    assert client.is_server_ready()
    assert client.is_model_ready(MODEL)
    assert client.is_model_ready(MODEL, "1.0.0")
    assert not client.is_model_ready(MODEL, "2")
    assert "binary_tensor_data" in client.get_server_metadata()["extensions"]
    metadata = client.get_model_metadata(MODEL)
    assert [tensor["name"] for tensor in metadata["inputs"]] == list(COLUMNS)
    assert all(tensor["datatype"] and tensor["shape"] for tensor in metadata["outputs"])


@pytest.mark.parametrize("binary", [True, False])
def test_triton_infers(
    client: triton.InferenceServerClient, probabilities: list[float], binary: bool
) -> None:
    check(client.infer(MODEL, inputs(binary=binary)), probabilities)
    result = client.infer(
        MODEL,
        inputs(binary=binary),
        model_version="1.0.0",
        request_id="42",
        outputs=[
            triton.InferRequestedOutput("risk_tier", binary_data=not binary),
            triton.InferRequestedOutput("churn_probability", binary_data=binary),
            triton.InferRequestedOutput("churn_prediction", binary_data=False),
        ],
    )
    check(result, probabilities)
    assert result.get_response()["id"] == "42"


@pytest.mark.parametrize("algorithm", ["gzip", "deflate"])
def test_triton_compresses(
    client: triton.InferenceServerClient, probabilities: list[float], algorithm: str
) -> None:
    compression = {
        "request_compression_algorithm": algorithm,
        "response_compression_algorithm": algorithm,
    }
    check(client.infer(MODEL, inputs(), **compression), probabilities)


def test_triton_infers_many_at_once(
    client: triton.InferenceServerClient, probabilities: list[float]
) -> None:
    pending = [client.async_infer(MODEL, inputs()) for _ in range(20)]
    for request in pending:
        check(request.get_result(), probabilities)


def test_triton_for_asyncio_infers(url: str, probabilities: list[float]) -> None:
    async def infer() -> triton.InferResult:
        async with AsyncTritonClient(url.removeprefix("http://")) as client:
            assert await client.is_server_ready()
            return await client.infer(MODEL, matrix(triton, MATRIX))

    check(asyncio.run(infer()), probabilities)


def test_triton_infers_ten_thousand_rows(
    client: triton.InferenceServerClient, probabilities: list[float]
) -> None:
    result = client.infer(MODEL, matrix(triton, np.tile(MATRIX, (5000, 1))))
    answered = result.as_numpy("churn_probability").round(4)
    assert (answered.reshape(5000, 2) == probabilities).all()


def test_triton_gets_reasons(client: triton.InferenceServerClient) -> None:
    check_reasons(triton, client, inputs())


def test_triton_is_told_what_is_wrong(client: triton.InferenceServerClient) -> None:
    narrow = matrix(triton, MATRIX[:, :4])
    too_long = matrix(triton, np.where(np.arange(5) == 0, 999, MATRIX))
    cases = [
        (lambda: client.infer("loyalty", inputs()), "404", '"churn_model" is.'),
        (lambda: client.infer(MODEL, inputs()[1:]), "400", '"tenure_months" is missing'),
        (lambda: client.infer(MODEL, narrow), "400", "must have the shape [rows, 5]"),
        (lambda: client.infer(MODEL, too_long), "400", "row 0: tenure_months must be an integer"),
    ]
    for infer, status, message in cases:
        with pytest.raises(InferenceServerException) as raised:
            infer()
        assert raised.value.status() == status
        assert message in raised.value.message()


@pytest.mark.parametrize("binary", [True, False])
def test_kserve_infers(url: str, probabilities: list[float], binary: bool) -> None:
    async def infer() -> None:
        client = InferenceRESTClient(RESTConfig(protocol="v2"))
        assert await client.is_server_ready(url) is True
        assert await client.is_server_live(url) is True
        assert await client.is_model_ready(url, MODEL) is True
        tensor = InferInput("input-0", list(MATRIX.shape), "FP64")
        tensor.set_data_from_numpy(MATRIX, binary_data=binary)
        request = InferRequest(MODEL, [tensor], parameters={"binary_data_output": binary})
        result = await client.infer(url, request, model_name=MODEL)
        outputs = {output.name: output.as_numpy() for output in result.outputs}
        assert outputs["churn_probability"].round(4).tolist() == probabilities
        assert outputs["churn_prediction"].tolist() == [True, False]
        assert outputs["risk_tier"].tolist() == ["HIGH", "LOW"]
        with pytest.raises(HTTPStatusError, match='The model "loyalty" is not served here'):
            await client.infer(url, request, model_name="loyalty")

    asyncio.run(infer())
