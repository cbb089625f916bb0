"""C2: the discount under every definition, and prices by GPU and kind of provider."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.engine.claims import Claim
from analysis.engine.data.chapters import chapter_colour
from analysis.engine.multiverse import primary_of
from analysis.engine.words.axes import asserted_band, log_axis, name_rows
from analysis.engine.words.figures import PALETTE, Drawn, styled
from analysis.engine.words.formats import MINUS, SPACE, interval, number, quantity

COLOUR = chapter_colour("compute")
#: Discounts outside are drawn at the edge with an arrow.
AXIS_PCT = (-60.0, 100.0)
#: Kinds of provider, dearest first as a rule -> (marker, colour, filled).
KINDS = {
    "hyperscaler": ("s", PALETTE["ink"], True),
    "specialist": ("D", PALETTE["soft"], False),
    "marketplace": ("o", COLOUR, False),
    "network": ("o", COLOUR, True),
}
NAMES = {"specialist": "specialist cloud", "marketplace": "marketplace", "network": "network"}
#: How far the marks of each kind stand from the middle of a row, so that none covers another.
APART = (-0.18, -0.06, 0.06, 0.18)
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
        f"Inside the band: {(alternatives['holds'] == 'yes').sum()} of {alternatives['estimate'].notna().sum()}."
    )
    data = alternatives.drop(columns=[*primary_of(claim), "label"], errors="ignore")
    return Drawn(_draw_discounts(alternatives, region), alt, data.rename(columns={"estimate": "discount_pct"}).round(2))


def _draw_discounts(alternatives: pd.DataFrame, region: pd.Interval) -> Figure:
    heights = _heights(alternatives["factor"])
    with styled({"font.size": 9.5}):
        fig = Figure(figsize=(5.2, 0.245 * (heights[-1] + 4)))
        ax = fig.add_axes((0.36, 0.115, 0.535, 0.79))
        asserted_band(ax, region)
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
        asserted = f"asserted: {interval(region.left, region.right, '%')}"
        ax.text(region.left - 2, -1.25, asserted, ha="right", va="center")
        ax.set_xlabel("● networks with interval   ◇ specialist clouds", loc="right")
        ax.set_title("Discount against the hyperscalers", x=-0.67, pad=8)
    return fig


def _heights(factors: pd.Series) -> list[float]:
    """A row for each definition, and room for a heading before each factor."""
    new = (factors != factors.shift()) & (factors != "")
    return [float(y) for y in np.arange(len(factors)) + 1.15 * new.cumsum()]


def _definition(ax: Axes, y: float, row: tuple) -> None:
    weight, beside = "normal" if row.factor else "bold", {"transform": ax.get_yaxis_transform(), "va": "center"}
    ax.text(-0.03, y, row.option, ha="right", fontweight=weight, color=PALETTE["ink"], **beside)
    if np.isfinite(row.specialist_pct):
        _dot(ax, np.clip(row.specialist_pct, *AXIS_PCT), y, "specialist")
    if not np.isfinite(row.estimate):
        ax.text(AXIS_PCT[0], y, row.reason, va="center", color=PALETTE["soft"], fontsize=8.5,
                bbox={"facecolor": PALETTE["paper"], "edgecolor": "none", "pad": 0.6})  # fmt: skip
        return
    ax.plot(np.clip([row.low_pct, row.high_pct], *AXIS_PCT), [y, y], color=COLOUR, linewidth=2.2, zorder=2)
    _dot(ax, np.clip(row.estimate, *AXIS_PCT), y, "network")
    ax.text(1.02, y, percent(row.estimate), fontweight=weight, **beside)


def _dot(ax: Axes, x: float, y: float, kind: str) -> None:
    """The mark of a kind of provider: specialist clouds, or networks, which are drawn over them."""
    marker, colour, filled = KINDS[kind]
    face, edge = (colour, PALETTE["ink"]) if filled else (PALETTE["paper"], colour)
    ax.plot(x, y, marker, color=face, markeredgecolor=edge, markersize=7, zorder=4 if filled else 3)


def _definition_in_words(row: tuple) -> str:
    name = f"{row.factor}: {row.option}" if row.factor else row.option
    specialist = "" if np.isnan(row.specialist_pct) else f", specialist clouds {percent(row.specialist_pct)}"
    if np.isnan(row.estimate):
        return f"{name}: {row.reason}{specialist}"
    return f"{name} {percent(row.estimate)} ({percent(row.low_pct)} to {percent(row.high_pct)}){specialist}"


def prices_figure(levels: pd.DataFrame) -> Drawn:
    """On-demand price of an hour of every GPU by kind of provider, a point a provider, on a log scale.

    Parameters
    ----------
    levels : DataFrame
        From `analysis.compute.price.beyond.comparisons.price_levels`.
    """
    rows = []
    for gpu, own in levels.groupby("gpu", sort=False):
        found = own.groupby("provider_type")["usd_per_gpu_hour"].agg(["median", "size"])
        each = [f"{kind} {number(found.at[kind, 'median'])} ({found.at[kind, 'size']})" for kind in KINDS
                if kind in found.index]  # fmt: skip
        rows.append(f"{gpu}: {', '.join(each)}")
    alt = (
        "Points on a log scale, one a provider: on-demand price of a GPU-hour in USD by kind of provider; medians with "
        f"the number of providers. {'; '.join(rows)}."
    )
    return Drawn(_draw_prices(levels), alt, levels)


def _draw_prices(levels: pd.DataFrame) -> Figure:
    gpus, usd = list(dict.fromkeys(levels["gpu"])), levels["usd_per_gpu_hour"]
    with styled({"font.size": 9.5}):
        fig = Figure(figsize=(5.2, 0.36 * len(gpus) + 1.25))
        height = fig.get_figheight()
        ax = fig.add_axes((0.33, 0.5 / height, 0.655, 1 - 1.15 / height))
        for (kind, (marker, colour, filled)), apart in zip(KINDS.items(), APART, strict=True):
            own = levels[levels["provider_type"] == kind]
            face = colour if filled else PALETTE["paper"]
            ax.plot(own["usd_per_gpu_hour"], own["gpu"].map(gpus.index) + apart, marker, color=colour,
                    markerfacecolor=face, markersize=5.5, label=NAMES.get(kind, kind), zorder=3)  # fmt: skip
        for row in range(len(gpus)):
            ax.axhline(row, color=PALETTE["line"], linewidth=0.6, zorder=0.1)
        name_rows(ax, gpus)
        ax.tick_params(axis="y", labelcolor=PALETTE["ink"])
        log_axis(ax, "x", {number(tick): tick for tick in PRICE_TICKS}, (usd.min() / 1.25, usd.max() * 1.25))
        ax.set_xlabel("USD per GPU-hour, on demand, log scale", loc="left")
        fig.legend(*ax.get_legend_handles_labels(), ncols=4, loc="upper left", bbox_to_anchor=(0, 1 - 0.3 / height),
                   handletextpad=0.2, columnspacing=1.0, borderpad=0, fontsize=9)  # fmt: skip
        fig.text(0, 1 - 0.05 / height, "Who asks what for the same GPU", fontsize=10, fontweight="bold", va="top")
    return fig


def groups_figure(table: pd.DataFrame) -> Drawn:
    """Discounts of specialist clouds and of networks by GPU model, and the points that lie between them.

    Parameters
    ----------
    table : DataFrame
        From `analysis.compute.price.beyond.comparisons.groups`.
    """
    both = table.dropna(subset=["network_pct", "specialist_pct"]).sort_values("network_pct", ascending=False)
    rows = [
        f"{gpu}: networks {quantity(row['network_pct'], '%')} below the hyperscalers, specialist clouds "
        f"{quantity(row['specialist_pct'], '%')}"
        for gpu, row in both.iterrows()
    ]
    alt = f"Bars by GPU model, {len(both)} of them. {'; '.join(rows) or 'No model is rented out by both'}."
    return Drawn(_draw_groups(both), alt, table.reset_index().round(2))


def _draw_groups(both: pd.DataFrame) -> Figure:
    with styled({"font.size": 9.5}):
        fig = Figure(figsize=(5.2, 0.4 * max(len(both), 1) + 1.15))
        height = fig.get_figheight()
        ax = fig.add_axes((0.22, 0.72 / height, 0.76, 1 - 1.05 / height))
        for y, row in enumerate(both.itertuples()):
            ends = [row.specialist_pct, row.network_pct]
            ax.plot([0, ends[0]], [y, y], color=PALETTE["line"], linewidth=6, solid_capstyle="butt")
            ax.plot(ends, [y, y], color=COLOUR, linewidth=3, solid_capstyle="butt")
            for kind, end in zip(("specialist", "network"), ends, strict=True):
                _dot(ax, end, y, kind)
            ax.text(max(ends) + 3, y, f"{row.decentralised_points:+.0f} points".replace("-", MINUS), va="center")
        name_rows(ax, list(both.index))
        ax.set_xlim(min(0, 1.1 * both[["specialist_pct", "network_pct"]].min().min()) if len(both) else 0, 100)
        ax.set_xlabel("discount against the hyperscalers, %\n◇ specialist clouds   ● networks", loc="left")
        ax.set_title("What is left for decentralisation", x=-0.22 / 0.76)
    return fig
