"""Takes who churned from a CSV file into the table ``outcomes``, or says which line is wrong."""

from pathlib import Path
from typing import NamedTuple

import duckdb
import pandas as pd

from churn_bundle.errors import ReportError
from churn_bundle.report.outcomes_file import open_outcomes

CHURNED = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
MAX_ROW = 2**31

TABLE = """CREATE TABLE outcomes (
    line BIGINT, key VARCHAR, batch_row BIGINT, churned BOOLEAN, observed_at TIMESTAMP)"""

CONTRADICTION = """SELECT
    any_value(key), min(line) FILTER (churned) AS churned, min(line) FILTER (NOT churned) AS stayed
    FROM outcomes GROUP BY key, batch_row, observed_at
    HAVING count(DISTINCT churned) > 1 ORDER BY churned LIMIT 1"""


class OutcomesSummary(NamedTuple):
    """What was read of the outcomes.

    Attributes:
        name: of the file.
        rows: in it.
        key: "request_id" or "customer_id", by which they are joined to scores.
        with_time: rows that say when the outcome was observed.
        ignored: columns that were not used.
    """

    name: str
    rows: int
    key: str
    with_time: int
    ignored: list[str]


def read_outcomes(connection: duckdb.DuckDBPyConnection, path: Path) -> OutcomesSummary:
    """Reads a CSV file of outcomes.

    A file that has both request_id and customer_id is joined by request_id.

    Raises:
        ReportError: on the first row that is wrong, with its line and column.
    """
    connection.execute(TABLE)
    rows = with_time = 0
    with open_outcomes(path) as file:
        key = "request_id" if "request_id" in file.header else "customer_id"
        for texts in file.chunks():
            outcomes = checked(texts, key, path)
            connection.register("chunk", outcomes)
            connection.execute("INSERT INTO outcomes BY NAME SELECT * FROM chunk")
            connection.unregister("chunk")
            rows += len(outcomes)
            with_time += int(outcomes["observed_at"].notna().sum())
        used = {key, "churned", "observed_at", *(["row"] if key == "request_id" else [])}
        ignored = [name for name in file.header if name not in used]
    if not rows:
        raise ReportError(f"{path} has a header but no rows: write a row for each known outcome")
    check_contradictions(connection, path)
    return OutcomesSummary(path.name, rows, key, with_time, ignored)


def checked(texts: pd.DataFrame, key: str, path: Path) -> pd.DataFrame:
    """Gives texts their types."""
    table = pd.DataFrame({"line": texts["line"], "key": texts[key]})
    refuse(texts, key, table["key"] == "", path, f"no {key}", "leave the row out or fill it in")

    churned = texts["churned"].str.lower().map(CHURNED)
    refuse(
        texts,
        "churned",
        churned.isna(),
        path,
        "{value!r}",
        "write 1 or 0 (or true, false, yes, no)",
    )
    table["churned"] = churned.astype(bool)

    table["batch_row"] = 0
    if key == "request_id" and "row" in texts:
        row = pd.to_numeric(texts["row"].replace("", "0"), errors="coerce")
        wrong = ~(row.between(0, MAX_ROW) & (row % 1 == 0))
        refuse(texts, "row", wrong, path, "{value!r}", "write the place in the batch, from 0")
        table["batch_row"] = row.astype("int64")

    table["observed_at"] = pd.NaT
    if "observed_at" in texts:
        time = pd.to_datetime(texts["observed_at"], errors="coerce", format="ISO8601", utc=True)
        wrong = time.isna() & (texts["observed_at"] != "")
        refuse(
            texts,
            "observed_at",
            wrong,
            path,
            "{value!r}",
            "write 2026-11-30 or 2026-11-30T15:00:00Z",
        )
        table["observed_at"] = time.dt.tz_localize(None).astype("datetime64[us]")
    return table


def refuse(
    texts: pd.DataFrame, column: str, wrong: pd.Series, path: Path, what: str, way_out: str
) -> None:
    """Refuses the first wrong value of a column."""
    if wrong.any():
        first = texts[wrong].iloc[0]
        said = what.format(value=first[column][:80])
        raise ReportError(f"line {first['line']} of {path}, column {column}: {said}; {way_out}")


def check_contradictions(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Refuses a file that says both of one customer, of the same time."""
    contradiction = connection.execute(CONTRADICTION).fetchone()
    if contradiction:
        key, churned, stayed = contradiction
        raise ReportError(
            f"lines {churned} and {stayed} of {path}, column churned: {key} churned and did not; "
            "keep the right one, or state in observed_at when each was observed"
        )
