"""Joins outcomes to scores: each outcome to at most one score, each score to at most one outcome.

An outcome belongs to the last score before it. If several outcomes belong to one score, such as if
a customer was asked about every month but scored once, the first of them counts.
"""

from typing import NamedTuple

import duckdb

from churn_bundle.report.workspace import one_row

# A request id names the scores themselves, so they need not come before the outcome.
CONDITIONS = {
    "request_id": "scores.request_id = outcomes.key AND scores.batch_row = outcomes.batch_row",
    "customer_id": """scores.id = outcomes.key
        AND scores.time < coalesce(outcomes.observed_at, TIMESTAMP 'infinity')""",
}

LAST_SCORES = """CREATE TABLE last_scores AS SELECT
    outcomes.line,
    max(struct_pack(time := scores.time, position := scores.position)).position AS position
    FROM outcomes JOIN scores ON {condition} GROUP BY outcomes.line"""

JUDGED = """CREATE TABLE judged AS SELECT position, churned, observed_at FROM last_scores
    JOIN outcomes USING (line)
    QUALIFY row_number() OVER (PARTITION BY position ORDER BY observed_at NULLS LAST, line) = 1"""

NEVER_SCORED = """SELECT count(*) FROM outcomes ANTI JOIN (
    SELECT DISTINCT {key} AS key{row} FROM scores) USING (key{row})"""

DAYS_BEFORE = """SELECT median(date_diff('second', time, observed_at)) / 86400
    FROM judged JOIN scores USING (position) WHERE observed_at IS NOT NULL"""

SUPERSEDED = """SELECT count(*) FROM scores ANTI JOIN judged USING (position)
    WHERE {same} IN (SELECT {same} FROM scores SEMI JOIN judged USING (position))"""


class JoinSummary(NamedTuple):
    """What was joined, and what was not.

    Attributes:
        judged: scores with an outcome.
        never_scored: outcomes of customers or requests that the log does not have.
        scored_later: outcomes of customers who were scored only after it.
        repeated: outcomes whose score has an earlier outcome.
        superseded: scores of customers or requests for which another score was judged.
        awaiting: scores without any outcome yet.
        median_days: between score and outcome, None if no outcome says when.
    """

    judged: int
    never_scored: int
    scored_later: int
    repeated: int
    superseded: int
    awaiting: int
    median_days: float | None

    @property
    def unmatched(self) -> int:
        """Outcomes that belong to no score."""
        return self.never_scored + self.scored_later


def join_outcomes(connection: duckdb.DuckDBPyConnection, key: str) -> JoinSummary:
    """Makes the table ``judged`` of the scores with an outcome.

    Args:
        connection: with the tables ``scores`` and ``outcomes``.
        key: "request_id" or "customer_id".
    """
    connection.execute(LAST_SCORES.format(condition=CONDITIONS[key]))
    connection.execute(JUDGED)
    by_request = key == "request_id"
    names = {"key": "request_id", "row": ", batch_row"} if by_request else {"key": "id", "row": ""}
    same = "struct_pack(id := request_id, at := batch_row)" if by_request else "id"
    (scores,) = one_row(connection, "SELECT count(*) FROM scores")
    (outcomes,) = one_row(connection, "SELECT count(*) FROM outcomes")
    (matched,) = one_row(connection, "SELECT count(*) FROM last_scores")
    (judged,) = one_row(connection, "SELECT count(*) FROM judged")
    (never_scored,) = one_row(connection, NEVER_SCORED.format(**names))
    (superseded,) = one_row(connection, SUPERSEDED.format(same=same))
    (median_days,) = one_row(connection, DAYS_BEFORE)
    return JoinSummary(
        judged=judged,
        never_scored=never_scored,
        scored_later=outcomes - matched - never_scored,
        repeated=matched - judged,
        superseded=superseded,
        awaiting=scores - judged - superseded,
        median_days=median_days,
    )


def no_outcomes(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes an empty table ``judged``, for a report before outcomes are known."""
    connection.execute(
        "CREATE TABLE judged (position BIGINT, churned BOOLEAN, observed_at TIMESTAMP)"
    )
