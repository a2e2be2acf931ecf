"""A graph is proven on rows that the model has not seen, where thresholds lie."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from lightgbm import LGBMClassifier
from sklearn.base import ClassifierMixin, clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import make_column_transformer
from sklearn.decomposition import PCA
from sklearn.ensemble import (
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    MinMaxScaler,
    OneHotEncoder,
    PowerTransformer,
    QuantileTransformer,
    RobustScaler,
    StandardScaler,
)
from sklearn.tree import DecisionTreeClassifier
from xgboost import XGBClassifier

from bundle_checks import as_customers, check_bundle, golden_customers, run
from churn_bundle import ExportError, export_bundle
from churn_bundle.conversion import FLOAT32
from churn_bundle.feature import Feature
from churn_bundle.grid import grid_of
from churn_bundle.proof import Prover
from mixed_data import NUMBERS, TEXTS, make_mixed
from synthetic_data import FEATURES, LABEL, make_customers

UNSEEN = 20_000
SCALERS = {
    "no scaler": FunctionTransformer(),
    "standard": StandardScaler(),
    "min-max": MinMaxScaler(),
    "robust": RobustScaler(),
    "power": PowerTransformer(),
    "quantile": QuantileTransformer(n_quantiles=200),
}
TREES = {
    "tree": DecisionTreeClassifier(max_depth=9, random_state=0),
    "forest": RandomForestClassifier(20, max_depth=12, random_state=0),
    "gradient boosting": GradientBoostingClassifier(n_estimators=60, random_state=0),
    "histogram boosting": HistGradientBoostingClassifier(max_iter=60, random_state=0),
    "lightgbm": LGBMClassifier(n_estimators=60, verbose=-1, n_jobs=1),
    "xgboost": XGBClassifier(n_estimators=60, n_jobs=1),
}


@pytest.fixture(scope="module")
def seen() -> pd.DataFrame:
    return make_customers(3000, seed=7)


@pytest.fixture(scope="module")
def unseen() -> pd.DataFrame:
    return make_customers(UNSEEN, seed=1234)[FEATURES]


def assert_exact(model: ClassifierMixin, onnx_file: Path, unseen: pd.DataFrame) -> None:
    served = run(onnx_file, as_customers(unseen))
    differences = np.abs(served - model.predict_proba(unseen)[:, 1])
    assert (differences > 1e-5).sum() == 0, differences.max()


@pytest.mark.parametrize("tree", TREES)
@pytest.mark.parametrize("scaler", SCALERS)
def test_scaled_trees_are_exact_on_unseen_rows(
    scaler: str, tree: str, seen: pd.DataFrame, unseen: pd.DataFrame, tmp_path: Path
) -> None:
    steps = [clone(SCALERS[scaler])] if scaler != "no scaler" else []
    model = make_pipeline(*steps, clone(TREES[tree])).fit(seen[FEATURES], seen[LABEL])
    output = tmp_path / "churn_model.onnx"
    export_bundle(model, seen, output, "1.0.0", explanations=False)
    manifest = check_bundle(output)
    assert manifest["comparison"]["rows"] > UNSEEN + len(seen)
    assert manifest["comparison"]["differing_rows"] == 0
    assert_exact(model, output, unseen)


@pytest.mark.parametrize("tree", ["forest", "histogram boosting", "lightgbm", "xgboost"])
def test_imputed_and_scaled_numbers_beside_texts_are_exact(tree: str, tmp_path: Path) -> None:
    table, labels = make_mixed(900, seed=11)
    columns = make_column_transformer(
        (make_pipeline(SimpleImputer(), RobustScaler()), NUMBERS),
        (OneHotEncoder(handle_unknown="ignore"), list(TEXTS)),
    )
    model = make_pipeline(columns, clone(TREES[tree])).fit(table, (labels == "Yes").astype(int))
    output = tmp_path / "churn_model.onnx"
    export_bundle(model, table, output, "1.0.0", explanations=False)
    check_bundle(output)
    unseen = make_mixed(3000, seed=12)[0]
    assert unseen[NUMBERS].isna().any().any()
    assert_exact(model, output, unseen)


def test_calibrated_scaled_trees_are_exact(
    seen: pd.DataFrame, unseen: pd.DataFrame, tmp_path: Path
) -> None:
    scaled = make_pipeline(RobustScaler(), clone(TREES["lightgbm"]))
    model = CalibratedClassifierCV(scaled, cv=2).fit(seen[FEATURES], seen[LABEL])
    output = tmp_path / "churn_model.onnx"
    export_bundle(model, seen, output, "1.0.0", explanations=False)
    assert_exact(model, output, unseen)


def test_trees_behind_a_rotation_are_exact_or_refused(
    seen: pd.DataFrame, unseen: pd.DataFrame, tmp_path: Path
) -> None:
    model = make_pipeline(StandardScaler(), PCA(3), clone(TREES["lightgbm"]))
    model.fit(seen[FEATURES], seen[LABEL])
    output = tmp_path / "churn_model.onnx"
    try:
        export_bundle(model, seen, output, "1.0.0", explanations=False)
    except ExportError as error:
        assert "unseen rows differ" in str(error)
    else:
        assert_exact(model, output, unseen)


def test_rows_of_the_training_alone_would_not_show_it(
    seen: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Prover, "candidates", lambda self, rows: [(self.rewritten, FLOAT32)])
    model = make_pipeline(RobustScaler(), clone(TREES["tree"]))
    model.fit(seen[FEATURES], seen[LABEL])
    with pytest.raises(ExportError, match=r"of 20000 unseen rows differ .* decisions are flipped"):
        export_bundle(model, seen, tmp_path / "churn_model.onnx", "1.0.0", explanations=False)
    assert list(tmp_path.iterdir()) == []


def test_golden_rows_lie_on_both_sides_of_thresholds(seen: pd.DataFrame, tmp_path: Path) -> None:
    labels = (seen["monthly_charges"] > 70).astype(int)
    model = DecisionTreeClassifier(max_depth=1).fit(seen[FEATURES], labels)
    threshold = model.tree_.threshold[0]
    output = tmp_path / "churn_model.onnx"
    export_bundle(model, seen, output, "1.0.0", explanations=False)
    charges = {row["monthly_charges"] for row in golden_customers(check_bundle(output))}
    cents = np.floor(threshold * 100)
    assert {cents / 100, (cents + 1) / 100} <= charges


def test_a_smooth_model_has_no_thresholds(seen: pd.DataFrame, tmp_path: Path) -> None:
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(seen[FEATURES], seen[LABEL])
    output = tmp_path / "churn_model.onnx"
    export_bundle(model, seen, output, "1.0.0", explanations=False)
    assert len(golden_customers(check_bundle(output))) == 2**5 + 64


@pytest.mark.parametrize(
    ("values", "step", "last"),
    [
        ([0.25, 1.0, 7.75], 0.75, 10),
        ([15.01, 15.02, 300.0], 0.01, 28499),
        ([0.0, 6.0, 120.0], 6.0, 20),
        ([5.0], 1.0, 0),
    ],
)
def test_grid_has_the_decimals_and_steps_of_the_data(
    values: list[float], step: float, last: int
) -> None:
    grid = grid_of(Feature("charge", "number", np.dtype(float)), np.array(values))
    assert grid.step / grid.scale == pytest.approx(step)
    assert grid.last == last
    # As JSON's readers make of the decimals, and not the nearest float64 but one.
    assert set(values) <= set(grid.value(np.arange(last + 1)).tolist())
    assert grid.number(np.array(values)).tolist() == [
        round((value - values[0]) / step) for value in values
    ]
