"""Exports a fitted binary classifier as a bundle that the service can prove and serve.

    python models/training/export_model.py --model churn.joblib --reference reference.csv \
        --output models/churn_model.onnx --model-version 1.0.0

A bundle is the ONNX file, ``<name>.manifest.json`` and ``model_version.txt`` beside it. Nothing is
written unless the ONNX file, run by ONNX Runtime, answers as the source model's predict_proba.
"""

import argparse
import hashlib
import json
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any, NamedTuple

import joblib
import numpy as np
import onnxruntime
import pandas as pd
from onnx import ModelProto
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import NotFittedError
from sklearn.pipeline import Pipeline
from sklearn.utils.validation import check_is_fitted

import manifest
from conversion import FALLBACKS, FLOAT32, Precision, convert, open_session, predict_onnx
from errors import ExportError

# float32 arithmetic leaves about 2e-7; a tree's flipped branch moves far more than this.
TOLERANCE = 1e-5
# Of the reference rows. Golden rows may not differ at all: the service would refuse the bundle.
MAX_DIFFERING_FRACTION = 0.001
MAX_ROWS_SHOWN = 10


class Thresholds(NamedTuple):
    """Least probabilities for the label 1 and for the risk tiers MEDIUM and HIGH."""

    decision: float = 0.5
    medium: float = 0.4
    high: float = 0.7


DEFAULT_THRESHOLDS = Thresholds()


class Attempt(NamedTuple):
    """A converted model and how far it is from its source on the reference rows."""

    precision: Precision
    graph: ModelProto
    session: onnxruntime.InferenceSession
    differences: np.ndarray

    @property
    def agrees(self) -> np.ndarray:
        """Which reference rows agree within the tolerance; NaN never does."""
        return self.differences <= TOLERANCE


def load_model(path: Path) -> ClassifierMixin:
    """Unpickles a model. A pickle can run any code: load none that you would not run."""
    if not path.is_file():
        raise ExportError(f"no model file at {path}")
    try:
        return joblib.load(path)
    except Exception as error:
        raise ExportError(f"cannot unpickle {path}: {first_line(error)}") from error


def load_table(path: Path) -> pd.DataFrame:
    """Reads a CSV file with a header."""
    if not path.is_file():
        raise ExportError(f"no reference data at {path}")
    try:
        return pd.read_csv(path)
    except ValueError as error:
        raise ExportError(f"cannot read {path}: {first_line(error)}") from error


def load_json_object(path: Path) -> dict[str, Any]:
    """Reads a JSON file that holds an object."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ExportError(f"cannot read {path}: {first_line(error)}") from error
    if not isinstance(content, dict):
        raise ExportError(f"{path} must hold a JSON object")
    return content


def check_model(model: ClassifierMixin) -> None:
    """Checks that a model is a fitted classifier of the classes 0 and 1."""
    kind = type(model).__name__
    if not isinstance(model, BaseEstimator):
        raise ExportError(f"{kind} is not a scikit-learn classifier or Pipeline")
    try:
        check_is_fitted(model)
    except NotFittedError as error:
        raise ExportError(f"{kind} is not fitted: call fit before saving it") from error
    if not hasattr(model, "predict_proba"):
        raise ExportError(f"{kind} has no predict_proba: it cannot give probabilities")
    classes = np.asarray(model.classes_).tolist()
    if len(classes) != 2:
        raise ExportError(f"{kind} is not binary: it has {len(classes)} classes, {classes[:5]}")
    if classes != [0, 1]:
        raise ExportError(f"{kind}'s classes are {classes}: train it on the labels 0 and 1")


def model_features(model: ClassifierMixin) -> list[str] | None:
    """Gives the names that a model was fitted with, None if it saw an array without names."""
    names = [str(name) for name in getattr(model, "feature_names_in_", [])]
    unnamed_in_lightgbm = [f"Column_{index}" for index in range(len(names))]
    return None if names == unnamed_in_lightgbm else names


def select_features(model: ClassifierMixin, table: pd.DataFrame) -> pd.DataFrame:
    """Picks the model's features from the reference data, in the model's order.

    A model fitted on names takes its columns by name and leaves out others, such as the label.
    One fitted on an array takes all columns, in the order of the CSV file.

    Raises:
        ExportError: on missing columns or a wrong number of them, text, a missing value or an
            infinity, or on too few rows for the golden ones.
    """
    features = model_features(model) or list(table.columns)
    missing = [name for name in features if name not in table.columns]
    if missing:
        raise ExportError(f"the reference data lacks the model's columns {', '.join(missing)}")
    fitted_on = getattr(model, "n_features_in_", len(features))
    if len(features) != fitted_on:
        raise ExportError(
            f"the model was fitted on {fitted_on} unnamed columns, the reference data has "
            f"{len(features)}: {', '.join(features)}"
        )
    rows = table[features]
    for name, values in rows.items():
        if not pd.api.types.is_numeric_dtype(values):
            raise ExportError(f"the reference column {name} is not numeric")
        if not np.isfinite(values).all():
            raise ExportError(f"the reference column {name} has missing or infinite values")
    if len(rows) < manifest.GOLDEN_REFERENCE_ROWS:
        raise ExportError(
            f"the reference data has {len(rows)} rows; "
            f"at least {manifest.GOLDEN_REFERENCE_ROWS} are needed"
        )
    return rows


def check_bounds(bounds: dict[str, Any], features: list[str]) -> None:
    """Checks that bounds map features to pairs of a least and a greatest value."""
    for name, pair in bounds.items():
        if name not in features:
            raise ExportError(f"bounds are given for {name}, which is no feature of the model")
        try:
            low, high = (value + 0.0 for value in pair)
        except (TypeError, ValueError) as error:
            raise ExportError(f"the bounds of {name} must be two numbers") from error
        if not low <= high:
            raise ExportError(f"the bounds of {name} are not in order: {low} and {high}")


def check_metrics(metrics: dict[str, Any]) -> None:
    """Checks that metrics map names to finite numbers."""
    for name, value in metrics.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not np.isfinite(value):
            raise ExportError(f"the metric {name} is not a finite number")


def predict_source(model: ClassifierMixin, rows: pd.DataFrame) -> np.ndarray:
    """Asks the source model for the probabilities of class 1, float64 [N]."""
    rows = rows.astype(np.float64)
    try:
        probabilities = model.predict_proba(rows if model_features(model) else rows.to_numpy())
    except Exception as error:
        raise ExportError(f"the model cannot score the rows: {first_line(error)}") from error
    return probabilities[:, 1].astype(np.float64)


def attempt(
    model: ClassifierMixin, rows: pd.DataFrame, expected: np.ndarray, precision: Precision
) -> Attempt:
    """Converts a model and compares it with its source on ``rows``."""
    try:
        graph = convert(model, list(rows.columns), precision)
        session = open_session(graph)
        differences = np.abs(predict_onnx(session, rows) - expected)
    except Exception as error:
        raise ExportError(
            f"{type(model).__name__} cannot be converted: {first_line(error)}"
        ) from error
    return Attempt(precision, graph, session, differences)


def convert_closest(model: ClassifierMixin, rows: pd.DataFrame, expected: np.ndarray) -> Attempt:
    """Converts with float32 inputs, or, where those disagree, in the closest precision."""
    best = attempt(model, rows, expected, FLOAT32)
    for precision in FALLBACKS:
        if best.agrees.all():
            break
        if precision.cast_before_classifier and not isinstance(model, Pipeline):
            continue
        try:
            other = attempt(model, rows, expected, precision)
        except ExportError:
            continue  # Not every converter knows float64; the best so far stands.
        if other.agrees.sum() > best.agrees.sum():
            best = other
    return best


def report_differences(best: Attempt, rows: pd.DataFrame) -> None:
    """Prints the reference rows that differ, the worst first; raises if they are too many."""
    differing = np.flatnonzero(~best.agrees)
    worst_first = differing[np.argsort(-best.differences[differing])]
    for index in worst_first[:MAX_ROWS_SHOWN]:
        values = rows.iloc[index].to_dict()
        print(f"row {index} differs by {best.differences[index]:.3g}: {values}", file=sys.stderr)
    print(
        f"{best.precision.label}: {len(differing)} of {len(rows)} reference rows differ by more "
        f"than {TOLERANCE:g}; the greatest difference is {best.differences.max():.3g}"
    )
    if len(differing) > MAX_DIFFERING_FRACTION * len(rows):
        raise ExportError(
            f"{len(differing)} of {len(rows)} reference rows differ from the source model, more "
            f"than {MAX_DIFFERING_FRACTION:.1%}"
        )


def export_bundle(
    model: ClassifierMixin,
    table: pd.DataFrame,
    output: Path,
    version: str,
    metrics: dict[str, float],
    bounds: dict[str, tuple[float, float]],
    thresholds: Thresholds = DEFAULT_THRESHOLDS,
) -> None:
    """Converts a model, proves it against its source and writes the bundle.

    Args:
        model: fitted classifier or Pipeline with the classes 0 and 1, or a search that found one.
        table: reference data, at least 64 rows; see ``select_features``.
        output: path of the ONNX file; its stem is the model's name.
        version: of the model.
        metrics: measured on held-out data.
        bounds: least and greatest value that the service accepts, for the golden rows.
        thresholds: for the decision and the tiers.

    Raises:
        ExportError: if there is nothing to export or the export does not answer as its source.
            The files of an earlier bundle are then as they were.
    """
    model = getattr(model, "best_estimator_", model)  # What a GridSearchCV and its like found.
    check_model(model)
    rows = select_features(model, table)
    check_bounds(bounds, list(rows.columns))
    check_metrics(metrics)

    expected = predict_source(model, rows)
    best = convert_closest(model, rows, expected)
    report_differences(best, rows)

    golden = pd.concat(
        [
            manifest.corner_rows(rows, bounds),
            manifest.spread_rows(rows[best.agrees], expected[best.agrees]),
        ]
    )
    golden_expected = predict_source(model, golden)
    golden_differences = np.abs(predict_onnx(best.session, golden) - golden_expected)
    if not (golden_differences <= TOLERANCE).all():
        worst = int(np.argmax(golden_differences))  # The first NaN, if there is one.
        raise ExportError(
            f"the golden row {golden.iloc[worst].to_dict()} differs by "
            f"{golden_differences[worst]:.3g} from the source model"
        )

    onnx_bytes = best.graph.SerializeToString()
    output_tensor = next(o for o in best.session.get_outputs() if o.name == "probabilities")
    content = {
        "format_version": 1,
        "name": output.stem,
        "version": version,
        "created_at": manifest.created_at(),
        "framework": manifest.describe_framework(model),
        "sha256": hashlib.sha256(onnx_bytes).hexdigest(),
        "features": [manifest.describe_feature(values) for _, values in rows.items()],
        "inputs": [manifest.describe_tensor(tensor) for tensor in best.session.get_inputs()],
        "output": manifest.describe_tensor(output_tensor),
        "thresholds": thresholds._asdict(),
        "tolerance": TOLERANCE,
        "metrics": metrics,
        "reference": {
            "rows": len(rows),
            "probability_histogram": manifest.histogram(expected, np.linspace(0, 1, 21)),
        },
        "golden_rows": manifest.describe_golden_rows(golden, golden_expected),
    }
    files = {
        output.name: onnx_bytes,
        f"{output.stem}.manifest.json": (json.dumps(content, indent=2) + "\n").encode(),
        "model_version.txt": f"{version}\n".encode(),
    }
    write_files(output.parent, files)
    print(f"wrote {', '.join(str(output.parent / name) for name in files)}")


def write_files(folder: Path, files: dict[str, bytes]) -> None:
    """Writes all files beside their destination, then renames each into place."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".export-") as staging:
            for name, content in files.items():
                (Path(staging) / name).write_bytes(content)
            for name in files:
                (Path(staging) / name).replace(folder / name)
    except OSError as error:
        raise ExportError(f"cannot write to {folder}: {first_line(error)}") from error


def first_line(error: Exception) -> str:
    """Gives the first line of an error's text, at most 300 characters."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0][:300]


def parse_arguments(arguments: list[str] | None) -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(
        description="Export a fitted binary classifier as a bundle that the service can serve."
    )
    parser.add_argument("--model", type=Path, required=True, help="pickle or joblib file")
    parser.add_argument(
        "--reference", type=Path, required=True, help="CSV file with the model's features"
    )
    parser.add_argument(
        "--output", type=Path, required=True, help="ONNX file to write; its name names the model"
    )
    parser.add_argument("--model-version", required=True, help="for example 1.0.0")
    parser.add_argument("--metrics", type=Path, help="JSON object of numbers from held-out data")
    parser.add_argument(
        "--bounds", type=Path, help="JSON object, feature to [least, greatest] that the API takes"
    )
    parser.add_argument(
        "--thresholds",
        type=float,
        nargs=3,
        default=DEFAULT_THRESHOLDS,
        metavar=("DECISION", "MEDIUM", "HIGH"),
        help="least probabilities for churn and the tiers (default: 0.5 0.4 0.7)",
    )
    options = parser.parse_args(arguments)
    decision, medium, high = options.thresholds
    if not (0 <= decision <= 1 and 0 <= medium <= high <= 1):
        parser.error("thresholds lie in 0..1, and MEDIUM is not above HIGH")
    if options.output.suffix != ".onnx":
        parser.error("the output's name ends in .onnx")
    if not options.model_version.strip():
        parser.error("the model version is empty")
    return options


def main(arguments: list[str] | None = None) -> int:
    """Runs the command line; returns the exit code."""
    # LightGBM warns about names that scikit-learn's own transformers drop.
    warnings.filterwarnings("ignore", message="X does not have valid feature names")
    options = parse_arguments(arguments)
    try:
        export_bundle(
            model=load_model(options.model),
            table=load_table(options.reference),
            output=options.output,
            version=options.model_version.strip(),
            metrics=load_json_object(options.metrics) if options.metrics else {},
            bounds=load_json_object(options.bounds) if options.bounds else {},
            thresholds=Thresholds(*options.thresholds),
        )
    except ExportError as error:
        print(f"export failed: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
