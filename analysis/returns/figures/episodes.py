"""Explosive episodes, and drawdowns."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from analysis.engine.data.chapters import chapter_colour
from analysis.engine.inference.gsadf import LEVEL, Explosiveness
from analysis.engine.words.axes import DASHED, date_axis, say
from analysis.engine.words.figures import PALETTE, Drawn, styled
from analysis.engine.words.formats import number, quantity
from analysis.returns.figures.category import change

#: Colour and hatch of an episode: told apart without colour too.
EPISODE_STYLE = {"bubble": (chapter_colour("agents"), ""), "collapse": (chapter_colour("returns"), "///")}
LEVEL_TICKS = (100, 300, 1000, 3000, 10000)
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
        top.plot(weeks["log_index"] / np.log(10), color=chapter_colour("agents"), linewidth=1.6)
        bottom.plot(weeks["bsadf"], color=chapter_colour("agents"), linewidth=1.6)
        bottom.plot(weeks["critical"], color=PALETTE["ink"], linewidth=1.1, linestyle=DASHED)
        bottom.axhline(found.critical[LEVEL], color=PALETTE["soft"], linewidth=1)
        last = weeks.index[-1]
        bottom.text(last, found.critical[LEVEL], f"GSADF, {LEVEL:.0%} critical value", ha="right", va="bottom")
        above = weeks["critical"].iloc[-60:].max() + 0.15
        bottom.text(last, above, "week's critical value", ha="right", va="bottom")
        top.set_title("Index, log scale")
        low, high = weeks["log_index"].min(), weeks["log_index"].max()
        levels = [level for level in LEVEL_TICKS if low - 0.2 <= np.log(level) <= high + 0.2]
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
    colours = (chapter_colour("agents"), PALETTE["soft"], chapter_colour("returns"), chapter_colour("compute"))
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
