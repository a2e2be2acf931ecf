"""Reads the lines of a prediction log into a table, each with what is wrong with it."""

from collections.abc import Callable
from pathlib import Path

import duckdb

from churn_bundle.errors import ReportError, first_line

# Longer lines cannot come from the service, and DuckDB holds some buffers of this size.
MAX_LINE_BYTES = 4 * 1024 * 1024

ATTEMPTS = 3
# DuckDB keeps buffers for each file of a query.
FILES_AT_ONCE = 100

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
    for start in range(0, len(files), FILES_AT_ONCE):
        read = connection.read_json(
            [str(file) for file in files[start : start + FILES_AT_ONCE]],
            columns=COLUMNS,
            format="newline_delimited",
            ignore_errors=True,
            filename=True,
            maximum_object_size=MAX_LINE_BYTES,
        )
        read.create_view("read_lines", replace=True)
        into = "INSERT INTO lines" if start else "CREATE OR REPLACE TABLE lines AS"
        connection.execute(f"{into} SELECT *, {FAULT} AS fault FROM read_lines")
