"""Schemathesis makes requests of the service's own OpenAPI document and judges the answers."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import running_service

CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
HOOKS = Path(__file__).with_name("fuzzing_hooks.py")


@pytest.mark.parametrize("model", ["churn_model.onnx", "telco/telco_model.onnx"])
def test_the_service_keeps_what_its_openapi_document_says(model: str, tmp_path: Path) -> None:
    schemathesis = Path(sys.executable).with_name("schemathesis")
    report_path = tmp_path / "report.json"
    with running_service(MODEL_PATH=f"models/{model}") as url:
        subprocess.run(
            [
                *(schemathesis, "--config-file", CONFIGURATION, "--no-color"),
                *("run", f"{url}/docs-json"),
                # Not stateful: no operation leaves anything that another could find.
                *("--phases", "examples,coverage,fuzzing"),
                *("--checks", "all"),
                *("--report-json-path", report_path),
            ],
            cwd=tmp_path,
            check=True,
            env=os.environ | {"SCHEMATHESIS_HOOKS": HOOKS.stem, "PYTHONPATH": str(HOOKS.parent)},
        )
    report = json.loads(report_path.read_text(encoding="utf-8"))
    assert report["operations"]["tested"] == report["operations"]["total"]
    assert {phase["status"] for phase in report["phases"].values() if not phase["skip_reason"]} == {
        "success"
    }
    assert report["test_cases"]["generated"] > 3000
