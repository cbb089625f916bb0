"""Every published figure of Grass by its date, with the asserted value drawn across."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure

from analysis.data_marketplaces.figures.look import COLOUR, MARK, MARKERS
from analysis.data_marketplaces.published import ends, when
from analysis.engine.claims import Claim
from analysis.engine.words.figures import PALETTE, Drawn, styled
from analysis.engine.words.formats import day, interval, quantity

#: Metric -> how it is drawn: fill of the marker, and its word.
LOOKS = {
    "active_nodes": (COLOUR, "nodes"),
    "browser_extensions": (COLOUR, "browser extensions"),
    "users": (PALETTE["paper"], "users, another quantity"),
    "revenue_per_year": (COLOUR, "stated a year"),
    "revenue": (COLOUR, "of a period"),
}
KEY = "circle: others; diamond: holds or promotes the token;\nsquare: the project; arrow: a lower bound; hollow: users"
DATA = ["metric", "date_from", "date_to", "date_precision", "value", "bound", "reliability", "by", "source_id"]
#: Letter for the kind of source.
LETTERS = {"primary": "1", "analyst": "a", "secondary": "s", "tertiary": "t", "promotional": "p", "estimate": "e"}


def timeline_figure(figures: pd.DataFrame, *, nodes: Claim, revenue: Claim) -> Drawn:
    """Nodes and revenue of Grass by date, an arrow where a figure is a lower bound, and the asserted values.

    Parameters
    ----------
    figures : DataFrame
        From `analysis.data_marketplaces.remarks.told`; undated ones are named below.
    nodes, revenue : Claim
        D1 and D2, for their regions and date.
    """
    dated = figures[figures["date_to"].notna()]
    undated = figures[figures["date_to"].isna()]
    key = "\n".join([KEY, _letters(dated), *(f"not drawn: {_words(row)}" for _, row in undated.iterrows())])
    with styled({"font.size": 9.5}):
        fig = Figure(figsize=(5.2, 5.3))
        tops = fig.add_axes((0.1, 0.58, 0.88, 0.35)), fig.add_axes((0.1, 0.23, 0.88, 0.25))
        groups = ("active_nodes", "browser_extensions", "users"), ("revenue_per_year", "revenue")
        titles = "Published nodes and users of Grass, million", "Its revenue, million USD a year"
        for ax, metrics, claim, title in zip(tops, groups, (nodes, revenue), titles, strict=True):
            ax.set_xlim(*_limits(dated, nodes))
            _panel(ax, dated[dated["metric"].isin(metrics)], claim)
            ax.set_title(title, x=-0.1)
        tops[1].set_xlabel(key, x=-0.1, ha="left")
    points = "; ".join(_words(row) for _, row in figures.iterrows())
    asserted = "; ".join(f"{claim.id} asserts {_asserted(claim)} on {day(claim.as_of)}" for claim in (nodes, revenue))
    return Drawn(fig, f"Published figures of Grass by date: {points or 'none'}. {asserted}.", figures[DATA])


def _asserted(claim: Claim) -> str:
    region, unit = claim.regions[0], claim.asserted.unit
    return f"{quantity(claim.asserted.value, unit)} (T: {interval(region.left, region.right, unit)})"


def _letters(dated: pd.DataFrame) -> str:
    used = [name for name in LETTERS if name in set(dated["reliability"])]
    return f"kind of source: {', '.join(f'{LETTERS[name]} {name}' for name in used)}"


def _limits(dated: pd.DataFrame, claim: Claim) -> tuple[pd.Timestamp, pd.Timestamp]:
    days = [*dated["date_from"], *dated["date_to"], pd.Timestamp(claim.as_of)]
    return min(days) - pd.Timedelta(days=30), max(days) + pd.Timedelta(days=60)


def _panel(ax: Axes, rows: pd.DataFrame, claim: Claim) -> None:
    region, unit = claim.regions[0], 1e6
    most = max([*ends(rows)["most"], claim.asserted.value]) / unit
    ax.set_ylim(0, 1.28 * most)
    ax.axhspan(region.left / unit, min(region.right / unit, 10 * most), color=PALETTE["band"], linewidth=0)
    ax.axhline(claim.asserted.value / unit, **MARK)
    ax.axvline(pd.Timestamp(claim.as_of), color=PALETTE["soft"], linewidth=0.8)
    ax.annotate("the report", (pd.Timestamp(claim.as_of), 1.26 * most), (4, 0), textcoords="offset points", va="top")
    for (_, row), (_, end) in zip(rows.iterrows(), ends(rows).iterrows(), strict=True):
        low, high = end["least"] / unit, end["most"] / unit
        middle = row["date_from"] + (row["date_to"] - row["date_from"]) / 2
        ax.plot([row["date_from"], row["date_to"]], [low, low], color=COLOUR, linewidth=1.6)
        if row["bound"] in ("at least", "over"):
            arrow = {"arrowstyle": "->", "color": COLOUR, "linewidth": 1}
            ax.annotate("", (middle, high + 0.13 * most), (middle, high), arrowprops=arrow)
        ax.plot(
            middle, (low + high) / 2, MARKERS[row["by"]], markersize=6.5, color=LOOKS[row["metric"]][0],
            markeredgecolor=PALETTE["ink"], markeredgewidth=0.8, zorder=4,
        )  # fmt: skip
        text = f"{high:g} {LETTERS[row['reliability']]}"
        ax.annotate(text, (middle, low), (0, -8), textcoords="offset points", ha="center", va="top", fontsize=8.5)
    locator = AutoDateLocator(minticks=2, maxticks=9)
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(locator, show_offset=False))
    ax.grid(axis="y", linewidth=0.6)


def _words(row: pd.Series) -> str:
    unit = "USD/year" if row["metric"].startswith("revenue") else "count"
    end = ends(row.to_frame().T).iloc[0]
    figure = interval(end["least"], end["most"], unit, row["bound"])
    return f"{LOOKS[row['metric']][1]}, {when(row)}, {figure} ({row['reliability']})"
