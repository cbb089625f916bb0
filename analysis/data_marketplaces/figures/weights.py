"""What doubles when what doubles, by Vana's weights; and the model of how unequal payments would be."""

import pandas as pd
from matplotlib.figure import Figure

from analysis.data_marketplaces.figures.look import COLOUR, MARK
from analysis.engine.words.figures import PALETTE, Drawn, styled
from analysis.engine.words.formats import number

MARKERS = ("o", "s", "^")


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
        ax.set_yticks(range(len(table)), [_wrapped(what) for what in table["doubles"]])
        ax.tick_params(axis="y", length=0)
        ax.set_ylim(len(table) - 0.5, -0.5)
        ax.set_xlim(0.9, max(2.0, table[["by_rule", "in_proportion"]].max().max()) + 0.12)
        ax.xaxis.set_major_formatter(lambda x, _: f"× {x:g}")
        ax.grid(axis="x", linewidth=0.6)
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


def _wrapped(text: str) -> str:
    first, comma, last = text.partition(", ")
    return f"{first},\n{last}" if comma else text


def model_figure(table: pd.DataFrame) -> Drawn:
    """A model: Gini coefficient of payments over that of contributions."""
    with styled({"font.size": 9.5}):
        fig = Figure(figsize=(5.2, 3.5))
        ax = fig.add_axes((0.11, 0.2, 0.87, 0.7))
        ends = [0, table["contributions"].max()]
        ax.plot(ends, ends, **MARK)
        ax.annotate("in proportion", (0.62 * ends[1], 0.62 * ends[1]), (-6, 4), textcoords="offset points", ha="right")
        for (power, some), marker in zip(table.groupby("power"), MARKERS, strict=False):
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
