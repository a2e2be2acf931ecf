"""The command ``churn-bundle``.

churn-bundle export --model churn.joblib --reference reference.csv \
        --output models/churn_model.onnx --model-version 1.0.0
"""

import argparse
import sys
import warnings
from pathlib import Path

from sklearn.exceptions import InconsistentVersionWarning

from churn_bundle.errors import ExportError, ReportError
from churn_bundle.export import export_bundle
from churn_bundle.feature_options import Options
from churn_bundle.limits import TOLERANCE, Limits
from churn_bundle.options_file import load_list, load_mapping
from churn_bundle.pickle_versions import version_hint, with_version_hint
from churn_bundle.reference import load_reference
from churn_bundle.report_command import add_report, run_report
from churn_bundle.source_model import load_model
from churn_bundle.thresholds import check_thresholds
from churn_bundle.wrap_command import add_wrap, run_wrap


def make_parser() -> argparse.ArgumentParser:
    """Describes the command line."""
    parser = argparse.ArgumentParser(prog="churn-bundle", description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    add_wrap(commands)
    add_report(commands)
    export = commands.add_parser(
        "export",
        help="export a fitted binary classifier as a bundle",
        description="Export a fitted binary classifier as a bundle that the service can serve.",
    )
    add = export.add_argument
    add("--model", type=Path, required=True, help="pickle or joblib file")
    add("--reference", type=Path, required=True, help="CSV or Parquet file with its features")
    add("--output", type=Path, required=True, help="ONNX file to write; its name names the model")
    add("--model-version", required=True, help="for example 1.0.0")
    add("--features", type=Path, help="YAML or JSON file: what the API accepts, by feature")
    add("--examples", type=Path, help="YAML or JSON file: list of customers for the API's docs")
    add("--metrics", type=Path, help="YAML or JSON file: numbers from held-out data, by name")
    add("--outcome", help="column that says who churned, for the calibration")
    add(
        "--held-out",
        type=Path,
        help="CSV or Parquet file with features and outcome, not trained on",
    )
    add("--no-explanations", action="store_true", help="the service is not to explain")
    add("--positive-class", help="the label that means churn (default: 1, True or Yes)")
    add(
        "--thresholds",
        type=float,
        nargs=3,
        metavar=("DECISION", "MEDIUM", "HIGH"),
        help="least probabilities for churn and the tiers (default: the model's own decision "
        "threshold or 0.5, 0.4, 0.7)",
    )
    add("--tolerance", type=float, default=TOLERANCE, help="greatest difference (default: 1e-5)")
    add("--tolerance-reason", help="why the tolerance is another, for the manifest")
    add("--accept", type=float, default=0, metavar="SHARE", help="of rows that may differ by more")
    add("--accept-reason", help="why they may, for the manifest")
    return parser


def parse_arguments(arguments: list[str] | None) -> argparse.Namespace:
    """Reads the command line."""
    parser = make_parser()
    options = parser.parse_args(arguments)
    if options.command == "report":
        if options.out.suffix != ".html":
            parser.error("the report's name ends in .html")
        return options
    if options.thresholds is not None:
        try:
            check_thresholds(tuple(options.thresholds))
        except ExportError as error:
            parser.error(str(error))
    if options.output.suffix != ".onnx":
        parser.error("the output's name ends in .onnx")
    if not options.model_version.strip():
        parser.error("the model version is empty")
    return options


def stated_texts(features: Options) -> tuple[str, ...]:
    """Gives the columns that the features file states as categories, to read them as texts."""
    return tuple(
        name
        for name, stated in features.items()
        if isinstance(stated, dict) and stated.get("type") == "category"
    )


def main(arguments: list[str] | None = None) -> int:
    """Runs the command line; returns the exit code."""
    # LightGBM warns about names that scikit-learn's own transformers drop.
    warnings.filterwarnings("ignore", message="X does not have valid feature names")
    warnings.simplefilter("ignore", InconsistentVersionWarning)  # Its own line says it better.
    options = parse_arguments(arguments)
    if options.command == "report":
        return report(options)
    is_wrap = options.command == "wrap"
    try:
        model = None if is_wrap else load_model(options.model)
        features = load_mapping(options.features) if options.features else {}
        texts = stated_texts(features)
        if is_wrap:
            run_wrap(options, texts, features)
            return 0
        export_bundle(
            model=model,
            reference=load_reference(options.reference, texts),
            output=options.output,
            version=options.model_version.strip(),
            features=features,
            metrics=load_mapping(options.metrics) if options.metrics else {},
            thresholds=tuple(options.thresholds) if options.thresholds else None,
            positive_class=options.positive_class,
            examples=load_list(options.examples) if options.examples else None,
            explanations=not options.no_explanations,
            outcome=options.outcome,
            held_out=load_reference(options.held_out, texts) if options.held_out else None,
            limits=Limits(
                options.tolerance, options.tolerance_reason, options.accept, options.accept_reason
            ),
        )
    except ExportError as error:
        words = error if is_wrap else with_version_hint(error, options.model)
        print(f"{options.command} failed: {words}", file=sys.stderr)
        return 1
    if hint := version_hint(options.model):
        print(f"note: the graph was proven, but {hint}", file=sys.stderr)
    return 0


def report(options: argparse.Namespace) -> int:
    """Runs the command report; returns the exit code."""
    try:
        run_report(options)
    except (ReportError, ExportError) as error:
        print(f"report failed: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
