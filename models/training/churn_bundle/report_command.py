"""The command ``churn-bundle report``."""

import argparse
import sys
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from churn_bundle.errors import ReportError
from churn_bundle.files import write_files
from churn_bundle.progress import notice_if_slow

# Who only exports does not need these.
PACKAGES = ("duckdb", "jinja2", "matplotlib")


def add_report(commands: argparse._SubParsersAction) -> None:
    """Describes the command line."""
    add = commands.add_parser(
        "report",
        help="report on a served model's performance and drift",
        description="Read the service's prediction log, and outcomes if they are known, and write "
        "one HTML page on performance, calibration, lift, drift and volume.",
    ).add_argument
    add(
        "--log",
        type=Path,
        nargs="+",
        required=True,
        metavar="FOLDER_OR_FILE",
        help="the service's PREDICTION_LOG_PATH, or files in it",
    )
    add(
        "--outcomes",
        type=Path,
        help="CSV file: request_id (and row) or customer_id, churned, and observed_at if known",
    )
    add("--bundle", type=Path, help="manifest of the model, to compare with its training data")
    add("--out", type=Path, required=True, help="HTML file to write")


def require_packages() -> None:
    """Checks that the packages are there before anything is read."""
    for package in PACKAGES:
        try:
            import_module(package)
        except ImportError as error:
            raise ReportError(
                f"reports need the package {package}: pip install 'churn-bundle[report]'"
            ) from error


def run_report(options: argparse.Namespace) -> None:
    """Reports as the command line says."""
    require_packages()
    from churn_bundle.report.contents import gather
    from churn_bundle.report.page import render
    from churn_bundle.report.prediction_log import describe_faults
    from churn_bundle.report.words import plural

    with notice_if_slow("reading and measuring", "a million rows take up to a minute"):
        contents = gather(options.log, options.outcomes, options.bundle, datetime.now(UTC))
    log, join = contents.log, contents.join
    print(
        f"read {log.scores:,} {plural('score', log.scores)} from {log.files:,} "
        f"{plural('file', log.files)}"
    )
    if log.faulty:
        print(
            "note: lines of the log cannot be read and are left out: "
            f"{describe_faults(log.faulty)}",
            file=sys.stderr,
        )
    if contents.outcomes and join:
        print(
            f"joined {join.judged:,} of {contents.outcomes.rows:,} outcomes by "
            f"{contents.outcomes.key}; belong to no score: {join.unmatched:,}"
        )
        if not join.judged:
            print(
                f"note: no outcome belongs to a score: does {contents.outcomes.key} say the same "
                "as in the log?",
                file=sys.stderr,
            )
    write_files(options.out.parent, {options.out.name: render(contents).encode()})
    print(f"wrote {options.out}")
