"""The command ``churn-bundle wrap``."""

import argparse
from pathlib import Path

import numpy as np

from churn_bundle.errors import ExportError
from churn_bundle.limits import TOLERANCE, Limits
from churn_bundle.onnx_inputs import parse_mapping
from churn_bundle.options_file import load_list, load_mapping
from churn_bundle.reference import load_reference
from churn_bundle.thresholds import DEFAULT_THRESHOLDS
from churn_bundle.wrap import wrap_onnx


def add_wrap(commands: argparse._SubParsersAction) -> None:
    """Describes the command line."""
    add = commands.add_parser("wrap", help="make a bundle of an ONNX graph").add_argument
    add("--onnx", type=Path, required=True, help="ONNX file, its external data beside it")
    add("--reference", type=Path, required=True, help="CSV or Parquet file with its features")
    add("--probabilities", type=Path, required=True, help="file of one column: scores of the rows")
    add("--output", type=Path, required=True, help="ONNX file to write; its name names the model")
    add("--model-version", required=True, help="for example 1.0.0")
    add("--input", action="append", default=[], metavar="NAME=FEATURE,FEATURE")
    add("--logits", action="store_true", help="the graph gives logits, not probabilities")
    add("--missing-text", metavar="TEXT", help="what the graph takes for a missing text")
    add("--features", type=Path, help="YAML or JSON file: what the API accepts, by feature")
    add("--examples", type=Path, help="YAML or JSON file: list of customers for the API's docs")
    add("--metrics", type=Path, help="YAML or JSON file: numbers from held-out data, by name")
    add("--thresholds", type=float, nargs=3, metavar=("DECISION", "MEDIUM", "HIGH"))
    add("--tolerance", type=float, default=TOLERANCE, help="greatest difference (default: 1e-5)")
    add("--tolerance-reason", help="why the tolerance is another, for the manifest")


def run_wrap(options: argparse.Namespace, texts: tuple[str, ...], features: dict) -> None:
    """Wraps as the command line says."""
    scores = load_reference(options.probabilities)
    if scores.shape[1] != 1:
        raise ExportError(f"{options.probabilities} has {scores.shape[1]} columns; one is needed")
    try:
        probabilities = scores.iloc[:, 0].to_numpy(np.float64)
    except ValueError as error:
        raise ExportError(f"{options.probabilities} does not hold numbers only") from error
    wrap_onnx(
        options.onnx,
        load_reference(options.reference, texts),
        probabilities,
        options.output,
        options.model_version.strip(),
        features=features,
        mapping=parse_mapping(options.input),
        logits=options.logits,
        missing_text=options.missing_text,
        metrics=load_mapping(options.metrics) if options.metrics else {},
        thresholds=tuple(options.thresholds or DEFAULT_THRESHOLDS),
        examples=load_list(options.examples) if options.examples else None,
        limits=Limits(options.tolerance, options.tolerance_reason),
    )
