"""Runs every command of docs/bring-your-own-model.md, in its order and in one shell."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from conftest import ROOT

PAGE = ROOT / "docs/bring-your-own-model.md"
MODEL = Path("/tmp/my-model/churn.joblib")
# What the page makes, and an earlier run may have left.
FOLDERS = ("/tmp/my-venv", "/tmp/my-model", "/tmp/my-bundle", "/tmp/bare")

PRELUDE = """
set -euo pipefail
export SHUTDOWN_DELAY_MS=0
service=
# npm ends before the service does.
stop() {
  if [ -n "$service" ]; then
    kill -- "-$service"
    while kill -0 -- "-$service" 2>/dev/null; do sleep 0.1; done
    service=
  fi
}
trap stop EXIT
# Starts a command that serves until it is stopped.
serve() {
  stop
  setsid "$@" >/dev/null &
  service=$!
  until curl --silent --fail localhost:8000/health/ready >/dev/null; do
    kill -0 "$service"
    sleep 0.1
  done
}
"""

# The page's Python snippet is given the model and the data of the section before.
GIVEN = """
import joblib
import pandas
model = joblib.load("/tmp/my-model/churn.joblib")
customers = pandas.read_csv("/tmp/my-model/customers.csv")
"""


def blocks() -> list[tuple[str, str]]:
    """Gives the language and text of the page's code, from the first numbered section on."""
    page = PAGE.read_text(encoding="utf-8")
    steps = page[page.index("## 1. ") :]
    return re.findall(r"^```(\w+)\n(.*?)^```", steps, flags=re.MULTILINE | re.DOTALL)


def as_script(language: str, text: str) -> str:
    """Gives a block as shell commands, a service in the background."""
    if language == "python":
        return f"python - <<'END_OF_SNIPPET'\n{GIVEN}{text}END_OF_SNIPPET\n"
    # The packages are installed already, and other tests run from them.
    text = text.replace("npm ci\n", "")
    return re.sub(r"^((?:\w+=\S+ )*)npm start$", r"serve env \1npm start", text, flags=re.MULTILINE)


@pytest.fixture(scope="module")
def answers() -> list[dict[str, object]]:
    """The JSON that the page's requests are answered with, and last that of /health."""
    for folder in FOLDERS:
        shutil.rmtree(folder, ignore_errors=True)
    script = "\n".join(as_script(*block) for block in blocks())
    script = re.sub(r"^curl ", "echo; curl --silent --show-error ", script, flags=re.MULTILINE)
    script += "\necho; curl --silent localhost:8000/health\n"
    run = subprocess.run(
        ["bash", "-c", PRELUDE + script], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    # curl ends no line, so what comes next may stand behind an answer.
    decoder = json.JSONDecoder()
    lines = run.stdout.splitlines()
    return [decoder.raw_decode(line)[0] for line in lines if line.startswith("{")]


def test_a_customer_is_scored_as_the_model_scores_it(answers: list[dict[str, object]]) -> None:
    (text,) = (text for _, text in blocks() if '"contract": "Month-to-month"' in text)
    customer = json.loads(re.search(r"-d '(.*?)'", text, flags=re.DOTALL).group(1))
    score = (
        "import json, sys, joblib, pandas;"
        f"model = joblib.load({str(MODEL)!r});"
        "row = pandas.DataFrame([json.load(sys.stdin)]).astype({'total_charges': float});"
        "print(model.predict_proba(row)[0, list(model.classes_).index('Yes')])"
    )
    run = subprocess.run(
        ["/tmp/my-venv/bin/python", "-c", score],
        input=json.dumps(customer),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    assert answers[0]["churn_probability"] == pytest.approx(float(run.stdout), abs=0.0001)


def test_a_mistyped_category_is_refused_with_those_that_are_allowed(
    answers: list[dict[str, object]],
) -> None:
    assert answers[1]["status"] == 422
    (error,) = answers[1]["errors"]
    assert error == {
        "pointer": "/contract",
        "code": "unknown_category",
        "detail": 'contract must be one of "Month-to-month", "One year", "Two year",'
        ' but is "Monthly".',
    }


def test_a_wrapped_graph_is_served(answers: list[dict[str, object]]) -> None:
    score = (
        "import pandas; from sklearn.linear_model import LogisticRegression;"
        "customers = pandas.read_csv('/tmp/my-model/customers.csv');"
        "rows = customers[['tenure_months', 'monthly_charges']];"
        "model = LogisticRegression().fit(rows.to_numpy(), customers['churn']);"
        "print(model.predict_proba([[2, 89.5]])[0, 1])"
    )
    run = subprocess.run(
        ["/tmp/my-venv/bin/python", "-c", score], stdout=subprocess.PIPE, text=True, check=True
    )
    assert answers[2]["churn_probability"] == pytest.approx(float(run.stdout), abs=0.0001)


def test_a_manifest_by_hand_is_served_without_proof(answers: list[dict[str, object]]) -> None:
    assert answers[-1]["model_verified"] is False
