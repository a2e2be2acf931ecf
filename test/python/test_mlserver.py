"""MLServer's codec for data frames works against the service. It needs a venv of its own."""

import json

import numpy as np
import pandas as pd
import pytest
import requests
from mlserver.codecs import PandasCodec
from mlserver.types import InferenceResponse

from conftest import ROOT, running_service


def infer(url: str, model: str, customers: pd.DataFrame) -> pd.DataFrame:
    request = PandasCodec.encode_request(customers, use_bytes=False)
    response = requests.post(
        f"{url}/v2/models/{model}/infer",
        data=request.model_dump_json(),
        headers={"Content-Type": "application/json"},
        timeout=10,
    )
    assert response.status_code == 200, response.text
    return PandasCodec.decode_response(InferenceResponse.model_validate_json(response.text))


@pytest.mark.parametrize("path", ["churn_model", "telco/telco_model"])
def test_a_data_frame_is_scored_as_in_training(path: str) -> None:
    manifest = json.loads((ROOT / f"models/{path}.manifest.json").read_text(encoding="utf-8"))
    golden = manifest["golden_rows"]
    customers = pd.DataFrame(golden["rows"], columns=golden["features"])
    probabilities = np.array(golden["probabilities"])
    within = np.ones(len(customers), dtype=bool)
    for feature in manifest["features"]:
        name = feature["name"]
        if feature["type"] == "category":
            # The codec cannot encode a missing text: the manifest's text stands for it.
            [entry] = [entry for entry in manifest["inputs"] if name in entry["features"]]
            customers[name] = customers[name].fillna(entry["missing_text"]).astype(object)
        elif feature["type"] == "boolean" and feature["nullable"]:
            customers[name] = customers[name].astype(float)
        elif feature["type"] != "boolean":
            bounds = {"minimum": -np.inf, "maximum": np.inf, **feature.get("bounds", {})}
            values = customers[name]
            within &= values.isna() | values.between(bounds["minimum"], bounds["maximum"])
    model = manifest["name"]
    with running_service(MODEL_PATH=f"models/{path}.onnx") as url:
        scores = infer(url, model, customers[within].reset_index(drop=True))
    assert len(scores) == within.sum() >= 64
    assert np.abs(scores["churn_probability"] - probabilities[within]).max() < 1e-5
    assert set(scores["risk_tier"]) <= {"LOW", "MEDIUM", "HIGH"}
