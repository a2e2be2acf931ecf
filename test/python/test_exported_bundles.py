"""The service starts on an export of each kind of model and on wrapped graphs, and answers as they.

EXAMPLE_BUNDLES names the folder that models/training/examples/make_example_bundles.py wrote.
"""

import json
import os
from pathlib import Path

import pytest
import requests

from conftest import running_service

BUNDLES = sorted(
    Path(os.environ.get("EXAMPLE_BUNDLES", "set-EXAMPLE_BUNDLES")).glob("*/churn_model.onnx")
)


def test_there_is_a_bundle_of_each_library() -> None:
    kinds = " ".join(bundle.parent.name for bundle in BUNDLES)
    assert all(library in kinds for library in ("sklearn", "xgboost", "lightgbm"))
    assert all(kind in kinds for kind in ("wrapped-logits", "wrapped-texts"))


@pytest.mark.parametrize("bundle", BUNDLES, ids=lambda bundle: bundle.parent.name)
def test_the_service_answers_as_the_model_that_was_exported(bundle: Path) -> None:
    manifest = json.loads(bundle.with_name("churn_model.manifest.json").read_text(encoding="utf-8"))
    with running_service(MODEL_PATH=str(bundle)) as url:
        golden = manifest["golden_rows"]
        for row, probability in zip(golden["rows"], golden["probabilities"], strict=True):
            customer = dict(zip(golden["features"], row, strict=True))
            response = requests.post(f"{url}/predict", json=customer, timeout=10)
            assert response.status_code == 200
            served = response.json()["churn_probability"]
            assert served == pytest.approx(probability, abs=0.00005 + manifest["tolerance"])
