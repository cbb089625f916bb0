"""From agent-held value to the asserted figure."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from analysis.engine.claims import Claim
from analysis.engine.data.chapters import chapter_colour
from analysis.engine.words.figures import PALETTE, Drawn, styled
from analysis.engine.words.formats import interval, quantity

#: Look of the asserted value, the same in every figure of the book.
MARK = {"color": PALETTE["mark"], "linewidth": 1.2, "linestyle": (0, (4, 3))}
#: Kind of step -> how its bar is filled; what is not found is hollow.
FILLED = {"found": chapter_colour("agents"), "counted twice": PALETTE["soft"], "around agents": PALETTE["soft"]}
#: Below this share of the axis a bar's label cannot stand on its left.
ROOM = 0.5
PER_BILLION = 1e9


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
