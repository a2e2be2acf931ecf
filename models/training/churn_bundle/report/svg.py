"""Turns matplotlib figures into SVG that stands within an HTML page, readable in print."""

import io
import re

import matplotlib as mpl
from markupsafe import Markup, escape
from matplotlib.axes import Axes
from matplotlib.figure import Figure

WIDTH_INCHES = 9.4

# The two hues differ in lightness too, and lines differ in style and marker.
INK = "#12395b"
SECOND = "#b85c1e"
LIGHT = "#c9d6e2"
GRID = "#d8d8d8"

STYLE = {
    # Text stays text: it can be found and copied, and is set in the page's font.
    "svg.fonttype": "none",
    # A name may hold dollar signs, which are no mathematics.
    "text.parse_math": False,
    "font.family": "sans-serif",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#555555",
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": GRID,
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "hatch.linewidth": 0.6,
}


def new_figure(height_inches: float, columns: int = 1, rows: int = 1) -> tuple[Figure, list[Axes]]:
    """Makes a figure as wide as the page, with its axes row by row."""
    figure = Figure(figsize=(WIDTH_INCHES, height_inches), layout="constrained")
    axes = figure.subplots(rows, columns, squeeze=False)
    return figure, list(axes.flat)


def to_svg(figure: Figure, name: str, title: str, description: str) -> Markup:
    """Writes a figure as an ``svg`` element.

    Args:
        figure: to write.
        name: unique on the page, since ids of several pictures must differ.
        title: what the picture is, for those who cannot see it.
        description: what it shows, for those who cannot see it.
    """
    file = io.StringIO()
    figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    text = file.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"\s*<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r'\bid="', f'id="{name}-', text)
    text = re.sub(r'(href="#|url\(#)', rf"\g<1>{name}-", text)
    # The page's own width decides, not matplotlib's.
    view_box = re.search(r'viewBox="[^"]+"', text).group()
    content = text[text.index(">") + 1 :].strip()
    return Markup(
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'{view_box} role="img" aria-labelledby="{name}-title {name}-description">'
        f'<title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-description">{escape(description)}</desc>{content}'
    )


def drawing() -> mpl.rc_context:
    """Sets the style for as long as pictures are drawn."""
    return mpl.rc_context(STYLE)
