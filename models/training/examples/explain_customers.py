"""Explains 200 customers of each example model by shap, for a test that compares the service.

    python models/training/examples/explain_customers.py FOLDER

It trains both models again and asks them about customers that they have not seen, against the
background of the committed bundles. It takes some minutes and writes FOLDER/churn_model.json and
FOLDER/telco_model.json.
"""

import argparse
import json
import tempfile
from collections.abc import Callable
from pathlib import Path

import joblib
import numpy as np
import pandas as pd

import train_sample_model
import train_telco_model
from churn_bundle.shapley import Contributions, Explained
from training import MODELS_FOLDER, SEED

CUSTOMERS = 200
# A standard error needs some; shap scores 5,000 rows of the telco model in each.
RUNS = 6

Explain = Callable[[Explained], Contributions]


def explain_all(manifest_file: Path, build: Path, prefix: str, explain: Explain) -> list[dict]:
    """Explains customers of one model.

    Args:
        manifest_file: of the bundle with the background.
        build: folder of what its training script wrote.
        prefix: of the names of these files.
        explain: gives the contributions of a customer.
    """
    manifest = json.loads(manifest_file.read_text(encoding="utf-8"))
    features = manifest["explanations"]["features"]
    model = joblib.load(build / f"{prefix or 'churn_'}model.joblib")
    column = manifest["output"]["column"]
    reference = pd.read_csv(build / f"{prefix}reference.csv")[features]
    held_out = pd.read_csv(build / f"{prefix}held_out.csv")[features]
    background = pd.DataFrame(manifest["explanations"]["background"], columns=features)
    background = background.astype(reference.dtypes)

    def predict(rows: pd.DataFrame) -> np.ndarray:
        return model.predict_proba(rows[features].astype(reference.dtypes))[:, column]

    explained = []
    for _, customer in held_out.sample(CUSTOMERS, random_state=SEED).iterrows():
        row = customer.to_frame().T.astype(reference.dtypes)
        found = explain(Explained(predict, row, background))
        errors = [0.0] * len(features) if found.is_exact else found.standard_errors.tolist()
        explained.append(
            {
                "customer": json.loads(row.to_json(orient="records"))[0],
                "contributions": dict(zip(features, found.values.tolist(), strict=True)),
                "standard_errors": dict(zip(features, errors, strict=True)),
            }
        )
    return explained


def sampled(explained: Explained) -> Contributions:
    """Gives the mean of independent runs."""
    runs = [explained.run(seed) for seed in range(RUNS)]
    return Contributions(np.mean(runs, axis=0), np.std(runs, axis=0, ddof=1) / np.sqrt(RUNS))


def main() -> None:
    """Explains customers of both models."""
    parser = argparse.ArgumentParser(description="Explain customers of the example models by shap.")
    parser.add_argument("folder", type=Path, help="where to write what was found")
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    models = [
        ("churn_model", MODELS_FOLDER, train_sample_model, "", Explained.exact),
        ("telco_model", MODELS_FOLDER / "telco", train_telco_model, "telco_", sampled),
    ]
    for name, bundle_folder, script, prefix, explain in models:
        with tempfile.TemporaryDirectory() as temporary:
            build = Path(temporary)
            script.train_and_export(build / "bundle", build)
            manifest_file = bundle_folder / f"{name}.manifest.json"
            explained = explain_all(manifest_file, build, prefix, explain)
        (folder / f"{name}.json").write_text(json.dumps(explained), encoding="utf-8")


if __name__ == "__main__":
    main()
