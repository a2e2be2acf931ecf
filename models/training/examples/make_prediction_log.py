"""Makes a SYNTHETIC prediction log such as the service writes, and the outcomes of its customers.

    python models/training/examples/make_prediction_log.py FOLDER

FOLDER gets ``log/`` and ``outcomes.csv``. The scores are those of a bundled model; the customers
come from its generator. Each is scored once, over twelve weeks. So that a report has something to
tell:

    charges         are 30 % higher in the last three weeks, and the outcomes know nothing of it
    the candidate   1.1.0 scores beside in all weeks; it knows a little more than the model
    outcomes        are known of the first ten weeks, for 90 % of the customers
    the last file   is open and ends in half a line, as after a crash
"""

import argparse
import csv
import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TextIO

import numpy as np
import pandas as pd

import synthetic_data
import telco_customers
from churn_bundle.text_codes import TextCodes
from training import MODELS_FOLDER

WEEKS = 12
JUDGED_WEEKS = 10
DRIFTING_WEEKS = 3
RAISE = 1.3
START = datetime(2026, 9, 7, tzinfo=UTC)
OUTCOME_AFTER = timedelta(days=14)
CHUNK = 20_000
MODELS = {
    "sample": (MODELS_FOLDER / "churn_model.onnx", synthetic_data.make_customers),
    "telco": (MODELS_FOLDER / "telco" / "telco_model.onnx", telco_customers.make_customers),
}


class Scorer:
    """A bundled model.

    Attributes:
        manifest: of its bundle.
    """

    def __init__(self, onnx_file: Path) -> None:
        """Loads the bundle."""
        manifest = onnx_file.with_name(f"{onnx_file.stem}.manifest.json")
        self.manifest: dict[str, Any] = json.loads(manifest.read_text(encoding="utf-8"))
        # Not before churn_bundle, which forbids its telemetry.
        from onnxruntime import InferenceSession

        self.session = InferenceSession(onnx_file)
        features = self.manifest["features"]
        self.codes = TextCodes(
            {each["name"]: each["categories"] for each in features if each["type"] == "category"}
        )

    def score(self, customers: pd.DataFrame) -> np.ndarray:
        """Gives the probabilities of customers, float [N]."""
        feed = {}
        for tensor in self.manifest["inputs"]:
            block = customers[tensor["features"]].copy()
            if tensor.get("category_codes", False):
                for name in filter(self.codes.__contains__, tensor["features"]):
                    block[name] = self.codes.of_column(block[name])
            if tensor["type"] == "string":
                block = block.astype(object).where(block.notna(), tensor.get("missing_text", ""))
                feed[tensor["name"]] = block.to_numpy(object)
            else:
                feed[tensor["name"]] = block.astype(np.float64).to_numpy(np.float32)
        output = self.manifest["output"]
        (scores,) = self.session.run([output["name"]], feed)
        return scores[:, output["column"]].astype(np.float64)


def sent(customers: pd.DataFrame, manifest: dict[str, Any]) -> list[dict[str, Any]]:
    """Gives customers as a client sends them, missing values as null."""
    columns = {}
    for feature in manifest["features"]:
        values = customers[feature["name"]]
        kind = {"integer": int, "boolean": bool}.get(feature["type"], lambda value: value)
        columns[feature["name"]] = [
            None if missing else kind(value)
            for value, missing in zip(values.tolist(), values.isna(), strict=True)
        ]
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def candidate(
    probabilities: np.ndarray, churn: np.ndarray, random: np.random.Generator
) -> np.ndarray:
    """Gives the probabilities of a model that knows a little more."""
    logits = np.log(probabilities / (1 - probabilities))
    logits += 0.4 * (churn - probabilities) + random.normal(0, 0.2, len(churn))
    return 1 / (1 + np.exp(-logits))


def tier(probability: float, thresholds: dict[str, float]) -> str:
    """Names the risk tier."""
    if probability >= thresholds["high"]:
        return "HIGH"
    return "MEDIUM" if probability >= thresholds["medium"] else "LOW"


def write_week(
    file: TextIO, scorer: Scorer, customers: pd.DataFrame, week: int, first: int
) -> list[tuple[str, int, str]]:
    """Writes the scores of a week's customers, and gives the outcomes as far as they are known.

    Args:
        file: of the log.
        scorer: the model.
        customers: features and churn.
        week: number of the week, from 0.
        first: number of the first customer.
    """
    random = np.random.default_rng(week)
    probabilities = np.clip(scorer.score(customers), 1e-6, 1 - 1e-6)
    churn = (customers.iloc[:, -1].isin([1, True, "Yes"])).to_numpy(np.float64)
    others = candidate(probabilities, churn, random)
    thresholds, version = scorer.manifest["thresholds"], scorer.manifest["version"]
    seconds = np.sort(random.uniform(0, 7 * 86400, len(customers)))
    known = random.random(len(customers)) < 0.9
    outcomes = []
    for row, features in enumerate(sent(customers, scorer.manifest)):
        time = START + timedelta(weeks=week, seconds=float(seconds[row]))
        number = first + row
        probability = round(float(probabilities[row]), 10)
        line = {
            "time": time.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "request_id": f"{number:032x}",
            "row": 0,
            "caller": "crm",
            "model_version": version,
            "model_sha256": scorer.manifest["sha256"],
            "id": f"C-{number}",
            "features": features,
            "probability": probability,
            "prediction": probability >= thresholds["decision"],
            "risk_tier": tier(probability, thresholds),
            "shadow": {
                "model_version": "1.1.0",
                "model_sha256": "c" * 64,
                "probability": round(float(others[row]), 10),
            },
        }
        file.write(json.dumps(line, separators=(",", ":")) + "\n")
        if week < JUDGED_WEEKS and known[row]:
            observed = (time + OUTCOME_AFTER).date().isoformat()
            outcomes.append((f"C-{number}", int(churn[row]), observed))
    return outcomes


def make_log(folder: Path, model: str, rows: int) -> None:
    """Writes the log and the outcomes.

    Args:
        folder: of both.
        model: "sample" or "telco".
        rows: number of scores.
    """
    onnx_file, make_customers = MODELS[model]
    scorer = Scorer(onnx_file)
    (folder / "log").mkdir(parents=True, exist_ok=True)
    with (folder / "outcomes.csv").open("w", newline="", encoding="utf-8") as outcomes_file:
        outcomes = csv.writer(outcomes_file)
        outcomes.writerow(["customer_id", "churned", "observed_at"])
        first = 0
        for week in range(WEEKS):
            is_last = week == WEEKS - 1
            name = f"predictions-{START + timedelta(weeks=week):%Y%m%d}.ndjson"
            path = folder / "log" / (name if is_last else f"{name}.gz")
            opened = open if is_last else gzip.open
            with opened(path, "wt", encoding="utf-8") as file:
                left = rows * (week + 1) // WEEKS - first
                while left:
                    customers = make_customers(min(left, CHUNK), seed=1000 + first)
                    if week >= WEEKS - DRIFTING_WEEKS:
                        customers["monthly_charges"] = (customers["monthly_charges"] * RAISE).round(
                            2
                        )
                    outcomes.writerows(write_week(file, scorer, customers, week, first))
                    first, left = first + len(customers), left - len(customers)
                if is_last:
                    file.write('{"time":"2026-11-29T23:59:59.9')
    print(f"wrote {rows:,} scores to {folder / 'log'}, and {folder / 'outcomes.csv'}")


def main() -> None:
    """Runs the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--model", choices=MODELS, default="sample")
    parser.add_argument("--rows", type=int, default=30_000)
    options = parser.parse_args()
    make_log(options.folder, options.model, options.rows)


if __name__ == "__main__":
    main()
