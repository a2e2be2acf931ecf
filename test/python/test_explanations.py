"""The service explains as shap does by the source models.

EXPLAINED_CUSTOMERS names the folder that models/training/examples/explain_customers.py wrote.
"""

import json
import math
import os
from pathlib import Path

import requests

from conftest import running_service

FOLDER = Path(os.environ.get("EXPLAINED_CUSTOMERS", "set-EXPLAINED_CUSTOMERS"))


def explain_all(name: str, model_path: str) -> list[tuple[dict, dict]]:
    """Gives for each customer what shap found, and the service's answer."""
    expected = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    assert len(expected) == 200
    answers = []
    with running_service(MODEL_PATH=model_path) as url:
        for each in expected:
            response = requests.post(f"{url}/predict/explain", json=each["customer"], timeout=10)
            assert response.status_code == 200, response.text
            answers.append((each, response.json()))
    for _, answer in answers:
        total = answer["base_probability"] + sum(c["contribution"] for c in answer["contributions"])
        assert abs(total - answer["churn_probability"]) <= 0.00005 + 1e-9
    return answers


def test_exact_contributions_are_those_of_shap() -> None:
    for expected, answer in explain_all("churn_model", "models/churn_model.onnx"):
        assert answer["method"]["kind"] == "exact"
        for each in answer["contributions"]:
            difference = each["contribution"] - expected["contributions"][each["feature"]]
            assert abs(difference) <= 1e-5


def test_sampled_contributions_are_within_four_standard_errors_of_shap_s() -> None:
    misses = []
    count = 0
    for expected, answer in explain_all("telco_model", "models/telco/telco_model.onnx"):
        for each in answer["contributions"]:
            feature = each["feature"]
            difference = each["contribution"] - expected["contributions"][feature]
            errors = each.get("standard_error", 0), expected["standard_errors"][feature]
            count += 1
            if abs(difference) > 4 * math.hypot(*errors) + 1e-5:
                misses.append((feature, difference, errors))
    assert count == 200 * 19
    print(f"{len(misses)} of {count} contributions are off by more than four standard errors")
    assert len(misses) <= 0.01 * count, misses
