"""Processor time and memory by the size of a circuit; predictions against what came; the naive fit."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.engine.words.figures import PALETTE, styled
from analysis.engine.words.formats import many, number, power, quantity
from analysis.verifiable_ai.figure_labels import COLOUR, DASHED, DOTTED, MARK, log_axis, time_axis
from analysis.verifiable_ai.law.powers import WITHIN_DOUBLINGS, WITHIN_FACTOR, Outcome
from analysis.verifiable_ai.law.predict import Prediction
from analysis.verifiable_ai.shapes import FAMILIES

#: Marker of each family: told apart without colour.
MARKERS = dict(zip(FAMILIES, ("o", "^", "s"), strict=True))
NAMES = {"cpu_s": "processor time of a proof", "memory_gib": "peak memory of a proof"}
UNITS = {"cpu_s": "s", "memory_gib": "GiB"}
GIB = (0.25, 1, 4, 16, 64, 256, 1024, 4096)
#: A k of less probability is not drawn.
LEAST_SHARE = 0.005
FAMILY_KEY = "circles: perceptrons; triangles: transformers of one token;\nsquares: of several tokens"


def law_figure(
    proofs: pd.DataFrame,
    lines: pd.DataFrame,
    ks: pd.DataFrame,
    *,
    outcome: Outcome,
    asserted_s: float | None = None,
    machines: pd.Series | None = None,
) -> Figure:
    """Cost against columns × 2^k by family; beyond the largest proof the line is a model, and says so.

    Parameters
    ----------
    proofs : DataFrame
        From `analysis.verifiable_ai.law.powers.of_law`.
    lines, ks : DataFrame
        From `analysis.verifiable_ai.law.extrapolation.law_lines` and `by_k`.
    outcome : {"cpu_s", "memory_gib"}
    asserted_s : float, optional
        Asserted seconds, the reference mark.
    machines : Series, optional
        Memory of machines, GiB, by name: a line each.
    """
    shown, end = ks[ks["probability"] >= LEAST_SHARE], proofs["cells"].max()
    with styled({"font.size": 9.5}):
        fig = Figure(figsize=(5.2, 3.7))
        ax = fig.add_axes((0.12, 0.24, 0.86, 0.68))
        _axes(ax, proofs, shown, outcome)
        ax.axvline(end, color=PALETTE["soft"], linewidth=0.8)
        beyond = f": up to {many(round(float(shown['doublings'].max())), 'doubling')}" if len(shown) else ""
        for text, side, ha in (("measured", -5, "right"), (f"model{beyond}", 5, "left")):
            at = {"xycoords": ax.get_xaxis_transform(), "textcoords": "offset points", "ha": ha, "va": "bottom"}
            ax.annotate(text, (end, 0), (side, 3), **at)
        if asserted_s is not None:
            ax.axhline(asserted_s, **MARK)
            ax.text(0.01, asserted_s, f"asserted: {quantity(asserted_s, 's')}", va="bottom", transform=_across(ax))
        for name, gib in (machines if machines is not None else pd.Series(dtype=float)).items():
            ax.axhline(gib, color=PALETTE["soft"], linewidth=1, linestyle=DASHED)
            ax.text(0.01, gib, f"{name}: {quantity(gib, 'GiB')}", va="bottom", transform=_across(ax))
        _draw_lines(ax, lines)
        for family, some in proofs.groupby("family"):
            ax.plot(some["cells"], some[outcome], MARKERS[family], color=COLOUR, **_edge(), zorder=3)
        _draw_ks(ax, shown, UNITS[outcome])
        ax.set_title(f"{NAMES[outcome].capitalize()}, log scales", x=-0.13)
        ax.set_xlabel(f"cells of the circuit: columns × {power(2, 0)[0]}ᵏ\n{FAMILY_KEY}", loc="left")
    return fig


def _across(ax: Axes):
    return ax.get_yaxis_transform()


def _edge() -> dict[str, object]:
    return {"markersize": 5.5, "markeredgecolor": PALETTE["ink"], "markeredgewidth": 0.6}


def _axes(ax: Axes, proofs: pd.DataFrame, ks: pd.DataFrame, outcome: Outcome) -> None:
    largest = np.nanmax([proofs["cells"].max(), ks["cells"].max()])
    exponents = range(int(np.log2(proofs["cells"].min())), int(np.ceil(np.log2(largest))) + 1)
    ticks = [e for e in exponents if e % 2 == 1]
    limits = (proofs["cells"].min() / 1.6, largest * 3.2)
    log_axis(ax, "x", [2.0**e for e in ticks], [power(2, e) for e in ticks], limits)
    heights = (proofs[outcome].min() / 2.5, np.nanmax([proofs[outcome].max(), ks["high"].max()]) * 2.5)
    if outcome == "cpu_s":
        time_axis(ax, "y", heights)
    else:
        log_axis(ax, "y", GIB, [quantity(gib, "GiB") for gib in GIB], heights)


def _draw_lines(ax: Axes, lines: pd.DataFrame) -> None:
    for _, line in lines.groupby("family", sort=False):
        measured, model = line[~line["model"]], line[line["model"]]
        ax.plot(measured["cells"], measured["value"], color=COLOUR, linewidth=1.6)
        ax.fill_between(line["cells"], line["low"], line["high"], color=COLOUR, alpha=0.22, linewidth=0)
        ax.plot(model["cells"], model["value"], color=COLOUR, linewidth=1.6, linestyle=DASHED)


def _draw_ks(ax: Axes, ks: pd.DataFrame, unit: str) -> None:
    for row in ks.itertuples():
        ax.plot([row.cells] * 2, [row.low, row.high], color=PALETTE["ink"], linewidth=1.4, zorder=4)
        ax.plot(row.cells, row.value, "D", color=PALETTE["paper"], markeredgecolor=PALETTE["ink"], zorder=5)
    text = "\n".join(
        f"k = {r.k}, p = {r.probability:.2f}: {quantity(float(f'{r.value:.3g}'), unit)}" for r in ks.itertuples()
    )
    if len(ks):
        ax.annotate(
            f"GPT-2, by the model\n{text}", (0.985, 0.43), xycoords="axes fraction", ha="right", va="top",
            linespacing=1.2,
        )  # fmt: skip


def law_figure_alt(
    proofs: pd.DataFrame,
    ks: pd.DataFrame,
    *,
    outcome: Outcome,
    lines: str,
    asserted_s: float | None = None,
    machines: pd.Series | None = None,
) -> str:
    """Text alternative of `law_figure`, from the same numbers; `lines` is what the law says of itself."""
    unit = UNITS[outcome]
    found = "; ".join(
        f"k = {row.k} with probability {row.probability:.2f}: {quantity(row.value, unit)} "
        f"({quantity(row.low, unit)} to {quantity(row.high, unit)}), {row.doublings:.0f} doublings beyond"
        for row in ks[ks["probability"] >= LEAST_SHARE].itertuples()
    )
    mark = "" if asserted_s is None else f" A dashed line marks the asserted {quantity(asserted_s, 's')}."
    offered = "" if machines is None else "; ".join(f"{name} {quantity(gib, 'GiB')}" for name, gib in machines.items())
    return (
        f"Dots of {len(proofs)} proofs, {NAMES[outcome]} against columns × 2^k on log scales, on lines of "
        f"{lines}, from {quantity(proofs[outcome].min(), unit)} to "
        f"{quantity(proofs[outcome].max(), unit)}. Beyond the largest proof the line is a model. "
        f"GPT-2 by the model: {found or 'no prediction'}.{mark}" + (f" Machines: {offered}." if offered else "")
    )


def chained_figure(chained: pd.DataFrame) -> Figure:
    """Predicted over measured time by doublings beyond the fit; the bar for predictions is shaded.

    Parameters
    ----------
    chained : DataFrame
        From `analysis.verifiable_ai.law.powers.forward_chaining`.
    """
    ratios = chained["ratio"].astype(float)
    top = max([WITHIN_FACTOR, *ratios, *(1 / ratios)]) * 1.25
    ticks = [t for t in (0.125, 0.25, 0.5, 0.8, 1, 1.25, 2, 4, 8) if 1 / top <= t <= top]
    with styled({"font.size": 9.5}):
        fig = Figure(figsize=(5.2, 2.9))
        ax = fig.add_axes((0.12, 0.3, 0.86, 0.58))
        log_axis(ax, "y", ticks, [f"× {number(t)}" for t in ticks], (1 / top, top))
        ax.fill_between(
            [0, WITHIN_DOUBLINGS + 0.25], 1 / WITHIN_FACTOR, WITHIN_FACTOR, color=PALETTE["band"], linewidth=0
        )
        text = f"bar: within a factor of {number(WITHIN_FACTOR)} up to {WITHIN_DOUBLINGS} doublings"
        ax.text(0.1, WITHIN_FACTOR * 0.96, text, va="top")
        ax.axhline(1, color=PALETTE["soft"], linewidth=0.8)
        for family, some in chained.groupby("family"):
            shift = 0.07 * (FAMILIES.index(family) - 1)
            face = np.where(some["counts"].astype(bool), COLOUR, PALETTE["paper"])
            ax.scatter(
                some["doublings"].astype(float) + shift, some["ratio"].astype(float), marker=MARKERS[family], c=face,
                s=36, edgecolors=PALETTE["ink"], linewidths=0.7, zorder=3,
            )  # fmt: skip
        ax.set_xlim(0, max([WITHIN_DOUBLINGS + 0.5, *(chained["doublings"].astype(float) + 0.5)]))
        ax.set_title("Predicted over measured processor time, log scale", x=-0.13)
        ax.set_xlabel(
            f"doublings of cells beyond the largest in the fit\n{FAMILY_KEY}; hollow: beyond the bar", loc="left"
        )
    return fig


def chained_figure_alt(chained: pd.DataFrame) -> str:
    """Text alternative of `chained_figure`, from the same numbers."""
    counted = chained[chained["counts"].astype(bool)]
    by = "; ".join(
        f"{many(round(steps), 'doubling')}: {', '.join(f'{r:.2f}' for r in sorted(some['ratio'].astype(float)))}"
        for steps, some in chained.groupby(chained["doublings"].astype(float).round())
    )
    return (
        f"Dots of {len(chained)} predictions, predicted over measured processor time by doublings beyond the fit: "
        f"{by or 'none'}. The bar of a factor of {number(WITHIN_FACTOR)} up to {WITHIN_DOUBLINGS} doublings is shaded; "
        f"{int(counted['within_factor'].sum())} of {len(counted)} lie inside."
    )


def naive_figure(proofs: pd.DataFrame, fits: pd.DataFrame, prediction: Prediction, *, macs: int) -> Figure:
    """Processor time against multiply–accumulates with the fits that suggest themselves, and the law's prediction.

    Parameters
    ----------
    proofs : DataFrame
        From `analysis.verifiable_ai.law.powers.observations`.
    fits : DataFrame
        From `analysis.verifiable_ai.law.naive.naive_fit`.
    prediction : Prediction
        By the law.
    macs : int
        Multiply–accumulates of GPT-2.
    """
    known, cpu = fits.dropna(subset=["cpu_s"]), prediction.cpu
    least = proofs["macs"].min()
    with styled({"font.size": 9.5}):
        fig = Figure(figsize=(5.2, 3.5))
        ax = fig.add_axes((0.1, 0.25, 0.51, 0.67))
        exponents = range(2, int(np.log10(macs)) + 1, 2)
        log_axis(ax, "x", [10.0**e for e in exponents], [power(10, e) for e in exponents], (least / 2, macs * 1.6))
        ends = [proofs["cpu_s"].min() / 3, max(proofs["cpu_s"].max(), cpu.high, known["cpu_s"].max()) * 2]
        time_axis(ax, "y", tuple(ends))
        for row in known.itertuples():
            start = row.cpu_s * (least / macs) ** row.slope
            ax.plot([least, macs], [start, row.cpu_s], color=PALETTE["soft"], linewidth=1, linestyle=DOTTED)
        for (family, above), some in proofs.groupby(["family", "above_floor"]):
            face = COLOUR if above else PALETTE["paper"]
            ax.plot(some["macs"], some["cpu_s"], MARKERS[family], **_edge() | {"markerfacecolor": face}, zorder=3)
        ax.plot([macs] * 2, [cpu.low, cpu.high], color=PALETTE["ink"], linewidth=2, zorder=4)
        ax.plot(macs, cpu.value, "D", color=PALETTE["paper"], markeredgecolor=PALETTE["ink"], zorder=5)
        names = known["sample"].str.removeprefix("above it: ")
        labels = {f"{n}\n{quantity(s, 's')}": s for n, s in zip(names, known["cpu_s"], strict=True)}
        labels[f"the law, by cells\n{quantity(cpu.value, 's')}"] = cpu.value
        for label, height in _apart(labels, ax).items():
            law = label.startswith("the law")
            ax.text(macs * 2.4, height, label, va="center", fontweight="bold" if law else "normal", fontsize=8.5)
        ax.set_title("Naive fits, and what each says of GPT-2, log scales", x=-0.2)
        ax.set_xlabel(
            f"multiply–accumulates of one inference\n{FAMILY_KEY}; hollow: on the row floor",
            loc="left",
        )
    return fig


def _apart(labels: dict[str, float], ax: Axes) -> dict[str, float]:
    """Heights of labels of two lines, at least their height apart, as near to their values as the order allows."""
    low, high = np.log(ax.get_ylim())
    gap, heights, floor = 0.13 * (high - low), {}, -np.inf
    for label, value in sorted(labels.items(), key=lambda pair: pair[1]):
        heights[label] = floor = max(float(np.log(value)), floor + gap)
    over = max(0.0, max(heights.values()) - (high - gap / 2))
    return {label: float(np.exp(height - over)) for label, height in heights.items()}


def naive_figure_alt(proofs: pd.DataFrame, fits: pd.DataFrame, prediction: Prediction) -> str:
    """Text alternative of `naive_figure`, from the same numbers."""
    rows = "; ".join(
        f"{row.sample}: slope {row.slope:.2f}, {quantity(row.cpu_s, 's')}"
        for row in fits.dropna(subset=["cpu_s"]).itertuples()
    )
    cpu = prediction.cpu
    return (
        f"Dots of {len(proofs)} proofs, {int((~proofs['above_floor']).sum())} of them hollow on the row floor, "
        f"processor time against multiply–accumulates on log scales, with dotted fits and what each gives for GPT-2: "
        f"{rows or 'none'}. The law gives {quantity(cpu.value, 's')} ({quantity(cpu.low, 's')} to "
        f"{quantity(cpu.high, 's')})."
    )
