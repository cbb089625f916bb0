"""Cost against the rate of interruptions, and the closed form beside simulated and observed interruptions."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, NullLocator

from analysis.compute.interruptions.breakeven import PRODUCT
from analysis.engine.claims import Claim
from analysis.engine.data.chapters import chapter_colour
from analysis.engine.words.figures import PALETTE, styled
from analysis.engine.words.formats import interval, many, number

COLOUR = chapter_colour("compute")
DASHED, DOTTED = (0, (4, 3)), (0, (1, 1.5))
#: Look of the asserted range's edges, the same in every figure.
MARK = {"color": PALETTE["mark"], "linewidth": 1.2, "linestyle": DASHED}
#: Colour and line of each kind of place.
LINES: Mapping[str, tuple[str, object]] = {
    "networks, on demand": (COLOUR, "-"),
    "marketplaces, on demand": (COLOUR, DASHED),
    "specialist clouds, on demand": (PALETTE["soft"], DOTTED),
    "hyperscalers, spot": (PALETTE["ink"], "-"),
}
#: Look of observed rates.
OBSERVED = {"color": PALETTE["orange"], "linewidth": 5, "solid_capstyle": "butt"}
#: Interruptions per hour that a tick stands at, as one thinks of them.
RATES = {"once\na year": 1 / 8766, "once\na month": 12 / 8766, "once\na day": 1 / 24, "once\nan hour": 1.0}
OFTEN = {"once in\n100 hours": 0.01, "once in\n10 hours": 0.1, "once\nan hour": 1.0}
RATE_LIMITS = (1 / 20_000, 20.0)
COST_LIMITS = (0, 130)


def _rate_axis(ax: Axes, limits: tuple[float, float], ticks: Mapping[str, float], *, labelled: bool) -> None:
    ax.set_xscale("log")
    ax.set_xlim(*limits)
    ax.xaxis.set_major_locator(FixedLocator(list(ticks.values())))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set_xticklabels(list(ticks) if labelled else [])
    ax.grid(axis="both", linewidth=0.6)


def break_even_figure(curves: pd.DataFrame, found: pd.DataFrame, observed: pd.DataFrame, *, claim: Claim) -> Figure:
    """Cost relative to a hyperscaler on demand against the rate of interruptions, a panel for each GPU.

    Parameters
    ----------
    curves : DataFrame
        From `analysis.compute.interruptions.breakeven.cost_curves`.
    found : DataFrame
        From `analysis.compute.interruptions.breakeven.drawn`; its break-even rates are marked.
    observed : DataFrame
        From `analysis.compute.interruptions.breakeven.observed_rates`.
    claim : Claim
        C2, whose asserted discount is the band.
    """
    products = list(found[PRODUCT].drop_duplicates().itertuples(index=False, name=None))
    with styled({"font.size": 9.5}):
        fig = Figure(figsize=(5.2, 1.45 * len(products) + 1.5))
        axes = fig.subplots(len(products), 1, squeeze=False)[:, 0]
        height = fig.get_figheight()
        fig.subplots_adjust(left=0.105, right=0.985, bottom=0.62 / height, top=1 - 1.15 / height, hspace=0.3)
        for ax, (model, form) in zip(axes, products, strict=True):
            _rate_axis(ax, RATE_LIMITS, RATES, labelled=ax is axes[-1])
            _draw_asserted(ax, claim)
            own = (curves["gpu_model"] == model) & (curves["form_factor"] == form)
            for side, line in curves[own].groupby("side"):
                colour, style = LINES[side]
                ax.plot(
                    line["rate"], 100 * line["relative_cost"], color=colour, linestyle=style, linewidth=1.6, zorder=3
                )
            rows = found[(found["gpu_model"] == model) & (found["form_factor"] == form)]
            for row in rows.dropna(subset="break_even_per_hour").itertuples():
                ax.plot(
                    row.break_even_per_hour,
                    100,
                    "o",
                    color=LINES[row.side][0],
                    markeredgecolor=PALETTE["ink"],
                    markersize=5.5,
                    zorder=4,
                )
            _draw_observed(ax, observed[observed["gpu_model"] == model])
            ax.set_title(model if form == "single" else f"{model}, {form}", fontsize=9.5, pad=3)
        axes[-1].set_xlabel("interruptions in running time, log scale", loc="left")
        fig.text(
            0.01, 1 - 0.2 / height, "Cost of the job, % of a hyperscaler on demand", fontsize=10, fontweight="bold"
        )
        handles = [Line2D([], [], color=c, linestyle=s, linewidth=1.6) for c, s in LINES.values()]
        fig.legend(
            [*handles, Line2D([], [], **OBSERVED)], [*LINES, "interruptions on record"], loc="upper left", ncols=2,
            bbox_to_anchor=(0, 1 - 0.22 / height), fontsize=8.8, columnspacing=1.2, handlelength=2.4, borderaxespad=0.2,
        )  # fmt: skip
    return fig


def _draw_asserted(ax: Axes, claim: Claim) -> None:
    """The asserted discount as a band of costs, and the line at which both places cost the same."""
    region = claim.regions[0]
    low, high = 100 - region.right, 100 - region.left
    ax.axhspan(low, high, color=PALETTE["band"], alpha=0.6, linewidth=0, zorder=0.3)
    for edge in (low, high):
        ax.axhline(edge, **MARK, zorder=0.4)
    ax.axhline(100, color=PALETTE["ink"], linewidth=0.9, zorder=2)
    ax.set_ylim(*COST_LIMITS)
    ax.set_yticks([0, 50, 100])


def _draw_observed(ax: Axes, observed: pd.DataFrame) -> None:
    """Observed rates as a bar along the top of the axes, with what they rest on."""
    for row in observed.itertuples():
        low, high = max(row.rate_low, RATE_LIMITS[0]), row.rate_high
        ax.plot([low, high], [118, 118], **OBSERVED, zorder=3)
        left = math.sqrt(low * high) < math.sqrt(RATE_LIMITS[0] * RATE_LIMITS[1])
        ax.annotate(
            row.basis, (high if left else low, 118), (4 if left else -4, 0), textcoords="offset points",
            ha="left" if left else "right", va="center", fontsize=8.5, color=PALETTE["ink"],
            zorder=3,
        )  # fmt: skip


def break_even_figure_alt(found: pd.DataFrame, observed: pd.DataFrame, *, claim: Claim) -> str:
    """Text alternative of `break_even_figure`, from the same numbers."""
    region = claim.regions[0]
    said = []
    for (model, form), rows in found.groupby(PRODUCT, sort=False):
        name = model if form == "single" else f"{model} {form}"
        sides = "; ".join(f"{row.side} {_ends(row)}" for row in rows.itertuples())
        rates = "; ".join(
            f"{row.basis}: {number(row.rate_low)} to {number(row.rate_high)}"
            for row in observed[observed["gpu_model"] == model].itertuples()
        )
        said.append(f"{name}: {sides}. Observed an hour: {rates or 'nothing'}")
    return (
        "Cost of an interrupted job relative to a hyperscaler on demand against interruptions an hour, log scale, with "
        f"the asserted {interval(region.left, region.right, '%')} less as a band. " + ". ".join(said) + "."
    )


def _ends(row) -> str:
    start = f"from {number(round(100 * row.relative))} %"
    if math.isnan(row.break_even_per_hour):
        return f"{start}, no discount to lose"
    return f"{start}, the discount gone at {number(row.break_even_per_hour)} an hour"


#: Colour and marker of each job in `replay_figure`, in their order.
JOBS = ((COLOUR, "o"), (chapter_colour("returns"), "s"))


def replay_figure(curves: pd.DataFrame, simulated: pd.DataFrame, replayed: pd.DataFrame) -> Figure:
    """Hours billed an hour of computing: closed form, simulation on exponential runs, and replay of observed ones.

    Parameters
    ----------
    curves : DataFrame
        job (its name), rate, closed: hours billed an hour of computing.
    simulated : DataFrame
        job, rate, running, error: the same, with the Monte Carlo standard error.
    replayed : DataFrame
        job, rate, running, closed, and the same of the clock: wall, wall_low, wall_high, closed_wall, all in hours an
        hour of computing. See `analysis.compute.interruptions.replay.against_rates`.
    """
    names = list(dict.fromkeys(curves["job"]))
    limits = (min(curves["rate"]), max(curves["rate"]))
    with styled({"font.size": 9.5}):
        fig = Figure(figsize=(5.2, 5.6))
        billed, clock = fig.subplots(2, 1, height_ratios=(1.1, 1))
        fig.subplots_adjust(left=0.105, right=0.985, bottom=0.11, top=0.85, hspace=0.34)
        for ax in (billed, clock):
            _rate_axis(ax, limits, OFTEN, labelled=ax is clock)
            ax.set_yscale("log")
        for name, (colour, marker) in zip(names, JOBS, strict=False):
            _draw_job(billed, name, curves, simulated, replayed, colour, marker)
        _tick(billed, (1, 2, 4, 8, 16), (0.93, 16))
        first = replayed[replayed["job"] == names[0]]
        for row in first.itertuples():
            clock.plot([row.rate] * 2, [row.wall_low, row.wall_high], color=COLOUR, linewidth=1.1, alpha=0.7)
        clock.plot(
            first["rate"], first["wall"], "o", color=COLOUR, markeredgecolor=PALETTE["ink"], markersize=5, zorder=4
        )
        clock.plot(
            first["rate"], first["closed_wall"], "_", color=PALETTE["ink"], markersize=9, markeredgewidth=1.6, zorder=5
        )
        _tick(clock, (1, 2, 5, 10, 30), (0.9, max(first["wall_high"].max(), 10) * 1.3))
        billed.set_title("Hours billed for an hour of computing, log scale", x=-0.1)
        clock.set_title(f"Hours passed for one, {names[0]}, log scale", x=-0.1)
        clock.set_xlabel("interruptions in running time, log scale", loc="left")
        _replay_legend(fig, names)
    return fig


def _draw_job(
    ax: Axes,
    name: str,
    curves: pd.DataFrame,
    simulated: pd.DataFrame,
    replayed: pd.DataFrame,
    colour: str,
    marker: str,
) -> None:
    line, points, own = (table[table["job"] == name] for table in (curves, simulated, replayed))
    ax.plot(line["rate"], line["closed"], color=colour, linewidth=1.4, zorder=2)
    ax.plot(points["rate"], points["running"], "x", color=colour, markersize=5.5, markeredgewidth=1.3, zorder=3)
    ax.plot(own["rate"], own["running"], marker, color=colour, markeredgecolor=PALETTE["ink"], markersize=5, zorder=4)


def _tick(ax: Axes, at: Sequence[float], limits: tuple[float, float]) -> None:
    ax.set_ylim(*limits)
    ax.yaxis.set_major_locator(FixedLocator([tick for tick in at if limits[0] <= tick <= limits[1]]))
    ax.yaxis.set_minor_locator(NullLocator())
    ax.set_yticklabels([number(tick) for tick in at if limits[0] <= tick <= limits[1]])


def _replay_legend(fig: Figure, names: Sequence[str]) -> None:
    shown = {
        **{
            f"replay, {name}": Line2D(
                [], [], marker=marker, color=colour, linestyle="", markeredgecolor=PALETTE["ink"], markersize=5
            )
            for name, (colour, marker) in zip(names, JOBS, strict=False)
        },
        "closed form (line, bar)": Line2D([], [], color=PALETTE["ink"], linewidth=1.4),
        "simulated": Line2D([], [], marker="x", color=PALETTE["ink"], linestyle="", markersize=5.5),
    }
    fig.legend(
        list(shown.values()), list(shown), loc="upper left", ncols=2, bbox_to_anchor=(0, 1), fontsize=8.8,
        columnspacing=1.2, handlelength=1.6, borderaxespad=0.2,
    )  # fmt: skip


def replay_figure_alt(simulated: pd.DataFrame, replayed: pd.DataFrame) -> str:
    """Text alternative of `replay_figure`, from the same numbers."""
    said = []
    for name, rows in replayed.groupby("job", sort=False):
        ratio = rows["running"] / rows["closed"]
        points = simulated[simulated["job"] == name]
        off = (np.abs(points["running"] - points["closed"]) / points["error"]).max()
        agrees = f"simulated within {number(off)} standard errors of the closed form at {many(len(points), 'rate')}"
        billed = f"{number(ratio.min())} to {number(ratio.max())} times the closed form in {many(len(rows), 'replay')}"
        said.append(f"{name}: {agrees}, billed {billed}")
    first = replayed[replayed["job"] == replayed["job"].iloc[0]]
    late = first["wall"] / first["closed_wall"]
    return (
        f"Hours billed and hours passed for an hour of computing, against interruptions an hour. {'. '.join(said)}. "
        f"Time passed for the first: {number(late.min())} to {number(late.max())} times the closed form."
    )
