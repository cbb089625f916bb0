"""Discounts of the hedonic regression with their three intervals, and the index of list prices with its steps."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import DateFormatter, YearLocator
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from analysis.compute.list_prices.hedonic import METHODS, REFERENCE
from analysis.compute.list_prices.index import BASE, LARGE_GB, Levels
from analysis.engine.claims import Claim
from analysis.engine.data.chapters import chapter_colour
from analysis.engine.words.axes import DOTTED, asserted_band, name_rows, say
from analysis.engine.words.figures import PALETTE, Drawn, styled
from analysis.engine.words.formats import MINUS, SPACE, interval, many, number, quantity

COLOUR = chapter_colour("compute")
#: Marker and line of each method: told apart without colour.
LOOKS = dict(zip(METHODS.values(), (("o", "-"), ("s", (0, (5, 1.5))), ("D", (0, (1, 1)))), strict=True))
#: Discounts that the axis reaches to, %; an interval that goes on ends in an arrow.
REACH = (-60.0, 100.0)
#: Line of each provider, by order of appearance.
PROVIDER_LINES = (
    (PALETTE["ink"], "-"),
    (chapter_colour("agents"), (0, (5, 1.5))),
    (chapter_colour("returns"), (0, (1, 1))),
    (chapter_colour("data_marketplaces"), "-."),
)


# --- discounts -------------------------------------------------------------------------------------------------------


def coefficients_figure(table: pd.DataFrame, *, claim: Claim) -> Drawn:
    """Each comparison's discount with the intervals of three methods, against hyperscalers and against specialists.

    Parameters
    ----------
    table : DataFrame
        From `analysis.compute.list_prices.hedonic.three_intervals`.
    claim : Claim
        C2, whose asserted range is the band.
    """
    region, told = claim.regions[0], []
    for _, rows in table.groupby(["provider_type", "reference"], sort=False):
        first = next(rows.itertuples())
        ends = ", ".join(f"{row.method} {_ends(row.low_pct, row.high_pct)}" for row in rows.itertuples())
        told.append(f"{_compared(first, ' ')} {quantity(first.discount_pct, '%')} ({ends})")
    alt = (
        "Discounts at equal machines, with 95 % intervals by three methods; the band is the asserted "
        f"{interval(region.left, region.right, '%')}. {'; '.join(told)}."
    )
    return Drawn(_draw_coefficients(table, region), alt, table.round(3))


def _compared(row, between: str) -> str:
    """Providers of a kind and of its reference, counted."""
    kind, reference = many(row.providers, row.provider_type), many(row.references, row.reference)
    return f"{kind}{between}to {reference}"


def _ends(low: float, high: float) -> str:
    return f"without end to {quantity(high, '%')}" if np.isinf(low) else interval(low, high, "%")


def _draw_coefficients(table: pd.DataFrame, region: pd.Interval) -> Figure:
    parts = [table[table["reference"] == r] for r in (REFERENCE, "specialist")]
    with styled({"font.size": 9.5}):
        fig = Figure(figsize=(5.2, 5.0))
        axes = fig.subplots(2, 1, sharex=True, height_ratios=[part["provider_type"].nunique() for part in parts])
        fig.subplots_adjust(left=0.25, right=0.985, top=0.865, bottom=0.095, hspace=0.3)
        for ax, part, title in zip(axes, parts, ("Against hyperscalers", "Against specialist clouds"), strict=True):
            _draw_discounts(ax, part)
            ax.set_title(title, x=-0.32)
        asserted_band(axes[0], region)
        axes[1].set_xlabel("discount at equal machines, %; negative: dearer", loc="right")
        look = {"color": COLOUR, "markeredgecolor": PALETTE["ink"], "markersize": 6}
        handles = [Line2D([], [], marker=marker, linestyle=line, **look) for marker, line in LOOKS.values()]
        fig.legend(handles, list(LOOKS), loc="upper left", ncols=3, bbox_to_anchor=(0, 1), columnspacing=1.2)
    return fig


def _draw_discounts(ax: Axes, part: pd.DataFrame) -> None:
    kinds = list(part["provider_type"].unique())
    for row in part.itertuples():
        y = kinds.index(row.provider_type) + 0.24 * (list(LOOKS).index(row.method) - 1)
        marker, line = LOOKS[row.method]
        ends = np.clip([row.low_pct, row.high_pct], *REACH)
        ax.plot(ends, [y, y], color=COLOUR, linewidth=1.8, linestyle=line, zorder=2)
        ax.plot(row.discount_pct, y, marker, color=COLOUR, markeredgecolor=PALETTE["ink"], markersize=6, zorder=3)
        if row.low_pct < REACH[0]:
            ax.plot(REACH[0] + 1.5, y, "<", color=COLOUR, markersize=7, zorder=3)
    name_rows(ax, [_compared(row, "\n") for row in part.drop_duplicates("provider_type").itertuples()])
    ax.set_xlim(*REACH)
    ax.axvline(0, color=PALETTE["ink"], linewidth=0.9, zorder=1)
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:g}".replace("-", MINUS))


# --- the index -------------------------------------------------------------------------------------------------------


def index_figure(levels: Levels, steps: pd.DataFrame, *, titles: Mapping[str, str]) -> Drawn:
    """Hyperscalers' list prices over time: the pooled index with its interval, each provider, and the dated steps.

    Parameters
    ----------
    levels : Levels
    steps : DataFrame
        From `analysis.compute.list_prices.index.joint_steps`.
    titles : mapping of str to str
        Provider -> its name.
    """
    last, rest = levels.pooled("large").iloc[-1], levels.pooled("everything").iloc[-1]
    own = "; ".join(f"{titles[p]} {number(column.dropna().iloc[-1])}" for p, column in levels.providers.items())
    moved = "; ".join(
        f"{titles[s.provider]} {s.gpu_model} {quantity(round(s.change_pct, 1), '%')} between {s.last_old_on:%Y-%m-%d} "
        f"and {s.first_new_on:%Y-%m-%d}{'' if s.same_source else ' by two sources'}"
        for s in steps.itertuples()
    )
    alt = (
        f"Index of hyperscalers' list prices, {levels.base:%Y-%m} is {number(BASE)}. In {last['month']:%Y-%m} GPUs of "
        f"{number(LARGE_GB)} GB or more stand at {number(last['index'])} (95 % interval {number(last['low'])} to "
        f"{number(last['high'])}), all GPUs at {number(rest['index'])}. By provider, of the large ones, at the last "
        f"observation: {own}. Steps: {moved or 'none'}."
    )
    data = levels.large.round({"index": 2, "low": 2, "high": 2, "degrees": 1})
    return Drawn(_draw_index(levels, steps, titles), alt, data)


def _draw_index(levels: Levels, steps: pd.DataFrame, titles: Mapping[str, str]) -> Figure:
    looks = dict(zip(levels.providers.columns, PROVIDER_LINES, strict=False))
    with styled({"font.size": 9.5}):
        height = 4.3 + 0.2 * len(steps)
        fig = Figure(figsize=(5.2, height))
        top, bottom = fig.subplots(2, 1, sharex=True, height_ratios=(2.5, 0.3 + 0.2 * len(steps)))
        fig.subplots_adjust(left=0.09, right=0.985, top=1 - 1.0 / height, bottom=0.35 / height, hspace=0.16)
        _draw_levels(top, levels, looks)
        _draw_steps(bottom, steps, titles, looks)
        bottom.set_xlim(levels.everything["month"].min(), steps["first_new_on"].max() + pd.Timedelta(days=20))
        bottom.xaxis.set_major_locator(YearLocator())
        bottom.xaxis.set_major_formatter(DateFormatter("%Y"))
        size = f"{number(LARGE_GB)}{SPACE}GB"
        lines = [*POOLED.values(), *({"color": c, "linestyle": s, "linewidth": 1.3} for c, s in looks.values())]
        handles = [Line2D([], [], **look) for look in lines]
        names = [f"{size} or more, pooled", "all GPUs, pooled", *(f"{titles[p]}, {size}" for p in looks)]
        fig.legend(handles, names, loc="upper left", ncols=2, bbox_to_anchor=(0, 1), columnspacing=1.2, fontsize=8.8)
    return fig


#: Lines of the pooled levels.
POOLED = {
    "large": {"color": COLOUR, "linewidth": 2},
    "everything": {"color": COLOUR, "linewidth": 1.2, "linestyle": DOTTED},
}


def _draw_levels(ax: Axes, levels: Levels, looks: Mapping[str, tuple]) -> None:
    shown = levels.pooled("large")
    ax.fill_between(shown["month"], shown["low"], shown["high"], color=COLOUR, alpha=0.18, linewidth=0)
    for name, look in POOLED.items():
        own = levels.pooled(name)
        ax.plot(own["month"], own["index"], **look, zorder=3)
    for provider, (colour, line) in looks.items():
        own = levels.providers[provider].dropna()
        ax.plot(own.index, own, color=colour, linestyle=line, linewidth=1.3, zorder=4)
    ax.axhline(BASE, color=PALETTE["soft"], linewidth=0.7, zorder=1)
    ax.grid(axis="y", linewidth=0.6)
    ax.set_ylim(45, 130)
    ax.set_title(f"Hyperscalers' list prices per GPU-hour, {levels.base:%Y-%m} = {number(BASE)}", x=-0.07)


def _draw_steps(ax: Axes, steps: pd.DataFrame, titles: Mapping[str, str], looks: Mapping[str, tuple]) -> None:
    middle = steps["first_new_on"].min() + (steps["first_new_on"].max() - steps["first_new_on"].min()) / 2
    for y, row in enumerate(steps.itertuples()):
        colour = looks.get(row.provider, PROVIDER_LINES[0])[0]
        ax.plot([row.last_old_on, row.first_new_on], [y, y], color=colour, linewidth=4, solid_capstyle="butt")
        doubt = "" if row.same_source else " (two sources)"
        text = f"{titles[row.provider]} {row.gpu_model} {number(round(row.change_pct, 1))}{SPACE}%{doubt}"
        at, dx = (row.last_old_on, -4) if row.first_new_on > middle else (row.first_new_on, 4)
        say(ax, text, (at, y), (dx, 0), fontsize=8.6, color=PALETTE["ink"])
    ax.set_ylim(len(steps) - 0.4, -0.6)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x", linewidth=0.6)
    ax.set_title("Steps, from the last old to the first new observation", x=-0.07)
