"""Makes what one needs to see a served model fail, and a retrained one help.

    python models/training/examples/upstream_change.py FOLDER

An upstream system changes: it states monthly charges in cents instead of dollars, and calls the
contract "Month-to-month" Monthly. FOLDER then holds

    champion/, candidate/     bundles: trained before the change, and on customers from after it
    before.json, after.json   customers that neither was trained on, of before and after the change
    before.csv, after.csv     their outcomes: customer_id and churned
"""

import argparse
import json
from pathlib import Path

import pandas as pd
import yaml

from churn_bundle import export_bundle
from telco_customers import FEATURES, LABEL, make_customers
from train_telco_model import FEATURES_FILE, POSITIVE_CLASS, boosted_trees

TRAINING_CUSTOMERS = 5000
SERVED_CUSTOMERS = 3000
FORMER_CONTRACT, NEW_CONTRACT = "Month-to-month", "Monthly"


def change_upstream(customers: pd.DataFrame) -> pd.DataFrame:
    """States the same customers as the upstream system does after its change."""
    return customers.assign(
        monthly_charges=customers["monthly_charges"] * 100,
        contract=customers["contract"].replace(FORMER_CONTRACT, NEW_CONTRACT),
    )


def train_and_export(customers: pd.DataFrame, folder: Path, version: str) -> None:
    """Writes the bundle of a model of these customers."""
    model = boosted_trees().fit(customers[FEATURES], customers[LABEL])
    stated = yaml.safe_load(FEATURES_FILE.read_text(encoding="utf-8"))
    # They would refuse the change, which is the better way to notice one.
    del stated["monthly_charges"]["bounds"]
    stated["contract"] = {"unknown": "accept"}
    folder.mkdir(parents=True, exist_ok=True)
    export_bundle(
        model,
        customers[FEATURES],
        folder / "model.onnx",
        version,
        features=stated,
        positive_class=POSITIVE_CLASS,
        explanations=False,
    )


def write_served(customers: pd.DataFrame, folder: Path, name: str) -> None:
    """Writes the customers as callers send them, and their outcomes."""
    customers = customers.assign(customer_id=[f"{name}-{row}" for row in range(len(customers))])
    rows = customers[["customer_id", *FEATURES]].astype(object)
    text = json.dumps(rows.where(rows.notna(), None).to_dict("records"))
    (folder / f"{name}.json").write_text(text, encoding="utf-8")
    outcomes = customers[["customer_id", LABEL]].rename(columns={LABEL: "churned"})
    outcomes.to_csv(folder / f"{name}.csv", index=False)


def make_story(folder: Path) -> None:
    """Writes the bundles, the customers and their outcomes."""
    former = make_customers(TRAINING_CUSTOMERS, seed=1)
    recent = change_upstream(make_customers(TRAINING_CUSTOMERS, seed=2))
    train_and_export(former, folder / "champion", "1.0.0")
    train_and_export(recent, folder / "candidate", "1.1.0")
    write_served(make_customers(SERVED_CUSTOMERS, seed=3), folder, "before")
    write_served(change_upstream(make_customers(SERVED_CUSTOMERS, seed=4)), folder, "after")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Make what the story of a failing model needs.")
    parser.add_argument("folder", type=Path)
    make_story(parser.parse_args().folder)
