"""How the pictures mark their lines and label their axes."""

from datetime import date

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import PercentFormatter

from churn_bundle.report.svg import INK, SECOND
from churn_bundle.report.words import PERCENT

MOST_DATES = 7

REALISED = {"color": INK, "linestyle": "-", "marker": "o", "markersize": 4.5, "linewidth": 1.6}
OTHER = {
    "color": SECOND,
    "linestyle": "--",
    "marker": "s",
    "markersize": 4.5,
    "markerfacecolor": "white",
    "linewidth": 1.4,
}


def dates(axes: Axes, days: list[date]) -> None:
    """Labels some of the days, the first of each year with the year."""
    shown = days[:: -(-len(days) // MOST_DATES)]
    years = [None, *(each.year for each in shown)]
    labels = [
        f"{each.day} {each:%b}" + ("" if each.year == year else f"\n{each.year}")
        for each, year in zip(shown, years, strict=False)
    ]
    axes.set_xticks(shown, labels)


def percent(*axes: Axis) -> None:
    """Writes the numbers of axes as percentages."""
    for axis in axes:
        axis.set_major_formatter(PercentFormatter(xmax=1, decimals=0, symbol=PERCENT))
