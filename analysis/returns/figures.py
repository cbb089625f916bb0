"""Figures of the chapter on returns, each a function of tables, with its text alternative beside it."""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from analysis.claims import Estimate
from analysis.figures import PALETTE, VERTICAL_COLOUR, styled
from analysis.formats import MINUS, SPACE

#: Ticks of the level axis; the first day is 100.
LEVEL_TICKS = (10, 20, 50, 100, 200, 500)
#: Smallest ratio between two line labels on the log axis.
LABEL_RATIO = 1.22
#: The first line is the category, the others are what it is compared with.
LINE_COLOURS = (PALETTE["agents"], PALETTE["data"], PALETTE["returns"], PALETTE["compute"])
#: Bars end here; a longer one is cut, and its label says so.
LONGEST_BAR_PCT = 320
VERTICAL_ORDER = ("network", "compute", "data", "agents", "verifiable")


def change(value_pct: float) -> str:
    """A return with its sign: one decimal below a hundred, none from there on.

    Examples
    --------
    >>> change(-12.0).replace(SPACE, " "), change(945.2).replace(SPACE, " ")
    ('−12.0 %', '+945 %')
    """
    return f"{value_pct:+.{1 if abs(value_pct) < 100 else 0}f}{SPACE}%".replace("-", MINUS)


def index_lines(levels: pd.DataFrame, *, asserted_pct: float, estimate: Estimate) -> Figure:
    """Index levels on a log scale, with the asserted return as the reference mark.

    Parameters
    ----------
    levels : DataFrame, shape (days, series)
        100 on the first day; the estimate belongs to the first series. At most four series.
    asserted_pct : float
        Asserted return, %; everything above it is shaded.
    estimate : Estimate
        Its interval, %, stands beside the end of the first series.
    """
    target, end = 100 + asserted_pct, levels.index[-1]
    with styled():
        fig = Figure(figsize=(5.2, 3.9))
        ax = fig.add_axes((0.07, 0.1, 0.62, 0.82))
        ax.axhspan(target, 10 * target, color=PALETTE["band"], linewidth=0)
        ax.axhline(target, color=PALETTE["mark"], linewidth=1.2, linestyle=(0, (4, 3)))
        ax.text(levels.index[4], target * 1.06, f"asserted: more than {change(asserted_pct)}")
        heights = label_heights(levels.iloc[-1])
        for colour, (name, series) in zip(LINE_COLOURS, levels.items(), strict=False):
            ax.plot(series, color=colour, linewidth=2.4 if name == levels.columns[0] else 1.3)
            label = f"{name} {change(series.iloc[-1] - 100)}"
            ax.plot(end + pd.Timedelta(days=17), heights[name], marker="s", color=colour, clip_on=False)
            ax.text(end + pd.Timedelta(days=27), heights[name], label, va="center")
        bar = [100 + estimate.low, 100 + estimate.high]
        ax.plot([end + pd.Timedelta(days=7)] * 2, bar, color=LINE_COLOURS[0], linewidth=2.4, clip_on=False)
        ax.set_yscale("log")
        ax.set_yticks(LEVEL_TICKS, [str(tick) for tick in LEVEL_TICKS])
        ax.minorticks_off()
        ax.set_ylim(min(8, 0.9 * levels.min().min()), max(700, 1.4 * target, 1.1 * levels.max().max()))
        ax.set_xlim(levels.index[0], end)
        quarters = pd.date_range(levels.index[0], end, freq="QE")
        ax.set_xticks(quarters, [f"{day.day} {day:%b}\n{day:%Y}" for day in quarters])
        ax.grid(axis="y", linewidth=0.6)
        ax.set_title(f"Value of 100 USD put in on {levels.index[0]:%d %B %Y}, log scale")
    return fig


def index_lines_alt(levels: pd.DataFrame, *, asserted_pct: float, estimate: Estimate) -> str:
    """Text alternative of `index_lines`, from the same numbers."""
    returns = levels.iloc[-1] - 100
    ends = "; ".join(f"{name} {change(value)}" for name, value in returns.items())
    reach = "none of the lines ends" if returns.max() <= asserted_pct else f"{returns.idxmax()} ends"
    return (
        f"Lines from 100 on {levels.index[0]:%Y-%m-%d} to {levels.index[-1]:%Y-%m-%d}: {ends}. "
        f"Interval of {levels.columns[0]}: {change(estimate.low)} to {change(estimate.high)}. "
        f"The asserted return of more than {change(asserted_pct)} is a dashed line; {reach} above it."
    )


def label_heights(levels: pd.Series) -> dict[str, float]:
    """Heights for labels on a log axis: as near to the levels as keeping them apart allows.

    Examples
    --------
    >>> label_heights(pd.Series({"A": 100.0, "B": 101.0}))
    {'A': 100.0, 'B': 122.0}
    """
    heights, lowest = {}, 0.0
    for name, level in levels.sort_values(kind="stable").items():
        heights[name] = max(float(level), lowest)
        lowest = heights[name] * LABEL_RATIO
    return heights


def bars_of(returns: pd.DataFrame) -> pd.DataFrame:
    """Rows that `token_bars` draws, in its order: by vertical, then from the highest return down.

    Parameters
    ----------
    returns : DataFrame
        As from `analysis.returns.window_returns`.
    """
    drawn = returns[returns["status"].isin(["full", "late"]) & returns["vertical"].isin(VERTICAL_ORDER)]
    rank = drawn["vertical"].map(VERTICAL_ORDER.index)
    return drawn.assign(rank=rank).sort_values(["rank", "return_pct"], ascending=[True, False]).drop(columns="rank")


def token_bars(returns: pd.DataFrame, *, asserted_pct: float) -> Figure:
    """Every token's return, sorted by vertical, with the asserted return as the reference mark.

    Filled bars run from the first to the last day of the window, hollow ones from a later first close.

    Parameters
    ----------
    returns : DataFrame
        As from `analysis.returns.window_returns`.
    asserted_pct : float
        Asserted return, %.
    """
    bars = bars_of(returns)
    gaps = bars["vertical"].ne(bars["vertical"].shift()).cumsum() - 1
    heights = pd.Series(range(len(bars)), index=bars.index) + 1.4 * gaps
    with styled({"font.size": 8}):
        fig = Figure(figsize=(4.7, 0.2 * heights.max() + 1.1))
        ax = fig.subplots()
        ax.axvspan(asserted_pct, 10 * asserted_pct, color=PALETTE["band"], linewidth=0)
        ax.axvline(asserted_pct, color=PALETTE["mark"], linewidth=1.2, linestyle=(0, (4, 3)))
        ax.axvline(0, color=PALETTE["soft"], linewidth=0.8)
        for y, bar in zip(heights, bars.itertuples(), strict=True):
            colour, length = VERTICAL_COLOUR[bar.vertical], min(bar.return_pct, LONGEST_BAR_PCT)
            ax.barh(
                y, length, height=0.72, color=colour if bar.status == "full" else "none", edgecolor=colour, linewidth=1
            )
            since = "" if bar.status == "full" else f", from {bar.from_date.day} {bar.from_date:%b}"
            label = f"{change(bar.return_pct)}{since}{', cut' if length < bar.return_pct else ''}"
            inside = length > asserted_pct / 2
            ax.text(
                min(length, asserted_pct) - 4 if inside else max(length, 0) + 4,
                y,
                label,
                va="center",
                ha="right" if inside else "left",
            )
        for vertical, top in heights.groupby(bars["vertical"]).min().items():
            ax.text(-104, top - 1, vertical, fontweight="bold", va="center")
        ax.set_yticks(heights, bars["symbol"])
        ax.tick_params(axis="y", length=0)
        ax.set_ylim(heights.max() + 1, -2)
        ax.set_xlim(-105, 400)
        ax.xaxis.set_major_formatter(PercentFormatter(decimals=0, symbol=" %"))
        ax.grid(axis="x", linewidth=0.6)
        ax.text(asserted_pct + 4, -1.3, f"asserted: over\n{change(asserted_pct)}", va="top")
        ax.set_title("Price return by token, by part of the market")
    return fig


def token_bars_alt(returns: pd.DataFrame, *, asserted_pct: float) -> str:
    """Text alternative of `token_bars`, from the same numbers."""
    bars = bars_of(returns)
    full, late = bars[bars["status"] == "full"], bars[bars["status"] == "late"]
    best, worst = full.loc[full["return_pct"].idxmax()], full.loc[full["return_pct"].idxmin()]
    return (
        f"Bars of {len(full)} tokens with both closes, from {worst.symbol} {change(worst.return_pct)} to {best.symbol} "
        f"{change(best.return_pct)}, median {change(full['return_pct'].median())}; "
        f"{(full['return_pct'] > 0).sum()} of them rose. "
        f"{len(late)} hollow bars start later in the year; {(late['return_pct'] > 0).sum()} of these rose. "
        f"The asserted return of more than {change(asserted_pct)} is a dashed line; bars that pass it: "
        f"{', '.join(bars.loc[bars['return_pct'] > asserted_pct, 'symbol']) or 'none'}."
    )
