"""Gathers all that a report tells."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from churn_bundle.report.bundle_reference import BundleReference, read_bundle
from churn_bundle.report.candidate import Comparison, compare
from churn_bundle.report.estimated_performance import EstimatedPerformance, estimate
from churn_bundle.report.feature_drift import Drift, measure_drift
from churn_bundle.report.outcome_join import JoinSummary, join_outcomes, no_outcomes
from churn_bundle.report.outcomes import OutcomesSummary, read_outcomes
from churn_bundle.report.periods import Version, Week, by_version, by_week
from churn_bundle.report.prediction_log import LogSummary, read_log
from churn_bundle.report.realised import Realised, realise
from churn_bundle.report.scores import load_scores
from churn_bundle.report.volume import Period, volume_by_day, volume_by_week
from churn_bundle.report.workspace import open_workspace


@dataclass
class Contents:
    """All that a report tells.

    Attributes:
        made_at: when, UTC.
        log: what was read of the log.
        outcomes: what was read of the outcomes, None without any.
        join: what was joined, None without outcomes.
        bundle: what the manifest says, None without one.
        realised: None if no outcome belongs to a score.
        estimated: of all scores.
        weeks: performance by week.
        versions: performance by model.
        candidates: models that scored beside.
        drift: None if there is nothing to compare with.
        volume_weeks: scores by week.
        volume_days: scores by day, empty if there are many days.
    """

    made_at: datetime
    log: LogSummary
    outcomes: OutcomesSummary | None
    join: JoinSummary | None
    bundle: BundleReference | None
    realised: Realised | None
    estimated: EstimatedPerformance
    weeks: list[Week]
    versions: list[Version]
    candidates: list[Comparison]
    drift: Drift | None
    volume_weeks: list[Period]
    volume_days: list[Period]


def gather(
    logs: list[Path], outcomes_file: Path | None, manifest: Path | None, made_at: datetime
) -> Contents:
    """Reads the files and measures everything.

    Args:
        logs: folders and files of the prediction log.
        outcomes_file: CSV file of who churned, None if it is not known yet.
        manifest: of the bundle with whose training data to compare.
        made_at: the time now.

    Raises:
        ReportError: if a file cannot be read, or says what cannot be.
    """
    bundle = read_bundle(manifest) if manifest else None
    with open_workspace() as connection:
        log = read_log(connection, logs)
        outcomes = join = None
        if outcomes_file:
            outcomes = read_outcomes(connection, outcomes_file)
            join = join_outcomes(connection, outcomes.key)
        else:
            no_outcomes(connection)
        scores, models = load_scores(connection)
        return Contents(
            made_at=made_at,
            log=log,
            outcomes=outcomes,
            join=join,
            bundle=bundle,
            realised=realise(scores.judged),
            estimated=estimate(scores.probability, scores.prediction),
            weeks=by_week(scores),
            versions=by_version(scores, models),
            candidates=compare(scores, models, bundle.decision if bundle else None),
            drift=measure_drift(connection, bundle),
            volume_weeks=volume_by_week(connection),
            volume_days=volume_by_day(connection),
        )
