"""Makes a bundle of each kind of model that the exporter takes, and of graphs that it wraps.

    python models/training/examples/make_example_bundles.py OUTDIR

Each is fitted on synthetic customers and written to ``OUTDIR/<kind>/churn_model.onnx``, its
manifest and version file beside it. CI starts the service on each of them.
"""

import argparse
import sys
from pathlib import Path

from lightgbm import LGBMClassifier
from sklearn.base import ClassifierMixin
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from xgboost import XGBClassifier

from churn_bundle import ExportError, export_bundle
from churn_bundle.options_file import load_mapping
from mixed_data import NUMBERS, TEXTS, make_mixed
from synthetic_data import FEATURES, LABEL, make_customers
from wrapped_graphs import WRAPPED_GRAPHS

FEATURES_FILE = Path(__file__).with_name("features.yaml")
VERSION = "1.0.0"
CUSTOMERS = 3000
TREES = 60
SEED = 2024


def boosted_trees_by_column() -> Pipeline:
    """Picks columns by name, so that its graph has one input per feature."""
    scaled = ["tenure_months", "monthly_charges", "total_charges"]
    columns = ColumnTransformer([("scale", StandardScaler(), scaled)], remainder="passthrough")
    return make_pipeline(columns, GradientBoostingClassifier(n_estimators=TREES, random_state=SEED))


def with_texts(classifier: ClassifierMixin) -> Pipeline:
    """Encodes the texts of ``mixed_data`` and fills in its missing values."""
    filled = make_pipeline(SimpleImputer(), StandardScaler())
    encoded = OneHotEncoder(handle_unknown="ignore")
    columns = ColumnTransformer(
        [("numbers", filled, NUMBERS), ("texts", encoded, list(TEXTS))], remainder="passthrough"
    )
    return make_pipeline(columns, classifier)


def example_models() -> dict[str, ClassifierMixin]:
    """Gives the unfitted models by kind."""
    return {
        "sklearn-columns": boosted_trees_by_column(),
        "sklearn-forest": RandomForestClassifier(TREES, max_depth=8, random_state=SEED),
        "sklearn-texts": with_texts(LogisticRegression(max_iter=1000)),
        "xgboost": XGBClassifier(n_estimators=TREES, max_depth=4, random_state=SEED),
        "lightgbm": LGBMClassifier(n_estimators=TREES, random_state=SEED, verbose=-1),
        "lightgbm-texts": LGBMClassifier(n_estimators=TREES, random_state=SEED, verbose=-1),
    }


def make_bundle(kind: str, model: ClassifierMixin, folder: Path) -> None:
    """Fits a model on customers and exports it to ``folder``.

    Raises:
        ExportError: if the export does not answer as the model.
    """
    if kind.endswith("-texts"):
        customers, labels = make_mixed(CUSTOMERS, SEED)
        options = {name: {"unknown": "accept"} for name in TEXTS}
        if kind.startswith("lightgbm"):
            options = {}
            customers = customers.astype(dict.fromkeys(TEXTS, "category"))
    else:
        customers = make_customers(CUSTOMERS, SEED)
        customers, labels = customers[FEATURES], customers[LABEL]
        options = load_mapping(FEATURES_FILE)
    model.fit(customers, labels)
    output = folder / "churn_model.onnx"
    export_bundle(model, customers, output, VERSION, features=options, explanations=False)


def main(arguments: list[str] | None = None) -> int:
    """Runs the command line; returns the exit code."""
    parser = argparse.ArgumentParser(description="Make a bundle of each kind of model.")
    parser.add_argument("outdir", type=Path, help="folder for the bundles")
    options = parser.parse_args(arguments)
    for kind, model in example_models().items():
        try:
            make_bundle(kind, model, options.outdir / kind)
        except ExportError as error:
            print(f"{kind}: export failed: {error}", file=sys.stderr)
            return 1
    wraps = (
        wrap(CUSTOMERS, SEED, options.outdir / kind / "churn_model.onnx")
        for kind, wrap in WRAPPED_GRAPHS.items()
    )
    return max(wraps)


if __name__ == "__main__":
    sys.exit(main())
