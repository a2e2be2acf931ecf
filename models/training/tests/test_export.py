"""Whatever kind of model is exported, its bundle answers as the model did."""

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from lightgbm import LGBMClassifier
from sklearn.base import ClassifierMixin
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from xgboost import XGBClassifier

import make_example_bundles
from bundle_checks import as_customers, check_bundle, golden_customers, run
from churn_bundle import Thresholds, export_bundle
from churn_bundle.cli import main
from churn_bundle.options_file import load_mapping
from synthetic_data import FEATURES, LABEL

OPTIONS = load_mapping(make_example_bundles.FEATURES_FILE)


def scaled(classifier: ClassifierMixin) -> Pipeline:
    return make_pipeline(StandardScaler(), classifier)


def by_column(classifier: ClassifierMixin) -> Pipeline:
    columns = make_column_transformer(
        (StandardScaler(), ["total_charges", "tenure_months"]), remainder="passthrough"
    )
    return make_pipeline(columns, classifier)


MODELS = {
    "logistic regression": scaled(LogisticRegression()),
    "histogram boosting": scaled(HistGradientBoostingClassifier(max_iter=20)),
    "random forest": RandomForestClassifier(10, max_depth=6, random_state=0),
    "logistic regression by column": by_column(LogisticRegression()),
    "xgboost": XGBClassifier(n_estimators=10),
    "xgboost with base_score": XGBClassifier(n_estimators=10, base_score=0.2),
    "xgboost in a pipeline": scaled(XGBClassifier(n_estimators=10)),
    "xgboost by column": by_column(XGBClassifier(n_estimators=10)),
    "lightgbm": LGBMClassifier(n_estimators=10, verbose=-1),
    "lightgbm in a pipeline": scaled(LGBMClassifier(n_estimators=10, verbose=-1)),
    "lightgbm by column": by_column(LGBMClassifier(n_estimators=10, verbose=-1)),
    "grid search": GridSearchCV(by_column(LogisticRegression()), {}, cv=2),
    "calibrated xgboost": CalibratedClassifierCV(XGBClassifier(n_estimators=5), cv=2),
}


@pytest.mark.parametrize("kind", MODELS)
def test_bundle_answers_as_its_source(kind: str, customers: pd.DataFrame, tmp_path: Path) -> None:
    model = MODELS[kind].fit(customers[FEATURES], customers[LABEL])
    output = tmp_path / "churn_model.onnx"
    export_bundle(model, customers, output, "1.0.0", features=OPTIONS, metrics={"roc_auc": 0.8})

    manifest = check_bundle(output)
    served = run(output, as_customers(customers[FEATURES]))
    expected = model.predict_proba(customers[FEATURES].astype(float))[:, 1]
    np.testing.assert_allclose(served, expected, rtol=0, atol=manifest["tolerance"])
    assert [tensor["features"] for tensor in manifest["inputs"]] == [FEATURES]


@pytest.mark.parametrize(
    "model",
    [scaled(LogisticRegression()), XGBClassifier(n_estimators=5), LGBMClassifier(n_estimators=5)],
    ids=["scikit-learn", "xgboost", "lightgbm"],
)
def test_model_fitted_without_names(
    model: ClassifierMixin, customers: pd.DataFrame, tmp_path: Path
) -> None:
    model.fit(customers[FEATURES].to_numpy(), customers[LABEL])
    output = tmp_path / "churn_model.onnx"
    export_bundle(model, customers[FEATURES], output, "1.0.0")

    manifest = check_bundle(output)
    assert [feature["name"] for feature in manifest["features"]] == FEATURES


def test_example_bundles_are_proven(tmp_path: Path) -> None:
    assert make_example_bundles.main([str(tmp_path)]) == 0
    bundles = sorted(tmp_path.glob("*/churn_model.onnx"))
    wrapped = [bundle for bundle in bundles if bundle.parent.name.startswith("wrapped-")]
    assert len(wrapped) == 2  # Graphs of other tools, which have no rows beyond the given ones.
    bundles = [bundle for bundle in bundles if bundle not in wrapped]
    assert len(bundles) == len(make_example_bundles.example_models()) == 6
    tensors = [check_bundle(bundle)["inputs"] for bundle in bundles]
    assert sorted("category_codes" in tensor for (tensor,) in tensors) == [False] * 4 + [True] * 2


def test_golden_rows_cover_bounds_and_reference(
    fitted: Pipeline, customers: pd.DataFrame, tmp_path: Path
) -> None:
    output = tmp_path / "churn_model.onnx"
    export_bundle(fitted, customers, output, "1.0.0", features=OPTIONS)

    manifest = check_bundle(output)
    golden = [tuple(customer.values()) for customer in golden_customers(manifest)]
    ends = [[0, 120], [0, 500], [0, customers["total_charges"].max()], [1, 10], [0, 1]]
    corners = set(itertools.product(*ends))
    assert len(corners) == 32
    assert corners <= set(golden)
    known = set(map(tuple, customers[FEATURES].to_numpy(float).tolist()))
    assert len([row for row in golden if row in known]) >= 64
    probabilities = manifest["golden_rows"]["probabilities"]
    assert min(probabilities) < 0.05
    assert max(probabilities) > 0.9
    assert probabilities == pytest.approx(
        fitted.predict_proba(pd.DataFrame(golden, columns=FEATURES))[:, 1]
    )


def test_more_features_than_corners(tmp_path: Path) -> None:
    random = np.random.default_rng(3)
    table = pd.DataFrame(random.normal(size=(200, 9)), columns=list("abcdefghi"))
    labels = (table["a"] + table["b"] > 0).astype(int)
    output = tmp_path / "wide.onnx"
    model = LogisticRegression().fit(table, labels)
    export_bundle(model, table, output, "1.0.0", features={"a": {"bounds": [-5, 5]}})

    manifest = check_bundle(output)
    assert manifest["name"] == "wide"
    golden = pd.DataFrame(golden_customers(manifest))
    assert len(golden) == 2 * 9 + 64
    assert {-5, 5} <= set(golden["a"])
    for name in "bcdefghi":
        assert {table[name].min(), table[name].max()} <= set(golden[name]), name


def test_manifest_describes_the_reference_data(
    fitted: Pipeline, customers: pd.DataFrame, tmp_path: Path
) -> None:
    output = tmp_path / "churn_model.onnx"
    export_bundle(
        fitted,
        customers,
        output,
        "2.1.0",
        metrics={"roc_auc": 0.81},
        thresholds=Thresholds(0.6, 0.3, 0.8),
    )

    manifest = check_bundle(output)
    assert manifest["version"] == "2.1.0"
    assert manifest["metrics"] == {"roc_auc": 0.81}
    assert manifest["thresholds"] == {"decision": 0.6, "medium": 0.3, "high": 0.8}
    assert manifest["framework"]["name"] == "scikit-learn"
    assert manifest["reference"]["rows"] == len(customers)
    assert sum(manifest["reference"]["probability_histogram"]["counts"]) == len(customers)
    types = {feature["name"]: feature["type"] for feature in manifest["features"]}
    assert [name for name, kind in types.items() if kind == "number"] == [
        "monthly_charges",
        "total_charges",
    ]
    for feature in manifest["features"]:
        values = customers[feature["name"]]
        statistics = feature["statistics"]
        assert statistics["missing_ratio"] == 0
        assert (statistics["minimum"], statistics["maximum"]) == (values.min(), values.max())
        assert statistics["mean"] == pytest.approx(values.mean())
        assert statistics["quantiles"]["0.5"] == values.median()
        histogram = statistics["histogram"]
        assert len(histogram["edges"]) == len(histogram["counts"]) + 1
        assert sum(histogram["counts"]) == len(customers)


def test_command_line_writes_the_three_files(
    command: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    features, metrics = tmp_path / "features.json", tmp_path / "metrics.json"
    features.write_text('{"tenure_months": {"bounds": [0, 120]}}')
    metrics.write_text('{"roc_auc": 0.8}')
    command |= {"--features": str(features), "--metrics": str(metrics)}
    assert main(["export", *itertools.chain(*command.items())]) == 0

    output = Path(command["--output"])
    assert sorted(file.name for file in output.parent.iterdir()) == [
        "churn_model.manifest.json",
        "churn_model.onnx",
        "model_version.txt",
    ]
    assert check_bundle(output)["version"] == "1.2.3"
    assert "0 of 1500 reference rows differ" in capsys.readouterr().out


def test_export_does_not_change_the_model(customers: pd.DataFrame, tmp_path: Path) -> None:
    model = XGBClassifier(n_estimators=5).fit(customers[FEATURES], customers[LABEL])
    export_bundle(model, customers, tmp_path / "churn_model.onnx", "1.0.0")
    assert model.get_booster().feature_names == FEATURES
