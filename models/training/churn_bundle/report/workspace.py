"""A DuckDB database on disk for the time of one report, so that memory does not bound the log."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from churn_bundle.errors import ReportError, first_line

# DuckDB spills to disk beyond this; reading, pandas and the plots need as much again.
MEMORY_LIMIT = "300MB"


@contextmanager
def open_workspace() -> Iterator[duckdb.DuckDBPyConnection]:
    """Opens an empty database in a temporary folder and deletes it at the end.

    Raises:
        ReportError: if DuckDB cannot do what the report needs, such as if the disk is full.
    """
    with tempfile.TemporaryDirectory(prefix="churn-report-") as folder:
        settings = {"memory_limit": MEMORY_LIMIT, "temp_directory": folder}
        try:
            with duckdb.connect(Path(folder) / "report.duckdb", config=settings) as connection:
                yield connection
        except duckdb.OutOfMemoryException as error:
            raise ReportError(
                f"the log is too large for {MEMORY_LIMIT} of memory ({first_line(error)}): report "
                "on fewer of its files"
            ) from error
        except duckdb.Error as error:
            raise ReportError(
                f"DuckDB cannot work in {folder}: {first_line(error)} (TMPDIR names another folder)"
            ) from error


def one_row(connection: duckdb.DuckDBPyConnection, query: str, *parameters: object) -> tuple:
    """Gives the only row of a query."""
    return connection.execute(query, parameters).fetchone()


def columns(connection: duckdb.DuckDBPyConnection, query: str) -> dict[str, Any]:
    """Gives the columns of a query as NumPy arrays."""
    return connection.execute(query).fetchnumpy()
