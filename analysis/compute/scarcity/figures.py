"""Prices by quarter above paid use by quarter: whether the one moves with the other."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from analysis.compute.steadiness.steadiness import TITLES
from analysis.engine.claims import Claim
from analysis.engine.data.chapters import chapter_colour
from analysis.engine.words.axes import log_axis, say
from analysis.engine.words.figures import PALETTE, Drawn, styled
from analysis.engine.words.formats import day, many, number, period, quantity

STYLES = {"on-demand": "-", "spot": (0, (3, 1.5))}
COLOURS = {"aws": chapter_colour("agents"), "azure": chapter_colour("returns"), "gcp": PALETTE["orange"]}
MARKERS = ("o", "^", "s", "D", "v", "P")
TICKS = (1e5, 1e6, 1e7, 1e8)
KEY = (
    "hollow: the project's own figure or a forum's; arrow: a lower bound;\n"
    "shaded: a hyperscaler said that capacity was short"
)


def scarcity_figure(
    series: pd.DataFrame, revenue: pd.DataFrame, known: pd.DataFrame, *, claim: Claim, what: str
) -> Drawn:
    """Price of a GPU by quarter, and revenue of networks by quarter below it.

    Parameters
    ----------
    series : DataFrame
        From `analysis.compute.scarcity.price_moves.price_series`.
    revenue : DataFrame
        From `analysis.compute.scarcity.paid_use.revenues`.
    known : DataFrame
        From `analysis.compute.scarcity.scarcity.quarters`; its span is drawn, and the two quarters on each side.
    claim : Claim
        C6, for its date.
    what : str
        The GPU, for the title.
    """
    quarters = pd.period_range(known.index.min() - 2, known.index.max() + 2, freq="Q")
    prices, revenue = (rows[rows["quarter"].isin(quarters)] for rows in (series, revenue))
    short = known.index[known["short"] > 0]
    with styled({"font.size": 9}):
        fig = Figure(figsize=(5.6, 5.4))
        top, bottom = fig.subplots(2, 1, sharex=True, height_ratios=[1, 1.15])
        _prices(top, prices, quarters)
        _revenues(bottom, revenue)
        for ax in (top, bottom):
            for quarter in short:
                ax.axvspan(quarter.ordinal - 0.5, quarter.ordinal + 0.5, color=PALETTE["line"], alpha=0.6, linewidth=0)
            ax.axvline(_place(claim), color=PALETTE["soft"], linewidth=0.8)
        said = {"xycoords": ("data", "axes fraction"), "color": PALETTE["ink"]}
        say(bottom, "the report", (_place(claim), 0), (-3, 3), **said)
        top.set_title(f"{what}: list and spot price, USD an hour")
        bottom.set_title("Revenue of networks a quarter, USD, log scale")
        bottom.set_xticks([q.ordinal for q in quarters[::2]], [f"{q.year}\nQ{q.quarter}" for q in quarters[::2]])
        bottom.set_xlim(quarters[0].ordinal - 0.6, quarters[-1].ordinal + 0.6)
        bottom.set_xlabel(KEY, loc="left")
        fig.subplots_adjust(left=0.13, right=0.985, top=0.94, bottom=0.19, hspace=0.24)
    alt = (
        f"{what}, USD an hour by quarter: {_prices_in_words(prices) or 'no series'}. Revenue a quarter: "
        f"{_revenues_in_words(revenue) or 'none'}. In {many(len(short), 'quarter')} of {number(len(known))} a "
        f"hyperscaler said that capacity was short. A line marks {day(claim.as_of)}."
    )
    return Drawn(fig, alt, series.assign(quarter=series["quarter"].astype(str)).round(4))


def _place(claim: Claim) -> float:
    """The claim's date on an axis of quarters, each centred on its number."""
    at = pd.Timestamp(claim.as_of)
    quarter = at.to_period("Q")
    return quarter.ordinal - 0.5 + (at - quarter.start_time) / (quarter.end_time - quarter.start_time)


def _prices(ax: Axes, prices: pd.DataFrame, quarters: pd.PeriodIndex) -> None:
    for (provider, kind), own in prices.groupby(["provider", "price_model"], sort=False):
        # a gap stays a gap
        line = own.set_index("quarter")["usd_per_gpu_hour"].reindex(quarters)
        colour = COLOURS.get(provider, chapter_colour("compute"))
        ax.plot(
            [q.ordinal for q in quarters], line, color=colour, linestyle=STYLES[kind], marker=".", linewidth=1.5,
            label=f"{TITLES.get(provider, provider)}, {kind.replace('-', ' ')}",
        )  # fmt: skip
    ax.grid(axis="y", linewidth=0.6)
    if not prices.empty:
        ax.set_ylim(0, 1.5 * prices["usd_per_gpu_hour"].max())
        ax.legend(fontsize=8.5, loc="upper left", ncols=2, columnspacing=1)


def _prices_in_words(prices: pd.DataFrame) -> str:
    said = []
    for (provider, kind), own in prices.groupby(["provider", "price_model"], sort=False):
        ends = own.sort_values("quarter").iloc[[0, -1]].itertuples()
        both = " and ".join(f"{number(row.usd_per_gpu_hour)} in {period(row.quarter)}" for row in ends)
        said.append(f"{TITLES.get(provider, provider)} {kind}, {both}")
    return "; ".join(said)


def _revenues(ax: Axes, revenue: pd.DataFrame) -> None:
    looks = dict(zip(dict.fromkeys(revenue["network"]), MARKERS, strict=False))
    for row in revenue[revenue["network"].isin(looks)].itertuples():
        x, colour = row.quarter.ordinal, chapter_colour("compute") if row.named else PALETTE["soft"]
        if row.bound == "at least":
            ax.annotate("", (x, row.usd * 1.9), (x, row.usd), arrowprops={"arrowstyle": "->", "color": colour})
        ax.plot(
            x, row.usd, looks[row.network], markersize=6.5, markeredgecolor=colour, zorder=3,
            color=PALETTE["paper"] if row.own else colour,
        )  # fmt: skip
    limits = (revenue["usd"].min() / 3, revenue["usd"].max() * 4) if looks else (TICKS[0] / 3, TICKS[-1] * 4)
    log_axis(ax, "y", {quantity(tick, "USD").replace("USD", "").strip(): tick for tick in TICKS}, limits)
    if looks:
        style = {"linestyle": "", "color": PALETTE["soft"]}
        keys = [Line2D([], [], marker=marker, label=network, **style) for network, marker in looks.items()]
        ax.legend(handles=keys, fontsize=8.5, loc="upper left", ncols=len(keys))


def _revenues_in_words(revenue: pd.DataFrame) -> str:
    return "; ".join(
        f"{row.network} {period(row.quarter)}: {'at least ' if row.bound == 'at least' else ''}"
        f"{quantity(row.usd, 'USD')}{' (own or a forum)' if row.own else ''}"
        for row in revenue.itertuples()
    )
