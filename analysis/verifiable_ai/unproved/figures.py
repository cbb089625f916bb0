"""Plain inference beside the bound of V3."""

import pandas as pd

from analysis.engine.words.axes import MARK
from analysis.engine.words.figures import PALETTE, Drawn
from analysis.engine.words.formats import many, number, quantity
from analysis.verifiable_ai.figure_labels import COLOUR, drawing, time_axis
from analysis.verifiable_ai.unproved.unproved import BOUND_S, BOUND_USD


def inference_figure(summary: pd.DataFrame) -> Drawn:
    """Time of one inference by input and threads, median with the middle of the runs and the slowest, and the bound.

    `summary` is from `analysis.verifiable_ai.unproved.unproved.summary`.
    """
    least, most = summary["low_s"].min(), max(summary["slowest_s"].max(), BOUND_S)
    with drawing((5.2, 0.42 * len(summary) + 1.35), (0.24, 0.27, 0.75, 0.58)) as (fig, ax):
        limits = (least / 4, most * 6)
        time_axis(ax, "x", limits)
        ax.axvspan(limits[0], BOUND_S, color=PALETTE["band"], linewidth=0)
        ax.axvline(BOUND_S, **MARK)
        ax.text(BOUND_S / 1.1, -0.75, f"asserted: under {quantity(BOUND_S, 's')}", ha="right", va="center")
        for y, row in enumerate(summary.itertuples()):
            colour = PALETTE["ink"] if row.counts else PALETTE["soft"]
            ax.plot([row.low_s, row.high_s], [y, y], color=colour, linewidth=2.2 if row.counts else 1.4)
            ax.plot(row.slowest_s, y, "|", color=colour, markersize=9)
            ax.plot(row.median_s, y, "o", color=COLOUR, markeredgecolor=colour, markersize=6.5, zorder=3)
            right = row.slowest_s < BOUND_S / 3 or row.median_s >= BOUND_S
            at, ha = (row.slowest_s * 1.25, "left") if right else (row.low_s / 1.25, "right")
            ax.text(at, y, quantity(row.median_s, "s"), ha=ha, va="center")
        names = [f"{many(r.tokens, 'token')},\n{many(r.threads, 'thread')}" for r in summary.itertuples()]
        ax.set_yticks(range(len(summary)), names)
        ax.tick_params(axis="y", length=0)
        ax.set_ylim(len(summary) - 0.4, -1.15)
        ax.set_xlabel("median, middle 95 % of the runs, and the slowest; log scale", loc="left")
        ax.set_title("One plain inference of a network of GPT-2's shape", x=-0.31)
    rows = "; ".join(
        f"{many(r.tokens, 'token')} on {many(r.threads, 'thread')} {quantity(r.median_s, 's')} "
        f"({quantity(r.low_s, 's')} to {quantity(r.high_s, 's')}, slowest {quantity(r.slowest_s, 's')}, {r.runs} runs)"
        for r in summary.itertuples()
    )
    over = int((summary["share"] >= 1).sum())
    alt = (
        f"Dots with intervals of one plain inference on a log scale: {rows or 'no run'}. "
        f"Under {quantity(BOUND_S, 's')} and {number(BOUND_USD)} USD the claim holds; medians outside: {over}."
    )
    return Drawn(fig, alt, summary.round(6))
