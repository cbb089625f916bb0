"""Excess return by benchmark, and beta through the year."""

import pandas as pd
from matplotlib.figure import Figure

from analysis.engine.data.chapters import chapter_colour
from analysis.engine.words.axes import asserted_above, name_rows
from analysis.engine.words.figures import PALETTE, Drawn, styled
from analysis.engine.words.formats import SPACE, day, number, signs
from analysis.returns.figures.category import kept_apart

#: One colour per benchmark, those of `index_lines` where they occur there.
BENCHMARK_COLOURS = (chapter_colour("framework"), chapter_colour("returns"), chapter_colour("compute"), PALETTE["soft"])
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
            ax.plot([row.low, row.high], [y, y], color=chapter_colour("agents"), linewidth=2.4 if primary else 1.4)
            ax.plot(row.excess_pp, y, marker="o", color=chapter_colour("agents"), markersize=7 if primary else 5)
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
