"""Growth that the forecast of 500 billion USD needs, beside what was reported so far."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.engine.claims import Claim
from analysis.engine.data.chapters import chapter_colour
from analysis.engine.words.axes import DASHED, DOTTED, MARK, log_axis
from analysis.engine.words.figures import PALETTE, styled
from analysis.engine.words.formats import SPACE, number, quantity

COLOUR = chapter_colour("compute")

AMOUNTS = {number(x / 1e9): x for x in (2e10, 5e10, 1e11, 2e11, 5e11, 1e12)}


def market_size_figure(needed: pd.DataFrame, so_far: pd.DataFrame, *, claim: Claim) -> Figure:
    """Paths from each base to the amount, dashed, and the revenue of the largest maker, drawn through.

    Parameters
    ----------
    needed : DataFrame
        From `analysis.compute.market_size.forecast.needed`, the rows of one forecast.
    so_far : DataFrame
        From `analysis.compute.market_size.forecast.so_far`, the rows of one maker.
    claim : Claim
        C1, for its amount.
    """
    year = int(needed["year"].max())
    with styled({"font.size": 9.5}):
        fig = Figure(figsize=(5.2, 3.9))
        ax = fig.add_axes((0.12, 0.22, 0.86, 0.68))
        ax.set_xlim(needed["base_year"].min() - 0.4, year + 0.5)
        log_axis(ax, "y", AMOUNTS, (needed["base_usd"].min() / 1.7, claim.asserted.value * 2.2))
        ax.axhspan(claim.asserted.value, claim.asserted.value * 3, color=PALETTE["band"], linewidth=0, zorder=0)
        ax.axhline(claim.asserted.value, **MARK)
        own, last = needed[needed["same_market"]], needed.sort_values("base_year", kind="stable").iloc[-1]
        for row in own.to_dict("records"):
            _path(ax, row, color=COLOUR, linestyle=DASHED)
            ax.plot(row["base_year"], row["base_usd"], "D", color=COLOUR, markeredgecolor=PALETTE["ink"], zorder=4)
            said = f"{row['base']}'s own base: needs +{100 * row['per_year']:.0f}{SPACE}% a year"
            _say(ax, said, (row["base_year"], row["base_usd"]), (8, -6), ha="left", va="top", color=COLOUR)
        if not last["same_market"]:
            _path(ax, last, color=PALETTE["soft"], linestyle=DOTTED)
            _say(ax, f"needs +{100 * last['per_year']:.0f}{SPACE}% a year", _middle(last), (-6, 4))
        _line(ax, so_far)
        ax.set_xticks(range(int(needed["base_year"].min()), year + 1))
        ax.set_title("Billion USD a year, log scale", x=-0.1)
        key = "diamond and dashes: accelerators, as forecast; line: revenue of the largest\nmaker, with networking; "
        ax.set_xlabel(f"{key}dotted: from there to the forecast; band: asserted", loc="left", fontsize=8.5)
    return fig


def _line(ax: Axes, so_far: pd.DataFrame) -> None:
    years = [*so_far["from_year"].head(1), *so_far["to_year"]]
    ax.plot(
        years, [*so_far["from_usd"].head(1), *so_far["to_usd"]], "-o", color=PALETTE["ink"], markersize=5.5, zorder=3
    )
    for row in so_far.to_dict("records"):
        at = (row["from_year"] + row["to_year"]) / 2, np.sqrt(row["from_usd"] * row["to_usd"])
        _say(ax, f"+{100 * row['per_year']:.0f}{SPACE}%", at, (-5, 4), color=PALETTE["ink"])


def _path(ax: Axes, row: Mapping, **style: object) -> None:
    ax.plot([row["base_year"], row["year"]], [row["base_usd"], row["usd"]], linewidth=1.4, **style)


def _middle(row: Mapping) -> tuple[float, float]:
    return (row["base_year"] + row["year"]) / 2, float(np.sqrt(row["base_usd"] * row["usd"]))


def _say(ax: Axes, said: str, at: tuple[float, float], offset: tuple[float, float], **style: object) -> None:
    look = {"ha": "right", "va": "bottom", "fontsize": 8.5, "color": PALETTE["soft"]} | style
    ax.annotate(said, at, offset, textcoords="offset points", **look)


def market_size_figure_alt(needed: pd.DataFrame, so_far: pd.DataFrame, *, claim: Claim) -> str:
    """Text alternative of `market_size_figure`, from the same numbers."""
    paths = "; ".join(
        f"from {row['base']}'s {quantity(row['base_usd'], 'USD')} in {row['base_year']}, "
        f"{number(100 * row['per_year'])} % a year"
        for row in needed.to_dict("records")
    )
    grown = "; ".join(
        f"{row['from_year']} to {row['to_year']} by {number(100 * row['per_year'])} %"
        for row in so_far.to_dict("records")
    )
    return (
        f"Paths to {quantity(claim.asserted.value, 'USD')} in {int(needed['year'].max())}, log scale: {paths}. "
        f"Revenue of the largest maker grew so far: {grown or 'not known'}. The band begins at the asserted "
        f"{quantity(claim.asserted.value, 'USD')}."
    )
