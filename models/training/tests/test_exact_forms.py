"""The forms of our own answer as scikit-learn does, where skl2onnx's do not."""

import time
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pandas as pd
import pytest
from lightgbm import LGBMClassifier
from skl2onnx import to_onnx
from skl2onnx.common.data_types import DoubleTensorType
from sklearn.base import BaseEstimator
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import KBinsDiscretizer, QuantileTransformer, StandardScaler

from bundle_checks import as_customers, check_bundle, run
from churn_bundle import export_bundle, own_forms
from churn_bundle.conversion import TARGET_OPSET
from synthetic_data import FEATURES, LABEL, make_customers


def answers(transformer: BaseEstimator, values: np.ndarray) -> np.ndarray:
    """Runs the form of a fitted transformer in float64."""
    own_forms.register()
    own_forms.use_own_forms([transformer])
    types = [("x", DoubleTensorType([None, values.shape[1]]))]
    graph = to_onnx(transformer, initial_types=types, target_opset=TARGET_OPSET)
    session = onnxruntime.InferenceSession(
        graph.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    return session.run(None, {"x": values})[0]


@pytest.fixture(scope="module")
def values() -> np.ndarray:
    """A spread column, one of few values, and one of a single value."""
    random = np.random.default_rng(4)
    return np.column_stack(
        [random.lognormal(0, 3, 900), random.integers(0, 4, 900), np.full(900, 7.0)]
    )


def around(values: np.ndarray) -> np.ndarray:
    """Gives the values, their neighbours among float64, what lies outside, and a missing one."""
    far = np.array([[-1e300] * 3, [1e300] * 3, [np.nan] * 3])
    near = [np.nextafter(values, end) for end in (-np.inf, np.inf)]
    return np.vstack([values, *near, values + 5e-8, values - 5e-8, far])


@pytest.mark.parametrize("distribution", ["uniform", "normal"])
@pytest.mark.parametrize("count", [2, 10, 900])
def test_quantiles(distribution: str, count: int, values: np.ndarray) -> None:
    model = QuantileTransformer(n_quantiles=count, output_distribution=distribution).fit(values)
    asked = around(values)
    expected = model.transform(asked)
    np.testing.assert_allclose(answers(model, asked), expected, rtol=1e-9, atol=1e-9)


@pytest.mark.filterwarnings("ignore:Feature 2 is constant:UserWarning")
@pytest.mark.filterwarnings("ignore:Bins whose width are too small:UserWarning")
@pytest.mark.parametrize("encode", ["onehot", "onehot-dense", "ordinal"])
@pytest.mark.parametrize("strategy", ["uniform", "quantile", "kmeans"])
def test_bins(encode: str, strategy: str, values: np.ndarray) -> None:
    more = {"quantile_method": "linear"} if strategy == "quantile" else {}
    model = KBinsDiscretizer(5, encode=encode, strategy=strategy, **more).fit(values)
    asked = around(values)[:-1]  # Missing values are refused.
    expected = model.transform(asked)
    dense = expected.toarray() if hasattr(expected, "toarray") else expected
    np.testing.assert_array_equal(answers(model, asked), dense)


def test_quantiles_are_exported_in_seconds(tmp_path: Path, customers: pd.DataFrame) -> None:
    model: Any = make_pipeline(QuantileTransformer(n_quantiles=1000), LogisticRegression())
    model.fit(customers[FEATURES], customers[LABEL])
    started = time.monotonic()
    export_bundle(model, customers, tmp_path / "quantiles.onnx", "1.0.0")
    assert time.monotonic() - started < 60  # skl2onnx's own form takes minutes to make.


ISOTONIC = {
    "linear": (lambda: make_pipeline(StandardScaler(), LogisticRegression()), 1e-9),
    "forest": (lambda: RandomForestClassifier(40, min_samples_leaf=9, random_state=0), 1e-6),
    "boosting": (lambda: GradientBoostingClassifier(n_estimators=40, random_state=0), 1e-6),
    "LightGBM": (lambda: LGBMClassifier(n_estimators=40, verbose=-1), 1e-6),
}


@pytest.mark.parametrize("case", ISOTONIC)
def test_isotonic_calibration_of_many_customers(case: str, tmp_path: Path) -> None:
    """A curve of many steps, which scores in float32 would cross."""
    make, tolerance = ISOTONIC[case]
    table, unseen = make_customers(7000, seed=1), make_customers(5000, seed=2)
    model = CalibratedClassifierCV(make(), method="isotonic", cv=2)
    model.fit(table[FEATURES], table[LABEL])
    onnx_file = tmp_path / "isotonic.onnx"
    export_bundle(model, table, onnx_file, "1.0.0", explanations=False)
    check_bundle(onnx_file)
    expected = model.predict_proba(unseen[FEATURES])[:, 1]
    served = run(onnx_file, as_customers(unseen[FEATURES]))
    np.testing.assert_allclose(served, expected, rtol=0, atol=tolerance)
