"""Clients of the former service relied on this: its own tests, against port 8000."""

from collections.abc import Iterator

import pytest
import requests

from conftest import running_service

URL = "http://localhost:8000"
CUSTOMER = {
    "tenure_months": 6,
    "monthly_charges": 79.99,
    "total_charges": 479.94,
    "num_products": 1,
    "has_support_calls": 1,
}


@pytest.fixture(scope="module", autouse=True)
def service_on_port_8000() -> Iterator[None]:
    with running_service(PORT="8000"):
        yield


def test_health_says_that_the_model_is_loaded() -> None:
    response = requests.get(f"{URL}/health", timeout=10)
    assert response.status_code == 200
    assert response.json()["model_loaded"] is True


def test_predict_gives_a_probability_and_a_tier() -> None:
    response = requests.post(f"{URL}/predict", json=CUSTOMER, timeout=10)
    assert response.status_code == 200
    prediction = response.json()
    assert 0 <= prediction["churn_probability"] <= 1
    assert prediction["risk_tier"] in {"LOW", "MEDIUM", "HIGH"}


def test_predict_refuses_a_tenure_out_of_bounds() -> None:
    response = requests.post(f"{URL}/predict", json={**CUSTOMER, "tenure_months": 999}, timeout=10)
    assert response.status_code == 422


def test_a_batch_of_two_has_batch_size_two() -> None:
    batch = {"customers": [CUSTOMER, CUSTOMER]}
    response = requests.post(f"{URL}/predict/batch", json=batch, timeout=10)
    assert response.status_code == 200
    assert response.json()["batch_size"] == 2
    assert len(response.json()["predictions"]) == 2
