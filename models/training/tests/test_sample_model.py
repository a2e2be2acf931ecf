"""The synthetic customers, the training and the bundle that is committed."""

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from bundle_checks import (
    as_customers,
    check_bundle,
    check_same_reference,
    golden_customers,
    run,
)
from churn_bundle.options_file import load_list, load_mapping
from synthetic_data import FEATURES, LABEL, make_customers
from train_sample_model import EXAMPLES_FILE, FEATURES_FILE, train_and_export
from training import CUSTOMERS, MODELS_FOLDER, SEED, expected_calibration_error

BUNDLED = MODELS_FOLDER / "churn_model.onnx"
EXAMPLES = load_list(EXAMPLES_FILE)
LOYAL = EXAMPLES[1]
BOUNDS = {
    "tenure_months": {"minimum": 0, "maximum": 120},
    "monthly_charges": {"minimum": 0, "maximum": 500},
    "total_charges": {"minimum": 0},
    "num_products": {"minimum": 1, "maximum": 10},
    "has_support_calls": {"minimum": 0, "maximum": 1},
}


@pytest.fixture(scope="module")
def many() -> pd.DataFrame:
    return make_customers(CUSTOMERS, SEED)


@pytest.fixture(scope="module")
def retrained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a sample model that was trained again."""
    folder = tmp_path_factory.mktemp("retrained")
    assert train_and_export(folder, folder / "build") == 0
    return folder


def test_customers_are_the_same_for_the_same_seed(many: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(many, make_customers(CUSTOMERS, SEED))
    assert not many.equals(make_customers(CUSTOMERS, SEED + 1))


def test_customers_are_such_as_the_api_takes(many: pd.DataFrame) -> None:
    assert list(many.columns) == [*FEATURES, LABEL]
    assert not many.isna().any().any()
    for name, bounds in BOUNDS.items():
        assert many[name].between(bounds["minimum"], bounds.get("maximum", np.inf)).all(), name
    for name in ("tenure_months", "num_products", "has_support_calls", LABEL):
        assert pd.api.types.is_integer_dtype(many[name]), name


def test_churn_rate_is_plausible(many: pd.DataFrame) -> None:
    assert many[LABEL].mean() == pytest.approx(0.26, abs=0.02)


def churn_by(many: pd.DataFrame, groups: pd.Series) -> list[float]:
    return many.groupby(groups, observed=True)[LABEL].mean().tolist()


def test_churn_falls_with_tenure(many: pd.DataFrame) -> None:
    rates = churn_by(many, pd.cut(many["tenure_months"], [-1, 12, 24, 48, 120]))
    assert rates == sorted(rates, reverse=True)
    assert rates[0] > 3 * rates[-1]


def test_churn_rises_with_a_support_call(many: pd.DataFrame) -> None:
    without_call, with_call = churn_by(many, many["has_support_calls"])
    assert with_call > 1.5 * without_call


def test_churn_rises_with_charges_and_falls_with_products(many: pd.DataFrame) -> None:
    # More products cost more, so each relation is seen at equal values of the other.
    for products in (1, 2, 3):
        alike = many[many["num_products"] == products]
        rates = churn_by(alike, pd.qcut(alike["monthly_charges"], 3))
        assert rates == sorted(rates)
    alike = many[many["monthly_charges"].between(50, 70)]
    rates = churn_by(alike, alike["num_products"].clip(upper=4))
    assert rates == sorted(rates, reverse=True)


def test_bundled_model_is_consistent() -> None:
    manifest = check_bundle(BUNDLED)
    assert [feature["name"] for feature in manifest["features"]] == FEATURES
    assert {feature["name"]: feature["bounds"] for feature in manifest["features"]} == BOUNDS
    golden = {tuple(customer.values()) for customer in golden_customers(manifest)}
    ends = [list(bounds.values()) for bounds in BOUNDS.values()]
    ends[2].append(manifest["features"][2]["statistics"]["maximum"])
    assert set(itertools.product(*ends)) <= golden


def test_bundled_model_has_the_documented_contract() -> None:
    manifest = check_bundle(BUNDLED)
    stated = load_mapping(FEATURES_FILE)
    for feature in manifest["features"]:
        assert feature["description"] == stated[feature["name"]]["description"]
        assert feature.get("unit") == ("USD" if "charges" in feature["name"] else None)
        assert feature["nullable"] is False
        assert feature["type"] == ("number" if "charges" in feature["name"] else "integer")
    (tensor,) = manifest["inputs"]
    assert tensor == {"name": "features", "type": "float32", "features": FEATURES}
    assert manifest["output"] == {"name": "probabilities", "column": 1}


def test_bundled_model_scores_the_known_customers() -> None:
    examples = check_bundle(BUNDLED)["examples"]
    assert [example["customer"] for example in examples] == EXAMPLES
    assert [list(customer.values()) for customer in EXAMPLES] == [
        [6, 79.99, 479.94, 1, 1],
        [48, 45, 2160, 3, 0],
    ]
    assert [round(example["probability"], 4) for example in examples] == [0.8889, 0.0309]
    np.testing.assert_allclose(run(BUNDLED, EXAMPLES), [0.8889, 0.0309], atol=6e-5)


@pytest.mark.parametrize(
    ("feature", "values", "rises"),
    [
        ("tenure_months", [0, 12, 36, 72, 120], False),
        ("monthly_charges", [0, 30, 80, 150, 500], True),
        ("num_products", [1, 2, 4, 7, 10], False),
        ("has_support_calls", [0, 1], True),
    ],
)
def test_bundled_model_learned_the_relations(
    feature: str, values: list[float], rises: bool
) -> None:
    probabilities = run(BUNDLED, [LOYAL | {feature: value} for value in values])
    steps = np.diff(probabilities)
    assert (steps > 0).all() if rises else (steps < 0).all()


def test_bundled_metrics_are_sane_and_hold_on_fresh_customers() -> None:
    metrics = check_bundle(BUNDLED)["metrics"]
    assert 0.78 < metrics["roc_auc"] < 0.88
    assert metrics["log_loss"] < 0.5
    assert metrics["brier_score"] < 0.16
    assert metrics["expected_calibration_error"] < 0.04
    assert metrics["held_out_rows"] == CUSTOMERS / 4
    assert metrics["held_out_churn_rate"] == pytest.approx(0.26, abs=0.02)

    fresh = make_customers(5000, SEED + 1)
    probabilities = run(BUNDLED, as_customers(fresh[FEATURES]))
    assert roc_auc_score(fresh[LABEL], probabilities) == pytest.approx(metrics["roc_auc"], abs=0.02)


def test_training_again_gives_the_bundled_model(retrained: Path) -> None:
    again, bundled = check_bundle(retrained / "churn_model.onnx"), check_bundle(BUNDLED)
    for key in ("version", "features", "inputs", "output", "thresholds"):
        assert again[key] == bundled[key], key
    check_same_reference(again["reference"], bundled["reference"])
    explanations = again["explanations"]
    for key in ("features", "background"):
        assert explanations[key] == bundled["explanations"][key], key
    golden = zip(explanations["golden"], bundled["explanations"]["golden"], strict=True)
    for one, other in golden:
        assert one["row"] == other["row"]
        assert one["contributions"] == pytest.approx(other["contributions"], abs=1e-9)
    assert again["metrics"] == pytest.approx(bundled["metrics"], abs=1e-9)
    assert golden_customers(again) == golden_customers(bundled)
    probabilities = again["golden_rows"]["probabilities"]
    assert probabilities == pytest.approx(bundled["golden_rows"]["probabilities"], abs=1e-9)


def test_bundled_explanations_are_the_shapley_values_of_the_graph() -> None:
    stated = check_bundle(BUNDLED)["explanations"]
    assert len(stated["background"]) == 128
    background = pd.DataFrame(stated["background"], columns=FEATURES)
    for explanation in stated["golden"]:
        assert "standard_errors" not in explanation
        worth = {}
        for coalition in itertools.product([False, True], repeat=len(FEATURES)):
            masked = background.copy()
            for name, value, is_in in zip(FEATURES, explanation["row"], coalition, strict=True):
                if is_in:
                    masked[name] = value
            worth[coalition] = run(BUNDLED, as_customers(masked)).mean()
        orders = list(itertools.permutations(range(len(FEATURES))))
        expected = np.zeros(len(FEATURES))
        for order in orders:
            coalition = [False] * len(FEATURES)
            for place in order:
                before = worth[tuple(coalition)]
                coalition[place] = True
                expected[place] += worth[tuple(coalition)] - before
        expected /= len(orders)
        np.testing.assert_allclose(explanation["contributions"], expected, rtol=0, atol=1e-6)


def test_training_writes_what_the_exporter_takes_and_the_plots(retrained: Path) -> None:
    for name in ("churn_model.joblib", "reference.csv", "metrics.json"):
        assert (retrained / "build" / name).stat().st_size > 0
    for name in ("roc.png", "calibration.png"):
        assert (retrained / "plots" / name).read_bytes().startswith(b"\x89PNG")
    reference = pd.read_csv(retrained / "build" / "reference.csv")
    assert list(reference.columns) == [*FEATURES, LABEL]


def test_calibration_error_is_the_mean_gap() -> None:
    # Two bins of two: predicted 0.2 and 0.8 on average, observed 0.5 and 1.
    labels = np.array([0, 1, 1, 1])
    probabilities = np.array([0.2, 0.2, 0.8, 0.8])
    assert expected_calibration_error(labels, probabilities) == pytest.approx(0.25)
    assert expected_calibration_error(np.array([1]), np.array([1.0])) == 0
