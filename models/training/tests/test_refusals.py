"""Whatever cannot be exported ends in one clear line, exit code 1 and untouched files."""

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest
from lightgbm import LGBMClassifier
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LinearRegression, LogisticRegression, RidgeClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from xgboost import XGBClassifier

from churn_bundle.cli import main
from synthetic_data import FEATURES, LABEL

Command = dict[str, str]


class Inconvertible(ClassifierMixin, BaseEstimator):
    """A classifier that no converter knows."""

    def fit(self, rows: pd.DataFrame, labels: pd.Series) -> "Inconvertible":
        self.classes_ = np.unique(labels)
        self.n_features_in_ = rows.shape[1]
        self.feature_names_in_ = np.array(rows.columns)
        return self

    def predict_proba(self, rows: pd.DataFrame) -> np.ndarray:
        return np.full((len(rows), 2), 0.5)


class Unscorable(Inconvertible):
    """A classifier that fails on every row."""

    def predict_proba(self, rows: pd.DataFrame) -> np.ndarray:
        raise ValueError("no row can be scored\nand this is a second line")


def arguments(command: Command) -> list[str]:
    return ["export", *itertools.chain(*command.items())]


def refusal(command: Command, capsys: pytest.CaptureFixture[str]) -> str:
    """Runs a command that must fail, and returns the one line that says why."""
    output = Path(command["--output"])
    existed = output.parent.exists()
    assert main(arguments(command)) == 1
    assert output.parent.exists() == existed
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1, lines
    assert lines[0].startswith("export failed: ")
    return lines[0]


MODELS: dict[str, tuple[Callable[[pd.DataFrame, pd.Series], Any], str]] = {
    "scikit-learn not fitted": (
        lambda rows, labels: make_pipeline(StandardScaler(), LogisticRegression()),
        "Pipeline is not fitted: call fit",
    ),
    "xgboost not fitted": (
        lambda rows, labels: XGBClassifier(),
        "XGBClassifier is not fitted: call fit",
    ),
    "lightgbm not fitted": (
        lambda rows, labels: LGBMClassifier(),
        "LGBMClassifier is not fitted: call fit",
    ),
    "no estimator": (
        lambda rows, labels: {"weights": [1, 2]},
        "dict is not a scikit-learn classifier or Pipeline",
    ),
    "a class": (
        lambda rows, labels: LogisticRegression,
        "is not a scikit-learn classifier or Pipeline",
    ),
    "three classes": (
        lambda rows, labels: LogisticRegression(max_iter=5000).fit(
            rows, np.arange(len(labels)) % 3
        ),
        "not binary: it has 3 classes, [0, 1, 2]",
    ),
    "text classes": (
        lambda rows, labels: LogisticRegression(max_iter=5000).fit(
            rows, np.where(labels, "left", "stayed")
        ),
        "classes are ['left', 'stayed']: say which one means churn by --positive-class",
    ),
    "classes 1 and 2": (
        lambda rows, labels: LogisticRegression(max_iter=5000).fit(rows, labels + 1),
        "classes are [1, 2]: say which one means churn by --positive-class 2",
    ),
    "a classifier without probabilities": (
        lambda rows, labels: RidgeClassifier().fit(rows, labels),
        "RidgeClassifier has no predict_proba",
    ),
    "a regressor": (
        lambda rows, labels: LinearRegression().fit(rows, labels),
        "LinearRegression has no predict_proba",
    ),
    "no converter": (
        lambda rows, labels: Inconvertible().fit(rows, labels),
        "Inconvertible cannot be exported: it has no form in ONNX; fit another model: docs/",
    ),
    "failing on the rows": (
        lambda rows, labels: Unscorable().fit(rows, labels),
        "the model cannot score the rows: no row can be scored",
    ),
    "other columns": (
        lambda rows, labels: LogisticRegression(max_iter=5000).fit(
            rows.rename(columns={"num_products": "products", "tenure_months": "tenure"}), labels
        ),
        "lacks the model's columns tenure, products",
    ),
    "unnamed columns": (
        lambda rows, labels: LogisticRegression(max_iter=5000).fit(rows.to_numpy(), labels),
        "fitted on 5 unnamed columns, the reference data has 6: tenure_months, ",
    ),
}


@pytest.mark.parametrize("case", MODELS)
def test_refuses_model(
    case: str, command: Command, customers: pd.DataFrame, capsys: pytest.CaptureFixture[str]
) -> None:
    make, reason = MODELS[case]
    joblib.dump(make(customers[FEATURES], customers[LABEL]), command["--model"])
    assert reason in refusal(command, capsys)


TABLES: dict[str, tuple[Callable[[pd.DataFrame], pd.DataFrame], str]] = {
    "a missing column": (
        lambda table: table.drop(columns="num_products"),
        "the reference data lacks the model's columns num_products",
    ),
    "a text column": (
        lambda table: table.assign(monthly_charges="cheap"),
        "the model cannot score the rows: could not convert string to float: 'cheap'; the "
        "reference data has texts in monthly_charges: had the training too?",
    ),
    "a missing value": (
        lambda table: table.assign(total_charges=table["total_charges"].where(table.index != 5)),
        "the model cannot score the rows: Input X contains NaN",
    ),
    "an infinity": (
        lambda table: table.assign(total_charges=np.inf),
        "the reference column total_charges has infinite values",
    ),
    "no values": (
        lambda table: table.assign(total_charges=np.nan),
        "the reference column total_charges has no values",
    ),
    "a column twice": (
        lambda table: table.set_axis([*FEATURES, FEATURES[0]], axis="columns"),
        "the column name 'tenure_months' comes twice",
    ),
    "numbers and texts in a column": (
        lambda table: table.assign(total_charges=["dear", *table["total_charges"][1:]]),
        "the model cannot score the rows: could not convert string to float: 'dear'",
    ),
    "too few rows": (
        lambda table: table.head(63),
        "the reference data has 63 rows; at least 64 are needed",
    ),
    "no rows": (lambda table: table.head(0), "the reference "),
}


@pytest.mark.parametrize("case", TABLES)
def test_refuses_reference_data(
    case: str, command: Command, customers: pd.DataFrame, capsys: pytest.CaptureFixture[str]
) -> None:
    change, reason = TABLES[case]
    change(customers).to_csv(command["--reference"], index=False)
    assert reason in refusal(command, capsys)


@pytest.mark.parametrize(
    ("categories", "reason"),
    [
        (
            ["plan", "is_senior"],
            "2 categorical columns, but the reference data has texts in 1: plan; leave booleans",
        ),
        (["is_senior"], "LightGBM's categories of plan are not texts, such as False: make them"),
    ],
)
def test_refuses_categories_that_are_no_texts(
    categories: list[str],
    reason: str,
    command: Command,
    customers: pd.DataFrame,
    capsys: pytest.CaptureFixture[str],
) -> None:
    senior = customers["tenure_months"] > 24
    plan = senior.map({True: "plus", False: "basic"})
    table = customers[FEATURES].assign(plan=plan, is_senior=senior)
    given = table if "plan" in categories else table.assign(plan=senior.astype(int))
    model = LGBMClassifier(n_estimators=2, verbose=-1)
    model.fit(given.astype(dict.fromkeys(categories, "category")), customers[LABEL])
    joblib.dump(model, command["--model"])
    table.to_csv(command["--reference"], index=False)
    command.pop("--features", None)
    assert reason in refusal(command, capsys)


def bounds(value: bytes) -> bytes:
    return b'{"num_products": {"bounds": %b}}' % value


FILES = {
    "empty reference": ("--reference", b"", "cannot read"),
    "binary reference": ("--reference", b"\xff\xfe\x00\x81", "cannot read"),
    "empty model": ("--model", b"", "cannot unpickle"),
    "text as a model": ("--model", b"no pickle", "cannot unpickle"),
    "unknown class in a pickle": ("--model", b"cno_such_module\nModel\n.", "no_such_module"),
    "features that are no JSON": ("--features", b"{", "cannot read"),
    "features that are a list": ("--features", b"[]", "must hold a mapping"),
    "a feature twice": ("--features", b'{"num_products": {}, "num_products": {}}', "comes twice"),
    "a feature of no model": ("--features", b'{"age": {}}', "states 'age', which is no feature"),
    "no mapping": ("--features", b'{"num_products": [1, 10]}', "a mapping for num_products"),
    "a key that is none": (
        "--features",
        b'{"num_products": {"bound": [1, 10]}}',
        "states 'bound' of num_products: it can state description, unit, bounds, ",
    ),
    "a single bound": ("--features", bounds(b"[1]"), "must be two numbers"),
    "text as bounds": ("--features", bounds(b'"12"'), "must be two numbers"),
    "a number as bounds": ("--features", bounds(b"3"), "must be two numbers"),
    "another bound": ("--features", bounds(b'{"least": 1}'), "must be two numbers"),
    "true as a bound": ("--features", bounds(b"[true, 3]"), "must be two numbers"),
    "bounds out of order": ("--features", bounds(b"[9, 1]"), "are not in order"),
    "NaN as a bound": ("--features", bounds(b"[NaN, 1]"), "must be two numbers"),
    "an infinite bound": ("--features", bounds(b"[1, Infinity]"), "must be two numbers"),
    "a fraction as a bound": ("--features", bounds(b"[0.5, 9]"), "must be whole numbers"),
    "bounds with few rows inside": (
        "--features",
        bounds(b"[7, 9]"),
        "reference rows are within the bounds; at least 64 are needed",
    ),
    "a description that is no text": (
        "--features",
        b'{"num_products": {"description": 1}}',
        "the description of num_products must be a text",
    ),
    "categories of a number": (
        "--features",
        b'{"num_products": {"categories": ["1"]}}',
        "num_products is of the type integer: it has no categories",
    ),
    "a type that is none": (
        "--features",
        b'{"num_products": {"type": "int"}}',
        "the type of num_products must be one of integer, number, boolean, category",
    ),
    "a type that the values are not of": (
        "--features",
        b'{"num_products": {"type": "boolean"}}',
        "num_products cannot be of the type boolean: the reference data has int64",
    ),
    "a feature that the model wants": (
        "--features",
        b'{"num_products": {"nullable": true}}',
        "the model cannot score the rows: Input X contains NaN",
    ),
    "an example of no feature": ("--examples", b'[{"age": 3}]', "'age', which is no feature"),
    "an example out of bounds": ("--examples", b'[{"tenure_months": -1}]', "-1, which the API"),
    "no examples": ("--examples", b"[]", "must be a list of 1 to 10 customers"),
    "examples that are no list": ("--examples", b"{}", "must hold a list"),
    "metrics that are no JSON": ("--metrics", b"roc_auc: 0.8", "cannot read"),
    "a metric that is text": ("--metrics", b'{"auc": "good"}', "auc is not a finite number"),
    "a metric that is true": ("--metrics", b'{"auc": true}', "auc is not a finite number"),
    "a metric that is NaN": ("--metrics", b'{"auc": NaN}', "auc is not a finite number"),
}


@pytest.mark.parametrize("case", FILES)
def test_refuses_file(
    case: str, command: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    option, content, reason = FILES[case]
    file = Path(command.get(option, str(tmp_path / "other.json")))
    file.write_bytes(content)
    assert reason in refusal(command | {option: str(file)}, capsys)


@pytest.mark.parametrize("option", ["--model", "--reference", "--features", "--metrics"])
def test_refuses_missing_file(
    option: str, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "/no/such/file" in refusal(command | {option: "/no/such/file"}, capsys)


def test_refuses_folder_that_cannot_be_made(
    command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    output = Path(command["--model"]) / "churn_model.onnx"  # A folder inside a file.
    assert "cannot write to" in refusal(command | {"--output": str(output)}, capsys)


@pytest.mark.parametrize(
    "change",
    [
        {"--output": "churn_model.bin"},
        {"--model-version": " "},
        {"--thresholds": "0.5"},
    ],
    ids=str,
)
def test_refuses_bad_usage(change: Command, command: Command) -> None:
    with pytest.raises(SystemExit) as exit_info:
        main(arguments(command | change))
    assert exit_info.value.code == 2


@pytest.mark.parametrize("thresholds", ["0.5 0.8 0.7", "1.5 0.4 0.7", "0.5 -0.1 0.7", "nan 0 1"])
def test_refuses_thresholds(thresholds: str, command: Command) -> None:
    with pytest.raises(SystemExit) as exit_info:
        main([*arguments(command), "--thresholds", *thresholds.split()])
    assert exit_info.value.code == 2


def test_failed_export_leaves_the_earlier_bundle(
    command: Command, fitted: Pipeline, customers: pd.DataFrame, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments(command)) == 0
    folder = Path(command["--output"]).parent
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    capsys.readouterr()

    joblib.dump(Inconvertible().fit(customers[FEATURES], customers[LABEL]), command["--model"])
    refusal(command | {"--model-version": "9.9.9"}, capsys)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
    assert json.loads(before["churn_model.manifest.json"])["version"] == "1.2.3"
