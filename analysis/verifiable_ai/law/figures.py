"""Processor time and memory by the size of a circuit; predictions against what came; the naive fit."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.engine.words.axes import DASHED, DOTTED, MARK, log_axis
from analysis.engine.words.figures import PALETTE, Drawn
from analysis.engine.words.formats import many, number, power, quantity
from analysis.verifiable_ai.figure_labels import COLOUR, DIAMOND, drawing, time_axis
from analysis.verifiable_ai.law.powers import WITHIN_DOUBLINGS, WITHIN_FACTOR, Law, Outcome
from analysis.verifiable_ai.law.predict import Prediction
from analysis.verifiable_ai.shapes import FAMILIES

#: Marker of each family: told apart without colour.
MARKERS = dict(zip(FAMILIES, ("o", "^", "s"), strict=True))
DOTS = {"markersize": 5.5, "markeredgecolor": PALETTE["ink"], "markeredgewidth": 0.6, "zorder": 3}
NAMES = {"cpu_s": "processor time of a proof", "memory_gib": "peak memory of a proof"}
UNITS = {"cpu_s": "s", "memory_gib": "GiB"}
#: What is marked across: its name, its look, and how the text alternative says it.
LEVELS = {
    "cpu_s": ("asserted", MARK, "A dashed line marks the asserted"),
    "memory_gib": ("where we proved", MARK | {"color": PALETTE["soft"], "linewidth": 1}, "Machines: where we proved"),
}
GIB = {quantity(gib, "GiB"): gib for gib in (0.25, 1, 4, 16, 64, 256, 1024, 4096)}
RATIOS = {f"× {number(ratio)}": ratio for ratio in (0.125, 0.25, 0.5, 0.8, 1, 1.25, 2, 4, 8)}
#: A k of less probability is not drawn.
LEAST_SHARE = 0.005
FAMILY_KEY = "circles: perceptrons; triangles: transformers of one token;\nsquares: of several tokens"


def law_figure(law: Law, proofs: pd.DataFrame, lines: pd.DataFrame, ks: pd.DataFrame, *, level: float) -> Drawn:
    """Cost against columns × 2^k by family; beyond the largest proof the line is a model, and says so.

    Parameters
    ----------
    proofs : DataFrame
        From `analysis.verifiable_ai.law.powers.of_law`.
    lines, ks : DataFrame
        From `analysis.verifiable_ai.law.extrapolation.law_lines` and `by_k`.
    level : float
        Marked across, as in `LEVELS`: the asserted seconds, or the GiB of the machine that we proved on.
    """
    outcome, shown, end = law.outcome, ks[ks["probability"] >= LEAST_SHARE], proofs["cells"].max()
    unit, (name, look, said) = UNITS[outcome], LEVELS[outcome]
    with drawing((5.2, 3.7), (0.12, 0.24, 0.86, 0.68)) as (fig, ax):
        _axes(ax, proofs, shown, outcome)
        ax.axvline(end, color=PALETTE["soft"], linewidth=0.8)
        beyond = f": up to {many(round(float(shown['doublings'].max())), 'doubling')}" if len(shown) else ""
        for text, side, ha in (("measured", -5, "right"), (f"model{beyond}", 5, "left")):
            at = {"xycoords": ax.get_xaxis_transform(), "textcoords": "offset points", "ha": ha, "va": "bottom"}
            ax.annotate(text, (end, 0), (side, 3), **at)
        ax.axhline(level, **look)
        marked = f"{name}: {quantity(level, unit)}"
        ax.text(0.01, level, marked, va="bottom", transform=ax.get_yaxis_transform())
        _draw_lines(ax, lines)
        for family, some in proofs.groupby("family"):
            ax.plot(some["cells"], some[outcome], MARKERS[family], color=COLOUR, **DOTS)
        _draw_ks(ax, shown, unit)
        ax.set_title(f"{NAMES[outcome].capitalize()}, log scales", x=-0.13)
        ax.set_xlabel(f"cells of the circuit: columns × {power(2, 0)[0]}ᵏ\n{FAMILY_KEY}", loc="left")
    found = "; ".join(
        f"k = {row.k} with probability {row.probability:.2f}: {quantity(row.value, unit)} "
        f"({quantity(row.low, unit)} to {quantity(row.high, unit)}), {row.doublings:.0f} doublings beyond"
        for row in shown.itertuples()
    )
    alt = (
        f"Dots of {len(proofs)} proofs, {NAMES[outcome]} against columns × 2^k on log scales, on lines of "
        f"{law.described()}, from {quantity(proofs[outcome].min(), unit)} to "
        f"{quantity(proofs[outcome].max(), unit)}. Beyond the largest proof the line is a model. "
        f"GPT-2 by the model: {found or 'no prediction'}. {said} {quantity(level, unit)}."
    )
    return Drawn(fig, alt, lines.round(4))


def _axes(ax: Axes, proofs: pd.DataFrame, ks: pd.DataFrame, outcome: Outcome) -> None:
    least, largest = proofs["cells"].min(), np.nanmax([proofs["cells"].max(), ks["cells"].max()])
    exponents = range(int(np.log2(least)), int(np.ceil(np.log2(largest))) + 1)
    log_axis(ax, "x", {power(2, e): 2.0**e for e in exponents if e % 2}, (least / 1.6, largest * 3.2))
    heights = (proofs[outcome].min() / 2.5, np.nanmax([proofs[outcome].max(), ks["high"].max()]) * 2.5)
    if outcome == "cpu_s":
        time_axis(ax, "y", heights)
    else:
        log_axis(ax, "y", GIB, heights)


def _draw_lines(ax: Axes, lines: pd.DataFrame) -> None:
    for _, line in lines.groupby("family", sort=False):
        measured, model = line[~line["model"]], line[line["model"]]
        ax.plot(measured["cells"], measured["value"], color=COLOUR, linewidth=1.6)
        ax.fill_between(line["cells"], line["low"], line["high"], color=COLOUR, alpha=0.22, linewidth=0)
        ax.plot(model["cells"], model["value"], color=COLOUR, linewidth=1.6, linestyle=DASHED)


def _draw_ks(ax: Axes, ks: pd.DataFrame, unit: str) -> None:
    text = ["GPT-2, by the model"]
    for row in ks.itertuples():
        ax.plot([row.cells] * 2, [row.low, row.high], color=PALETTE["ink"], linewidth=1.4, zorder=4)
        ax.plot(row.cells, row.value, **DIAMOND, zorder=5)
        text.append(f"k = {row.k}, p = {row.probability:.2f}: {quantity(float(f'{row.value:.3g}'), unit)}")
    if len(ks):
        at = {"xycoords": "axes fraction", "ha": "right", "va": "top", "linespacing": 1.2}
        ax.annotate("\n".join(text), (0.985, 0.43), **at)


def chained_figure(chained: pd.DataFrame) -> Drawn:
    """Predicted over measured time by doublings beyond the fit; the bar for predictions is shaded.

    `chained` is from `analysis.verifiable_ai.law.powers.forward_chaining`.
    """
    top = max([WITHIN_FACTOR, *chained["ratio"], *(1 / chained["ratio"])]) * 1.25
    bar = f"within a factor of {number(WITHIN_FACTOR)} up to {WITHIN_DOUBLINGS} doublings"
    with drawing((5.2, 2.9), (0.12, 0.3, 0.86, 0.58)) as (fig, ax):
        log_axis(ax, "y", RATIOS, (1 / top, top))
        width = [0, WITHIN_DOUBLINGS + 0.25]
        ax.fill_between(width, 1 / WITHIN_FACTOR, WITHIN_FACTOR, color=PALETTE["band"], linewidth=0)
        ax.text(0.1, WITHIN_FACTOR * 0.96, f"bar: {bar}", va="top")
        ax.axhline(1, color=PALETTE["soft"], linewidth=0.8)
        for family, some in chained.groupby("family"):
            shift, face = 0.07 * (FAMILIES.index(family) - 1), np.where(some["counts"], COLOUR, PALETTE["paper"])
            look = {"s": 36, "edgecolors": PALETTE["ink"], "linewidths": 0.7, "zorder": 3}
            ax.scatter(some["doublings"] + shift, some["ratio"], marker=MARKERS[family], c=face, **look)
        ax.set_xlim(0, max([WITHIN_DOUBLINGS + 0.5, *(chained["doublings"] + 0.5)]))
        ax.set_title("Predicted over measured processor time, log scale", x=-0.13)
        beyond = "doublings of cells beyond the largest in the fit"
        ax.set_xlabel(f"{beyond}\n{FAMILY_KEY}; hollow: beyond the bar", loc="left")
    counted = chained[chained["counts"]]
    by = "; ".join(
        f"{many(round(steps), 'doubling')}: {', '.join(f'{r:.2f}' for r in sorted(some['ratio']))}"
        for steps, some in chained.groupby(chained["doublings"].round())
    )
    alt = (
        f"Dots of {len(chained)} predictions, predicted over measured processor time by doublings beyond the fit: "
        f"{by or 'none'}. The bar of a factor of {number(WITHIN_FACTOR)} up to {WITHIN_DOUBLINGS} doublings is shaded; "
        f"{int(counted['within_factor'].sum())} of {len(counted)} lie inside."
    )
    return Drawn(fig, alt, chained.round(4))


def naive_figure(proofs: pd.DataFrame, fits: pd.DataFrame, prediction: Prediction, *, macs: int) -> Drawn:
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
    known, cpu, least = fits.dropna(subset=["cpu_s"]), prediction.cpu, proofs["macs"].min()
    with drawing((5.2, 3.5), (0.1, 0.25, 0.51, 0.67)) as (fig, ax):
        exponents = range(2, int(np.log10(macs)) + 1, 2)
        log_axis(ax, "x", {power(10, e): 10.0**e for e in exponents}, (least / 2, macs * 1.6))
        most = max(proofs["cpu_s"].max(), cpu.high, known["cpu_s"].max())
        time_axis(ax, "y", (proofs["cpu_s"].min() / 3, most * 2))
        for row in known.itertuples():
            start = row.cpu_s * (least / macs) ** row.slope
            ax.plot([least, macs], [start, row.cpu_s], color=PALETTE["soft"], linewidth=1, linestyle=DOTTED)
        for (family, above), some in proofs.groupby(["family", "above_floor"]):
            ax.plot(some["macs"], some["cpu_s"], MARKERS[family], color=COLOUR if above else PALETTE["paper"], **DOTS)
        ax.plot([macs] * 2, [cpu.low, cpu.high], color=PALETTE["ink"], linewidth=2, zorder=4)
        ax.plot(macs, cpu.value, **DIAMOND, zorder=5)
        names = known["sample"].str.removeprefix("above it: ")
        labels = {f"{n}\n{quantity(s, 's')}": s for n, s in zip(names, known["cpu_s"], strict=True)}
        labels[f"the law, by cells\n{quantity(cpu.value, 's')}"] = cpu.value
        for label, height in _apart(labels, ax).items():
            law = label.startswith("the law")
            ax.text(macs * 2.4, height, label, va="center", fontweight="bold" if law else "normal", fontsize=8.5)
        ax.set_title("Naive fits, and what each says of GPT-2, log scales", x=-0.2)
        said = f"multiply–accumulates of one inference\n{FAMILY_KEY}; hollow: on the row floor"
        ax.set_xlabel(said, loc="left")
    rows = "; ".join(f"{row.sample}: slope {row.slope:.2f}, {quantity(row.cpu_s, 's')}" for row in known.itertuples())
    alt = (
        f"Dots of {len(proofs)} proofs, {int((~proofs['above_floor']).sum())} of them hollow on the row floor, "
        f"processor time against multiply–accumulates on log scales, with dotted fits and what each gives for GPT-2: "
        f"{rows or 'none'}. The law gives {quantity(cpu.value, 's')} ({quantity(cpu.low, 's')} to "
        f"{quantity(cpu.high, 's')})."
    )
    return Drawn(fig, alt, fits.round(4))


def _apart(labels: dict[str, float], ax: Axes) -> dict[str, float]:
    """Heights of labels of two lines, at least their height apart, as near to their values as the order allows."""
    low, high = np.log(ax.get_ylim())
    gap, heights, floor = 0.13 * (high - low), {}, -np.inf
    for label, value in sorted(labels.items(), key=lambda pair: pair[1]):
        heights[label] = floor = max(float(np.log(value)), floor + gap)
    over = max(0.0, max(heights.values()) - (high - gap / 2))
    return {label: float(np.exp(height - over)) for label, height in heights.items()}
