"""The contract: what is inferred of the reference data, stated in the features file, or refused."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest
from lightgbm import LGBMClassifier
from sklearn.base import ClassifierMixin
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import PredefinedSplit
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder

from bundle_checks import as_customers, check_bundle, run
from churn_bundle import ExportError, export_bundle
from churn_bundle.cli import main
from churn_bundle.reference import load_reference

TEXTS = ["plan", "region"]


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    """Columns of every kind, with missing values in some."""
    random = np.random.default_rng(1)
    rows = 400
    table = pd.DataFrame(
        {
            "months": random.integers(0, 60, rows),
            "balance": random.normal(0, 100, rows).round(2),
            "calls": random.integers(0, 9, rows).astype(float),
            "flag": random.random(rows) < 0.5,
            "asked": random.random(rows) < 0.3,
            "plan": random.choice(np.array(["No", "basic", "plus"], dtype=object), rows),
            "region": random.choice(np.array(["north", "south"], dtype=object), rows),
            "active": random.integers(0, 2, rows),
        }
    )
    table["asked"] = table["asked"].astype(object).where(random.random(rows) > 0.1)
    table["calls"] = table["calls"].where(random.random(rows) > 0.1)
    table["region"] = table["region"].where(random.random(rows) > 0.1)
    return table


@pytest.fixture(scope="module")
def labels(table: pd.DataFrame) -> pd.Series:
    score = table["months"] / 30 - (table["plan"] == "plus") + 0.5 * table["flag"]
    return (score + np.random.default_rng(2).normal(0, 0.5, len(table)) > 1).astype(int)


def boosting(encoder: OneHotEncoder | None = None) -> Pipeline:
    encoder = encoder or OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    columns = make_column_transformer((encoder, TEXTS), remainder="passthrough")
    return make_pipeline(columns, HistGradientBoostingClassifier(max_iter=10))


@pytest.fixture(scope="module")
def model(table: pd.DataFrame, labels: pd.Series) -> Pipeline:
    return boosting().fit(table, labels)


def export(
    model: ClassifierMixin, table: pd.DataFrame, folder: Path, **more: object
) -> dict[str, dict[str, Any]]:
    """Exports and checks a bundle; gives its features by name."""
    export_bundle(model, table, folder / "churn_model.onnx", "1.0.0", **more)
    manifest = check_bundle(folder / "churn_model.onnx")
    return {feature["name"]: feature for feature in manifest["features"]}


def test_types_are_inferred(model: Pipeline, table: pd.DataFrame, tmp_path: Path) -> None:
    features = export(model, table, tmp_path)
    assert {name: feature["type"] for name, feature in features.items()} == {
        "months": "integer",
        "balance": "number",
        "calls": "integer",
        "flag": "boolean",
        "asked": "boolean",
        "plan": "category",
        "region": "category",
        "active": "integer",
    }
    nullable = {name for name, feature in features.items() if feature["nullable"]}
    assert nullable == {"calls", "asked", "region"}
    assert features["plan"]["categories"] == ["No", "basic", "plus"]
    assert features["region"]["categories"] == ["north", "south"]
    assert features["months"]["bounds"] == features["calls"]["bounds"] == {"minimum": 0}
    assert "bounds" not in features["balance"]
    assert features["asked"]["statistics"]["counts"] == {
        "true": int((table["asked"] == True).sum()),  # noqa: E712
        "false": int((table["asked"] == False).sum()),  # noqa: E712
    }
    ratio = features["region"]["statistics"]["missing_ratio"]
    assert ratio == pytest.approx(table["region"].isna().mean())


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1.5", " ", "2", ""], [1.5, np.nan, 2, np.nan]),
        (["north", " ", "1.5"], None),
        ([" ", "  ", " "], None),
    ],
)
def test_numbers_beside_blank_cells_are_numbers(
    cells: list[str], expected: list[float] | None, tmp_path: Path
) -> None:
    file = tmp_path / "customers.csv"
    file.write_text("\n".join(["charges,calls", *(f"{cell},1" for cell in cells)]))
    charges = load_reference(file)["charges"]
    if expected is None:
        assert charges.tolist() == cells
    else:
        np.testing.assert_array_equal(charges, expected)
    assert load_reference(file, texts=("charges",))["charges"][0] == cells[0]


STATED = """
months: {description: Months as a customer., bounds: [0, 120]}
balance: {unit: USD, bounds: {maximum: 1000}}
plan:
  categories: [plus, basic, No]
  unknown: refuse
region: {unknown: accept}
flag: {nullable: true}
active: {type: boolean}
"""


def test_features_file_states_the_contract(
    model: Pipeline, labels: pd.Series, table: pd.DataFrame, tmp_path: Path
) -> None:
    joblib.dump(model, tmp_path / "model.joblib")
    table.to_csv(tmp_path / "reference.csv", index=False)
    (tmp_path / "features.yaml").write_text(STATED, encoding="utf-8")
    command = ["export", "--model", str(tmp_path / "model.joblib")]
    command += ["--reference", str(tmp_path / "reference.csv"), "--model-version", "1.0.0"]
    command += ["--features", str(tmp_path / "features.yaml")]
    command += ["--output", str(tmp_path / "bundle" / "churn_model.onnx")]
    assert main(command) == 0

    manifest = check_bundle(tmp_path / "bundle" / "churn_model.onnx")
    features = {feature["name"]: feature for feature in manifest["features"]}
    assert features["months"]["bounds"] == {"minimum": 0, "maximum": 120}
    assert features["months"]["description"] == "Months as a customer."
    assert features["balance"]["bounds"] == {"maximum": 1000}
    assert features["balance"]["unit"] == "USD"
    assert features["plan"]["categories"] == ["plus", "basic", "No"]
    assert features["plan"]["unknown"] == "refuse"
    assert features["region"]["unknown"] == "accept"
    assert features["flag"]["nullable"] is True
    assert features["active"]["type"] == "boolean"
    unseen = table.assign(active=table["active"].astype(bool))
    unseen["flag"] = unseen["flag"].astype(object).where(unseen.index % 3 > 0)
    served = run(tmp_path / "bundle" / "churn_model.onnx", as_customers(unseen))
    np.testing.assert_allclose(served, model.predict_proba(unseen)[:, 1], rtol=0, atol=1e-5)


def test_says_what_it_assumes(
    model: Pipeline, table: pd.DataFrame, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export(model, table, tmp_path, features={"months": {"bounds": [0, 99], "nullable": False}})
    said = capsys.readouterr().out
    assert "assumed of balance: number, no bounds, never missing" in said
    assert "assumed of calls: integer, at least 0, may be missing" in said
    assert "assumed of plan: category of 3, unknown ones refused, never missing" in said


def test_categories_that_the_reference_data_lacks(
    model: Pipeline, table: pd.DataFrame, tmp_path: Path
) -> None:
    without = table[table["region"] != "north"]
    features = export(model, without[without["plan"] != "plus"], tmp_path)
    assert features["plan"]["categories"] == ["No", "basic", "plus"]
    assert features["region"]["categories"] == ["north", "south"]
    served = run(tmp_path / "churn_model.onnx", as_customers(table))
    np.testing.assert_allclose(served, model.predict_proba(table)[:, 1], rtol=0, atol=1e-5)


def test_categories_that_differ_between_folds(
    table: pd.DataFrame, labels: pd.Series, tmp_path: Path
) -> None:
    halves = np.where(np.arange(len(table)) < len(table) // 2, 0, 1)
    table = table.assign(plan=np.where(halves == 0, table["plan"], table["plan"] + " new"))
    folds = PredefinedSplit(halves)
    model = CalibratedClassifierCV(boosting(), cv=folds).fit(table, labels)
    assert len(export(model, table, tmp_path)["plan"]["categories"]) == 6


@pytest.mark.parametrize("marker", ["?", np.nan, None])
def test_imputed_texts(
    marker: object, table: pd.DataFrame, labels: pd.Series, tmp_path: Path
) -> None:
    table = table[["months", "plan"]].astype({"plan": object})
    table.loc[::7, "plan"] = marker
    imputer = SimpleImputer(missing_values=marker, strategy="constant", fill_value="none")
    encoder = make_pipeline(imputer, OneHotEncoder(handle_unknown="ignore"))
    columns = make_column_transformer((encoder, ["plan"]), remainder="passthrough")
    model = make_pipeline(columns, LogisticRegression(max_iter=2000)).fit(table, labels)
    plan = export(model, table, tmp_path)["plan"]
    assert plan["nullable"] == (marker != "?")
    known = {"No", "basic", "none", "plus"}
    assert set(plan["categories"]) == (known | {"?"} if marker == "?" else known)
    served = run(tmp_path / "churn_model.onnx", as_customers(table))
    np.testing.assert_allclose(served, model.predict_proba(table)[:, 1], rtol=0, atol=1e-5)


def test_columns_that_the_model_drops(
    table: pd.DataFrame,
    labels: pd.Series,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    numbered = table.copy()
    numbered.insert(1, "customer", [f"customer {number}" for number in range(len(table))])
    encoder = OneHotEncoder(handle_unknown="ignore")
    columns = make_column_transformer((encoder, TEXTS), ("passthrough", ["balance", "flag"]))
    model = make_pipeline(columns, LogisticRegression(max_iter=2000)).fit(numbered, labels)
    assert list(export(model, numbered, tmp_path)) == ["balance", "flag", "plan", "region"]
    assert "does not use months, customer, calls, asked, active" in capsys.readouterr().out
    served = run(tmp_path / "churn_model.onnx", as_customers(table))
    np.testing.assert_allclose(served, model.predict_proba(numbered)[:, 1], rtol=0, atol=1e-5)


def test_importing_takes_no_other_library() -> None:
    code = (
        "import sys, churn_bundle; print({'xgboost', 'lightgbm', 'onnxmltools'} & {*sys.modules})"
    )
    folder = Path(__file__).parents[1]
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=folder
    )
    assert answer.stdout == "set()\n"


def test_an_encoder_that_refuses_unknown_values(
    table: pd.DataFrame, labels: pd.Series, tmp_path: Path
) -> None:
    model = boosting(OneHotEncoder(sparse_output=False)).fit(table, labels)
    assert export(model, table, tmp_path)["plan"]["unknown"] == "refuse"
    with pytest.raises(ExportError, match=r"the step .*onehotencoder refuses them: give its enc"):
        export(model, table, tmp_path, features={"plan": {"unknown": "accept"}})


def test_numbers_that_an_encoder_refuses(
    table: pd.DataFrame, labels: pd.Series, tmp_path: Path
) -> None:
    encoder = OneHotEncoder(sparse_output=False)
    columns = make_column_transformer((encoder, ["active", "plan"]), remainder="drop")
    model = make_pipeline(columns, LogisticRegression()).fit(table, labels)
    features = export(model, table, tmp_path)
    assert features["active"]["bounds"] == {"minimum": 0, "maximum": 1}
    with pytest.raises(ExportError, match="refuses values of active that it was not fitted on"):
        export(model, table, tmp_path, features={"active": {"bounds": [0, 2]}})


def test_categories_of_lightgbm(table: pd.DataFrame, labels: pd.Series, tmp_path: Path) -> None:
    random = np.random.default_rng(4)
    towns = np.array([f"town {number}" for number in range(40)], dtype=object)
    table = table.assign(town=random.choice(towns, len(table))).drop(columns="asked")
    labels = labels ^ table["town"].str.endswith(("1", "7"))
    fitted_on = table.astype(dict.fromkeys([*TEXTS, "town"], "category"))
    model = LGBMClassifier(n_estimators=20, min_child_samples=5, cat_smooth=1, verbose=-1)
    model.fit(fitted_on, labels)
    features = export(model, table, tmp_path)  # Texts, as a CSV file has them.
    assert features["town"]["unknown"] == "refuse"
    served = run(tmp_path / "churn_model.onnx", as_customers(table))
    np.testing.assert_allclose(served, model.predict_proba(fitted_on)[:, 1], rtol=0, atol=1e-5)
    stated = {"town": {"unknown": "accept", "nullable": True}}
    assert export(model, fitted_on, tmp_path, features=stated)["town"]["unknown"] == "accept"


def test_a_parquet_file_keeps_the_dtypes(
    table: pd.DataFrame, labels: pd.Series, tmp_path: Path
) -> None:
    table = table.fillna({"region": "west"}).drop(columns=["calls", "asked"])
    table = table.convert_dtypes().astype({"region": "category"})
    model = boosting().fit(table, labels)
    joblib.dump(model, tmp_path / "model.joblib")
    table.to_parquet(tmp_path / "reference.parquet")
    command = ["export", "--model", str(tmp_path / "model.joblib"), "--model-version", "1.0.0"]
    command += ["--reference", str(tmp_path / "reference.parquet")]
    command += ["--output", str(tmp_path / "bundle" / "churn_model.onnx")]
    assert main(command) == 0
    manifest = check_bundle(tmp_path / "bundle" / "churn_model.onnx")
    assert [feature["type"] for feature in manifest["features"]] == [
        *("integer", "number", "boolean", "category", "category", "integer")
    ]


@pytest.mark.parametrize(
    ("labels_of", "positive_class", "column"),
    [
        (lambda churn: np.where(churn, "Yes", "No"), None, 1),
        (lambda churn: np.where(churn, "churned", "stayed"), "churned", 0),
        (lambda churn: np.where(churn, "yes", "no"), "yes", 1),
        (lambda churn: churn.astype(bool), None, 1),
        (lambda churn: 1 - churn, 0, 0),
        (lambda churn: 1 - churn, "0", 0),
        (lambda churn: churn.astype(float), None, 1),
    ],
)
def test_labels(
    labels_of: Callable[[pd.Series], Any],
    positive_class: object,
    column: int,
    table: pd.DataFrame,
    labels: pd.Series,
    tmp_path: Path,
) -> None:
    model = boosting().fit(table, labels_of(labels))
    export(model, table, tmp_path, positive_class=positive_class)
    manifest = check_bundle(tmp_path / "churn_model.onnx")
    assert manifest["output"] == {"name": "probabilities", "column": column}
    served = run(tmp_path / "churn_model.onnx", as_customers(table))
    assert np.corrcoef(served, labels)[0, 1] > 0.5
    assert manifest["examples"][0]["probability"] > manifest["examples"][1]["probability"]


def test_refuses_a_positive_class_that_is_none(
    model: Pipeline, table: pd.DataFrame, tmp_path: Path
) -> None:
    with pytest.raises(ExportError, match=r"the positive class 'Yes' is none of the model's"):
        export(model, table, tmp_path, positive_class="Yes")


@pytest.mark.parametrize(
    "name", ["Monthly Charges", "größe", "a.b/c~d", "0", "features", "名" * 128]
)
def test_any_name_works(name: str, table: pd.DataFrame, labels: pd.Series, tmp_path: Path) -> None:
    for old in ("months", "plan"):
        renamed = table[["months", "plan"]].rename(columns={old: name})
        encoder = OneHotEncoder(handle_unknown="ignore")
        columns = make_column_transformer((encoder, [renamed.columns[1]]), remainder="passthrough")
        model = make_pipeline(columns, LogisticRegression(max_iter=2000)).fit(renamed, labels)
        assert name in export(model, renamed, tmp_path)


@pytest.mark.parametrize("name", ["__proto__", "constructor", "toString", "a\tb", "名" * 129])
def test_names_that_the_service_cannot_take(
    name: str, table: pd.DataFrame, labels: pd.Series, tmp_path: Path
) -> None:
    renamed = table[["months", "balance"]].rename(columns={"months": name})
    model = LogisticRegression(max_iter=2000).fit(renamed, labels)
    with pytest.raises(ExportError, match=r"the feature name .* rename the column"):
        export(model, renamed, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_category_that_is_too_long(
    table: pd.DataFrame, labels: pd.Series, tmp_path: Path
) -> None:
    long = table.assign(plan=table["plan"].replace("plus", "+" * 257))
    with pytest.raises(ExportError, match="longer than 256 characters"):
        export(boosting().fit(long, labels), long, tmp_path)


def test_five_hundred_features_stay_small(tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    numbers = pd.DataFrame(random.normal(size=(600, 420))).add_prefix("number ")
    texts = pd.DataFrame(random.choice(np.array(["a", "b", "c"], dtype=object), (600, 80)))
    table = pd.concat([numbers, texts.add_prefix("text ")], axis=1)
    encoder = OneHotEncoder(handle_unknown="ignore")
    columns = make_column_transformer((encoder, list(table.columns[420:])), remainder="passthrough")
    labels = (table["number 0"] + (table["text 0"] == "a") > 0.5).astype(int)
    model = make_pipeline(columns, LogisticRegression(max_iter=2000)).fit(table, labels)
    export_bundle(model, table, tmp_path / "churn_model.onnx", "1.0.0")
    assert (tmp_path / "churn_model.manifest.json").stat().st_size < 2_500_000
    assert len(check_bundle(tmp_path / "churn_model.onnx")["golden_rows"]["rows"]) < 300


def test_manifest_has_a_line_for_each_feature_and_row(
    model: Pipeline, table: pd.DataFrame, tmp_path: Path
) -> None:
    export(model, table, tmp_path)
    lines = (tmp_path / "churn_model.manifest.json").read_text(encoding="utf-8").splitlines()
    for name in table.columns:
        (line,) = [line for line in lines if line.startswith(f'    {{"name": "{name}"')]
        assert json.loads(line.rstrip(","))["name"] == name
