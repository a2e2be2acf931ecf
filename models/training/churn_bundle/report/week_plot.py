"""The picture of performance by week."""

from datetime import date

import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes

from churn_bundle.report.chart_style import OTHER, REALISED, dates
from churn_bundle.report.estimate import Estimate
from churn_bundle.report.periods import Week
from churn_bundle.report.svg import new_figure, to_svg

Series = list[tuple[date, Estimate]]


def draw_series(axes: Axes, series: Series, label: str, style: dict, bars: bool) -> None:
    """Draws estimates by week, their intervals as bars or as a band."""
    if not series:
        return
    weeks = [week for week, _ in series]
    axes.plot(weeks, [each.value for _, each in series], label=label, **style)
    low = np.array([np.nan if each.low is None else each.low for _, each in series])
    high = np.array([np.nan if each.high is None else each.high for _, each in series])
    if bars:
        axes.vlines(weeks, low, high, color=style["color"], linewidth=1)
    else:
        axes.fill_between(weeks, low, high, color=style["color"], alpha=0.15, linewidth=0)


def series_of(weeks: list[Week], kind: str, metric: str) -> Series:
    """Takes a metric of each week that has it; kind is "realised" or "estimated"."""
    found = [(week.monday, getattr(getattr(week, kind), metric, None)) for week in weeks]
    return [(monday, each) for monday, each in found if each is not None]


def performance_by_week(weeks: list[Week]) -> Markup:
    """Draws ROC AUC and log loss of each week, realised and estimated."""
    figure, (auc, loss) = new_figure(3.5, columns=2)
    for axes, metric, title in (
        (auc, "roc_auc", "ROC AUC (higher is better)"),
        (loss, "log_loss", "log loss (lower is better)"),
    ):
        draw_series(axes, series_of(weeks, "estimated", metric), "estimated", OTHER, bars=False)
        draw_series(axes, series_of(weeks, "realised", metric), "realised", REALISED, bars=True)
        axes.set_title(title, fontsize=9.5, loc="left")
        dates(axes, [week.monday for week in weeks])
    handles, labels = auc.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=2)
    return to_svg(
        figure,
        "by-week",
        "Performance by week of the score",
        "Two line charts of ROC AUC and log loss by week. Solid lines with round markers are "
        "realised values with their 95 % intervals. Dashed lines with square markers are estimates "
        "with the range to expect. The table below has the numbers.",
    )
