"""Makes a bundle of each kind of model that the exporter takes.

    python models/training/make_example_bundles.py OUTDIR

Each is fitted on the synthetic customers and written to ``OUTDIR/<kind>/churn_model.onnx``, its
manifest and version file beside it. CI starts the service on each of them.
"""

import argparse
import sys
from pathlib import Path

import pandas as pd
from lightgbm import LGBMClassifier
from sklearn.base import ClassifierMixin
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from xgboost import XGBClassifier

from errors import ExportError
from export_model import export_bundle, load_json_object
from synthetic_data import FEATURES, LABEL, make_customers

API_BOUNDS = Path(__file__).with_name("api_bounds.json")
VERSION = "1.0.0"
CUSTOMERS = 3000
TREES = 60
SEED = 2024


def boosted_trees_by_column() -> Pipeline:
    """Picks columns by name, so that its graph has one input per feature."""
    scaled = ["tenure_months", "monthly_charges", "total_charges"]
    columns = ColumnTransformer([("scale", StandardScaler(), scaled)], remainder="passthrough")
    return make_pipeline(columns, GradientBoostingClassifier(n_estimators=TREES, random_state=SEED))


def example_models() -> dict[str, ClassifierMixin]:
    """Gives the unfitted models by kind."""
    return {
        "sklearn-columns": boosted_trees_by_column(),
        "sklearn-forest": RandomForestClassifier(TREES, max_depth=8, random_state=SEED),
        "xgboost": XGBClassifier(n_estimators=TREES, max_depth=4, random_state=SEED),
        "lightgbm": LGBMClassifier(n_estimators=TREES, random_state=SEED, verbose=-1),
    }


def make_bundle(model: ClassifierMixin, customers: pd.DataFrame, folder: Path) -> None:
    """Fits a model on customers and exports it to ``folder``.

    Raises:
        ExportError: if the export does not answer as the model.
    """
    model.fit(customers[FEATURES], customers[LABEL])
    export_bundle(
        model=model,
        table=customers,
        output=folder / "churn_model.onnx",
        version=VERSION,
        metrics={},
        bounds=load_json_object(API_BOUNDS),
    )


def main(arguments: list[str] | None = None) -> int:
    """Runs the command line; returns the exit code."""
    parser = argparse.ArgumentParser(description="Make a bundle of each kind of model.")
    parser.add_argument("outdir", type=Path, help="folder for the bundles")
    options = parser.parse_args(arguments)
    customers = make_customers(CUSTOMERS, SEED)
    for kind, model in example_models().items():
        try:
            make_bundle(model, customers, options.outdir / kind)
        except ExportError as error:
            print(f"{kind}: export failed: {error}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
