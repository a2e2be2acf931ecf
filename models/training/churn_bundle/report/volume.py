"""How many scores there were, by day and by week."""

from datetime import date
from typing import NamedTuple

import duckdb

# More days than this are told by week.
MOST_DAYS = 42

PERIODS = """SELECT {period} AS start, count(*) AS scores, count(judged.position) AS outcomes,
    count(DISTINCT id) AS customers, avg(probability) AS mean_probability,
    avg(prediction::INTEGER) AS marked
    FROM scores LEFT JOIN judged USING (position) GROUP BY start ORDER BY start"""


class Period(NamedTuple):
    """A day or a week.

    Attributes:
        start: its day, or its Monday; UTC.
        scores: that the service gave.
        outcomes: that are known of them.
        customers: that were scored, as far as the log says who they were.
        mean_probability: of the scores.
        marked: share of the scores that the service called churn.
    """

    start: date
    scores: int
    outcomes: int
    customers: int
    mean_probability: float
    marked: float


def volume_by_week(connection: duckdb.DuckDBPyConnection) -> list[Period]:
    """Counts scores and outcomes by the week of the score."""
    rows = connection.execute(PERIODS.format(period="week")).fetchall()
    return [Period(*row) for row in rows]


def volume_by_day(connection: duckdb.DuckDBPyConnection) -> list[Period]:
    """Counts scores and outcomes by the day of the score; nothing if there are too many days."""
    rows = connection.execute(PERIODS.format(period="time::DATE")).fetchall()
    return [Period(*row) for row in rows] if len(rows) <= MOST_DAYS else []
