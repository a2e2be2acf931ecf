"""Reads a prediction log into the table ``scores``, and counts what cannot be read."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb

from churn_bundle.errors import ReportError, first_line
from churn_bundle.report.log_files import ends_in_half_a_line, log_files
from churn_bundle.report.workspace import one_row

# Longer lines cannot come from the service, and DuckDB holds some buffers of this size.
MAX_LINE_BYTES = 4 * 1024 * 1024

ATTEMPTS = 3

MODEL = "STRUCT(model_version VARCHAR, model_sha256 VARCHAR, probability DOUBLE)"
COLUMNS = {
    "time": "VARCHAR",
    "request_id": "VARCHAR",
    # As a text, to tell a wrong number from none.
    "row": "VARCHAR",
    "id": "VARCHAR",
    "model_version": "VARCHAR",
    "model_sha256": "VARCHAR",
    "features": "JSON",
    "probability": "DOUBLE",
    "prediction": "BOOLEAN",
    "risk_tier": "VARCHAR",
    "shadow": MODEL,
}

NOT_JSON = "not a JSON object"
# What is wrong with a line, the first that applies.
FAULT = f"""CASE
    WHEN coalesce("time", request_id, model_version, probability::VARCHAR) IS NULL
        THEN '{NOT_JSON}'
    WHEN try_cast("time" AS TIMESTAMP) IS NULL THEN 'without a valid time'
    WHEN request_id IS NULL THEN 'without a request_id'
    WHEN "row" IS NOT NULL AND try_cast("row" AS UINTEGER) IS NULL THEN 'without a valid row'
    WHEN model_version IS NULL THEN 'without a model_version'
    WHEN probability IS NULL OR NOT probability BETWEEN 0 AND 1
        THEN 'without a probability from 0 to 1'
    WHEN prediction IS NULL THEN 'without a prediction'
END"""

# The position makes "the last score" unique where two have the same time.
SCORES = """CREATE VIEW scores AS SELECT
    lines.rowid AS position, "time"::TIMESTAMP AS time, request_id,
    coalesce("row"::BIGINT, 0) AS batch_row, id, model_version, model_sha256, probability,
    prediction, risk_tier, features,
    CASE WHEN shadow.probability BETWEEN 0 AND 1 THEN shadow END AS shadow,
    date_trunc('week', "time"::TIMESTAMP)::DATE AS week
    FROM lines WHERE fault IS NULL"""


@dataclass
class FaultyFile:
    """A file some of whose lines cannot be read.

    Attributes:
        name: of the file.
        lines: that cannot be read, by what is wrong with them.
        has_half_line: whether the last line breaks off, as it does when the process is killed.
    """

    name: str
    lines: dict[str, int]
    has_half_line: bool


@dataclass
class LogSummary:
    """What was read of the log.

    Attributes:
        files: number of files.
        scores: number of valid lines.
        first: time of the earliest score, UTC.
        last: time of the latest score, UTC.
        without_id: scores that do not say which customer they are of.
        faulty: files with lines that cannot be read.
    """

    files: int
    scores: int
    first: datetime
    last: datetime
    without_id: int
    faulty: list[FaultyFile] = field(default_factory=list)

    @property
    def bad_lines(self) -> int:
        """Number of lines that cannot be read."""
        return sum(sum(file.lines.values()) for file in self.faulty)


def read_log(connection: duckdb.DuckDBPyConnection, paths: list[Path]) -> LogSummary:
    """Reads folders and files of a prediction log.

    Raises:
        ReportError: if there is no score, or a compressed file is damaged.
    """
    files = load_lines(connection, lambda: log_files(paths))
    if not one_row(connection, "SELECT count(*) FROM scores")[0]:
        faults = describe_faults(faulty_files(connection)) or "all files are empty"
        raise ReportError(f"the log {', '.join(map(str, paths))} has no score: {faults}")
    count, first, last, without_id = one_row(
        connection, "SELECT count(*), min(time), max(time), count(*) - count(id) FROM scores"
    )
    return LogSummary(files, count, first, last, without_id, faulty_files(connection))


def load_lines(connection: duckdb.DuckDBPyConnection, find: Callable[[], list[Path]]) -> int:
    """Makes the table of all lines, and the view of the valid ones; gives the number of files.

    A running service renames and compresses its files. If one is gone before it was read, they are
    looked for again.
    """
    for _ in range(ATTEMPTS):
        files = find()
        try:
            load_files(connection, files)
            connection.execute(SCORES)
            return len(files)
        except (duckdb.InvalidInputException, duckdb.IOException) as error:
            if all(file.exists() for file in files):
                raise ReportError(
                    f"cannot read the log: {first_line(error)}. Mend or leave out that file"
                ) from error
    raise ReportError(
        "the files of the log are renamed all the time: name the compressed ones (*.ndjson.gz)"
    )


def load_files(connection: duckdb.DuckDBPyConnection, files: list[Path]) -> None:
    """Reads all files into the table ``lines``; a line that cannot be read has a fault."""
    read = connection.read_json(
        [str(file) for file in files],
        columns=COLUMNS,
        format="newline_delimited",
        ignore_errors=True,
        filename=True,
        maximum_object_size=MAX_LINE_BYTES,
    )
    read.create_view("read_lines", replace=True)
    connection.execute(f"CREATE TABLE lines AS SELECT *, {FAULT} AS fault FROM read_lines")


def faulty_files(connection: duckdb.DuckDBPyConnection) -> list[FaultyFile]:
    """Counts the lines that cannot be read, by file and fault."""
    counts = connection.execute(
        "SELECT filename, fault, count(*) FROM lines WHERE fault IS NOT NULL "
        "GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    found: dict[str, FaultyFile] = {}
    for name, fault, count in counts:
        file = found.setdefault(name, FaultyFile(Path(name).name, {}, False))
        file.lines[fault] = count
        file.has_half_line = NOT_JSON in file.lines and ends_in_half_a_line(Path(name))
    return list(found.values())


def describe_faults(faulty: list[FaultyFile]) -> str:
    """Says in one line what cannot be read."""
    parts = []
    for file in faulty:
        counts = [f"{count:,} {fault}" for fault, count in file.lines.items()]
        half = " (one is the unfinished last line)" if file.has_half_line else ""
        parts.append(f"{file.name}: {', '.join(counts)}{half}")
    return "; ".join(parts)
