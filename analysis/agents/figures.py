"""From agent-held value to the asserted figure; months of record that tell skill from luck, beside published ones."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from analysis.agents.results import length
from analysis.agents.skill import LEVEL, POWER, RATIOS, months_needed
from analysis.engine.claims import Claim
from analysis.engine.data.chapters import chapter_colour
from analysis.engine.words.axes import MARK, log_axis
from analysis.engine.words.figures import PALETTE, Drawn, styled
from analysis.engine.words.formats import interval, many, number, quantity

COLOUR = chapter_colour("agents")
#: Kind of step -> how its bar is filled; what is not found is hollow.
FILLED = {"found": COLOUR, "counted twice": PALETTE["soft"], "around agents": PALETTE["soft"]}
#: Below this share of the axis a bar's label cannot stand on its left.
ROOM = 0.5
PER_BILLION = 1e9
#: Months with a tick, and numbers of agents that a line is drawn for.
TICKS = {"2 weeks": 0.5, "1 month": 1, "1 year": 12, "10 years": 120, "100 years": 1200}
AGENTS = (1, 6, 100)
LINES = ("-", (0, (4, 2)), (0, (1, 1.3)))


def waterfall_figure(steps: pd.DataFrame, *, claim: Claim) -> Drawn:
    """Bars that stand on one another up to the asserted figure, with its band, and another quantity of that size."""
    inner = claim.regions[0]
    most = 1.04 * max(inner.right, steps["end"].max())
    shown = steps[steps["kind"] != "asserted"]
    with styled({"font.size": 9.5}):
        fig = Figure(figsize=(5.2, 0.42 * len(shown) + 1.2))
        ax = fig.add_axes((0.31, 0.19, 0.67, 0.66))
        ax.axvspan(inner.left / PER_BILLION, inner.right / PER_BILLION, color=PALETTE["band"], linewidth=0)
        ax.axvline(claim.asserted.value / PER_BILLION, **MARK)
        said = f"asserted: {quantity(claim.asserted.value, 'USD')} "
        ax.text(claim.asserted.value / PER_BILLION, -0.72, said, ha="right", va="center")
        for y, row in enumerate(shown.itertuples()):
            colour = FILLED.get(row.kind, PALETTE["paper"])
            width = 0.0 if np.isnan(row.value) else row.value
            ax.barh(
                y, width / PER_BILLION, left=row.start / PER_BILLION, height=0.56, color=colour,
                edgecolor=PALETTE["ink"], linewidth=0.9, linestyle="--" if row.kind == "missing" else "-",
            )  # fmt: skip
            inside = width > ROOM * most
            at = row.start + width / 2 if inside else row.end + 0.015 * most
            ax.text(at / PER_BILLION, y, _size(row.value), ha="center" if inside else "left", va="center")
        ax.set_yticks(range(len(shown)), shown["step"])
        ax.tick_params(axis="y", length=0)
        ax.set_ylim(len(shown) - 0.45, -1.1)
        ax.set_xlim(0, most / PER_BILLION)
        ax.set_xlabel("billion USD; each bar but the last stands on the one above", loc="right")
        ax.set_title("What would have to be counted", x=-0.45)
    said = [f"{row.step} {_size(row.value)}" for row in shown[shown["kind"] != "other quantity"].itertuples()]
    other = steps[steps["kind"] == "other quantity"]
    beside = "".join(f" Beside it, {row.step}: {quantity(row.value, 'USD')}." for row in other.itertuples())
    alt = (
        f"Bars that stand on one another up to the asserted {quantity(claim.asserted.value, 'USD')} "
        f"(accepted: {interval(inner.left, inner.right, 'USD')}): {'; '.join(said)}.{beside}"
    )
    return Drawn(fig, alt, steps.round(2))


def _size(value: float) -> str:
    return "none within 180 days" if np.isnan(value) else quantity(value, "USD")


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
        for count, line in zip(agents, LINES, strict=False):
            months = [months_needed(float(ratio), picked_from=count) for ratio in ratios]
            ax.plot(ratios, months, color=PALETTE["ink"], linewidth=1.8, linestyle=line)
            label = "one agent" if count == 1 else f"best of {number(count)}"
            ax.annotate(label, (ratios[-1], months[-1]), (5, 0), textcoords="offset points", va="center")
        for months, some in own.groupby(own["months"].round(2)):
            ax.axhline(months, color=COLOUR, linewidth=1.4, zorder=0.6)
            said = f"{many(len(some), 'record')} of {length(months)}"
            ax.annotate(said, (ratios[0], months), (4, 2), textcoords="offset points", va="bottom", fontsize=8.5)
        log_axis(ax, "y", TICKS, (0.4, 1300))
        ax.set_xlim(ratios[0], ratios[-1])
        ax.set_xticks(RATIOS, [number(ratio) for ratio in RATIOS])
        ax.grid(axis="y", linewidth=0.8)
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
