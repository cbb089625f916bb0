"""The map of training: size across, bandwidth upwards, the model's lines of balance, and published runs."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.engine.data.chapters import chapter_colour
from analysis.engine.words.axes import DASHED, DOTTED, log_axis, say
from analysis.engine.words.figures import PALETTE, Drawn, styled
from analysis.engine.words.formats import SPACE, number

COLOUR = chapter_colour("compute")

INK, SOFT = PALETTE["ink"], PALETTE["soft"]
#: Colour and line of each method, in the order of `analysis.compute.training.beyond.step_time.methods_of`.
LOOKS = ((COLOUR, "-"), (COLOUR, DASHED), (COLOUR, DOTTED), (INK, DOTTED), (INK, DASHED))
SIZES = {f"{number(x / 1e9)}": x for x in (1e9, 3e9, 1e10, 3e10, 1e11, 3e11)}
SPEEDS = (1e7, 1e8, 1e9, 1e10, 1e11, 1e12)
LIMITS_X, LIMITS_Y = (0.8e9, 1.1e12), (6e6, 1.3e12)
#: Marker by whether a run was over the internet.
MARKERS = {"yes": "o", "partly": "D", "no": "s"}
#: Where a run's label stands beside its point: offset in points, and alignment; above it where nothing is said.
ABOVE = (0, 9, "center")
BESIDE = {
    "covenant_72b": (6, 0, "left"),
    "protocol_models": (0, -19, "center"),
    "llama_3_405b": (-6, 0, "right"),
    "deepseek_v3": (6, 9, "right"),
    "swarm": (-3, 9, "left"),
    "pluralis_8b": (7, -8, "left"),
}
#: Shorter names on the map.
NAMES = {"pluralis_8b": "Pluralis-8B", "protocol_models": "Protocol Models", "swarm": "SWARM"}
KEY = (
    "circles: over the internet; diamond: only the roll-outs;\n"
    "squares: clusters, of one GPU; ticks below: bandwidth not stated"
)


def speed(bits_per_s: float) -> str:
    r"""A bandwidth with the fitting unit.

    Examples
    --------
    >>> [speed(x).replace("\xa0", " ") for x in (22.6e6, 4e11, 1.2e12)]
    ['22.6 Mbit/s', '400 Gbit/s', '1.2 Tbit/s']
    """
    units = {1e12: "Tbit/s", 1e9: "Gbit/s", 1e6: "Mbit/s"}
    unit = next((unit for unit in units if bits_per_s >= unit), 1e6)
    return f"{number(bits_per_s / unit)}{SPACE}{units[unit]}"


def short(run: str) -> str:
    """Name of a run without what stands in brackets.

    Examples
    --------
    >>> short("Covenant-72B (Templar, Bittensor SN3)")
    'Covenant-72B'
    """
    return run.partition(" (")[0]


def training_figure(lines: pd.DataFrame, points: pd.DataFrame, *, household_bits_per_s: float) -> Drawn:
    """Lines at which exchanging takes half of the time, by method, with published runs and a household's upload.

    Parameters
    ----------
    lines, points : DataFrame
        From `frontier` and `points_of` of `analysis.compute.training.beyond.step_time`.
    household_bits_per_s : float
        Upload of a household.
    """
    inside = points[points["params"].between(*LIMITS_X)]
    stated, household = inside[inside["bits_per_s"].notna()], speed(household_bits_per_s)
    with styled({"font.size": 9.5}):
        fig = Figure(figsize=(5.2, 5.6))
        ax = fig.add_axes((0.19, 0.34, 0.79, 0.6))
        log_axis(ax, "x", SIZES, LIMITS_X)
        log_axis(ax, "y", {speed(x): x for x in SPEEDS}, LIMITS_Y)
        _draw_lines(ax, lines)
        ax.axhline(household_bits_per_s, color=SOFT, linewidth=0.9)
        say(ax, f"household upload, {household}", (LIMITS_X[1], household_bits_per_s), (-3, -3))
        _draw_runs(ax, stated)
        unstated = inside.loc[inside["bits_per_s"].isna() & (inside["decentralised"] != "no"), "params"]
        ax.plot(unstated, np.full(len(unstated), LIMITS_Y[0] * 1.15), "|", color=INK, markersize=9, zorder=4)
        ax.set_xlabel(f"parameters, billion\n{KEY}", loc="left", fontsize=8.5)
        ax.set_title("Bandwidth at which exchanging takes half of the time: a model", x=-0.22)
        fig.legend(loc="lower left", bbox_to_anchor=(0.02, 0.005), ncols=1, fontsize=8.5, handlelength=3.2)
    alt = _in_words(lines, stated, household)
    return Drawn(fig, alt, lines.round({"params": 0, "compute_s": 3, "bits_per_s": 0}))


def _draw_lines(ax: Axes, lines: pd.DataFrame) -> None:
    for (method, line), (colour, dash) in zip(lines.groupby("method", sort=False), LOOKS, strict=True):
        times = line["reduction"].iloc[0]
        label = f"{method}, exchange ÷{SPACE}{number(times)}" if times > 1 else method
        ax.plot(line["params"], line["bits_per_s"], color=colour, linestyle=dash, linewidth=1.7, label=label)


def _draw_runs(ax: Axes, stated: pd.DataFrame) -> None:
    for row in stated.to_dict("records"):
        ax.plot(row["params"], row["bits_per_s"], MARKERS[row["decentralised"]], color=PALETTE["orange"],
                markeredgecolor=INK, markeredgewidth=0.7, markersize=7, zorder=4)  # fmt: skip
        *offset, side = BESIDE.get(row["run_id"], ABOVE)
        at, name = (row["params"], row["bits_per_s"]), NAMES.get(row["run_id"], short(row["run"]))
        box = {"facecolor": PALETTE["paper"], "edgecolor": "none", "pad": 0.6}
        say(ax, name, at, offset, ha=side, va="center", color=INK, zorder=3.5, bbox=box)


def _in_words(lines: pd.DataFrame, stated: pd.DataFrame, household: str) -> str:
    def sized(row: dict) -> str:
        return f"{number(row['params'] / 1e9)} billion"

    ends = []
    for method, line in lines.groupby("method", sort=False):
        first, last = line.iloc[[0, -1]].to_dict("records")
        least, most = speed(first["bits_per_s"]), speed(last["bits_per_s"])
        ends.append(f"{method}, {least} at {sized(first)} parameters and {most} at {sized(last)}")
    runs = [f"{short(row['run'])}, {sized(row)}, {speed(row['bits_per_s'])}" for row in stated.to_dict("records")]
    return (
        "Map of a model, log scales: parameters across, bandwidth of a participant upwards. Exchanging takes half of "
        f"the time at these bandwidths: {'; '.join(ends)}. A household uploads {household}. "
        f"Published runs: {'; '.join(runs)}."
    )
