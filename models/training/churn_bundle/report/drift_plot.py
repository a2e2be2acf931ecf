"""The picture of drift."""

import numpy as np
from markupsafe import Markup

from churn_bundle.report.chart_style import percent
from churn_bundle.report.feature_drift import FeatureDrift
from churn_bundle.report.svg import INK, LIGHT, SECOND, new_figure, to_svg

MOST_LABELS = 8
# Longer names of bins are cut off in the picture.
LONGEST_LABEL = 16


def drift(features: list[FeatureDrift], reference: str) -> Markup:
    """Draws where the values of features were and are, up to two beside each other."""
    columns = min(2, len(features))
    rows = -(-len(features) // columns)
    figure, axes = new_figure(2.6 * rows + 0.3, columns=columns, rows=rows)
    for feature, axis in zip(features, axes, strict=False):
        places = np.arange(len(feature.last))
        before = feature.bins.counts / feature.bins.counts.sum()
        now = feature.last / feature.last.sum()
        axis.bar(places - 0.2, before, 0.4, color=LIGHT, edgecolor=INK, linewidth=0.7)
        axis.bar(
            places + 0.2, now, 0.4, color="white", edgecolor=SECOND, hatch="////", linewidth=0.7
        )
        axis.set_title(f"{feature.bins.name}: PSI {feature.latest.psi:.2f}", fontsize=9, loc="left")
        step = -(-len(places) // MOST_LABELS)
        labels = [shorten(label) for label in feature.bins.labels]
        axis.set_xticks(places[::step], labels[::step], rotation=30, ha="right", fontsize=7.5)
        axis.grid(axis="x", visible=False)
        percent(axis.yaxis)
    for axis in axes[len(features) :]:
        axis.set_axis_off()
    figure.legend(
        handles=list(axes[0].containers),
        labels=[reference, "last week"],
        loc="outside upper center",
        ncols=2,
    )
    return to_svg(
        figure,
        "drift-picture",
        "The features that moved most",
        f"Bars of the share of values in each bin, filled for the {reference} and hatched for the "
        f"last week, of {', '.join(feature.bins.name for feature in features)}. The table below "
        "has the numbers.",
    )


def shorten(label: str) -> str:
    """Cuts a long label."""
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + "…"
