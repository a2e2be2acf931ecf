"""Says in a few sentences what a report found."""

from churn_bundle.report.candidate_verdict import verdict
from churn_bundle.report.contents import Contents
from churn_bundle.report.feature_drift import Drift
from churn_bundle.report.performance import Performance
from churn_bundle.report.periods import Week
from churn_bundle.report.realised import Realised
from churn_bundle.report.words import between, count, day, decimals, listed, percent, plural


def summarise(contents: Contents) -> list[str]:
    """Gives the sentences, the most important first."""
    sentences = [scored(contents)]
    if contents.realised:
        sentences += [calibrated(contents.realised.performance), ranked(contents.realised)]
        sentences += top_tenth(contents.realised) + trend(contents.weeks)
    sentences += awaiting(contents)
    if contents.drift:
        sentences += drifted(contents.drift)
    for comparison in contents.candidates:
        sentences.append(verdict(comparison))
    return sentences + left_out(contents)


def scored(contents: Contents) -> str:
    """Says how much was scored, and of how much the outcome is known."""
    log = contents.log
    known = (
        f" The outcome of {count(contents.join.judged)} of them is known."
        if contents.join
        else " No outcome is known yet."
    )
    return (
        f"The service gave {count(log.scores)} {plural('score', log.scores)} from "
        f"{day(log.first)} to {day(log.last)}.{known}"
    )


def left_out(contents: Contents) -> list[str]:
    """Says what was not used, so that nobody has to look for it."""
    bad, parts = contents.log.bad_lines, []
    if bad:
        parts.append(f"{count(bad)} {plural('line', bad)} of the log cannot be read")
    if contents.join and contents.join.unmatched:
        unmatched = contents.join.unmatched
        verb = "belongs" if unmatched == 1 else "belong"
        parts.append(f"{count(unmatched)} {plural('outcome', unmatched)} {verb} to no score")
    return [f"Left out: {' and '.join(parts)}. See what was read."] if parts else []


def calibrated(performance: Performance) -> str:
    """Says whether as many churned as the model expected."""
    rate, expected = performance.churn_rate, performance.mean_probability
    if rate.low <= expected <= rate.high:
        words = "about as many as the model expected"
    else:
        words = "more than" if expected < rate.value else "fewer than"
        words += f" the {percent(expected)} that the model expected"
    return f"{percent(rate.value)} of them churned, {words}."


def ranked(realised: Realised) -> str:
    """Says how well the model tells churners from stayers."""
    auc = realised.performance.roc_auc
    if auc is None:
        return (
            "The outcomes are all the same, so nobody can say how well the model tells them apart."
        )
    return (
        f"The ROC AUC is {decimals(auc.value)} ({between(auc)}): of a churner and a stayer, the "
        f"churner has the higher score in {auc.value * 100:.0f} of 100 cases."
    )


def top_tenth(realised: Realised) -> list[str]:
    """Says what it brings to approach the tenth with the highest scores."""
    if not realised.deciles:
        return []
    first = realised.deciles[0]
    return [
        f"Of the tenth with the highest scores, {percent(first.churn_rate.value)} churned: "
        f"{decimals(first.lift.value, 1)} times as many as on average, and "
        f"{percent(first.captured)} of all churners."
    ]


def trend(weeks: list[Week]) -> list[str]:
    """Says whether the last week with outcomes was as good as the first one."""
    judged = [week for week in weeks if week.realised and week.realised.roc_auc]
    if len(judged) < 2:
        return []
    first, last = judged[0].realised.roc_auc, judged[-1].realised.roc_auc
    if None in (*first, *last) or (first.low <= last.high and last.low <= first.high):
        words = "no clear change, since the intervals overlap"
    else:
        words = "it fell" if last.value < first.value else "it rose"
    recent = judged[-1]
    return [
        f"Of the scores of the week of {day(recent.monday)}, the last one with outcomes: "
        f"{calibrated(recent.realised)}",
        f"By week, the ROC AUC went from {decimals(first.value)} ({between(first)}) to "
        f"{decimals(last.value)} ({between(last)}): {words}.",
    ]


def awaiting(contents: Contents) -> list[str]:
    """Says what to expect of weeks without outcomes."""
    weeks = [week for week in contents.weeks if not week.realised]
    if not weeks:
        return []
    first, subject = "", "the ROC AUC"
    expected = contents.estimated
    if len(weeks) < len(contents.weeks):
        first = f"No outcome is known of {len(weeks)} {plural('week', len(weeks))}. "
        subject += f" of the week of {day(weeks[-1].monday)}"
        expected = weeks[-1].estimated
    if expected.roc_auc is None:
        return []
    return [
        f"{first}If the scores are calibrated, {subject} will be "
        f"{decimals(expected.roc_auc.value)} ({between(expected.roc_auc)})."
    ]


def drifted(drift: Drift) -> list[str]:
    """Names the features that moved."""
    total = len(drift.features)
    for verdict_, verb in (
        ("significant", "drifted significantly"),
        ("moderate", "drifted moderately"),
    ):
        names = [each.bins.name for each in drift.features if each.latest.verdict == verdict_]
        if names:
            return [
                f"{len(names)} of {total} {plural('feature', total)} {verb} against "
                f"{drift.reference}: {listed(names)}."
            ]
    return [f"No feature drifted clearly against {drift.reference}."]
