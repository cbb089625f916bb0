"""Figures of the chapter on returns, each a function of tables."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import PercentFormatter

from analysis.engine.claims import Estimate
from analysis.engine.data.chapters import chapter_colour
from analysis.engine.inference.gsadf import LEVEL, Explosiveness
from analysis.engine.words.axes import DASHED, asserted_above, date_axis, log_axis, name_rows, say
from analysis.engine.words.figures import PALETTE, Drawn, styled
from analysis.engine.words.formats import SPACE, day, number, quantity, signs

AGENTS, COMPUTE, RETURNS = (chapter_colour(chapter) for chapter in ("agents", "compute", "returns"))

# --- the category ----------------------------------------------------------------------------------------------------

#: Ticks of the level axis; the first day is 100.
LEVEL_TICKS = (10, 20, 50, 100, 200, 500)
#: Smallest ratio between two line labels on the log axis.
LABEL_RATIO = 1.32
#: The first line is the category, the others are what it is compared with; colour is kept for the verticals.
LINES = (
    {"color": PALETTE["ink"], "linewidth": 2.4},
    {"color": PALETTE["ink"], "linewidth": 1.1, "linestyle": (0, (4, 2))},
    {"color": PALETTE["soft"], "linewidth": 1.4},
    {"color": PALETTE["soft"], "linewidth": 1.4, "linestyle": (0, (1, 1.2))},
)
#: Bars end here; a longer one is cut, and its label says so.
LONGEST_BAR_PCT = 320
BARS_KEY = "filled: 31 Dec 2024 to 31 Dec 2025, in USD; hollow: from\nthe first close in the tables; bold names: core"
#: In the order of the bars.
VERTICAL_COLOUR = {
    "network": PALETTE["orange"],
    "compute": COMPUTE,
    "data": chapter_colour("data_marketplaces"),
    "agents": AGENTS,
    "verifiable": chapter_colour("verifiable_ai"),
}


def index_lines(levels: pd.DataFrame, *, asserted_pct: float, estimate: Estimate | None) -> Drawn:
    """Index levels on a log scale, with the asserted return as the reference mark.

    Parameters
    ----------
    levels : DataFrame, shape (days, series)
        100 on the first day; the estimate belongs to the first series. At most four series.
    asserted_pct : float
        Asserted return, %; everything above it is shaded.
    estimate : Estimate or None
        Its interval, %, stands beside the end of the first series.
    """
    target, start, end = 100 + asserted_pct, levels.index[0], levels.index[-1]
    with styled():
        fig = Figure(figsize=(3.9, 3.3))
        ax = fig.add_axes((0.09, 0.14, 0.58, 0.77))
        asserted_above(ax, target, "y")
        ax.text(levels.index[4], target * 1.06, f"asserted: over {change(asserted_pct)}")
        heights = kept_apart(levels.iloc[-1], lambda level: level * LABEL_RATIO)
        for style, (name, series) in zip(LINES, levels.items(), strict=False):
            ax.plot(series, **style)
            ax.plot(end + pd.to_timedelta([22, 50], "D"), [heights[name]] * 2, clip_on=False, **style)
            label = f"{name} {change(series.iloc[-1] - 100)}"
            ax.text(end + pd.Timedelta(days=58), heights[name], label, va="center")
        if estimate is not None:
            bar = [100 + estimate.low, 100 + estimate.high]
            ax.plot([end + pd.Timedelta(days=9)] * 2, bar, clip_on=False, **LINES[0])
        low, high = np.nanmin([8, 0.9 * levels.min().min()]), np.nanmax([700, 1.4 * target, 1.1 * levels.max().max()])
        log_axis(ax, "y", {str(tick): tick for tick in LEVEL_TICKS}, (low, high))
        ax.set_xlim(start, end)
        halves = pd.date_range(start, end, freq="2QE")
        ax.set_xticks(halves, [f"{day.day} {day:%b}\n{day:%Y}" for day in halves])
        ax.set_title(f"100 USD put in on {start.day} {start:%B %Y}, log scale")
    returns = levels.iloc[-1] - 100
    ends = "; ".join(f"{name} {change(value)}" for name, value in returns.items()) or "no token has both closes"
    above = ", ".join(returns.index[returns > asserted_pct]) or "none"
    interval = "" if estimate is None else f" Interval: {change(estimate.low)} to {change(estimate.high)}."
    alt = (
        f"Lines from 100 on {start:%Y-%m-%d} to {end:%Y-%m-%d}: {ends}.{interval} "
        f"The asserted return of more than {change(asserted_pct)} is a dashed line; lines that end above it: {above}."
    )
    return Drawn(fig, alt, levels.round(4).reset_index())


def kept_apart(values: pd.Series, above: Callable[[float], float]) -> dict[str, float]:
    """Heights for labels, in the values' order: each its value, or moved up to the least height above the one below.

    Examples
    --------
    >>> kept_apart(pd.Series({"A": 1.0, "B": 1.05}), lambda height: height + 0.1)
    {'A': 1.0, 'B': 1.1}
    """
    heights, least = {}, -float("inf")
    for name, value in values.sort_values(kind="stable").items():
        heights[name] = max(float(value), least)
        least = above(heights[name])
    return heights


def change(value_pct: float) -> str:
    """A return with its sign: one decimal below a hundred, none from there on.

    Examples
    --------
    >>> change(-12.0).replace(SPACE, " "), change(945.2).replace(SPACE, " ")
    ('−12.0 %', '+945 %')
    """
    return signs(f"{value_pct:+.{1 if abs(value_pct) < 100 else 0}f}{SPACE}%")


def bars_of(returns: pd.DataFrame) -> pd.DataFrame:
    """Rows that `token_bars` draws, in its order: by vertical, then from the highest return down."""
    drawn = returns[returns["status"].isin(["full", "late"]) & returns["vertical"].isin(VERTICAL_COLOUR)]
    drawn = drawn.sort_values("return_pct", ascending=False)
    return drawn.sort_values(
        "vertical", key=lambda verticals: verticals.map(list(VERTICAL_COLOUR).index), kind="stable"
    )


def token_bars(returns: pd.DataFrame, *, asserted_pct: float) -> Drawn:
    """Every token's return, sorted by vertical, with the asserted return as the reference mark.

    Filled bars run from the first to the last day of `window_returns`, hollow ones from a later first close.
    """
    bars = bars_of(returns)
    gaps = bars["vertical"].ne(bars["vertical"].shift()).cumsum() - 1
    heights = pd.Series(range(len(bars)), index=bars.index, dtype=float) + 1.4 * gaps
    lowest = heights.max() if len(bars) else 0.0
    with styled({"font.size": 8}):
        fig = Figure(figsize=(3.9, 0.19 * lowest + 1.2))
        ax = fig.subplots()
        asserted_above(ax, asserted_pct)
        ax.axvline(0, color=PALETTE["soft"], linewidth=0.8)
        for y, bar in zip(heights, bars.itertuples(), strict=True):
            _bar(ax, y, bar, asserted_pct)
        for vertical, top in heights.groupby(bars["vertical"]).min().items():
            ax.text(-104, top - 1, vertical, fontweight="bold", color=PALETTE["soft"], va="center")
        ax.set_yticks(heights, bars["symbol"])
        for label, membership in zip(ax.get_yticklabels(), bars["membership"], strict=True):
            label.set(fontweight="bold" if membership == "core" else "normal", color=PALETTE["ink"])
        ax.tick_params(axis="y", length=0)
        ax.set_ylim(lowest + 1, -2)
        ax.set_xlim(-105, 400)
        ax.xaxis.set_major_formatter(PercentFormatter(decimals=0, symbol=" %"))
        ax.grid(axis="x", linewidth=0.6)
        ax.text(asserted_pct + 4, -1.3, f"asserted:\nover {change(asserted_pct)}", va="top")
        ax.set_title("Price return in 2025 by token")
        ax.set_xlabel(BARS_KEY, loc="left")
    return Drawn(
        fig, _bars_in_words(bars, asserted_pct), bars.round({"return_pct": 2, "start_spread": 5, "end_spread": 5})
    )


def _bar(ax: Axes, y: float, bar: tuple, asserted_pct: float) -> None:
    colour, length = VERTICAL_COLOUR[bar.vertical], min(bar.return_pct, LONGEST_BAR_PCT)
    face = colour if bar.status == "full" else "none"
    ax.barh(y, length, height=0.74, color=face, edgecolor=colour, linewidth=1)
    since = "" if bar.status == "full" else f", from {bar.from_date.day} {bar.from_date:%b}"
    label = f"{change(bar.return_pct)}{since}{', cut' if length < bar.return_pct else ''}"
    if length > asserted_pct / 2:
        ax.text(min(length, asserted_pct) - 6, y, label, va="center", ha="right")
    else:
        ax.text(max(length, 0) + 4, y, label, va="center")


def _bars_in_words(bars: pd.DataFrame, asserted_pct: float) -> str:
    full, late = bars[bars["status"] == "full"], bars[bars["status"] == "late"]
    ends = full.sort_values("return_pct")[["symbol", "return_pct"]].itertuples(index=False)
    span = " to ".join(f"{symbol} {change(value)}" for symbol, value in list(ends)[:: max(1, len(full) - 1)])
    return (
        f"Bars of {len(full)} tokens with both closes{f', from {span}' if span else ''}; "
        f"{(full['return_pct'] > 0).sum()} of them rose. "
        f"{len(late)} hollow bars start later in the year; {(late['return_pct'] > 0).sum()} of these rose. "
        f"The asserted return of more than {change(asserted_pct)} is a dashed line; bars that pass it: "
        f"{', '.join(bars.loc[bars['return_pct'] > asserted_pct, 'symbol']) or 'none'}."
    )


# --- against the market ----------------------------------------------------------------------------------------------

#: One colour per benchmark, those of `index_lines` where they occur there.
BENCHMARK_COLOURS = (chapter_colour("framework"), RETURNS, COMPUTE, PALETTE["soft"])
#: Least distance between two labels beside the lines, as a share of the axis.
LABEL_GAP = 0.075


def points(value_pp: float) -> str:
    """A difference of returns with its sign, one decimal.

    Examples
    --------
    >>> points(-70.15).replace(SPACE, " ")
    '−70.2 pp'
    """
    return signs(f"{value_pp:+.1f}{SPACE}pp")


def excess_bars(excess: pd.DataFrame, *, asserted_pp: float) -> Drawn:
    """Excess return over every benchmark with its interval, and the asserted margin as the reference mark.

    Parameters
    ----------
    excess : DataFrame
        As from `analysis.returns.market.excess_returns`; the first row is the primary definition.
    asserted_pp : float
        Asserted margin, percentage points; everything above it is shaded.
    """
    left = min(excess["low"].min(), 0) - 20
    right = max(excess["high"].max(), asserted_pp) + 70
    with styled():
        fig = Figure(figsize=(5.2, 0.52 * len(excess) + 1.2))
        ax = fig.add_axes((0.315, 0.2, 0.675, 0.64))
        asserted_above(ax, asserted_pp)
        ax.axvline(0, color=PALETTE["soft"], linewidth=0.8)
        for y, row in enumerate(excess.itertuples()):
            primary = y == 0
            ax.plot([row.low, row.high], [y, y], color=AGENTS, linewidth=2.4 if primary else 1.4)
            ax.plot(row.excess_pp, y, marker="o", color=AGENTS, markersize=7 if primary else 5)
            ax.text(row.excess_pp, y - 0.2, points(row.excess_pp), ha="center", va="bottom")
        ax.text(asserted_pp + 2, -0.55, f"asserted:\nover {points(asserted_pp)}", va="top")
        name_rows(ax, excess["benchmark"])
        ax.get_yticklabels()[0].set_fontweight("bold")
        ax.set_xlim(left, right)
        ax.xaxis.set_major_formatter(lambda x, _: number(x))
        ax.set_xlabel("percentage points")
        title = {"fontsize": 10.5, "fontweight": "bold", "color": PALETTE["ink"]}
        fig.text(0.01, 0.92, "AI core less the market, 2025, by what the market is", **title)
    rows = "; ".join(
        f"{row.benchmark} {points(row.excess_pp)} ({points(row.low)} to {points(row.high)})"
        for row in excess.itertuples()
    )
    above = excess.loc[excess["excess_pp"] > asserted_pp, "benchmark"]
    alt = (
        f"Dots with intervals: return of AI core less that of each benchmark: {rows}. "
        f"The asserted margin of more than {points(asserted_pp)} is a dashed line; "
        f"dots above it: {', '.join(above) or 'none'}."
    )
    return Drawn(fig, alt, excess.round(4))


def beta_lines(betas: pd.DataFrame, *, window: int) -> Drawn:
    """`rolling_beta` against every benchmark, at most four, with 1 as the reference line."""
    low, high = min(0.5, 0.95 * betas.min().min()), max(1.5, 1.05 * betas.max().max())
    end = betas.index[-1]
    with styled():
        fig = Figure(figsize=(5.2, 3.2))
        ax = fig.add_axes((0.07, 0.13, 0.555, 0.76))
        ax.axhline(1, color=PALETTE["soft"], linewidth=0.8)
        heights = kept_apart(betas.iloc[-1], lambda height: height + LABEL_GAP * (high - low))
        for colour, (name, series) in zip(BENCHMARK_COLOURS, betas.items(), strict=False):
            ax.plot(series, color=colour, linewidth=2.2 if name == betas.columns[0] else 1.3)
            ax.plot(end + pd.Timedelta(days=8), heights[name], marker="s", color=colour, clip_on=False)
            ax.text(end + pd.Timedelta(days=16), heights[name], f"{name} {series.iloc[-1]:.2f}", va="center")
        ax.set_ylim(low, high)
        ax.set_xlim(betas.index[0], end)
        quarters = pd.date_range(betas.index[0], end, freq="QE")
        ax.set_xticks(quarters, [f"{one.day} {one:%b}\n{one:%Y}" for one in quarters])
        ax.grid(axis="y", linewidth=0.6)
        ax.set_title(f"Beta of AI core over the last {window} days")
    rows = "; ".join(
        f"{name} from {series.min():.2f} to {series.max():.2f}, last {series.iloc[-1]:.2f}"
        for name, series in betas.items()
    )
    alt = (
        f"Lines of the beta of AI core over the last {window} days, {day(betas.index[0].date())} to "
        f"{day(betas.index[-1].date())}, against {rows}. Share of days above 1: "
        f"{', '.join(f'{name} {share:.0%}' for name, share in (betas > 1).mean().items())}."
    )
    return Drawn(fig, alt, betas.dropna(how="all").round(5).reset_index())


# --- episodes --------------------------------------------------------------------------------------------------------

#: Colour and hatch of an episode: told apart without colour too.
EPISODE_STYLE = {"bubble": (AGENTS, ""), "collapse": (RETURNS, "///")}
LONG_LEVEL_TICKS = (100, 300, 1000, 3000, 10000)
#: Drawdowns that the figure names.
NAMED = 3


def bsadf_line(found: Explosiveness) -> Drawn:
    """BSADF against its critical line by week, over the logarithm of the index; episodes shaded."""
    weeks = found.weeks
    with styled():
        fig = Figure(figsize=(5.2, 4.4))
        top, bottom = fig.subplots(2, 1, sharex=True, height_ratios=(1, 1.4))
        # each week's point stands at its end; the shade begins where that week begins
        for e in found.episodes.itertuples():
            colour, hatch = EPISODE_STYLE[e.direction]
            for ax in (top, bottom):
                span = (e.start - pd.Timedelta(days=7), e.end)
                ax.axvspan(*span, facecolor=colour, alpha=0.22, hatch=hatch, edgecolor=colour, linewidth=0)
        handles = [
            Patch(alpha=0.4, label=f"explosive: {direction}", facecolor=colour, hatch=hatch)
            for direction, (colour, hatch) in EPISODE_STYLE.items()
            if direction in set(found.episodes["direction"])
        ]
        if handles:
            top.legend(handles=handles, loc="lower right", borderpad=0)
        top.plot(weeks["log_index"] / np.log(10), color=AGENTS, linewidth=1.6)
        bottom.plot(weeks["bsadf"], color=AGENTS, linewidth=1.6)
        bottom.plot(weeks["critical"], color=PALETTE["ink"], linewidth=1.1, linestyle=DASHED)
        bottom.axhline(found.critical[LEVEL], color=PALETTE["soft"], linewidth=1)
        last = weeks.index[-1]
        bottom.text(last, found.critical[LEVEL], f"GSADF, {LEVEL:.0%} critical value", ha="right", va="bottom")
        above = weeks["critical"].iloc[-60:].max() + 0.15
        bottom.text(last, above, "week's critical value", ha="right", va="bottom")
        top.set_title("Index, log scale")
        low, high = weeks["log_index"].min(), weeks["log_index"].max()
        levels = [level for level in LONG_LEVEL_TICKS if low - 0.2 <= np.log(level) <= high + 0.2]
        top.set_yticks(np.log10(levels), [number(level) for level in levels])
        top.set_ylim(low / np.log(10) - 0.08, high / np.log(10) + 0.12)
        bottom.set_title("BSADF statistic, weekly")
        bottom.set_xlim(weeks.index[0], last)
        for ax in (top, bottom):
            ax.grid(axis="y", linewidth=0.6)
        date_axis(bottom)
        bottom.yaxis.set_major_formatter(lambda value, _: number(value))
        fig.tight_layout()
    spans = "; ".join(
        f"{e.direction} from {e.start:%Y-%m-%d} to {e.end:%Y-%m-%d}, {e.weeks} weeks, largest {e.bsadf:.2f} "
        f"on {e.peak:%Y-%m-%d}"
        for e in found.episodes.itertuples()
    )
    alt = (
        f"Two panels of {len(weeks)} weeks from {weeks.index[0]:%Y-%m-%d} to {last:%Y-%m-%d}: the index on a log "
        f"scale, and the BSADF statistic with its weekly critical value at {LEVEL:.0%}, dashed. GSADF, the largest, is "
        f"{found.gsadf:.2f}; its critical value is {found.critical[LEVEL]:.2f}. Shaded episodes: {spans or 'none'}."
    )
    rounded = dict.fromkeys(("log_index", "bsadf", "critical", "window_change"), 6)
    return Drawn(fig, alt, weeks.round(rounded).reset_index())


def drawdown_lines(levels: pd.DataFrame, drawdowns: pd.DataFrame) -> Drawn:
    """Distance of each level from its highest so far, the first filled, with its deepest drawdowns named.

    Parameters
    ----------
    levels : DataFrame, shape (days, series)
        At most four series, on the same days.
    drawdowns : DataFrame
        As from `analysis.returns.episodes.drawdowns`, of the first series.
    """
    under, deepest = 100 * (levels / levels.cummax() - 1), list(drawdowns.nsmallest(NAMED, "depth_pct").itertuples())
    colours = (AGENTS, PALETTE["soft"], RETURNS, COMPUTE)
    with styled():
        fig = Figure(figsize=(5.2, 3.3))
        ax = fig.subplots()
        for colour, (name, series) in zip(colours, under.items(), strict=False):
            first = name == under.columns[0]
            label = f"{name} {change(series.iloc[-1])}"
            ax.plot(series, color=colour, linewidth=1.6 if first else 1, label=label, zorder=3 if first else 2)
        ax.fill_between(under.index, under.iloc[:, 0], 0, color=colours[0], alpha=0.18, linewidth=0)
        for d in deepest:
            ax.plot(d.trough, d.depth_pct, marker="v", color=colours[0], zorder=4)
            text = f"{change(d.depth_pct)}\n{d.trough.day} {d.trough:%b %Y}"
            late = d.trough > levels.index[0] + 0.8 * (levels.index[-1] - levels.index[0])
            look = {"ha": "right" if late else "center", "fontsize": 9, "color": PALETTE["ink"]}
            say(ax, text, (d.trough, d.depth_pct), (0, -5), **look)
        ax.axhline(0, color=PALETTE["soft"], linewidth=0.8)
        ax.set_ylim(-110, 3)
        ax.set_yticks([0, -20, -40, -60, -80, -100])
        ax.set_xlim(levels.index[0], levels.index[-1])
        ax.yaxis.set_major_formatter(lambda value, _: quantity(value, "%"))
        date_axis(ax)
        ax.grid(axis="y", linewidth=0.6)
        ax.set_title("Below the highest level so far", pad=26)
        ax.legend(loc="lower left", bbox_to_anchor=(-0.02, 0.99), ncols=len(under.columns), fontsize=8.5, borderpad=0)
        fig.tight_layout()
    named = "; ".join(
        f"{change(d.depth_pct)} from {d.peak:%Y-%m-%d} to {d.trough:%Y-%m-%d}, "
        + (f"recovered on {d.recovery:%Y-%m-%d}" if pd.notna(d.recovery) else "not recovered")
        for d in deepest
    )
    ends = ", ".join(f"{name} {change(value)}" for name, value in under.iloc[-1].items())
    alt = (
        f"Lines of the distance below the highest level so far, {levels.index[0]:%Y-%m-%d} to "
        f"{levels.index[-1]:%Y-%m-%d}. Deepest of {levels.columns[0]}: {named or 'none'}. On the last day: {ends}."
    )
    return Drawn(fig, alt, levels.round(4).rename_axis("date").reset_index())
