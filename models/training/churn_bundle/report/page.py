"""Writes a report as one HTML page that needs no scripts, fonts or pictures from elsewhere."""

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from churn_bundle.report import calibration_plot, drift_plot, lift_plot, volume_plot, week_plot
from churn_bundle.report.candidate import Comparison
from churn_bundle.report.contents import Contents
from churn_bundle.report.estimate import Estimate
from churn_bundle.report.scores import Model
from churn_bundle.report.summary import summarise
from churn_bundle.report.svg import drawing
from churn_bundle.report.words import NOT_KNOWN, between, count, day, decimals, percent, short_day

# Pictures of more features would not be looked at.
MOST_PICTURED = 4


def render(contents: Contents) -> str:
    """Writes the page; every number stands in a ``data`` element with its full precision."""
    environment = Environment(
        loader=PackageLoader("churn_bundle.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "count": lambda value: data(value, count),
        "decimals": lambda value, digits=3: data(value, lambda each: decimals(each, digits)),
        "percent": lambda value: data(value, percent),
        "estimate": estimate,
        "rate": rate,
        "day": day,
        "short_day": short_day,
        "model": model_name,
    }
    with drawing():
        pictures = draw(contents)
    return environment.get_template("page.html").render(
        report=contents, summary=summarise(contents), pictures=pictures
    )


def draw(contents: Contents) -> dict[str, Markup | None]:
    """Draws the pictures that the contents allow."""
    realised, drift = contents.realised, contents.drift
    by_day = contents.volume_days
    periods = by_day or contents.volume_weeks
    pictured = drift.features[:MOST_PICTURED] if drift else []
    several = len(contents.weeks) > 1
    pictures = {
        "weeks": week_plot.performance_by_week(contents.weeks) if several else None,
        "calibration": None,
        "lift": lift_plot.lift(realised.deciles) if realised and realised.deciles else None,
        "volume": volume_plot.volume(periods, "day" if by_day else "week"),
        "drift": drift_plot.drift(pictured, reference_in_short(contents)) if pictured else None,
    }
    if realised:
        curves = [("model", realised.bins)]
        pictures["calibration"] = calibration_plot.calibration(
            "calibration-picture", curves, realised.bins
        )
    for number, comparison in enumerate(contents.candidates):
        pictures[f"candidate-{number}"] = draw_candidate(f"candidate-{number}", comparison)
    return pictures


def draw_candidate(name: str, comparison: Comparison) -> Markup | None:
    """Draws the calibration of champion and candidate."""
    if not comparison.match:
        return None
    curves = [("champion", comparison.champion_bins), ("candidate", comparison.candidate_bins)]
    return calibration_plot.calibration(name, curves, comparison.candidate_bins)


def reference_in_short(contents: Contents) -> str:
    """Names what drift is measured against, for a legend."""
    return "training data" if contents.bundle else "first week"


def data(value: float | None, written: object) -> Markup | str:
    """Writes a number for people, and beside it in full for machines."""
    if value is None:
        return NOT_KNOWN
    return Markup('<data value="{}">{}</data>').format(repr(float(value)), written(value))


def estimate(value: Estimate | None, digits: int = 3) -> Markup | str:
    """Writes a value with its interval."""
    if value is None:
        return NOT_KNOWN
    shown = data(value.value, lambda each: decimals(each, digits))
    if value.low is None:
        return shown
    return Markup('{} <span class="interval">{}</span>').format(shown, between(value, digits))


def rate(value: Estimate | None) -> Markup | str:
    """Writes a share with its interval."""
    if value is None:
        return NOT_KNOWN
    shown = data(value.value, percent)
    interval = f"{value.low * 100:.1f} to {value.high * 100:.1f}"
    return Markup('{} <span class="interval">{}</span>').format(shown, interval)


def model_name(model: Model) -> str:
    """Names a model by its version and the start of its hash."""
    return f"{model.version} ({model.sha256[:8]})" if model.sha256 else model.version
