"""Growth that the forecast of 500 billion USD needs, beside what was reported so far."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.compute.market_size.forecast import CHIPS, ONE_MAKER, YEAR
from analysis.engine.claims import Claim
from analysis.engine.data.chapters import chapter_colour
from analysis.engine.words.axes import DASHED, DOTTED, MARK, log_axis, say
from analysis.engine.words.figures import PALETTE, Drawn, styled
from analysis.engine.words.formats import SPACE, number, quantity

COLOUR = chapter_colour("compute")

AMOUNTS = {number(x / 1e9): x for x in (2e10, 5e10, 1e11, 2e11, 5e11, 1e12)}


def market_size_figure(needed: pd.DataFrame, so_far: pd.DataFrame, *, claim: Claim) -> Drawn:
    """Paths from each base to the amount, dashed, and the revenue of the largest maker, drawn through.

    Parameters
    ----------
    needed, so_far : DataFrame
        From the functions of `analysis.compute.market_size.forecast` of those names. Drawn are the forecasts of C1's
        market and year, and the growth of the largest maker's revenue.
    claim : Claim
        C1, for its amount.
    """
    data = needed.round(4)
    needed = needed[(needed["market"] == CHIPS) & (needed["year"] == YEAR)]
    so_far = so_far[so_far["market"] == ONE_MAKER]
    return Drawn(_draw(needed, so_far, claim.asserted.value), _in_words(needed, so_far, claim.asserted.value), data)


def _draw(needed: pd.DataFrame, so_far: pd.DataFrame, amount: float) -> Figure:
    with styled({"font.size": 9.5}):
        fig = Figure(figsize=(5.2, 3.9))
        ax = fig.add_axes((0.12, 0.22, 0.86, 0.68))
        ax.set_xlim(needed["base_year"].min() - 0.4, YEAR + 0.5)
        log_axis(ax, "y", AMOUNTS, (needed["base_usd"].min() / 1.7, amount * 2.2))
        ax.axhspan(amount, amount * 3, color=PALETTE["band"], linewidth=0, zorder=0)
        ax.axhline(amount, **MARK)
        own, last = needed[needed["same_market"]], needed.sort_values("base_year", kind="stable").iloc[-1]
        for row in own.to_dict("records"):
            _path(ax, row, color=COLOUR, linestyle=DASHED)
            ax.plot(row["base_year"], row["base_usd"], "D", color=COLOUR, markeredgecolor=PALETTE["ink"], zorder=4)
            said = f"{row['base']}'s own base: needs +{100 * row['per_year']:.0f}{SPACE}% a year"
            say(ax, said, (row["base_year"], row["base_usd"]), (8, -6), color=COLOUR)
        if not last["same_market"]:
            _path(ax, last, color=PALETTE["soft"], linestyle=DOTTED)
            middle = (last["base_year"] + YEAR) / 2, float(np.sqrt(last["base_usd"] * last["usd"]))
            say(ax, f"needs +{100 * last['per_year']:.0f}{SPACE}% a year", middle, (-6, 4))
        _line(ax, so_far)
        ax.set_xticks(range(int(needed["base_year"].min()), YEAR + 1))
        ax.set_title("Billion USD a year, log scale", x=-0.1)
        key = "diamond and dashes: accelerators, as forecast; line: revenue of the largest\nmaker, with networking; "
        ax.set_xlabel(f"{key}dotted: from there to the forecast; band: asserted", loc="left", fontsize=8.5)
    return fig


def _line(ax: Axes, so_far: pd.DataFrame) -> None:
    years, usd = ([*so_far[f"from_{what}"].head(1), *so_far[f"to_{what}"]] for what in ("year", "usd"))
    ax.plot(years, usd, "-o", color=PALETTE["ink"], markersize=5.5, zorder=3)
    for row in so_far.to_dict("records"):
        at = (row["from_year"] + row["to_year"]) / 2, np.sqrt(row["from_usd"] * row["to_usd"])
        say(ax, f"+{100 * row['per_year']:.0f}{SPACE}%", at, (-5, 4), color=PALETTE["ink"])


def _path(ax: Axes, row: Mapping, **style: object) -> None:
    ax.plot([row["base_year"], row["year"]], [row["base_usd"], row["usd"]], linewidth=1.4, **style)


def _in_words(needed: pd.DataFrame, so_far: pd.DataFrame, amount: float) -> str:
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
        f"Paths to {quantity(amount, 'USD')} in {YEAR}, log scale: {paths}. Revenue of the largest maker grew so far: "
        f"{grown or 'not known'}. The band begins at the asserted {quantity(amount, 'USD')}."
    )
