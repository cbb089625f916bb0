"""Discounts of the hedonic regression with their three intervals, and the index of list prices with its steps."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import DateFormatter, YearLocator
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from analysis.compute.list_prices.hedonic import METHODS, REFERENCE
from analysis.compute.list_prices.index import BASE, LARGE_GB, POOLED_FROM
from analysis.engine.claims import Claim
from analysis.engine.data.chapters import chapter_colour
from analysis.engine.words.figures import PALETTE, styled
from analysis.engine.words.formats import MINUS, SPACE, interval, many, number, quantity

COLOUR = chapter_colour("compute")
#: Look of the asserted range's edges, the same in every figure.
MARK = {"color": PALETTE["mark"], "linewidth": 1.2, "linestyle": (0, (4, 3))}
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
PLURALS = {"network": "networks", "marketplace": "marketplaces", "specialist": "specialists", REFERENCE: "hyperscalers"}


def counted(number_of: int, kind: str) -> str:
    """Providers of a kind, counted.

    Examples
    --------
    >>> counted(3, "network").replace(SPACE, " "), counted(1, "hyperscaler").replace(SPACE, " ")
    ('3 networks', '1 hyperscaler')
    """
    return many(number_of, kind, PLURALS[kind])


# --- discounts -------------------------------------------------------------------------------------------------------


def coefficients_figure(table: pd.DataFrame, *, claim: Claim) -> Figure:
    """Each comparison's discount with the intervals of three methods, against hyperscalers and against specialists.

    Parameters
    ----------
    table : DataFrame
        From `analysis.compute.list_prices.hedonic.three_intervals`.
    claim : Claim
        C2, whose asserted range is the band.
    """
    parts = [table[table["reference"] == r] for r in (REFERENCE, "specialist")]
    rows = [part["provider_type"].nunique() for part in parts]
    with styled({"font.size": 9.5}):
        fig = Figure(figsize=(5.2, 5.0))
        axes = fig.subplots(2, 1, sharex=True, height_ratios=rows)
        fig.subplots_adjust(left=0.25, right=0.985, top=0.865, bottom=0.095, hspace=0.3)
        for ax, part, title in zip(axes, parts, ("Against hyperscalers", "Against specialist clouds"), strict=True):
            _draw_discounts(ax, part)
            ax.set_title(title, x=-0.32)
        region = claim.regions[0]
        axes[0].axvspan(region.left, region.right, color=PALETTE["band"], alpha=0.6, linewidth=0, zorder=0.3)
        for edge in (region.left, region.right):
            axes[0].axvline(edge, **MARK, zorder=0.4)
        axes[1].set_xlabel("discount at equal machines, %; negative: dearer", loc="right")
        handles = [
            Line2D([], [], color=COLOUR, marker=marker, linestyle=line, markeredgecolor=PALETTE["ink"], markersize=6)
            for marker, line in LOOKS.values()
        ]
        fig.legend(handles, list(LOOKS), loc="upper left", ncols=3, bbox_to_anchor=(0, 1), columnspacing=1.2)
    return fig


def _draw_discounts(ax: Axes, part: pd.DataFrame) -> None:
    kinds = list(part["provider_type"].unique())
    for row in part.itertuples():
        y = kinds.index(row.provider_type) + 0.24 * (list(LOOKS).index(row.method) - 1)
        marker, line = LOOKS[row.method]
        low, high = max(row.low_pct, REACH[0]), min(row.high_pct, REACH[1])
        ax.plot([low, high], [y, y], color=COLOUR, linewidth=1.8, linestyle=line, zorder=2)
        ax.plot(row.discount_pct, y, marker, color=COLOUR, markeredgecolor=PALETTE["ink"], markersize=6, zorder=3)
        if row.low_pct < REACH[0]:
            ax.plot(REACH[0] + 1.5, y, "<", color=COLOUR, markersize=7, zorder=3)
    first = part.drop_duplicates("provider_type")
    labels = [
        f"{counted(row.providers, row.provider_type)}\nto {counted(row.references, row.reference)}"
        for row in first.itertuples()
    ]
    ax.set_yticks(range(len(kinds)), labels)
    ax.set_ylim(len(kinds) - 0.5, -0.5)
    ax.set_xlim(*REACH)
    ax.axvline(0, color=PALETTE["ink"], linewidth=0.9, zorder=1)
    ax.grid(axis="x", linewidth=0.6)
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:g}".replace("-", MINUS))


def coefficients_figure_alt(table: pd.DataFrame, *, claim: Claim) -> str:
    """Text alternative of `coefficients_figure`, from the same numbers."""
    told = []
    for (kind, reference), rows in table.groupby(["provider_type", "reference"], sort=False):
        first = rows.iloc[0]
        ends = ", ".join(f"{row.method} {_ends(row.low_pct, row.high_pct)}" for row in rows.itertuples())
        told.append(
            f"{counted(first['providers'], kind)} to {counted(first['references'], reference)} "
            f"{quantity(first['discount_pct'], '%')} ({ends})"
        )
    region = claim.regions[0]
    return (
        f"Discounts at equal machines, with 95 % intervals by three methods; the band is the asserted "
        f"{interval(region.left, region.right, '%')}. {'; '.join(told)}."
    )


def _ends(low: float, high: float) -> str:
    return f"without end to {quantity(high, '%')}" if np.isinf(low) else interval(low, high, "%")


# --- the index -------------------------------------------------------------------------------------------------------


def index_figure(
    everything: pd.DataFrame,
    large: pd.DataFrame,
    providers: pd.DataFrame,
    steps: pd.DataFrame,
    *,
    titles: Mapping[str, str],
) -> Figure:
    """Hyperscalers' list prices over time: the pooled index with its interval, each provider, and the dated steps.

    Parameters
    ----------
    everything, large : DataFrame
        From `analysis.compute.list_prices.index.price_index`: of all GPUs, and of those with much memory.
    providers : DataFrame
        From `analysis.compute.list_prices.index.by_provider`, of the large ones.
    steps : DataFrame
        From `analysis.compute.list_prices.index.joint_steps`.
    titles : mapping of str to str
        Provider -> its name.
    """
    with styled({"font.size": 9.5}):
        height = 4.3 + 0.2 * len(steps)
        fig = Figure(figsize=(5.2, height))
        top, bottom = fig.subplots(2, 1, sharex=True, height_ratios=(2.5, 0.3 + 0.2 * len(steps)))
        fig.subplots_adjust(left=0.09, right=0.985, top=1 - 1.0 / height, bottom=0.35 / height, hspace=0.16)
        looks = dict(zip(providers.columns, PROVIDER_LINES, strict=False))
        _draw_levels(top, everything, large, providers, looks)
        _draw_steps(bottom, steps, titles, looks)
        bottom.set_xlim(everything["month"].min(), steps["first_new_on"].max() + pd.Timedelta(days=20))
        bottom.xaxis.set_major_locator(YearLocator())
        bottom.xaxis.set_major_formatter(DateFormatter("%Y"))
        pooled = {"color": COLOUR, "linewidth": 2}
        handles = [Line2D([], [], **pooled), Line2D([], [], **pooled | {"linewidth": 1.2, "linestyle": (0, (1, 1.5))})]
        handles += [Line2D([], [], color=c, linestyle=s, linewidth=1.3) for c, s in looks.values()]
        size = number(LARGE_GB)
        names = [
            f"{size}{SPACE}GB or more, pooled",
            "all GPUs, pooled",
            *(f"{titles[p]}, {size}{SPACE}GB" for p in looks),
        ]
        fig.legend(handles, names, loc="upper left", ncols=2, bbox_to_anchor=(0, 1), columnspacing=1.2, fontsize=8.8)
    return fig


def _draw_levels(
    ax: Axes, everything: pd.DataFrame, large: pd.DataFrame, providers: pd.DataFrame, looks: Mapping[str, tuple]
) -> None:
    shown = large[large["providers"] >= POOLED_FROM]
    ax.fill_between(shown["month"], shown["low"], shown["high"], color=COLOUR, alpha=0.18, linewidth=0)
    ax.plot(shown["month"], shown["index"], color=COLOUR, linewidth=2, zorder=3)
    rest = everything[everything["providers"] >= POOLED_FROM]
    ax.plot(rest["month"], rest["index"], color=COLOUR, linewidth=1.2, linestyle=(0, (1, 1.5)), zorder=3)
    for provider, (colour, line) in looks.items():
        own = providers[provider].dropna()
        ax.plot(own.index, own, color=colour, linestyle=line, linewidth=1.3, zorder=4)
    ax.axhline(BASE, color=PALETTE["soft"], linewidth=0.7, zorder=1)
    ax.grid(axis="y", linewidth=0.6)
    ax.set_ylim(45, 130)
    base = large.loc[large["degrees"].isna(), "month"].iloc[0]
    ax.set_title(f"Hyperscalers' list prices per GPU-hour, {base:%Y-%m} = {number(BASE)}", x=-0.07)


def _draw_steps(ax: Axes, steps: pd.DataFrame, titles: Mapping[str, str], looks: Mapping[str, tuple]) -> None:
    middle = steps["first_new_on"].min() + (steps["first_new_on"].max() - steps["first_new_on"].min()) / 2
    for y, row in enumerate(steps.itertuples()):
        colour = looks.get(row.provider, (PALETTE["ink"], "-"))[0]
        ax.plot([row.last_old_on, row.first_new_on], [y, y], color=colour, linewidth=4, solid_capstyle="butt")
        doubt = "" if row.same_source else " (two sources)"
        text = f"{titles[row.provider]} {row.gpu_model} {number(round(row.change_pct, 1))}{SPACE}%{doubt}"
        late = row.first_new_on > middle
        at = row.last_old_on if late else row.first_new_on
        ax.annotate(
            text, (at, y), (-4 if late else 4, 0), textcoords="offset points", ha="right" if late else "left",
            va="center", fontsize=8.6,
        )  # fmt: skip
    ax.set_ylim(len(steps) - 0.4, -0.6)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x", linewidth=0.6)
    ax.set_title("Steps, from the last old to the first new observation", x=-0.07)


def index_figure_alt(
    everything: pd.DataFrame,
    large: pd.DataFrame,
    providers: pd.DataFrame,
    steps: pd.DataFrame,
    *,
    titles: Mapping[str, str],
) -> str:
    """Text alternative of `index_figure`, from the same numbers."""
    last = large[large["providers"] >= POOLED_FROM].iloc[-1]
    rest = everything[everything["providers"] >= POOLED_FROM].iloc[-1]
    own = "; ".join(f"{titles[p]} {number(providers[p].dropna().iloc[-1])}" for p in providers.columns)
    moved = "; ".join(
        f"{titles[s.provider]} {s.gpu_model} {quantity(round(s.change_pct, 1), '%')} between {s.last_old_on:%Y-%m-%d} "
        f"and {s.first_new_on:%Y-%m-%d}{'' if s.same_source else ' by two sources'}"
        for s in steps.itertuples()
    )
    base = large.loc[large["degrees"].isna(), "month"].iloc[0]
    return (
        f"Index of hyperscalers' list prices, {base:%Y-%m} is {number(BASE)}. In {last['month']:%Y-%m} GPUs of "
        f"{number(LARGE_GB)} GB or more stand at {number(last['index'])} (95 % interval {number(last['low'])} to "
        f"{number(last['high'])}), all GPUs at {number(rest['index'])}. By provider, of the large ones, at the last "
        f"observation: {own}. Steps: {moved or 'none'}."
    )
