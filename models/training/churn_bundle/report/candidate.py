"""A candidate beside the champion: the model that scored the same rows in the shadow."""

from datetime import date
from typing import NamedTuple

import numpy as np

from churn_bundle.report.decisions import Group, group
from churn_bundle.report.estimate import Estimate
from churn_bundle.report.log_loss import log_loss_difference
from churn_bundle.report.performance import Performance, measure
from churn_bundle.report.reliability import ReliabilityBin, reliability
from churn_bundle.report.roc_auc import roc_auc_difference
from churn_bundle.report.scores import Model, Scores, as_date


class Match(NamedTuple):
    """Both models on the same rows, whose outcome is known.

    Attributes:
        champion: its performance.
        candidate: its performance.
        roc_auc_gain: candidate minus champion; more is better.
        log_loss_gain: candidate minus champion; less is better.
    """

    champion: Performance
    candidate: Performance
    roc_auc_gain: Estimate | None
    log_loss_gain: Estimate


class Comparison(NamedTuple):
    """All that the log says of one candidate.

    Attributes:
        model: the candidate.
        scores: that it gave beside the champion.
        match: on the rows whose outcome is known, None if there are none.
        champion_bins: calibration of the champion on these rows.
        candidate_bins: calibration of the candidate on these rows.
        weeks: the match of each week with outcomes.
        threshold: least probability at which the candidate would call a customer a churner.
        flips: rows by what both decide; None if the threshold is not known.
    """

    model: Model
    scores: int
    match: Match | None
    champion_bins: list[ReliabilityBin]
    candidate_bins: list[ReliabilityBin]
    weeks: list[tuple[date, Match]]
    threshold: float | None
    flips: list[tuple[Group, int]]


def play(judged: Scores) -> Match | None:
    """Measures both models on the same rows."""
    champion = measure(judged.probability, judged.churned)
    candidate = measure(judged.candidate_probability, judged.churned)
    if champion is None or candidate is None:
        return None
    both = judged.probability, judged.candidate_probability, judged.churned
    return Match(champion, candidate, roc_auc_difference(*both), log_loss_difference(*both))


def served_threshold(scores: Scores) -> float | None:
    """Gives the least probability that the service called churn, None if it called nobody so."""
    called = scores.probability[scores.prediction]
    return float(called.min()) if len(called) else None


def flips(scores: Scores, threshold: float) -> list[tuple[Group, int]]:
    """Groups all rows by what both models decide: those with outcomes, and how many there are."""
    candidate = scores.candidate_probability >= threshold
    words = {True: "will churn", False: "will stay"}
    found = []
    for first in (True, False):
        for second in (True, False):
            inside = (scores.prediction == first) & (candidate == second)
            name = f"champion: {words[first]}, candidate: {words[second]}"
            judged = scores.where(inside).judged
            found.append((group(name, judged.churned), int(inside.sum())))
    return found


def compare(scores: Scores, models: list[Model], threshold: float | None) -> list[Comparison]:
    """Compares each candidate with the champion, on the rows that both scored.

    Args:
        scores: all of the log.
        models: that it names.
        threshold: for the decision, if a manifest states it; else the one that the service used.
    """
    found = []
    for place in np.unique(scores.candidate[scores.candidate >= 0]):
        both = scores.where(scores.candidate == place)
        judged = both.judged
        used = served_threshold(both) if threshold is None else threshold
        weeks = [
            (as_date(week), play(judged.where(judged.week == week)))
            for week in np.unique(judged.week)
        ]
        found.append(
            Comparison(
                model=models[place],
                scores=len(both.week),
                match=play(judged),
                champion_bins=reliability(judged.probability, judged.churned),
                candidate_bins=reliability(judged.candidate_probability, judged.churned),
                weeks=[(week, match) for week, match in weeks if match],
                threshold=used,
                flips=[] if used is None else flips(both, used),
            )
        )
    return found
