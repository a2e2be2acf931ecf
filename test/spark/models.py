"""The two bundles of the repository, and customers for each."""

import json
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

import synthetic_data
import telco_customers
from service import ROOT

Customer = dict[str, Any]


class Model(NamedTuple):
    """A bundle.

    Attributes:
        onnx: the graph's file, relative to the repository.
        manifest: of the bundle.
    """

    onnx: str
    manifest: dict[str, Any]

    @property
    def path(self) -> Path:
        """The graph's file."""
        return ROOT / self.onnx

    @property
    def features(self) -> list[str]:
        """The names of the features, in the contract's order."""
        return [feature["name"] for feature in self.manifest["features"]]


def model(onnx: str) -> Model:
    manifest = (ROOT / onnx).with_suffix(".manifest.json").read_text(encoding="utf-8")
    return Model(onnx, json.loads(manifest))


SAMPLE = model("models/churn_model.onnx")
TELCO = model("models/telco/telco_model.onnx")
MODELS = [SAMPLE, TELCO]


def golden_customers(of: Model) -> list[Customer]:
    """Gives the golden rows, some of which the API refuses."""
    golden = of.manifest["golden_rows"]
    return [dict(zip(golden["features"], row, strict=True)) for row in golden["rows"]]


def drawn_customers(of: Model, rows: int, seed: int) -> list[Customer]:
    """Draws synthetic customers as those of the training, missing values being None."""
    make = synthetic_data.make_customers if of is SAMPLE else telco_customers.make_customers
    table: pd.DataFrame = make(rows, seed)[of.features]
    return [typed(of, row) for row in table.astype(object).to_dict("records")]


def typed(of: Model, row: Customer) -> Customer:
    """Gives a row's values the types that JSON has."""
    types = {feature["name"]: feature["type"] for feature in of.manifest["features"]}
    of_json = {"integer": int, "number": float, "boolean": bool, "category": str}
    return {
        name: None if value is None or value != value else of_json[types[name]](value)
        for name, value in row.items()
    }
