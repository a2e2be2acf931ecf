"""The picture of lift."""

import numpy as np
from markupsafe import Markup

from churn_bundle.report.chart_style import REALISED, percent
from churn_bundle.report.lift import Decile
from churn_bundle.report.svg import INK, LIGHT, SECOND, new_figure, to_svg


def lift(groups: list[Decile]) -> Markup:
    """Draws the lift of each tenth, and the share of churners found so far."""
    figure, (bars, gain) = new_figure(3.5, columns=2)
    numbers = [each.number for each in groups]
    bars.bar(
        numbers, [each.lift.value for each in groups], color=LIGHT, edgecolor=INK, linewidth=0.8
    )
    bars.vlines(
        numbers, [each.lift.low for each in groups], [each.lift.high for each in groups], color=INK
    )
    bars.axhline(1, color=SECOND, linestyle="--", linewidth=1.2)
    bars.set_title("lift (dashed: the average customer)", fontsize=9.5, loc="left")
    bars.set(xlabel="tenth of the customers, highest scores first", xticks=numbers)
    gain.plot([0, 1], [0, 1], color="#777777", linestyle=":", linewidth=1.2, label="at random")
    asked = np.cumsum([0, *(each.rows for each in groups)])
    found = [0, *(each.captured for each in groups)]
    gain.plot(asked / asked[-1], found, label="by score", **REALISED)
    gain.set_title("share of all churners found", fontsize=9.5, loc="left")
    gain.set(xlim=(0, 1), ylim=(0, 1.02), xlabel="share of the customers who are approached")
    percent(gain.xaxis, gain.yaxis)
    gain.legend(loc="lower right")
    return to_svg(
        figure,
        "lift-picture",
        "Lift by tenth of the customers",
        "Bars of the lift of each tenth of the customers by score, with 95 % intervals; and a "
        "curve of the share of all churners found among those with the highest scores. The table "
        "below has the numbers.",
    )
