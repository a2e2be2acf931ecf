"""Runs the commands of docs/reports.md, and reports on what the service itself has logged."""

import json
import os
import re
import shutil
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from conftest import ROOT, running_service

PAGE = ROOT / "docs/reports.md"
COMMAND = Path("/tmp/my-report-venv/bin/churn-bundle")
# What the page makes, and an earlier run may have left.
FOLDERS = ("/tmp/my-report-venv", "/tmp/my-report")


@pytest.fixture(scope="module")
def said() -> str:
    """What the page's commands print, run in their order and in one shell."""
    for folder in FOLDERS:
        shutil.rmtree(folder, ignore_errors=True)
    page = PAGE.read_text(encoding="utf-8")
    script = "\n".join(re.findall(r"^```sh\n(.*?)^```", page, flags=re.MULTILINE | re.DOTALL))
    run = subprocess.run(
        ["bash", "-c", f"set -euo pipefail\n{script}"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return run.stdout


def test_the_commands_say_what_the_page_says(said: str) -> None:
    (shown,) = re.findall(r"^```\n(read .*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    assert said.endswith(shown)
    assert "wrote /tmp/my-report/estimate.html" in said


def until_candidate_scores(url: str) -> None:
    """Waits until the candidate is proven, which the service does not wait for itself."""
    state = "starting"
    while state != "ready":
        assert state == "starting"
        time.sleep(0.05)
        with urllib.request.urlopen(f"{url}/model/shadow") as answer:
            state = json.load(answer)["candidate"]["state"]


def post(url: str, body: object, request_id: str) -> None:
    headers = {"Content-Type": "application/json", "X-Request-Id": request_id}
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 200


@pytest.mark.parametrize("key", ["request_id,row", "customer_id"])
def test_what_the_service_logs_is_read_and_joined(said: str, tmp_path: Path, key: str) -> None:
    manifest = json.loads((ROOT / "models/churn_model.manifest.json").read_text(encoding="utf-8"))
    example = manifest["examples"][0]["customer"]
    settings = {
        "PREDICTION_LOG": "true",
        "PREDICTION_LOG_PATH": str(tmp_path / "log"),
        "PREDICTION_LOG_ID_FIELD": "customer_id",
        # A candidate: here the same model, so that it is neither better nor worse.
        "SHADOW_MODEL_PATH": str(ROOT / "models/churn_model.onnx"),
    }
    outcomes = [f"{key},churned"]
    with running_service(**settings) as url:
        until_candidate_scores(url)
        for batch in range(5):
            customers = [
                {**example, "tenure_months": 2 * row + batch, "customer_id": f"C-{batch}-{row}"}
                for row in range(20)
            ]
            post(f"{url}/predict/batch", {"customers": customers}, f"batch-{batch}")
            names = {
                "customer_id": [f"C-{batch}-{row}" for row in range(20)],
                "request_id,row": [f"batch-{batch},{row}" for row in range(20)],
            }
            outcomes += [f"{name},{int(row % 3 == 0)}" for row, name in enumerate(names[key])]
        post(f"{url}/predict", {**example, "customer_id": 7}, "single")
    (tmp_path / "outcomes.csv").write_text("\n".join(outcomes))
    run = subprocess.run(
        [
            *(COMMAND, "report", "--out", tmp_path / "r.html"),
            *("--log", tmp_path / "log", "--outcomes", tmp_path / "outcomes.csv"),
            *("--bundle", ROOT / "models/churn_model.manifest.json"),
        ],
        env={"PATH": os.environ["PATH"]},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    assert re.search(r"^read 101 scores from \d+ files?$", run.stdout, re.MULTILINE)
    joined = f"joined 100 of 100 outcomes by {key.removesuffix(',row')}; belong to no score: 0"
    assert joined in run.stdout
    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "The candidate 1.0.0 is not clearly better or worse than the champion" in text
