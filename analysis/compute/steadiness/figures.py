"""What is known of availability and of tails of latency on both sides, and where nothing is."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.compute.steadiness.steadiness import TITLES as NAMES
from analysis.engine.data.chapters import chapter_colour
from analysis.engine.words.axes import name_rows
from analysis.engine.words.figures import PALETTE, Drawn, styled
from analysis.engine.words.formats import many, number, share

COLOUR = {"network": chapter_colour("compute"), "hyperscaler": PALETTE["soft"]}
#: What no row has, and the claim is about.
MISSING = {
    "capacity": tuple(f"{title}, on demand" for title in NAMES.values()),
    "latency": ("any hyperscaler",),
}
TITLES = {
    "capacity": "Share of time (or requests) with capacity, %",
    "latency": "Time to first token: 99th percentile over median",
}
KEY = "filled: measured by others; hollow: the provider's own figures"


def steadiness_figure(shown: pd.DataFrame) -> Drawn:
    """Shares of time with capacity and tails of latency by provider and GPU, with a row for what was not found.

    Parameters
    ----------
    shown : DataFrame
        From `analysis.compute.steadiness.steadiness.shown`.
    """
    parts = [(measure, shown[shown["measure"] == measure]) for measure in TITLES]
    named = [_rows(some, measure) for measure, some in parts]
    with styled({"font.size": 9}):
        fig = Figure(figsize=(5.6, 0.33 * sum(map(len, named)) + 1.9))
        axes = fig.subplots(2, 1, height_ratios=[len(rows) + 0.6 for rows in named])
        for ax, (measure, some), rows in zip(axes, parts, named, strict=True):
            _draw(ax, some, rows, scale=100 if measure == "capacity" else 1)
            ax.set_title(TITLES[measure], x=-0.42)
        axes[0].set_xlim(0, 103)
        axes[1].set_xlim(left=1)
        axes[1].set_xlabel(KEY, loc="right")
        fig.subplots_adjust(left=0.3, right=0.985, top=0.94, bottom=0.12, hspace=0.42)
    return Drawn(fig, " ".join(_in_words(*part, rows) for part, rows in zip(parts, named, strict=True)), shown)


def _rows(some: pd.DataFrame, measure: str) -> list[str]:
    named = list(dict.fromkeys(some.sort_values("side", kind="stable", ascending=False)["row"]))
    return [*named, *(row for row in MISSING[measure] if not _published(some, row))]


def _published(some: pd.DataFrame, row: str) -> bool:
    """Whether anything is known of what the row stands for, now that the data may have changed."""
    provider = row.partition(",")[0]
    theirs = some[some["side"] == "hyperscaler"]
    theirs = theirs if provider == "any hyperscaler" else theirs[theirs["row"].str.partition(",")[0] == provider]
    return not theirs[~theirs["row"].str.contains(", spot")].empty


def _draw(ax: Axes, some: pd.DataFrame, rows: list[str], *, scale: float) -> None:
    name_rows(ax, rows)
    for row in some.itertuples():
        y, colour = rows.index(row.row), COLOUR[row.side]
        ax.plot([scale * row.low, scale * row.high], [y, y], color=colour, linewidth=2, alpha=0.6)
        ax.plot(
            scale * (row.low + row.high) / 2, y, "s" if row.own else "o", markersize=5.5, markeredgecolor=colour,
            color=PALETTE["paper"] if row.own else colour, alpha=1 if row.own else 0.65, zorder=3,
        )  # fmt: skip
    for name in _empty(some, rows):
        ax.text(
            0.02, rows.index(name), "none found", transform=ax.get_yaxis_transform(), va="center", style="italic"
        )  # fmt: skip


def _empty(some: pd.DataFrame, rows: list[str]) -> list[str]:
    return [row for row in rows if row not in set(some["row"])]


def _in_words(measure: str, some: pd.DataFrame, rows: list[str]) -> str:
    write = share if measure == "capacity" else number
    lines = [
        f"{row}: {write(own['low'].min())} to {write(own['high'].max())}, {many(len(own), 'observation')}"
        + (", the provider's own" if own["own"].all() else "")
        for row, own in some.groupby("row", sort=False)
    ]
    empty = _empty(some, rows)
    none = f" None found: {', '.join(empty)}." if empty else ""
    return f"{TITLES[measure].removesuffix(', %')}. {'; '.join(lines) or 'Nothing'}.{none}"
