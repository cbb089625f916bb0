"""What the chapter's figures share: its colour, the asserted mark, log axes."""

from collections.abc import Mapping

from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, NullLocator

from analysis.engine.words.figures import PALETTE

DASHED, DOTTED = (0, (4, 3)), (0, (1, 1.5))
#: Look of the asserted value, the same in every figure.
MARK = {"color": PALETTE["mark"], "linewidth": 1.2, "linestyle": DASHED}


def log_axis(ax: Axes, which: str, ticks: Mapping[str, float], limits: tuple[float, float]) -> None:
    """Make an axis logarithmic, with these ticks where they lie inside the limits, and no others."""
    axis = ax.xaxis if which == "x" else ax.yaxis
    (ax.set_xscale if which == "x" else ax.set_yscale)("log")
    (ax.set_xlim if which == "x" else ax.set_ylim)(*limits)
    kept = {label: at for label, at in ticks.items() if limits[0] <= at <= limits[1]}
    axis.set_major_locator(FixedLocator(list(kept.values())))
    axis.set_minor_locator(NullLocator())
    axis.set_ticklabels(list(kept))
    ax.grid(axis=which, linewidth=0.6)
