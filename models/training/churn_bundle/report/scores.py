"""The scores of the log as columns of numbers, for the metrics."""

from datetime import date, timedelta
from typing import NamedTuple

import duckdb
import numpy as np

from churn_bundle.report.workspace import columns

EPOCH = date(1970, 1, 1)
TIERS = ("LOW", "MEDIUM", "HIGH")

# Numbers instead of texts: a million of these are 30 MB.
MODELS = """CREATE TABLE models AS SELECT
    version, sha256, row_number() OVER (ORDER BY min(first), version, sha256) - 1 AS model FROM (
        SELECT model_version AS version, model_sha256 AS sha256, time AS first FROM scores
        UNION ALL SELECT shadow.model_version, shadow.model_sha256, time FROM scores
        WHERE shadow IS NOT NULL
    ) GROUP BY version, sha256"""
SCORES = f"""SELECT
    probability, prediction,
    coalesce(list_position({list(TIERS)}, risk_tier) - 1, -1)::TINYINT AS tier,
    (week - DATE '1970-01-01')::INTEGER AS week,
    served.model::SMALLINT AS model,
    coalesce(judged.churned::TINYINT, -1) AS outcome,
    coalesce(shadow.probability, 'nan'::DOUBLE) AS candidate_probability,
    coalesce(candidates.model, -1)::SMALLINT AS candidate
    FROM scores LEFT JOIN judged USING (position)
    JOIN models AS served ON served.version = scores.model_version
        AND served.sha256 IS NOT DISTINCT FROM scores.model_sha256
    LEFT JOIN models AS candidates ON candidates.version = shadow.model_version
        AND candidates.sha256 IS NOT DISTINCT FROM shadow.model_sha256"""


class Model(NamedTuple):
    """A model that the log names.

    Attributes:
        version: as its bundle states it.
        sha256: of its file, None if the log does not say.
    """

    version: str
    sha256: str | None


class Scores(NamedTuple):
    """Columns of N scores.

    Attributes:
        probability: float [N].
        prediction: bool [N], whom the service called a churner.
        tier: int [N], place in TIERS, -1 if there is none.
        week: int [N], the week's Monday in days since 1970, UTC.
        model: int [N], place in the list of models.
        outcome: int [N]: 1 churned, 0 stayed, -1 not known.
        candidate_probability: float [N], of the model that scored beside; NaN if none did.
        candidate: int [N], place of that model in the list, -1 if none did.
    """

    probability: np.ndarray
    prediction: np.ndarray
    tier: np.ndarray
    week: np.ndarray
    model: np.ndarray
    outcome: np.ndarray
    candidate_probability: np.ndarray
    candidate: np.ndarray

    def where(self, rows: np.ndarray) -> "Scores":
        """Picks rows, bool [N]."""
        return Scores(*(column[rows] for column in self))

    @property
    def judged(self) -> "Scores":
        """The scores whose outcome is known."""
        return self.where(self.outcome >= 0)

    @property
    def churned(self) -> np.ndarray:
        """Who churned, bool [N], of scores whose outcome is known."""
        return self.outcome == 1


def load_scores(connection: duckdb.DuckDBPyConnection) -> tuple[Scores, list[Model]]:
    """Reads the columns, and the models in the order in which the log first names them."""
    connection.execute(MODELS)
    models = connection.execute("SELECT version, sha256 FROM models ORDER BY model").fetchall()
    found = columns(connection, SCORES)
    scores = Scores(*(np.asarray(found[name]) for name in Scores._fields))
    return scores, [Model(*model) for model in models]


def as_date(day: int) -> date:
    """Gives the date of days since 1970."""
    return EPOCH + timedelta(days=int(day))
