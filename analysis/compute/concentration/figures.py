"""Published shares against a half, and bounds of the Herfindahl index."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.compute.concentration.shares import HIGH, POINTS
from analysis.engine.claims import Claim
from analysis.engine.data.chapters import chapter_colour
from analysis.engine.words.axes import MARK, name_rows
from analysis.engine.words.figures import PALETTE, Drawn, styled
from analysis.engine.words.formats import SPACE, number, period

COLOUR = chapter_colour("compute")

SHORT = {
    "cloud infrastructure services": "clouds",
    "AI cloud services": "AI clouds",
    "data-centre AI accelerators": "accelerators",
    "data-centre GPUs": "GPUs",
    "Bittensor emissions": "Bittensor",
}


def concentration_figure(shares: pd.DataFrame, indices: pd.DataFrame, *, claim: Claim) -> Drawn:
    """Above, the shares that C5 is about by period, with its bound; below, the bounds of the index by market.

    Parameters
    ----------
    shares, indices : DataFrame
        From `published` and `indices` of `analysis.compute.concentration.shares`.
    claim : Claim
        C5, for its bound.
    """
    bound = claim.asserted.value
    alt = _in_words(shares, indices, bound)
    return Drawn(_draw(shares, indices, bound), alt, indices.round({"known": 3, "low": 1, "high": 1}))


def _draw(shares: pd.DataFrame, indices: pd.DataFrame, bound: float) -> Figure:
    heights = (len(shares) + 0.6, len(indices) + 0.6)
    with styled({"font.size": 9}):
        fig = Figure(figsize=(5.4, 0.3 * sum(heights) + 2.0))
        upper, lower = fig.subplots(2, 1, height_ratios=heights)
        _bars(upper, 100 * shares["low"], 100 * shares["high"], _who(shares), right=100)
        upper.plot(100 * shares["value"], range(len(shares)), "o", color=COLOUR, markeredgecolor=PALETTE["ink"],
                   markersize=6, zorder=4)  # fmt: skip
        upper.axvspan(bound, 100, color=PALETTE["band"], linewidth=0, zorder=0)
        upper.axvline(bound, **MARK)
        upper.set_title(f"Share, %; the band is more than {number(bound)}{SPACE}%", x=-0.62)
        _bars(lower, indices["low"], indices["high"], _market(indices), right=POINTS)
        lower.axvline(HIGH, color=PALETTE["mark"], linewidth=1.2)
        lower.set_title(f"Herfindahl index, points: all that the shares allow; line at {number(HIGH)}", x=-0.62)
        fig.subplots_adjust(left=0.38, right=0.97, top=0.94, bottom=0.06, hspace=0.32)
    return fig


def _bars(ax: Axes, low: pd.Series, high: pd.Series, labels: list[str], *, right: float) -> None:
    ax.hlines(range(len(labels)), low, high, color=COLOUR, linewidth=5, zorder=3)
    name_rows(ax, labels)
    ax.set_xlim(0, right)


def _who(shares: pd.DataFrame) -> list[str]:
    names = {"AWS, Azure and Google Cloud": "three clouds"}
    return [
        f"{names.get(who, f'{who}, {SHORT[market]}')}, {_brief(when)}"
        for who, market, when in zip(shares["who"], shares["market"], shares["period"], strict=True)
    ]


def _market(indices: pd.DataFrame) -> list[str]:
    periods = (period(*span) for span in zip(indices["period_from"], indices["period_to"], strict=True))
    named = zip(indices["market"], indices["reported"], periods, strict=True)
    return [f"{SHORT[market]}, {_brief(when)} ({number(count)})" for market, count, when in named]


def _brief(when: str) -> str:
    """A period in few letters: its quarter, else its year."""
    return when if when.startswith("Q") else when[-4:]


def _in_words(shares: pd.DataFrame, indices: pd.DataFrame, bound: float) -> str:
    said = "; ".join(
        f"{row['who']}, {row['market']}, {row['period']}: {number(100 * row['low'])} to {number(100 * row['high'])} %"
        for row in shares.to_dict("records")
    )
    ends = zip(_market(indices), indices["low"], indices["high"], strict=True)
    bounds = "; ".join(f"{label}: {number(low)} to {number(high)}" for label, low, high in ends)
    return (
        f"Bars of published shares, as wide as sources and rounding: {said}. A mark at {number(bound)} %. Bounds of "
        "the Herfindahl index, in brackets the participants with a share, with a line at "
        f"{number(HIGH)} points: {bounds}."
    )
