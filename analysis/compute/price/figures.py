"""C2: the discount under every definition, and prices by GPU and kind of provider."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator

from analysis.engine.claims import Claim
from analysis.engine.data.chapters import chapter_colour
from analysis.engine.words.figures import PALETTE, Drawn, styled
from analysis.engine.words.formats import MINUS, SPACE, interval, number, quantity

#: Look of the asserted value, the same in every figure.
MARK = {"color": PALETTE["mark"], "linewidth": 1.2, "linestyle": (0, (4, 3))}
#: Discounts outside are drawn at the edge with an arrow.
AXIS_PCT = (-60.0, 100.0)
#: Kinds of provider, dearest first as a rule -> (marker, colour, filled).
KINDS = {
    "hyperscaler": ("s", PALETTE["ink"], True),
    "specialist": ("D", PALETTE["soft"], False),
    "marketplace": ("o", chapter_colour("compute"), False),
    "network": ("o", chapter_colour("compute"), True),
}
NAMES = {"specialist": "specialist cloud", "marketplace": "marketplace", "network": "network"}
PRICE_TICKS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20)
#: How the figure names the factors, above their options.
HEADINGS = {"form not stated": "form of the GPU not stated", "dates": "dates of the two prices"}


def percent(value: float) -> str:
    """A discount as a label says it.

    Examples
    --------
    >>> percent(65.59).replace(SPACE, " "), percent(-46.3).replace(SPACE, " ")
    ('66 %', '−46 %')
    """
    return f"{value:.0f}{SPACE}%".replace("-", MINUS)


def discounts_figure(alternatives: pd.DataFrame, *, claim: Claim) -> Drawn:
    """Discount under the primary definition and each alternative, with its interval, beside the asserted band.

    Parameters
    ----------
    alternatives : DataFrame
        From `analysis.compute.price.discount.alternatives_c2`.
    claim : Claim
        C2.
    """
    region = claim.regions[0]
    alt = (
        f"Dots with intervals: discount against the hyperscalers by definition, each alternative on its own; the "
        f"asserted band runs from {interval(region.left, region.right, '%')}. "
        f"{'; '.join(map(_definition_in_words, alternatives.itertuples()))}. "
        f"Inside the band: {int(alternatives['holds'].sum())} of {int(alternatives['discount_pct'].notna().sum())}."
    )
    return Drawn(_draw_discounts(alternatives, region), alt, alternatives.round(2))


def _draw_discounts(alternatives: pd.DataFrame, region: pd.Interval) -> Figure:
    heights = _heights(alternatives["factor"])
    with styled({"font.size": 9.5}):
        fig = Figure(figsize=(5.2, 0.245 * (heights[-1] + 4)))
        ax = fig.add_axes((0.36, 0.115, 0.535, 0.79))
        ax.axvspan(region.left, region.right, color=PALETTE["band"], linewidth=0, zorder=0.2)
        for edge in (region.left, region.right):
            ax.axvline(edge, **MARK)
        ax.axvline(0, color=PALETTE["soft"], linewidth=0.8)
        for y, row in zip(heights, alternatives.itertuples(), strict=True):
            _definition(ax, y, row)
        for factor, first in pd.Series(heights).groupby(alternatives["factor"].to_numpy()).min().items():
            if factor:
                ax.text(-0.67, first - 0.95, HEADINGS.get(factor, factor), transform=ax.get_yaxis_transform(),
                        fontweight="bold", va="center", color=PALETTE["soft"])  # fmt: skip
        ax.set_ylim(heights[-1] + 0.8, -2.1)
        ax.set_xlim(*AXIS_PCT)
        ax.set_yticks([])
        ax.spines["left"].set_visible(False)
        ax.set_xticks([-50, 0, 50, 80], [percent(at) for at in (-50, 0, 50, 80)])
        ax.grid(axis="x", linewidth=0.6)
        ax.text(
            region.left - 2, -1.25, f"asserted: {interval(region.left, region.right, '%')}", ha="right", va="center"
        )
        ax.set_xlabel("● networks with interval   ◇ specialist clouds", loc="right")
        ax.set_title("Discount against the hyperscalers", x=-0.67, pad=8)
    return fig


def _heights(factors: pd.Series) -> list[float]:
    """A row for each definition, and room for a heading before each factor."""
    new = (factors != factors.shift()) & (factors != "")
    return [float(y) for y in np.arange(len(factors)) + 1.15 * new.cumsum()]


def _definition(ax: Axes, y: float, row: tuple) -> None:
    label, primary = row.option, row.factor == ""
    ax.text(-0.03, y, label, transform=ax.get_yaxis_transform(), ha="right", va="center",
            fontweight="bold" if primary else "normal", color=PALETTE["ink"])  # fmt: skip
    marker, colour, _ = KINDS["specialist"]
    low, high = AXIS_PCT
    if np.isfinite(row.specialist_pct):
        ax.plot(np.clip(row.specialist_pct, low, high), y, marker, color=colour, markerfacecolor=PALETTE["paper"],
                markersize=6, zorder=3)  # fmt: skip
    if not np.isfinite(row.discount_pct):
        ax.text(AXIS_PCT[0], y, row.reason, va="center", color=PALETTE["soft"], fontsize=8.5,
                bbox={"facecolor": PALETTE["paper"], "edgecolor": "none", "pad": 0.6})  # fmt: skip
        return
    ax.plot(
        np.clip([row.low_pct, row.high_pct], low, high),
        [y, y],
        color=chapter_colour("compute"),
        linewidth=2.2,
        zorder=2,
    )
    ax.plot(np.clip(row.discount_pct, low, high), y, "o", color=chapter_colour("compute"), markersize=7,
            markeredgecolor=PALETTE["ink"], zorder=4)  # fmt: skip
    ax.text(1.02, y, percent(row.discount_pct), transform=ax.get_yaxis_transform(), va="center",
            fontweight="bold" if primary else "normal")  # fmt: skip


def _definition_in_words(row: tuple) -> str:
    name = f"{row.factor}: {row.option}" if row.factor else row.option
    specialist = "" if np.isnan(row.specialist_pct) else f", specialist clouds {percent(row.specialist_pct)}"
    if np.isnan(row.discount_pct):
        return f"{name}: {row.reason}{specialist}"
    return f"{name} {percent(row.discount_pct)} ({percent(row.low_pct)} to {percent(row.high_pct)}){specialist}"


def prices_figure(levels: pd.DataFrame) -> Figure:
    """On-demand price of an hour of every GPU by kind of provider, a point a provider, on a log scale.

    Parameters
    ----------
    levels : DataFrame
        From `analysis.compute.price.beyond.comparisons.price_levels`.
    """
    gpus = list(dict.fromkeys(levels["gpu"]))
    with styled({"font.size": 9.5}):
        fig = Figure(figsize=(5.2, 0.36 * len(gpus) + 1.25))
        height = fig.get_figheight()
        ax = fig.add_axes((0.33, 0.5 / height, 0.655, 1 - 1.15 / height))
        for kind, (marker, colour, filled) in KINDS.items():
            own = levels[levels["provider_type"] == kind]
            rows = own["gpu"].map(gpus.index) + _OFFSET[kind]
            face = colour if filled else PALETTE["paper"]
            ax.plot(own["usd_per_gpu_hour"], rows, marker, color=colour, markerfacecolor=face, markersize=5.5,
                    label=NAMES.get(kind, kind), zorder=3)  # fmt: skip
        for row in range(len(gpus)):
            ax.axhline(row, color=PALETTE["line"], linewidth=0.6, zorder=0.1)
        ax.set_yticks(range(len(gpus)), gpus)
        for label in ax.get_yticklabels():
            label.set_color(PALETTE["ink"])
        ax.tick_params(axis="y", length=0)
        ax.set_ylim(len(gpus) - 0.4, -0.6)
        ax.set_xscale("log")
        shown = [tick for tick in PRICE_TICKS if _within(tick, levels["usd_per_gpu_hour"])]
        ax.xaxis.set_major_locator(FixedLocator(shown))
        ax.xaxis.set_minor_locator(NullLocator())
        ax.set_xticklabels([number(tick) for tick in shown])
        ax.grid(axis="x", linewidth=0.6)
        ax.set_xlabel("USD per GPU-hour, on demand, log scale", loc="left")
        fig.legend(*ax.get_legend_handles_labels(), ncols=4, loc="upper left", bbox_to_anchor=(0, 1 - 0.3 / height),
                   handletextpad=0.2, columnspacing=1.0, borderpad=0, fontsize=9)  # fmt: skip
        fig.text(0, 1 - 0.05 / height, "Who asks what for the same GPU", fontsize=10, fontweight="bold", va="top")
    return fig


#: Kinds stand a little apart within a row, so that none covers another.
_OFFSET = {"hyperscaler": -0.18, "specialist": -0.06, "marketplace": 0.06, "network": 0.18}


def _within(tick: float, prices: pd.Series) -> bool:
    return bool(prices.min() / 1.5 <= tick <= prices.max() * 1.5)


def prices_figure_alt(levels: pd.DataFrame) -> str:
    """Text alternative of `prices_figure`, from the same numbers."""
    rows = []
    for gpu, own in levels.groupby("gpu", sort=False):
        medians = own.groupby("provider_type")["usd_per_gpu_hour"].median()
        counts = own.groupby("provider_type").size()
        each = [f"{kind} {number(medians[kind])} ({counts[kind]})" for kind in KINDS if kind in medians]
        rows.append(f"{gpu}: {', '.join(each)}")
    return (
        "Points on a log scale, one a provider: on-demand price of a GPU-hour in USD by kind of provider; medians with "
        f"the number of providers. {'; '.join(rows)}."
    )


def groups_figure(table: pd.DataFrame) -> Figure:
    """Discounts of specialist clouds and of networks by GPU model, and the points that lie between them.

    Parameters
    ----------
    table : DataFrame
        From `analysis.compute.price.beyond.comparisons.groups`.
    """
    both = table.dropna(subset=["network_pct", "specialist_pct"]).sort_values("network_pct", ascending=False)
    marker, grey, _ = KINDS["specialist"]
    with styled({"font.size": 9.5}):
        fig = Figure(figsize=(5.2, 0.4 * max(len(both), 1) + 1.15))
        height = fig.get_figheight()
        ax = fig.add_axes((0.22, 0.72 / height, 0.76, 1 - 1.05 / height))
        for y, row in enumerate(both.itertuples()):
            ax.plot([0, row.specialist_pct], [y, y], color=PALETTE["line"], linewidth=6, solid_capstyle="butt")
            ends = [row.specialist_pct, row.network_pct]
            ax.plot(ends, [y, y], color=chapter_colour("compute"), linewidth=3, solid_capstyle="butt")
            ax.plot(ends[0], y, marker, color=grey, markerfacecolor=PALETTE["paper"], markersize=7, zorder=3)
            ax.plot(
                ends[1], y, "o", color=chapter_colour("compute"), markeredgecolor=PALETTE["ink"], markersize=7, zorder=4
            )
            points = f"{row.decentralised_points:+.0f} points".replace("-", MINUS)
            ax.text(max(ends) + 3, y, points, va="center")
        ax.set_yticks(range(len(both)), both.index)
        ax.tick_params(axis="y", length=0)
        ax.set_ylim(max(len(both), 1) - 0.4, -0.6)
        ax.set_xlim(min(0, 1.1 * both[["specialist_pct", "network_pct"]].min().min()) if len(both) else 0, 100)
        ax.grid(axis="x", linewidth=0.6)
        ax.set_xlabel("discount against the hyperscalers, %\n◇ specialist clouds   ● networks", loc="left")
        ax.set_title("What is left for decentralisation", x=-0.22 / 0.76)
    return fig


def groups_figure_alt(table: pd.DataFrame) -> str:
    """Text alternative of `groups_figure`, from the same numbers."""
    both = table.dropna(subset=["network_pct", "specialist_pct"]).sort_values("network_pct", ascending=False)
    rows = [
        f"{gpu}: networks {quantity(row['network_pct'], '%')} below the hyperscalers, specialist clouds "
        f"{quantity(row['specialist_pct'], '%')}"
        for gpu, row in both.iterrows()
    ]
    return f"Bars by GPU model, {len(both)} of them. {'; '.join(rows) or 'No model is rented out by both'}."
