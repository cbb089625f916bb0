"""Figures of Grass by date, revenue per TB beside prices of bandwidth, and what Vana's weights pay for."""

import textwrap

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure

from analysis.data_marketplaces.economics import PER_TB
from analysis.data_marketplaces.published import ends, when
from analysis.engine.claims import Claim
from analysis.engine.data.chapters import chapter_colour
from analysis.engine.words.axes import MARK, log_axis, name_rows
from analysis.engine.words.figures import PALETTE, Drawn, styled
from analysis.engine.words.formats import day, interval, number, quantity

#: Colour of the vertical.
COLOUR = chapter_colour("data_marketplaces")
#: Marker by who says it.
MARKERS = {"others": "o", "holder": "D", "project": "s"}
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
#: Prices with a tick, USD per TB.
TICKS = {f"{price:g}": price for price in (10, 100, 1_000, 10_000, 100_000)}
#: Marker of each power in the model.
POWER_MARKERS = ("o", "s", "^")


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


def rows_of(units: pd.DataFrame, carried: pd.DataFrame) -> pd.DataFrame:
    """What `unit_figure` draws: revenue per TB, then prices per TB.

    Returns
    -------
    DataFrame
        `what`, `low`, `high`, `ours` (whether it is Grass's revenue); rows without a figure are left out.
    """
    own = units[units["per"] == PER_TB]
    own = own.assign(what=[f"Grass's revenue, {side}" for side in own["revenue"]], ours=True)
    both = pd.concat([own, carried.assign(ours=False)])[["what", "low", "high", "ours"]]
    return both[both["low"].notna()].reset_index(drop=True)


def unit_figure(units: pd.DataFrame, carried: pd.DataFrame) -> Drawn:
    """Ranges of USD per TB on a log scale; parameters as of `rows_of`."""
    rows = rows_of(units, carried)
    with styled({"font.size": 9.5}):
        fig = Figure(figsize=(5.2, 0.5 * len(rows) + 1.2))
        ax = fig.add_axes((0.42, 0.24, 0.56, 0.62))
        log_axis(ax, "x", TICKS, (rows["low"].min() / 2, rows["high"].max() * 12))
        for y, row in enumerate(rows.itertuples()):
            colour = COLOUR if row.ours else PALETTE["soft"]
            ax.plot([row.low, row.high], [y, y], color=colour, linewidth=5, solid_capstyle="butt")
            ax.plot([row.low, row.high], [y, y], "|", color=colour, markersize=11, markeredgewidth=1.6)
            text = _short(row.low) if np.isclose(row.low, row.high) else f"{_short(row.low)} to {_short(row.high)}"
            ax.annotate(text, (row.high, y), (6, 0), textcoords="offset points", va="center", fontsize=8.5)
        name_rows(ax, [textwrap.fill(what, 20) for what in rows["what"]], room=0.5)
        ax.set_xlabel("USD per TB, log scale; bounds, not intervals of confidence", x=-0.75, ha="left")
        ax.set_title("Revenue per TB, and prices of bandwidth", x=-0.75)
    said = "; ".join(f"{row.what}, {_short(row.low)} to {_short(row.high)}" for row in rows.itertuples())
    return Drawn(fig, f"USD per TB on a log scale: {said or '0 rows'}.", rows.round(4))


def _short(value: float) -> str:
    return number(float(f"{value:.2g}"))


def power_words(power: float) -> str:
    """How trading goes with contribution in the model.

    Examples
    --------
    >>> power_words(0.0), power_words(1.0), power_words(2.0)
    ('the same for all', 'in proportion', 'with power 2')
    """
    return {0.0: "the same for all", 1.0: "in proportion"}.get(power, f"with power {number(power)}")


def doubling_figure(table: pd.DataFrame) -> Drawn:
    """By how much a small pool's reward multiplies, by the rule and in proportion to data contributed."""
    with styled({"font.size": 9.5}):
        fig = Figure(figsize=(5.2, 0.42 * len(table) + 1.35))
        ax = fig.add_axes((0.42, 0.27, 0.55, 0.6))
        for y, row in enumerate(table.itertuples()):
            ax.plot([row.by_rule, row.in_proportion], [y, y], color=PALETTE["line"], linewidth=3, zorder=1)
            ax.plot(
                row.in_proportion, y, "D", markersize=8, color=PALETTE["paper"], markeredgecolor=PALETTE["ink"],
                zorder=2,
            )  # fmt: skip
            ax.plot(row.by_rule, y, "o", markersize=6, color=COLOUR, markeredgecolor=PALETTE["ink"], zorder=3)
        name_rows(ax, [what.replace(", ", ",\n", 1) for what in table["doubles"]], room=0.5)
        ax.set_xlim(0.9, max(2.0, table[["by_rule", "in_proportion"]].max().max()) + 0.12)
        ax.xaxis.set_major_formatter(lambda x, _: f"× {x:g}")
        ax.set_xlabel(
            "reward of a small pool\nfilled circle: by the documented weights; diamond: in proportion to data",
            x=-0.75, ha="left",
        )  # fmt: skip
        ax.set_title("When this doubles, by how much does the reward multiply?", x=-0.75)
    said = "; ".join(
        f"{row.doubles}: × {number(row.by_rule)} by the weights, × {number(row.in_proportion)} in proportion"
        for row in table.itertuples()
    )
    alt = f"What a small pool's reward multiplies by when something of it doubles. {said}."
    return Drawn(fig, alt, table.round(4))


def model_figure(table: pd.DataFrame) -> Drawn:
    """A model: Gini coefficient of payments over that of contributions."""
    with styled({"font.size": 9.5}):
        fig = Figure(figsize=(5.2, 3.5))
        ax = fig.add_axes((0.11, 0.2, 0.87, 0.7))
        ends = [0, table["contributions"].max()]
        ax.plot(ends, ends, **MARK)
        ax.annotate("in proportion", (0.62 * ends[1], 0.62 * ends[1]), (-6, 4), textcoords="offset points", ha="right")
        for (power, some), marker in zip(table.groupby("power"), POWER_MARKERS, strict=False):
            look = {"marker": marker, "markersize": 5, "markeredgecolor": PALETTE["ink"], "markeredgewidth": 0.6}
            label = f"trading {power_words(power)}"
            ax.plot(some["contributions"], some["payments"], color=COLOUR, linewidth=1.4, label=label, **look)
        ax.legend(loc="upper left")
        ax.set_xlabel("Gini coefficient of contributions (lognormal): a model, not data", loc="left")
        ax.set_title("Model: Gini coefficient of payments by the documented weights", x=-0.1)
        ax.grid(linewidth=0.6)
    last = table[table["sigma"] == table["sigma"].max()]
    said = "; ".join(f"trading {power_words(row.power)}, {row.payments:.2f}" for row in last.itertuples())
    alt = (
        "A model, not data: the Gini coefficient of payments by the documented weights over that of contributions. "
        f"Where contributions have {last['contributions'].max():.2f}, as would payments in proportion, payments have: "
        f"{said}."
    )
    return Drawn(fig, alt, table.round(4))
