"""The picture of calibration."""

from markupsafe import Markup

from churn_bundle.report.chart_style import OTHER, REALISED, percent
from churn_bundle.report.reliability import ReliabilityBin
from churn_bundle.report.svg import INK, LIGHT, new_figure, to_svg


def calibration(
    name: str, curves: list[tuple[str, list[ReliabilityBin]]], histogram: list[ReliabilityBin]
) -> Markup:
    """Draws observed against predicted churn, and how many rows stand behind each point."""
    figure, (axes, counts) = new_figure(3.9, columns=2)
    axes.plot([0, 1], [0, 1], color="#777777", linestyle=":", linewidth=1.2, label="perfect")
    for (label, bins), style in zip(curves, (REALISED, OTHER), strict=False):
        predicted = [each.mean_probability for each in bins]
        axes.plot(predicted, [each.churn_rate.value for each in bins], label=label, **style)
        low = [each.churn_rate.low for each in bins]
        high = [each.churn_rate.high for each in bins]
        axes.vlines(predicted, low, high, color=style["color"], linewidth=1)
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="predicted probability", ylabel="observed churn rate")
    axes.set_aspect("equal")
    axes.legend(loc="upper left")
    counts.bar(
        [each.low for each in histogram],
        [each.rows for each in histogram],
        width=[each.high - each.low for each in histogram],
        align="edge",
        color=LIGHT,
        edgecolor=INK,
        linewidth=0.8,
    )
    counts.set(xlim=(0, 1), xlabel="predicted probability", ylabel="scores with an outcome")
    percent(axes.xaxis, axes.yaxis, counts.xaxis)
    counts.yaxis.set_major_formatter("{x:,.0f}")
    return to_svg(
        figure,
        name,
        "Calibration",
        "Observed churn rate against predicted probability in ten bins with 95 % intervals, beside "
        "the diagonal of perfect calibration, and the number of scores in each bin. The table "
        "below has the numbers.",
    )
