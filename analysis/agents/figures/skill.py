"""Months of record that tell skill from luck, and the records that were published."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator

from analysis.agents.results import length
from analysis.agents.skill import LEVEL, POWER, RATIOS, months_needed
from analysis.engine.data.chapters import chapter_colour
from analysis.engine.words.figures import PALETTE, Drawn, styled
from analysis.engine.words.formats import many, number

#: Months with a tick, and numbers of agents that a line is drawn for.
TICKS = {0.5: "2 weeks", 1: "1 month", 12: "1 year", 120: "10 years", 1200: "100 years"}
AGENTS = (1, 6, 100)
LINES = ("-", (0, (4, 2)), (0, (1, 1.3)))


def skill_figure(records: pd.DataFrame, *, agents: tuple[int, ...] = AGENTS) -> Drawn:
    """Months needed by information ratio on a log scale, for a single agent and for the best of several.

    Parameters
    ----------
    records : DataFrame
        From `analysis.agents.results.records`; those of agents in real money are drawn, each length once.
    agents : tuple of int
        Three at most.
    """
    own = records[records["real_money"] & (records["design"] != "no agents")]
    ratios = np.linspace(RATIOS[0], RATIOS[-1], 13)
    with styled({"font.size": 9.5}):
        fig = Figure(figsize=(5.2, 3.5))
        ax = fig.add_axes((0.16, 0.14, 0.64, 0.75))
        ax.set_yscale("log")
        for count, line in zip(agents, LINES, strict=False):
            months = [months_needed(float(ratio), picked_from=count) for ratio in ratios]
            ax.plot(ratios, months, color=PALETTE["ink"], linewidth=1.8, linestyle=line)
            label = "one agent" if count == 1 else f"best of {number(count)}"
            ax.annotate(label, (ratios[-1], months[-1]), (5, 0), textcoords="offset points", va="center")
        for months, some in own.groupby(own["months"].round(2)):
            ax.axhline(months, color=chapter_colour("agents"), linewidth=1.4, zorder=0.6)
            said = f"{many(len(some), 'record')} of {length(months)}"
            ax.annotate(said, (ratios[0], months), (4, 2), textcoords="offset points", va="bottom", fontsize=8.5)
        ax.yaxis.set_major_locator(FixedLocator(list(TICKS)))
        ax.yaxis.set_minor_locator(NullLocator())
        ax.set_yticklabels(TICKS.values())
        ax.set_ylim(0.4, 1300)
        ax.set_xlim(ratios[0], ratios[-1])
        ax.set_xticks(RATIOS, [number(ratio) for ratio in RATIOS])
        ax.grid(axis="y")
        ax.set_xlabel("annual information ratio")
        ax.set_title("Record needed, log scale; lines in colour: published", x=-0.25)
    needed = "; ".join(
        f"{'one agent' if count == 1 else f'the best of {number(count)}'} "
        + ", ".join(f"{number(months_needed(ratio, picked_from=count))} for {number(ratio)}" for ratio in RATIOS)
        for count in agents
    )
    lengths = ", ".join(f"{number(months)} ({len(some)})" for months, some in own.groupby(own["months"].round(2)))
    alt = (
        f"Falling lines of the months of record that tell an annual information ratio from luck at {LEVEL:.0%} with "
        f"{POWER:.0%} power: {needed}. Records of agents in real money are {lengths or 'none'} months long (how many)."
    )
    return Drawn(fig, alt, records[["who", "design", "months", "picked_from", "needed"]].round(3))
