"""GET /model/drift gives the PSI and its bound by chance of NumPy and SciPy on the same counts."""

import json
from pathlib import Path

import numpy as np
import pytest
import requests
from scipy.stats import chi2

from conftest import ROOT, running_service

EMPTY_BIN_ROWS = 0.5
"""In place of the zero rows of a bin that is empty on one side."""

NOMINAL_RATE = 0.003
"""Reports without a drift for which the bound by chance is computed."""


def psi(live: np.ndarray, reference: np.ndarray) -> float:
    """Sums (live - reference) x ln(live / reference) over the bins that have rows."""
    live_share = np.where(live > 0, live, EMPTY_BIN_ROWS) / live.sum()
    reference_share = np.where(reference > 0, reference, EMPTY_BIN_ROWS) / reference.sum()
    terms = (live_share - reference_share) * np.log(live_share / reference_share)
    return float(terms[(live > 0) | (reference > 0)].sum())


def psi_by_chance(live: np.ndarray, reference: np.ndarray, watched: int) -> float:
    """Gives the PSI that chance alone explains where so many features and scores are watched."""
    bins = int(((live > 0) | (reference > 0)).sum())
    exceeded = 1 - (1 - NOMINAL_RATE) ** (1 / watched)
    return float((1 / live.sum() + 1 / reference.sum()) * chi2.isf(exceeded, bins - 1))


def golden_customers(model_path: str) -> list[dict[str, object]]:
    """Gives the customers of a manifest's golden rows, which are far from those of the training."""
    manifest = json.loads((ROOT / Path(model_path).with_suffix(".manifest.json")).read_text())
    golden = manifest["golden_rows"]
    bounds = {each["name"]: each.get("bounds", {}) for each in manifest["features"]}
    customers = [dict(zip(golden["features"], row, strict=True)) for row in golden["rows"]]
    return [
        {name: bounded(value, bounds[name]) for name, value in customer.items()}
        for customer in customers
    ]


def bounded(value: object, bounds: dict[str, float]) -> object:
    """Puts a number into its bounds, which golden rows need not keep."""
    if not bounds or value is None:
        return value
    return min(max(value, bounds.get("minimum", value)), bounds.get("maximum", value))


@pytest.mark.parametrize("model_path", ["models/churn_model.onnx", "models/telco/telco_model.onnx"])
def test_psi_is_that_of_numpy(model_path: str) -> None:
    customers = golden_customers(model_path)
    with running_service(MODEL_PATH=model_path) as url:
        for start in range(0, len(customers), 100):
            batch = {"customers": customers[start : start + 100]}
            response = requests.post(f"{url}/predict/batch", json=batch, timeout=10)
            assert response.status_code == 200, response.text
        report = requests.get(f"{url}/model/drift", timeout=10).json()
    for window in report["windows"]:
        assert window["rows"] == len(customers)
        watched = [window["scores"], *window["features"]]
        for each in watched:
            live = np.array([bin_["live_rows"] for bin_ in each["bins"]])
            reference = np.array([bin_["training_rows"] for bin_ in each["bins"]])
            assert live.sum() == len(customers)
            assert each["psi"] == pytest.approx(psi(live, reference), rel=1e-12, abs=1e-12)
            expected = psi_by_chance(live, reference, len(watched))
            assert each["psi_by_chance"] == pytest.approx(expected, rel=1e-10)
