"""Cost against the rate of interruptions, and the closed form beside simulated and observed interruptions."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from analysis.compute.interruptions.breakeven import PRODUCT
from analysis.compute.interruptions.replay import AgainstRates
from analysis.engine.claims import Claim
from analysis.engine.data.chapters import chapter_colour
from analysis.engine.words.axes import DASHED, DOTTED, asserted_band, log_axis, say
from analysis.engine.words.figures import PALETTE, Drawn, styled
from analysis.engine.words.formats import interval, many, number

COLOUR, INK = chapter_colour("compute"), PALETTE["ink"]
#: Colour and line of each kind of place.
LINES: Mapping[str, Mapping[str, object]] = {
    "networks, on demand": {"color": COLOUR, "linestyle": "-"},
    "marketplaces, on demand": {"color": COLOUR, "linestyle": DASHED},
    "specialist clouds, on demand": {"color": PALETTE["soft"], "linestyle": DOTTED},
    "hyperscalers, spot": {"color": INK, "linestyle": "-"},
}
#: Look of observed rates.
OBSERVED = {"color": PALETTE["orange"], "linewidth": 5, "solid_capstyle": "butt"}
#: Interruptions per hour that a tick stands at, as one thinks of them.
RATES = {"once\na year": 1 / 8766, "once\na month": 12 / 8766, "once\na day": 1 / 24, "once\nan hour": 1.0}
OFTEN = {"once in\n100 hours": 0.01, "once in\n10 hours": 0.1, "once\nan hour": 1.0}
RATE_LIMITS = (1 / 20_000, 20.0)
COST_LIMITS = (0, 130)
LEGEND = {"loc": "upper left", "ncols": 2, "fontsize": 8.8, "columnspacing": 1.2, "borderaxespad": 0.2}


def _rate_axis(ax: Axes, ticks: Mapping[str, float], limits: tuple[float, float], *, labelled: bool) -> None:
    log_axis(ax, "x", ticks, limits)
    ax.tick_params(axis="x", labelbottom=labelled)
    ax.grid(axis="y", linewidth=0.6)


def _name(model: str, form: str, between: str = " ") -> str:
    return model if form == "single" else f"{model}{between}{form}"


def break_even_figure(curves: pd.DataFrame, found: pd.DataFrame, observed: pd.DataFrame, *, claim: Claim) -> Drawn:
    """Cost relative to a hyperscaler on demand against the rate of interruptions, a panel for each GPU.

    Parameters
    ----------
    curves, found, observed : DataFrame
        From `cost_curves`, `drawn` and `observed_rates` of `analysis.compute.interruptions.breakeven`; the break-even
        rates of the second are marked.
    claim : Claim
        C2, whose asserted discount is the band.
    """
    region, said = claim.regions[0], []
    for (model, form), rows in found.groupby(PRODUCT, sort=False):
        sides = "; ".join(f"{row.side} {_ends(row)}" for row in rows.itertuples())
        rates = "; ".join(
            f"{row.basis}: {number(row.rate_low)} to {number(row.rate_high)}"
            for row in observed[observed["gpu_model"] == model].itertuples()
        )
        said.append(f"{_name(model, form)}: {sides}. Observed an hour: {rates or 'nothing'}")
    alt = (
        "Cost of an interrupted job relative to a hyperscaler on demand against interruptions an hour, log scale, with "
        f"the asserted {interval(region.left, region.right, '%')} less as a band. " + ". ".join(said) + "."
    )
    return Drawn(_draw_costs(curves, found, observed, region), alt, curves.round(5))


def _ends(row) -> str:
    start = f"from {number(round(100 * row.relative))} %"
    if math.isnan(row.break_even_per_hour):
        return f"{start}, no discount to lose"
    return f"{start}, the discount gone at {number(row.break_even_per_hour)} an hour"


def _draw_costs(curves: pd.DataFrame, found: pd.DataFrame, observed: pd.DataFrame, region: pd.Interval) -> Figure:
    products = list(found[PRODUCT].drop_duplicates().itertuples(index=False, name=None))
    with styled({"font.size": 9.5}):
        fig = Figure(figsize=(5.2, 1.45 * len(products) + 1.5))
        axes = fig.subplots(len(products), 1, squeeze=False)[:, 0]
        height = fig.get_figheight()
        fig.subplots_adjust(left=0.105, right=0.985, bottom=0.62 / height, top=1 - 1.15 / height, hspace=0.3)
        for ax, product in zip(axes, products, strict=True):
            _rate_axis(ax, RATES, RATE_LIMITS, labelled=ax is axes[-1])
            asserted_band(ax, pd.Interval(100 - region.right, 100 - region.left), "y")
            ax.axhline(100, color=INK, linewidth=0.9, zorder=2)
            ax.set_ylim(*COST_LIMITS)
            ax.set_yticks([0, 50, 100])
            own, rows = (table[table[PRODUCT].eq(list(product)).all(axis=1)] for table in (curves, found))
            for side, line in own.groupby("side"):
                ax.plot(line["rate"], 100 * line["relative_cost"], **LINES[side], linewidth=1.6, zorder=3)
            for row in rows.dropna(subset="break_even_per_hour").itertuples():
                look = {"color": LINES[row.side]["color"], "markeredgecolor": INK, "markersize": 5.5, "zorder": 4}
                ax.plot(row.break_even_per_hour, 100, "o", **look)
            _draw_observed(ax, observed[observed["gpu_model"] == product[0]])
            ax.set_title(_name(*product, between=", "), fontsize=9.5, pad=3)
        axes[-1].set_xlabel("interruptions in running time, log scale", loc="left")
        title = "Cost of the job, % of a hyperscaler on demand"
        fig.text(0.01, 1 - 0.2 / height, title, fontsize=10, fontweight="bold")
        handles = [*(Line2D([], [], **look, linewidth=1.6) for look in LINES.values()), Line2D([], [], **OBSERVED)]
        beside = {"bbox_to_anchor": (0, 1 - 0.22 / height), "handlelength": 2.4}
        fig.legend(handles, [*LINES, "interruptions on record"], **LEGEND, **beside)
    return fig


def _draw_observed(ax: Axes, observed: pd.DataFrame) -> None:
    """Observed rates as a bar along the top of the axes, with what they rest on."""
    for row in observed.itertuples():
        low, high = max(row.rate_low, RATE_LIMITS[0]), row.rate_high
        ax.plot([low, high], [118, 118], **OBSERVED, zorder=3)
        left = low * high < RATE_LIMITS[0] * RATE_LIMITS[1]
        say(ax, row.basis, (high if left else low, 118), (4 if left else -4, 0), color=INK, zorder=3)


#: Colour and marker of each job in `replay_figure`, in their order.
JOBS = ((COLOUR, "o"), (chapter_colour("returns"), "s"))


def replay_figure(tried: AgainstRates) -> Drawn:
    """Hours billed an hour of computing: closed form, simulation on exponential runs, and replay of observed ones."""
    said = []
    for name, rows in tried.replayed.groupby("job", sort=False):
        ratio, points = rows["running"] / rows["closed"], tried.simulated[tried.simulated["job"] == name]
        off = (np.abs(points["running"] - points["closed"]) / points["error"]).max()
        agrees = f"simulated within {number(off)} standard errors of the closed form at {many(len(points), 'rate')}"
        billed = f"{number(ratio.min())} to {number(ratio.max())} times the closed form in {many(len(rows), 'replay')}"
        said.append(f"{name}: {agrees}, billed {billed}")
    first = tried.replayed[tried.replayed["job"] == tried.replayed["job"].iloc[0]]
    late = first["wall"] / first["closed_wall"]
    alt = (
        f"Hours billed and hours passed for an hour of computing, against interruptions an hour. {'. '.join(said)}. "
        f"Time passed for the first: {number(late.min())} to {number(late.max())} times the closed form."
    )
    data = tried.replayed.reset_index().round(dict.fromkeys(tried.replayed.select_dtypes("float"), 4))
    return Drawn(_draw_hours(tried, first), alt, data)


def _draw_hours(tried: AgainstRates, first: pd.DataFrame) -> Figure:
    names, rates = list(dict.fromkeys(tried.curves["job"])), tried.curves["rate"]
    with styled({"font.size": 9.5}):
        fig = Figure(figsize=(5.2, 5.6))
        billed, clock = fig.subplots(2, 1, height_ratios=(1.1, 1))
        fig.subplots_adjust(left=0.105, right=0.985, bottom=0.11, top=0.85, hspace=0.34)
        for ax, ticks, limits in (
            (billed, (1, 2, 4, 8, 16), (0.93, 16)),
            (clock, (1, 2, 5, 10, 30), (0.9, max(first["wall_high"].max(), 10) * 1.3)),
        ):
            _rate_axis(ax, OFTEN, (rates.min(), rates.max()), labelled=ax is clock)
            log_axis(ax, "y", {number(tick): tick for tick in ticks}, limits)
        for name, (colour, marker) in zip(names, JOBS, strict=False):
            line, points, own = (t[t["job"] == name] for t in (tried.curves, tried.simulated, tried.replayed))
            billed.plot(line["rate"], line["closed"], color=colour, linewidth=1.4, zorder=2)
            billed.plot(points["rate"], points["running"], "x", color=colour, markersize=5.5, markeredgewidth=1.3)
            billed.plot(own["rate"], own["running"], marker, color=colour, **SEEN)
        clock.vlines(first["rate"], first["wall_low"], first["wall_high"], color=COLOUR, linewidth=1.1, alpha=0.7)
        clock.plot(first["rate"], first["wall"], "o", color=COLOUR, **SEEN)
        clock.plot(first["rate"], first["closed_wall"], "_", color=INK, markersize=9, markeredgewidth=1.6, zorder=5)
        billed.set_title("Hours billed for an hour of computing, log scale", x=-0.1)
        clock.set_title(f"Hours passed for one, {names[0]}, log scale", x=-0.1)
        clock.set_xlabel("interruptions in running time, log scale", loc="left")
        _replay_legend(fig, names)
    return fig


#: Look of what was replayed.
SEEN = {"markeredgecolor": INK, "markersize": 5, "zorder": 4}


def _replay_legend(fig: Figure, names: Sequence[str]) -> None:
    shown = {
        f"replay, {name}": {"marker": marker, "color": colour, "linestyle": ""} | SEEN
        for name, (colour, marker) in zip(names, JOBS, strict=False)
    }
    shown["closed form (line, bar)"] = {"color": INK, "linewidth": 1.4}
    shown["simulated"] = {"marker": "x", "color": INK, "linestyle": "", "markersize": 5.5}
    handles = [Line2D([], [], **look) for look in shown.values()]
    fig.legend(handles, list(shown), **LEGEND, bbox_to_anchor=(0, 1), handlelength=1.6)
