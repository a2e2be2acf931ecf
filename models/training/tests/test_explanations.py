"""Golden explanations: what shap makes of a model, and what of it comes into the manifest."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

from bundle_checks import check_bundle
from churn_bundle import ExportError, export_bundle, golden_contributions
from churn_bundle.background import choose_background
from churn_bundle.cli import main
from churn_bundle.conversion import Graph
from churn_bundle.explanations import check_sum
from churn_bundle.shapley import Contributions, Explained
from make_example_bundles import with_texts
from mixed_data import TEXTS, make_mixed
from synthetic_data import FEATURES, LABEL

PLANS = {"basic": 0.1, "plus": 0.25, "other": 0.4, None: 0.02}


@pytest.fixture(scope="module")
def background() -> pd.DataFrame:
    """Canonical rows: numbers, some missing, and texts, some missing."""
    random = np.random.default_rng(3)
    rows = 128
    age = random.integers(18, 90, rows).astype(float)
    return pd.DataFrame(
        {
            "age": np.where(random.random(rows) < 0.2, np.nan, age),
            "balance": random.normal(0, 100, rows),
            "plan": random.choice(np.array(["basic", "plus", None], dtype=object), rows),
        }
    )


def parts(rows: pd.DataFrame) -> pd.DataFrame:
    """What each feature adds to the probability of ``additive``."""
    plans = [PLANS[None if plan is None or plan != plan else plan] for plan in rows["plan"]]
    return pd.DataFrame(
        {
            "age": rows["age"].fillna(200) / 1000,
            "balance": 0.2 + rows["balance"] / 10_000,
            "plan": plans,
        }
    )


def additive(rows: pd.DataFrame) -> np.ndarray:
    return parts(rows).sum(axis=1).to_numpy()


def interacting(rows: pd.DataFrame) -> np.ndarray:
    return parts(rows).prod(axis=1).to_numpy() * 10


CUSTOMERS = pd.DataFrame(
    {
        "age": [70.0, np.nan, 20.0],
        "balance": [150.0, -20.0, 0.5],
        "plan": pd.Series(["other", "basic", None], dtype=object),
    }
)


@pytest.mark.parametrize("index", range(len(CUSTOMERS)))
def test_exact_values_of_an_additive_model_are_the_closed_form(
    background: pd.DataFrame, index: int
) -> None:
    # Strumbelj & Kononenko 2014: what a feature adds, less what it adds on average.
    customer = CUSTOMERS.iloc[[index]]
    expected = parts(customer).iloc[0] - parts(background).mean()
    found = Explained(additive, customer, background).exact()
    np.testing.assert_allclose(found.values, expected, rtol=0, atol=1e-12)
    assert found.is_exact


def test_exact_values_of_a_product_are_the_closed_form() -> None:
    background = pd.DataFrame({"a": [0.2], "b": [0.5]})
    customer = pd.DataFrame({"a": [0.6], "b": [0.9]})
    found = Explained(lambda rows: (rows["a"] * rows["b"]).to_numpy(), customer, background).exact()
    expected = [(0.6 - 0.2) * (0.9 + 0.5) / 2, (0.9 - 0.5) * (0.6 + 0.2) / 2]
    np.testing.assert_allclose(found.values, expected, rtol=0, atol=1e-12)


def test_values_that_are_nearly_equal_are_two_values() -> None:
    background = pd.DataFrame({"a": [1000.0], "b": [0.0]})
    customer = pd.DataFrame({"a": [1000.001], "b": [0.0]})
    found = Explained(lambda rows: (rows["a"] > 1000).to_numpy(float), customer, background).exact()
    assert found.values.tolist() == [1.0, 0.0]


def test_a_text_that_says_nan_is_no_missing_value() -> None:
    rows = pd.DataFrame({"a": pd.Series(["nan", None, "nan"], dtype=object), "b": [1.0, 2.0, 3.0]})
    explained = Explained(lambda table: table["a"].isna().to_numpy(float), rows[:1], rows[1:])
    np.testing.assert_allclose(explained.exact().values, [-0.5, 0], rtol=0, atol=1e-12)


def test_sampled_values_are_exact_within_their_standard_errors(background: pd.DataFrame) -> None:
    customer = CUSTOMERS.iloc[[0]]
    exact = Explained(interacting, customer, background).exact()
    sampled = Explained(interacting, customer, background).sampled(0.0, 100_000)
    assert (sampled.standard_errors > 0).any()
    gaps = np.abs(sampled.values - exact.values)
    assert (gaps <= 5 * sampled.standard_errors + 1e-9).all()
    assert sampled.values.sum() == pytest.approx(exact.values.sum(), abs=1e-9)


def test_sampling_ends_at_the_target_and_leaves_the_global_generator_alone(
    background: pd.DataFrame,
) -> None:
    explained = Explained(interacting, CUSTOMERS.iloc[[0]], background)
    np.random.seed(7)
    before = np.random.get_state()[1].tolist()
    found = explained.sampled(0.1, 10**9)
    assert found.standard_errors.max() <= 0.1
    assert explained.evaluations < 20_000
    assert np.random.get_state()[1].tolist() == before
    again = Explained(interacting, CUSTOMERS.iloc[[0]], background).sampled(0.1, 10**9)
    assert again.values.tolist() == found.values.tolist()


def test_contributions_that_do_not_add_up_are_refused() -> None:
    check_sum(0.25, Contributions(np.array([0.5, -0.25])), 0.5)
    with pytest.raises(ExportError, match=r"add up to 0\.5 instead of .* 0\.51: .*--no-expl"):
        check_sum(0.25, Contributions(np.array([0.5, -0.25])), 0.51)


def test_background_is_stratified_by_score(
    monkeypatch: pytest.MonkeyPatch, customers: pd.DataFrame
) -> None:
    monkeypatch.setattr("churn_bundle.background.MAX_ROWS", 128)
    rows = customers[FEATURES]
    # A file that is sorted by the outcome, and scores of which many are equal.
    scores = np.sort(np.random.default_rng(0).choice([0.05, 0.2, 0.9], len(rows)))
    chosen = choose_background(rows, scores)
    assert len(chosen) == 128
    pd.testing.assert_frame_equal(chosen, choose_background(rows, scores))
    tenure = rows["tenure_months"].to_numpy()
    firsts = rows[scores == 0.05].head(60)
    assert len(chosen.merge(firsts, how="inner")) < 30
    by_tenure = choose_background(rows, tenure / 120)["tenure_months"]
    assert by_tenure.mean() == pytest.approx(tenure.mean(), abs=0.5)
    assert by_tenure.is_monotonic_increasing
    assert len(choose_background(rows.head(70), scores[:70])) == 70


def test_hundreds_of_features_get_a_smaller_background(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("churn_bundle.background.MAX_ROWS", 128)
    wide = pd.DataFrame(np.zeros((200, 500)))
    assert len(choose_background(wide, np.linspace(0, 1, 200))) == 64


def test_explanations_of_mixed_features(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table, labels = make_mixed(600, seed=5)
    model = with_texts(LogisticRegression(max_iter=1000)).fit(table, labels)
    options = {name: {"unknown": "accept"} for name in TEXTS}
    export_bundle(model, table, tmp_path / "m.onnx", "1", features=options)
    manifest = check_bundle(tmp_path / "m.onnx")
    golden = manifest["explanations"]["golden"]
    assert len(golden) == 5
    assert all(len(each["standard_errors"]) == table.shape[1] for each in golden)
    assert None in golden[3]["row"]
    known = {f["name"]: f.get("categories") for f in manifest["features"]}
    texts = dict(zip(manifest["explanations"]["features"], golden[4]["row"], strict=True))
    assert any(texts[name] not in [*known[name], None] for name in TEXTS)
    assert "sampled, with standard errors up to" in capsys.readouterr().out


def test_a_slow_model_gets_fewer_evaluations(
    monkeypatch: pytest.MonkeyPatch, background: pd.DataFrame
) -> None:
    class Source:
        """Takes a millisecond a row, by a clock of its own."""

        scored = 0

        def predict(self, rows: pd.DataFrame) -> np.ndarray:
            self.scored += len(rows)
            return additive(rows)

    source = Source()
    monkeypatch.setattr(golden_contributions, "MAX_EVALUATIONS", 1_500_000)
    monkeypatch.setattr(golden_contributions.time, "perf_counter", lambda: source.scored / 1000)
    assert golden_contributions.affordable_evaluations(source, background) == 60_000


def export(fitted: Pipeline, customers: pd.DataFrame, folder: Path, **more: object) -> dict:
    export_bundle(fitted, customers, folder / "m.onnx", "1", **more)
    return check_bundle(folder / "m.onnx")


@pytest.mark.parametrize(("shift", "left"), [(0.0, 3), (0.01, 0)])
def test_customers_whom_the_graph_explains_otherwise_are_left_out(
    tmp_path: Path,
    fitted: Pipeline,
    customers: pd.DataFrame,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    shift: float,
    left: int,
) -> None:
    predict = Graph.predict

    def wrong_for_mixtures(graph: Graph, rows: pd.DataFrame, positive: int) -> np.ndarray:
        is_proof = len(rows) > 1000 or len(rows) < 100
        return predict(graph, rows, positive) + (0 if is_proof else shift * np.sin(rows.iloc[:, 0]))

    monkeypatch.setattr(Graph, "predict", wrong_for_mixtures)
    manifest = export(fitted, customers, tmp_path)
    assert len(manifest.get("explanations", {"golden": []})["golden"]) == left
    assert ("cannot explain its probabilities" in capsys.readouterr().out) == (left == 0)


def test_explanations_can_be_left_out(
    tmp_path: Path, fitted: Pipeline, customers: pd.DataFrame, command: dict[str, str]
) -> None:
    assert "explanations" in export(fitted, customers, tmp_path)
    assert "explanations" not in export(fitted, customers, tmp_path, explanations=False)
    arguments = [text for option in command.items() for text in option]
    assert main(["export", *arguments, "--no-explanations"]) == 0
    assert "explanations" not in check_bundle(Path(command["--output"]))


@pytest.fixture
def without_shap(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the package were not installed."""
    for name in ("churn_bundle.shapley", "churn_bundle.golden_contributions"):
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "shap", None)


@pytest.mark.usefixtures("without_shap")
def test_without_shap_an_export_says_how_to_get_it(
    tmp_path: Path,
    fitted: Pipeline,
    customers: pd.DataFrame,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert "explanations" not in export(fitted, customers, tmp_path)
    said = [line for line in capsys.readouterr().out.splitlines() if "explain" in line]
    assert len(said) == 1
    assert "cannot explain" in said[0]
    assert "pip install 'churn-bundle[explanations]'" in said[0]


def test_the_label_is_no_feature_of_explanations(
    tmp_path: Path, fitted: Pipeline, customers: pd.DataFrame
) -> None:
    assert LABEL in customers
    assert export(fitted, customers, tmp_path)["explanations"]["features"] == FEATURES
