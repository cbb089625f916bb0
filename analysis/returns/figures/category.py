"""Index lines and token bars."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from analysis.engine.claims import Estimate
from analysis.engine.data.chapters import chapter_colour
from analysis.engine.words.axes import asserted_above, log_axis
from analysis.engine.words.figures import PALETTE, Drawn, styled
from analysis.engine.words.formats import SPACE, signs

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
    "compute": chapter_colour("compute"),
    "data": chapter_colour("data_marketplaces"),
    "agents": chapter_colour("agents"),
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
