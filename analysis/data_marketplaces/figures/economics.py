"""Revenue per TB under each revenue, beside what is asked and paid for bandwidth."""

import textwrap

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator

from analysis.data_marketplaces.economics import PER_TB
from analysis.data_marketplaces.figures.look import COLOUR
from analysis.engine.words.figures import PALETTE, Drawn, styled
from analysis.engine.words.formats import number

TICKS = (10, 100, 1_000, 10_000, 100_000)


def rows_of(units: pd.DataFrame, carried: pd.DataFrame) -> pd.DataFrame:
    """What `unit_figure` draws: revenue per TB, then prices per TB.

    Returns
    -------
    DataFrame
        `what`, `low`, `high`, `ours` (whether it is Grass's revenue); rows without a figure are left out.
    """
    own = units[units["per"] == PER_TB]
    own = own.assign(what=[f"Grass's revenue, {side}" for side in own["revenue"]], ours=True)
    both = pd.concat([own, carried.assign(ours=False)])[["what", "low", "high", "ours"]]
    return both[both["low"].notna()].reset_index(drop=True)


def unit_figure(units: pd.DataFrame, carried: pd.DataFrame) -> Drawn:
    """Ranges of USD per TB on a log scale; parameters as of `rows_of`."""
    rows = rows_of(units, carried)
    with styled({"font.size": 9.5}):
        fig = Figure(figsize=(5.2, 0.5 * len(rows) + 1.2))
        ax = fig.add_axes((0.42, 0.24, 0.56, 0.62))
        ax.set_xscale("log")
        ax.set_xlim(rows["low"].min() / 2, rows["high"].max() * 12)
        for y, row in enumerate(rows.itertuples()):
            colour = COLOUR if row.ours else PALETTE["soft"]
            ax.plot([row.low, row.high], [y, y], color=colour, linewidth=5, solid_capstyle="butt")
            ax.plot([row.low, row.high], [y, y], "|", color=colour, markersize=11, markeredgewidth=1.6)
            text = _short(row.low) if np.isclose(row.low, row.high) else f"{_short(row.low)} to {_short(row.high)}"
            ax.annotate(text, (row.high, y), (6, 0), textcoords="offset points", va="center", fontsize=8.5)
        ax.set_yticks(range(len(rows)), [_wrapped(what) for what in rows["what"]])
        ax.tick_params(axis="y", length=0)
        ax.set_ylim(len(rows) - 0.5, -0.5)
        ax.xaxis.set_major_locator(FixedLocator([t for t in TICKS if ax.get_xlim()[0] <= t <= ax.get_xlim()[1]]))
        ax.xaxis.set_minor_locator(NullLocator())
        ax.xaxis.set_major_formatter(lambda x, _: f"{x:g}")
        ax.grid(axis="x", linewidth=0.6)
        ax.set_xlabel("USD per TB, log scale; bounds, not intervals of confidence", x=-0.75, ha="left")
        ax.set_title("Revenue per TB, and prices of bandwidth", x=-0.75)
    said = "; ".join(f"{row.what}, {_short(row.low)} to {_short(row.high)}" for row in rows.itertuples())
    return Drawn(fig, f"USD per TB on a log scale: {said or '0 rows'}.", rows.round(4))


def _short(value: float) -> str:
    return number(float(f"{value:.2g}"))


def _wrapped(text: str) -> str:
    return textwrap.fill(text, 20)
