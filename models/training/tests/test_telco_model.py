"""The synthetic telco customers, the training and the bundle that is committed."""

import json
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import log_loss, roc_auc_score

from bundle_checks import (
    as_customers,
    check_bundle,
    check_same_reference,
    golden_customers,
    run,
)
from churn_bundle import golden_contributions
from churn_bundle.options_file import load_mapping
from telco_customers import (
    BOOLEANS,
    CATEGORIES,
    FEATURES,
    LABEL,
    NUMBERS,
    SERVICES,
    as_table,
    make_customers,
)
from train_telco_model import FEATURES_FILE, boosted_trees, train_and_export
from training import CUSTOMERS, MODELS_FOLDER, SEED

BUNDLED = MODELS_FOLDER / "telco" / "telco_model.onnx"
NULLABLE = ["has_dependents", "paperless_billing", "payment_method", "total_charges"]
MAX_ONNX_BYTES = 300_000


@pytest.fixture(scope="module")
def many() -> pd.DataFrame:
    return make_customers(CUSTOMERS, SEED)


@pytest.fixture(scope="module")
def stated() -> dict[str, dict[str, Any]]:
    """What the features file says, by feature."""
    return load_mapping(FEATURES_FILE)


@pytest.fixture(scope="module")
def retrained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a telco model that was trained again."""
    folder = tmp_path_factory.mktemp("retrained")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(golden_contributions, "MAX_EVALUATIONS", 200_000)
        # With fewer, as on a slow machine, the standard errors are too uncertain to compare.
        patch.setattr(golden_contributions, "MAX_SECONDS", 3600)
        assert train_and_export(folder, folder / "build") == 0
    return folder


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    """The committed bundle's, proven."""
    return check_bundle(BUNDLED)


def churn_rates(customers: pd.DataFrame, groups: pd.Series) -> list[float]:
    churns = customers[LABEL] == "Yes"
    return churns.groupby(groups, observed=True).mean().tolist()


def test_customers_are_the_same_for_the_same_seed(many: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(many, make_customers(CUSTOMERS, SEED))
    assert not many.equals(make_customers(CUSTOMERS, SEED + 1))


def test_customers_are_the_same_after_a_csv_file(many: pd.DataFrame, tmp_path: Path) -> None:
    many.to_csv(tmp_path / "customers.csv", index=False)
    again = pd.read_csv(tmp_path / "customers.csv")
    pd.testing.assert_frame_equal(many, again, check_dtype=False)


def test_each_feature_has_one_kind(many: pd.DataFrame) -> None:
    assert list(many.columns) == [*FEATURES, LABEL]
    assert sorted(FEATURES) == sorted(NUMBERS + BOOLEANS + CATEGORIES)
    for name in BOOLEANS:
        assert set(many[name].dropna()) == {True, False}, name


def test_customers_are_such_as_the_features_file_states(
    many: pd.DataFrame, stated: dict[str, dict[str, Any]]
) -> None:
    assert list(stated) == FEATURES
    for name in NUMBERS:
        assert many[name].dropna().between(*stated[name]["bounds"]).all(), name
    for name in CATEGORIES:
        assert set(many[name].dropna()) == set(stated[name]["categories"]), name
    accepting = [name for name in CATEGORIES if stated[name]["unknown"] == "accept"]
    assert accepting == ["payment_method"]


def test_no_text_reads_as_a_missing_value(many: pd.DataFrame) -> None:
    read_as_missing = {"", "None", "NA", "N/A", "nan", "NaN", "null", "NULL", "n/a", "<NA>"}
    for name in CATEGORIES:
        assert read_as_missing.isdisjoint(many[name].dropna()), name


def test_values_are_missing_as_documented(many: pd.DataFrame) -> None:
    shares = many.isna().mean()
    assert sorted(shares[shares > 0].index) == NULLABLE
    is_new = many["tenure_months"] == 0
    assert is_new.sum() > 100
    assert many.loc[is_new, "total_charges"].isna().all()
    assert many.loc[~is_new, "total_charges"].isna().mean() == pytest.approx(0.01, abs=0.005)
    assert shares["payment_method"] == pytest.approx(0.03, abs=0.01)
    assert shares["has_dependents"] == pytest.approx(0.04, abs=0.01)
    assert shares["paperless_billing"] == pytest.approx(0.02, abs=0.01)


def test_services_need_their_line(many: pd.DataFrame) -> None:
    is_offline = many["internet_service"] == "No internet"
    for name in (*SERVICES, "streaming_tv", "streaming_movies"):
        assert ((many[name] == "No internet") == is_offline).all(), name
    assert ((many["multiple_lines"] == "No phone service") == ~many["phone_service"]).all()
    assert (many["phone_service"] | ~is_offline).all()


def test_charges_are_multiples_of_25_cents(many: pd.DataFrame) -> None:
    for name in ("monthly_charges", "total_charges"):
        assert (many[name].dropna() % 0.25 == 0).all(), name


def test_churn_rate_is_plausible(many: pd.DataFrame) -> None:
    assert (many[LABEL] == "Yes").mean() == pytest.approx(0.26, abs=0.02)


def test_churn_falls_with_tenure_and_with_the_length_of_the_contract(many: pd.DataFrame) -> None:
    tenure = pd.cut(many["tenure_months"], [-1, 6, 12, 24, 48, 72])
    for rates in (churn_rates(many, tenure), churn_rates(many, many["contract"])):
        assert rates == sorted(rates, reverse=True)
        assert rates[0] > 3 * rates[-1]


def test_churn_has_the_documented_steps_and_interactions(many: pd.DataFrame) -> None:
    one_year = many[many["contract"] == "One year"]
    others, ending = churn_rates(one_year, one_year["tenure_months"].between(10, 13))
    assert ending > 3 * others

    gaps = []  # What tech support is worth on Fiber optic.
    for is_monthly in (True, False):
        on_fiber = many["internet_service"] == "Fiber optic"
        alike = many[on_fiber & ((many["contract"] == "Month-to-month") == is_monthly)]
        without, supported = churn_rates(alike, alike["tech_support"])
        gaps.append(without - supported)
    assert gaps[0] > 3 * gaps[1] > 0

    gaps = []  # What paperless billing is worth.
    for is_check in (True, False):
        alike = many[(many["payment_method"] == "Electronic check") == is_check]
        on_paper, paperless = churn_rates(alike, alike["paperless_billing"])
        gaps.append(on_paper - paperless)
    assert gaps[0] > 0.05 > gaps[1]


def test_a_table_made_of_json_scores_as_the_drawn_one(many: pd.DataFrame) -> None:
    model = boosted_trees().fit(many[FEATURES], many[LABEL])
    some = many[FEATURES].head(500)
    customers = [
        {name: value for name, value in customer.items() if pd.notna(value)}
        for customer in some.to_dict("records")
    ]
    expected = model.predict_proba(some)
    np.testing.assert_array_equal(model.predict_proba(as_table(customers)), expected)
    with_nulls = [{name: None for name in FEATURES} | customer for customer in customers]
    np.testing.assert_array_equal(model.predict_proba(as_table(with_nulls)), expected)

    # Alone, a customer without a text makes a column without any.
    index = int(np.flatnonzero(some["payment_method"].isna())[0])
    alone = as_table([customers[index]])
    np.testing.assert_array_equal(model.predict_proba(alone)[0], expected[index])


def test_bundled_model_has_the_documented_contract(
    manifest: dict[str, Any], stated: dict[str, dict[str, Any]]
) -> None:
    features = {feature["name"]: feature for feature in manifest["features"]}
    assert list(features) == FEATURES
    assert sorted(name for name in FEATURES if features[name]["nullable"]) == NULLABLE
    for name, feature in features.items():
        for key in ("description", "unit", "categories", "unknown"):
            assert feature.get(key) == stated[name].get(key), (name, key)
        if name in NUMBERS:
            assert list(feature["bounds"].values()) == stated[name]["bounds"], name
    types = {
        "category": CATEGORIES,
        "boolean": BOOLEANS,
        "integer": ["tenure_months"],
        "number": ["monthly_charges", "total_charges"],
    }
    assert {name: feature["type"] for name, feature in features.items()} == {
        name: kind for kind, names in types.items() for name in names
    }
    assert manifest["output"] == {"name": "probabilities", "column": 1}


def test_bundled_model_is_small() -> None:
    assert BUNDLED.stat().st_size < MAX_ONNX_BYTES


def test_golden_rows_have_every_pattern_of_missing_values(
    manifest: dict[str, Any], retrained: Path
) -> None:
    reference = pd.read_csv(retrained / "build" / "telco_reference.csv")[FEATURES]
    golden = pd.DataFrame(golden_customers(manifest), dtype=object)[FEATURES]
    patterns = {tuple(row) for row in reference.isna().to_numpy()}
    assert len(patterns) > 8
    assert patterns <= {tuple(row) for row in golden.isna().to_numpy()}


def test_bundled_model_scores_the_documented_examples(manifest: dict[str, Any]) -> None:
    high, low = (example["probability"] for example in manifest["examples"])
    assert high > 0.7
    assert low < 0.05
    # The model card shows both customers and what they score.
    card = BUNDLED.with_name("README.md").read_text(encoding="utf-8")
    shown = [json.loads(block.split("```")[0]) for block in card.split("```json")[1:]]
    assert shown == [example["customer"] for example in manifest["examples"]]
    for probability in (high, low):
        assert f"{probability:.4f}" in card


@pytest.mark.parametrize(
    ("feature", "values"),
    [
        ("tenure_months", [60, 24, 12, 4, 1]),
        ("contract", ["Two year", "Month-to-month"]),
        ("internet_service", ["DSL", "Fiber optic"]),
        ("tech_support", ["Yes", "No"]),
        ("monthly_charges", [70, 100]),
    ],
)
def test_bundled_model_learned_the_relations(
    manifest: dict[str, Any], feature: str, values: list[Any]
) -> None:
    customer = manifest["examples"][0]["customer"]
    probabilities = run(BUNDLED, [customer | {feature: value} for value in values])
    assert (np.diff(probabilities) > 0).all()


@pytest.mark.pinned
def test_bundled_model_answers_as_its_source_on_any_customer(retrained: Path) -> None:
    source = joblib.load(retrained / "build" / "telco_model.joblib")
    fresh = make_customers(5000, SEED + 1)[FEATURES]
    random = np.random.default_rng(SEED)
    odd = pd.DataFrame({name: random.permutation(fresh[name].to_numpy()) for name in FEATURES})
    odd["monthly_charges"] = random.uniform(0, 500, len(odd)).round(2)
    new_payment, nothing_stated = fresh.copy(), fresh.copy()
    new_payment["payment_method"] = "Gift card"
    nothing_stated[NULLABLE] = np.nan
    for table in (fresh, odd, new_payment, nothing_stated):
        customers = as_customers(table)
        expected = source.predict_proba(as_table(customers))[:, 1]
        np.testing.assert_allclose(run(BUNDLED, customers), expected, rtol=0, atol=1e-6)


def test_bundled_metrics_are_sane_and_hold_on_fresh_customers(manifest: dict[str, Any]) -> None:
    metrics = manifest["metrics"]
    assert 0.84 < metrics["roc_auc"] < 0.89
    assert metrics["log_loss"] < 0.41
    assert metrics["brier_score"] < 0.13
    assert metrics["expected_calibration_error"] < 0.04
    assert metrics["held_out_rows"] == CUSTOMERS / 4
    assert metrics["held_out_churn_rate"] == pytest.approx(0.26, abs=0.02)

    fresh = make_customers(5000, SEED + 1)
    churns = fresh[LABEL] == "Yes"
    probabilities = run(BUNDLED, as_customers(fresh[FEATURES]))
    assert roc_auc_score(churns, probabilities) == pytest.approx(metrics["roc_auc"], abs=0.02)
    assert log_loss(churns, probabilities) == pytest.approx(metrics["log_loss"], abs=0.03)


@pytest.mark.pinned
def test_training_again_gives_the_bundled_model(manifest: dict[str, Any], retrained: Path) -> None:
    again = check_bundle(retrained / "telco_model.onnx")
    for key in ("version", "features", "inputs", "output", "thresholds"):
        assert again[key] == manifest[key], key
    check_same_reference(again["reference"], manifest["reference"])
    assert again["metrics"] == pytest.approx(manifest["metrics"], abs=1e-9)
    assert golden_customers(again) == golden_customers(manifest)
    probabilities = again["golden_rows"]["probabilities"]
    assert probabilities == pytest.approx(manifest["golden_rows"]["probabilities"], abs=1e-9)


@pytest.mark.pinned
def test_explanations_are_the_same_within_their_standard_errors(
    manifest: dict[str, Any], retrained: Path
) -> None:
    again = check_bundle(retrained / "telco_model.onnx")["explanations"]
    stated = manifest["explanations"]
    assert again["background"] == stated["background"]
    assert len(stated["background"]) == 128
    assert len(stated["golden"]) == 5
    for one, other in zip(again["golden"], stated["golden"], strict=True):
        assert one["row"] == other["row"]
        errors = np.hypot(one["standard_errors"], other["standard_errors"])
        gaps = np.abs(np.subtract(one["contributions"], other["contributions"]))
        assert (gaps <= 6 * errors + 1e-9).all()
        assert max(other["standard_errors"]) < 0.005


def test_explained_customers_are_of_all_kinds(manifest: dict[str, Any]) -> None:
    golden = manifest["explanations"]["golden"]
    low, middle, high = (explanation["probability"] for explanation in golden[:3])
    assert low < 0.05 < middle < 0.5 < high
    rows = pd.DataFrame([each["row"] for each in golden], columns=FEATURES, dtype=object)
    assert rows.iloc[3].isna().any()
    payments = {feature["name"]: feature for feature in manifest["features"]}["payment_method"][
        "categories"
    ]
    assert rows.iloc[4]["payment_method"] not in payments


def test_training_chooses_trees_and_writes_what_the_exporter_takes(retrained: Path) -> None:
    model = joblib.load(retrained / "build" / "telco_model.joblib")
    assert [type(step).__name__ for step in model] == [
        "ColumnTransformer",
        "HistGradientBoostingClassifier",
    ]
    reference = pd.read_csv(retrained / "build" / "telco_reference.csv")
    assert list(reference.columns) == [*FEATURES, LABEL]
    assert len(reference) == CUSTOMERS * 3 / 4
