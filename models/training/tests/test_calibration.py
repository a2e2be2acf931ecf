"""How often customers churned by their score, in the manifest's reference."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

from bundle_checks import check_bundle, read_manifest
from churn_bundle import ExportError, export_bundle
from churn_bundle.cli import main
from synthetic_data import FEATURES, LABEL, make_customers


def bins_of(model: object, reference: pd.DataFrame, folder: Path, **more: object) -> list[dict]:
    output = folder / "m.onnx"
    export_bundle(model, reference, output, "1", explanations=False, outcome=LABEL, **more)
    return check_bundle(output)["reference"]["calibration"]


def test_bins_are_deciles_of_the_held_out_customers(
    tmp_path: Path, fitted: Pipeline, customers: pd.DataFrame
) -> None:
    held_out = make_customers(rows=1000, seed=8)
    bins = bins_of(fitted, customers, tmp_path, held_out=held_out)
    assert [each["rows"] for each in bins] == [100] * 10
    scores = fitted.predict_proba(held_out[FEATURES])[:, 1]
    ranked = np.argsort(scores)
    for place, each in enumerate(bins):
        decile = ranked[place * 100 : (place + 1) * 100]
        assert each["mean_probability"] == pytest.approx(scores[decile].mean(), abs=1e-12)
        assert each["churn_ratio"] == held_out[LABEL].to_numpy()[decile].mean()


def test_equal_scores_share_a_bin(tmp_path: Path, customers: pd.DataFrame) -> None:
    table = (customers[["has_support_calls"]] > 0).astype(int)
    model = LogisticRegression().fit(table, customers[LABEL])
    bins = bins_of(model, table.assign(**{LABEL: customers[LABEL]}), tmp_path)
    rates = customers.groupby(table["has_support_calls"])[LABEL]
    assert [each["rows"] for each in bins] == rates.size().tolist()
    assert [each["churn_ratio"] for each in bins] == rates.mean().tolist()


@pytest.mark.parametrize("kind", ["texts", "booleans", "floats"])
def test_outcomes_are_the_labels_of_the_model(
    tmp_path: Path, fitted: Pipeline, customers: pd.DataFrame, kind: str
) -> None:
    labels = customers[LABEL]
    expected = bins_of(fitted, customers, tmp_path)
    if kind == "floats":
        held_out, model = customers.assign(**{LABEL: labels.astype(float)}), fitted
    else:
        other = labels == 1 if kind == "booleans" else labels.map({0: "No", 1: "Yes"})
        held_out = customers.assign(**{LABEL: other})
        model = LogisticRegression(max_iter=3000).fit(customers[FEATURES], other)
        expected = bins_of(model, held_out, tmp_path)
        total = sum(each["churn_ratio"] * each["rows"] for each in expected)
        assert total == pytest.approx(labels.sum())
    assert bins_of(model, customers, tmp_path, held_out=held_out) == expected


def test_a_model_of_an_array_takes_all_columns_but_the_outcome(
    tmp_path: Path, customers: pd.DataFrame
) -> None:
    model = LogisticRegression(max_iter=3000).fit(customers[FEATURES].to_numpy(), customers[LABEL])
    assert sum(each["rows"] for each in bins_of(model, customers, tmp_path)) == len(customers)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.drop(columns=LABEL), "no outcome column 'churn'; the columns are tenure"),
        (lambda t: t.assign(**{LABEL: "Yes"}), "has Yes, but the model's classes are 0, 1"),
        (lambda t: t.assign(**{LABEL: np.nan}), "missing in 1500 rows: leave these rows out"),
        (lambda t: t.drop(columns="num_products"), "lacks the columns num_products"),
        (lambda t: t.assign(num_products="two"), "held-out data is not such as the reference"),
    ],
)
def test_wrong_held_out_data_is_refused(
    tmp_path: Path,
    fitted: Pipeline,
    customers: pd.DataFrame,
    change: Callable[[pd.DataFrame], pd.DataFrame],
    message: str,
) -> None:
    with pytest.raises(ExportError, match=message):
        bins_of(fitted, customers, tmp_path, held_out=change(customers))


def test_a_feature_is_no_outcome(tmp_path: Path, fitted: Pipeline, customers: pd.DataFrame) -> None:
    with pytest.raises(ExportError, match="has_support_calls is a feature of the model"):
        export_bundle(fitted, customers, tmp_path / "m.onnx", "1", outcome="has_support_calls")


def test_the_command_line_takes_held_out_data(command: dict[str, str], tmp_path: Path) -> None:
    held_out = tmp_path / "held_out.csv"
    make_customers(rows=200, seed=9).to_csv(held_out, index=False)
    arguments = ["export", *(text for option in command.items() for text in option)]
    arguments += ["--no-explanations", "--held-out", str(held_out)]
    output = Path(command["--output"])
    assert main([*arguments, "--outcome", LABEL]) == 0
    bins = read_manifest(output)["reference"]["calibration"]
    assert sum(each["rows"] for each in bins) == 200


def test_held_out_data_needs_an_outcome(
    command: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["export", *(text for option in command.items() for text in option)]
    assert main([*arguments, "--held-out", command["--reference"]]) == 1
    assert "say which of its columns is the outcome, by --outcome" in capsys.readouterr().err
