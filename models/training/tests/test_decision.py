"""What was trained is what decides, and what differs is stated with its reason."""

import itertools
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
import pytest
from sklearn.base import ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, make_scorer
from sklearn.model_selection import FixedThresholdClassifier, TunedThresholdClassifierCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from bundle_checks import as_customers, check_bundle, run
from churn_bundle import ExportError, Limits, Thresholds, export_bundle
from churn_bundle.cli import main
from synthetic_data import FEATURES, LABEL


def tuned(**options: object) -> TunedThresholdClassifierCV:
    model = make_pipeline(StandardScaler(), LogisticRegression())
    return TunedThresholdClassifierCV(model, scoring="recall_macro", cv=3, **options)


def of_no() -> TunedThresholdClassifierCV:
    model = make_pipeline(StandardScaler(), DecisionTreeClassifier(max_depth=6))
    return TunedThresholdClassifierCV(model, scoring=make_scorer(f1_score, pos_label=0), cv=3)


CASES = {
    "tuned": tuned(),
    "tuned for the customers who stay": of_no(),
    "in a pipeline": make_pipeline(
        StandardScaler(), FixedThresholdClassifier(LogisticRegression(), threshold=0.22)
    ),
    "fixed": FixedThresholdClassifier(
        DecisionTreeClassifier(max_depth=5), threshold=0.31, response_method="predict_proba"
    ),
    "fixed for the customers who stay": FixedThresholdClassifier(
        DecisionTreeClassifier(max_depth=5), threshold=0.7, pos_label=0
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_decides_as_predict_does(
    case: str, customers: pd.DataFrame, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model: ClassifierMixin = CASES[case].fit(customers[FEATURES], customers[LABEL])
    output = tmp_path / "churn_model.onnx"
    export_bundle(model, customers, output, "1.0.0", explanations=False)
    decision = check_bundle(output)["thresholds"]["decision"]
    assert "the decision threshold" in capsys.readouterr().out
    probabilities = run(output, as_customers(customers[FEATURES]))
    expected = model.predict(customers[FEATURES])
    assert (expected != (probabilities >= 0.5)).mean() > 0.01
    np.testing.assert_array_equal(probabilities >= decision, expected == 1)


def test_stated_thresholds_win_and_it_says_so(
    customers: pd.DataFrame, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = CASES["fixed"].fit(customers[FEATURES], customers[LABEL])
    output = tmp_path / "churn_model.onnx"
    export_bundle(
        model, customers, output, "1.0.0", explanations=False, thresholds=Thresholds(0.6, 0.3, 0.8)
    )
    assert check_bundle(output)["thresholds"]["decision"] == 0.6
    said = "decides by its threshold 0.31; the service will decide by 0.6, as stated"
    assert said in capsys.readouterr().out


def test_refuses_a_threshold_on_other_scores(customers: pd.DataFrame, tmp_path: Path) -> None:
    model = tuned(response_method="decision_function")
    model.fit(customers[FEATURES], customers[LABEL])
    output = tmp_path / "churn_model.onnx"
    with pytest.raises(ExportError, match=r"no probability: fit it with .*--thresholds DECISION"):
        export_bundle(model, customers, output, "1.0.0", explanations=False)
    export_bundle(model, customers, output, "1.0.0", explanations=False, thresholds=Thresholds())


def test_command_line_records_tolerance_and_acceptance_with_their_reasons(
    command: dict[str, str],
) -> None:
    command |= {
        "--tolerance": "1e-4",
        "--tolerance-reason": "probabilities are shown with two decimals",
        "--accept": "0.001",
        "--accept-reason": "steps of the isotonic calibration",
    }
    assert main(["export", *itertools.chain(*command.items())]) == 0
    manifest = check_bundle(Path(command["--output"]))
    assert manifest["tolerance"] == 1e-4
    assert manifest["tolerance_reason"] == "probabilities are shown with two decimals"
    accepted = {"share": 0.001, "reason": "steps of the isotonic calibration"}
    assert manifest["comparison"]["accepted"] == accepted


@pytest.mark.parametrize(
    ("stated", "reason"),
    [
        ({"--tolerance": "1e-4"}, "--tolerance needs its reason: add --tolerance-reason TEXT"),
        ({"--accept": "0.01"}, "--accept needs its reason: add --accept-reason TEXT"),
        ({"--accept-reason": "x"}, "--accept-reason needs a --accept that is not the default"),
        ({"--tolerance": "0.5", "--tolerance-reason": "x"}, "at most 0.01"),
        ({"--accept": "2", "--accept-reason": "x"}, "lies in 0..1"),
    ],
)
def test_refuses_what_has_no_reason(
    stated: dict[str, str],
    reason: str,
    command: dict[str, str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["export", *itertools.chain(*(command | stated).items())]) == 1
    assert reason in capsys.readouterr().err


def test_default_limits_are_not_explained(
    customers: pd.DataFrame, fitted: ClassifierMixin, tmp_path: Path
) -> None:
    output = tmp_path / "churn_model.onnx"
    export_bundle(fitted, customers, output, "1.0.0", limits=Limits())
    manifest = check_bundle(output)
    assert manifest["tolerance"] == 1e-5
    assert "tolerance_reason" not in manifest
    assert "accepted" not in manifest["comparison"]


def test_a_pickle_of_a_tuned_model_is_exported(
    command: dict[str, str], customers: pd.DataFrame
) -> None:
    model = tuned().fit(customers[FEATURES], customers[LABEL])
    joblib.dump(model, command["--model"])
    assert main(["export", *itertools.chain(*command.items())]) == 0
    manifest = check_bundle(Path(command["--output"]))
    assert manifest["thresholds"]["decision"] == pytest.approx(model.best_threshold_)
