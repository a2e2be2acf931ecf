"""Writes prediction logs and outcomes such as the service and its users write."""

import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from churn_bundle.report.outcome_join import JoinSummary, join_outcomes
from churn_bundle.report.outcomes import read_outcomes
from churn_bundle.report.prediction_log import LogSummary, read_log
from churn_bundle.report.workspace import open_workspace

MONDAY = "2026-11-02T08:00:00.000Z"


def line(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """Gives a line of the log; None leaves a field out."""
    content = {
        "time": MONDAY,
        "request_id": "r-1",
        "row": 0,
        "caller": None,
        "model_version": "1.0.0",
        "model_sha256": "ab" * 32,
        "id": "C-1",
        "features": {"tenure_months": 12, "contract": "One year"},
        "probability": 0.7234123456,
        "prediction": True,
        "risk_tier": "HIGH",
        **changes,
    }
    return {name: value for name, value in content.items() if value is not None}


def text_of(*lines: dict[str, Any]) -> str:
    """Writes lines as the service does."""
    return "".join(json.dumps(each, separators=(",", ":")) + "\n" for each in lines)


def write_log(folder: Path, *lines: dict[str, Any], name: str = "predictions-1.ndjson") -> Path:
    """Writes a file of the log, compressed if its name ends in .gz."""
    folder.mkdir(parents=True, exist_ok=True)
    content = text_of(*lines).encode()
    (folder / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return folder


def weeks_of(
    rows: int, weeks: int, seed: int = 0, spread: float = 1.5
) -> tuple[list[dict[str, Any]], np.ndarray]:
    """Makes calibrated scores over some weeks from Monday 2 November 2026 on, and who churned."""
    random = np.random.default_rng(seed)
    logits = random.normal(-1, spread, rows)
    probabilities = 1 / (1 + np.exp(-logits))
    churned = random.random(rows) < probabilities
    start, seconds = pd.Timestamp("2026-11-02"), np.sort(random.uniform(0, weeks * 604800, rows))
    lines = [
        line(
            time=(start + pd.Timedelta(seconds=second)).isoformat(timespec="milliseconds") + "Z",
            request_id=f"r-{number}",
            id=f"C-{number}",
            probability=round(float(probability), 10),
            prediction=bool(probability >= 0.5),
            risk_tier=("LOW", "MEDIUM", "HIGH")[int(probability >= 0.4) + int(probability >= 0.7)],
        )
        for number, (second, probability) in enumerate(zip(seconds, probabilities, strict=True))
    ]
    return lines, churned


@contextmanager
def joined(
    folder: Path, outcomes: str
) -> Iterator[tuple[duckdb.DuckDBPyConnection, LogSummary, JoinSummary]]:
    """Joins a log with a CSV text, for as long as its tables are looked at."""
    file = folder / "outcomes.csv"
    file.write_text(outcomes, encoding="utf-8")
    with open_workspace() as connection:
        log = read_log(connection, [folder])
        key = read_outcomes(connection, file).key
        yield connection, log, join_outcomes(connection, key)


def judged(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, int, bool]]:
    """Gives the request, row and outcome of each score that has one."""
    return connection.execute(
        "SELECT request_id, batch_row, churned FROM judged JOIN scores USING (position) "
        "ORDER BY ALL"
    ).fetchall()
