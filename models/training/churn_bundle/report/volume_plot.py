"""The picture of volume."""

from markupsafe import Markup

from churn_bundle.report.chart_style import dates
from churn_bundle.report.svg import INK, LIGHT, SECOND, new_figure, to_svg
from churn_bundle.report.volume import Period


def volume(periods: list[Period], unit: str) -> Markup:
    """Draws the number of scores by day or week, and how many of them have an outcome."""
    figure, (axes,) = new_figure(2.8)
    width_days = 0.8 if unit == "day" else 5.6
    starts = [each.start for each in periods]
    axes.bar(
        starts,
        [each.scores for each in periods],
        width=width_days,
        color=LIGHT,
        edgecolor=INK,
        linewidth=0.8,
        label="scores",
    )
    axes.bar(
        starts,
        [each.outcomes for each in periods],
        width=width_days,
        color="white",
        edgecolor=SECOND,
        hatch="////",
        linewidth=0.8,
        label="of these with an outcome",
    )
    axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.set_ylabel(f"scores a {unit}")
    dates(axes, starts)
    axes.set_ylim(0, max(each.scores for each in periods) * 1.25)
    axes.legend(loc="upper left", ncols=2)
    return to_svg(
        figure,
        "volume-picture",
        f"Scores by {unit}",
        f"Bars of the number of scores by {unit}; hatched is the part whose outcome is known. The "
        "table below has the numbers by week.",
    )
