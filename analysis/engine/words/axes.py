"""What figures share: the asserted mark and band, log axes, rows with names, words beside a point."""

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.ticker import FixedLocator, NullLocator

from analysis.engine.words.figures import PALETTE

DASHED, DOTTED = (0, (4, 3)), (0, (1, 1.5))
#: Look of the asserted value, the same in every figure.
MARK = {"color": PALETTE["mark"], "linewidth": 1.2, "linestyle": DASHED}


def log_axis(ax: Axes, which: str, ticks: Mapping[str, float], limits: tuple[float, float]) -> None:
    """Make an axis logarithmic, with these ticks where they lie inside the limits, and no others."""
    axis = ax.xaxis if which == "x" else ax.yaxis
    ax.set(**{f"{which}scale": "log", f"{which}lim": limits})
    kept = {label: at for label, at in ticks.items() if limits[0] <= at <= limits[1]}
    axis.set_major_locator(FixedLocator(list(kept.values())))
    axis.set_minor_locator(NullLocator())
    axis.set_ticklabels(list(kept))
    ax.grid(axis=which, linewidth=0.6)


def asserted_band(ax: Axes, region: pd.Interval, which: str = "x") -> None:
    """Draw an asserted range with two ends across an axis, x or y."""
    span, line = (ax.axvspan, ax.axvline) if which == "x" else (ax.axhspan, ax.axhline)
    span(region.left, region.right, color=PALETTE["band"], linewidth=0, zorder=0.3)
    for edge in (region.left, region.right):
        line(edge, **MARK, zorder=0.4)


def asserted_above(ax: Axes, bound: float, which: str = "x") -> None:
    """Draw an asserted lower bound, a positive number, across an axis, x or y, and shade what lies above it."""
    span, line = (ax.axvspan, ax.axvline) if which == "x" else (ax.axhspan, ax.axhline)
    span(bound, 100 * bound, color=PALETTE["band"], linewidth=0)
    line(bound, **MARK)


def date_axis(ax: Axes) -> None:
    """Date the x axis, each part of a date once."""
    locator = AutoDateLocator()
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(locator))


def name_rows(ax: Axes, names: Sequence[str], *, room: float = 0.6) -> None:
    """Give the rows 0, 1, … of an axis their names, the first on top."""
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(max(len(names), 1) - 1 + room, -room)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x", linewidth=0.6)


def say(ax: Axes, text: str, at: tuple[object, object], offset: tuple[float, float], **style: object) -> None:
    """Write beside a point, so many points away, on the side to which the offset leads."""
    dx, dy = offset
    look = {
        "ha": "right" if dx < 0 else "left",
        "va": "bottom" if dy > 0 else "top" if dy < 0 else "center",
        "fontsize": 8.5,
        "color": PALETTE["soft"],
    }
    ax.annotate(text, at, offset, textcoords="offset points", **look | style)
