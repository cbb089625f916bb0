"""The specification curve, and what it shows in words."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from analysis.engine.multiverse.explore import Multiverse, curve_of
from analysis.engine.multiverse.scale import LARGE, edges, linear_until, quantile
from analysis.engine.words.axes import MARK
from analysis.engine.words.figures import PALETTE, Drawn, styled
from analysis.engine.words.formats import SPACE, interval, many, number, quantity

#: Inches: width, height of the curve, of a row of options, above and below.
WIDTH, CURVE, ROW, TOP, BOTTOM = 5.2, 2.3, 0.185, 0.3, 0.5
#: Left and right edge of both panels, as shares of the width.
LEFT, RIGHT = 0.33, 0.885
#: Height of an option's ticks, in points: where the claim holds, and elsewhere.
TALL, SHORT = 9.5, 6.0
#: Ticks of a symmetric-logarithmic axis of seconds.
TIMES = (1e-3, 0.01, 0.1, 1.0, 10.0, 60.0, 600.0, 3600.0, 36_000.0, 360_000.0)
#: Points: size of labels in the curve; from an edge to its label; from the primary result to its own: aside, near, far.
SIZE, GAP, BESIDE, NEAR, FAR = 10, 3, 7, 9, 22
#: Width of a character by its height, in plain text and in bold.
PLAIN, BOLD = 0.56, 0.66
#: A place of a label: share, estimate, offsets in points; a box: left, lower, right and upper edge in pixels.
Place = tuple[float, float, float, float]
Box = tuple[float, float, float, float]
#: Longest primary result that stands on one line with its name, characters.
ONE_LINE = 12


def specification_curve(
    multiverse: Multiverse,
    *,
    region: pd.Interval | None,
    unit: str,
    quantity_name: str = "estimate",
    colour: str = PALETTE["soft"],
) -> Drawn:
    """Sorted estimates over the options that give them; each distinct result is as wide as it weighs.

    So the part of the curve inside the asserted region is as wide as the balanced support. The axis of the estimates is
    symmetric-logarithmic, and says so, where they are extreme (`scale.EXTREME`). At the right is each option's support.

    Parameters
    ----------
    multiverse : Multiverse
    region : Interval or None
        Acceptance region of the claim, drawn as a band; None where it has no number.
    unit : str
        Unit of the estimates and the region.
    quantity_name : str
        What is estimated, for the axis label.
    colour : str
        Of results under which the claim does not hold, from `analysis.engine.words.figures.PALETTE`; the others are
        dark and taller.

    Notes
    -----
    Names of options longer than some 24 characters widen the figure, and so make its text smaller on a page.

    References
    ----------
    Simonsohn, Simmons and Nelson (2020), Nature Human Behaviour 4, 1208–1214.
    """
    curve = curve_of(multiverse)
    rows = sum(len(factor.options) + 1 for factor in multiverse.factors) + 1
    height = TOP + CURVE + rows * ROW + BOTTOM
    with styled({"font.size": 10}):
        fig = Figure(figsize=(WIDTH, height))
        upper = fig.add_axes((LEFT, 1 - (TOP + CURVE) / height, RIGHT - LEFT, CURVE / height))
        lower = fig.add_axes((LEFT, BOTTOM / height, RIGHT - LEFT, rows * ROW / height), sharex=upper)
        _draw_curve(upper, curve, region, unit, quantity_name, colour)
        _draw_options(lower, curve, multiverse, colour)
        for ax in (upper, lower):
            for at in curve.loc[curve["primary"], ["from_share", "to_share"]].mean(axis=1):
                ax.axvline(at, color=PALETTE["mark"], linewidth=0.8, zorder=0.5)
            ax.set_xlim(0, 1)
        upper.set_title(f"{_distinct(multiverse)} of one question", x=-LEFT / (RIGHT - LEFT))
    return Drawn(fig, _in_words(multiverse, curve, region, unit, quantity_name), curve.round(6))


def _in_words(
    multiverse: Multiverse, curve: pd.DataFrame, region: pd.Interval | None, unit: str, quantity_name: str
) -> str:
    table, support = multiverse.table, multiverse.support
    admissible = int(table["admissible"].sum())
    middle = quantile(curve["estimate"], curve["to_share"] - curve["from_share"], 0.5)
    primary = curve.loc[curve["primary"], "estimate"]
    ends = " to ".join(quantity(curve["estimate"].iloc[i], unit) for i in (0, -1))
    claim = "the claim holds" if region is None else f"the claim ({_bounds(region, unit)}) holds"
    nearest = "" if multiverse.nearest_true is None else f" Nearest to hold: {multiverse.describe_nearest(unit)}."
    low, high = _percent(support.low), _percent(support.high)
    given = "cannot be computed" if primary.empty else f"gives {quantity(primary.iloc[0], unit)}"
    pivotal = "no factor alone turns the verdict" if support.pivotal is None else f"{support.pivotal} turns the verdict"
    axis = " on a symmetric logarithmic axis" if _linear_until(curve, region) else ""
    return (
        f"Specification curve, {quantity_name} in {unit}{axis}: {many(admissible, 'admissible specification')} of "
        f"{number(len(table))}, {_distinct(multiverse)}, from {ends}, half of the weight up to "
        f"{quantity(middle, unit)}; the primary definition {given}. "
        f"By balanced weight {claim} under {_percent(support.balanced)} of specifications "
        f"({low} to {high} when one factor is held at its primary option); {pivotal}.{nearest} "
        f"Support by option: {_supports(multiverse)}."
    )


def _draw_curve(
    ax: Axes, curve: pd.DataFrame, region: pd.Interval | None, unit: str, quantity_name: str, colour: str
) -> None:
    linear_until = _linear_until(curve, region)
    low, high = _limits(curve, region, linear_until)
    if linear_until:
        ax.set_yscale("symlog", linthresh=linear_until)
        powers = 10.0 ** np.arange(np.ceil(np.log10(linear_until)), np.floor(np.log10(max(-low, high))) + 1)
        powers = np.array([at for at in TIMES if at >= linear_until]) if unit == "s" else powers
        ax.set_yticks([y for y in (*-powers, 0.0, *powers) if low <= y <= high])
    else:
        ax.yaxis.set_major_locator(MaxNLocator(5))
    ax.set_ylim(low, high)
    ax.axhline(0, color=PALETTE["soft"], linewidth=0.8, zorder=0.6)
    for held, drawn in ((False, colour), (True, PALETTE["mark"])):
        _segments(ax, curve[curve["holds"] == held], "estimate", color=drawn, linewidth=3.0, zorder=3)
    taken = _mark_primary(ax, curve, unit, region)
    if region is not None:
        _draw_region(ax, curve, region, low, high, unit, taken)
    in_words = unit == "s" or max(-low, high) >= LARGE
    ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: quantity(y, unit) if in_words else number(y)))
    ax.minorticks_off()
    ax.grid(axis="y", linewidth=0.6)
    name = quantity_name if in_words else f"{quantity_name}, {unit}"
    ax.set_ylabel(f"{name}\n(symmetric log axis)" if linear_until else name)
    ax.tick_params(axis="x", labelbottom=False, length=0)


def _mark_primary(ax: Axes, curve: pd.DataFrame, unit: str, region: pd.Interval | None) -> list[Box]:
    """Mark the primary result and write what it is; boxes of the text."""
    boxes = []
    for row in curve[curve["primary"]].itertuples():
        x, y = (row.from_share + row.to_share) / 2, row.estimate
        ax.plot(
            x, y, marker="D", markersize=7, linestyle="none", zorder=4,
            color=PALETTE["mark"], markeredgecolor=PALETTE["paper"],
        )  # fmt: skip
        found = quantity(y, unit)
        label = f"primary{chr(10) if len(found) > ONE_LINE else ' '}{found}"
        sides = (-BESIDE, BESIDE) if x > 0.5 else (BESIDE, -BESIDE)
        places = [(x, y, dx, dy) for dx in sides for dy in (NEAR, -NEAR, FAR, -FAR)]
        (*at, dx, dy), box = _free(ax, curve, label, places, region, wide=BOLD)
        boxes.append(box)
        ax.annotate(
            label, at, xytext=(dx, dy), textcoords="offset points", ha="right" if dx < 0 else "left",
            va="bottom" if dy > 0 else "top", color=PALETTE["ink"], fontweight="bold", zorder=5,
        )  # fmt: skip
    return boxes


def _draw_region(
    ax: Axes, curve: pd.DataFrame, region: pd.Interval, low: float, high: float, unit: str, taken: list[Box]
) -> None:
    bottom, top = max(region.left, low), min(region.right, high)
    ax.axhspan(bottom, top, color=PALETTE["band"], linewidth=0, zorder=0.2)
    for edge in edges(region):
        ax.axhline(edge, **MARK, zorder=2)
    label = f"asserted: {_bounds(region, unit)}"
    outside = [(top, GAP), (bottom, -GAP)] if len(edges(region)) > 1 else []
    inside = [(edge, dy) for edge, dy in ((bottom, GAP), (top, -GAP)) if edge in edges(region)]
    inside += [(edge, -dy) for edge, dy in inside if not outside]
    places = [(x, edge, dx, dy) for edge, dy in outside + inside for x, dx in ((0.01, 1), (0.99, -1))]
    if places:
        (*at, dx, dy), _ = _free(ax, curve, label, places, region, taken=taken)
        ax.annotate(
            label, at, xytext=(0, dy), textcoords="offset points", ha="right" if dx < 0 else "left",
            va="bottom" if dy > 0 else "top", color=PALETTE["ink"], zorder=5,
        )  # fmt: skip


def _free(
    ax: Axes,
    curve: pd.DataFrame,
    label: str,
    places: Sequence[Place],
    region: pd.Interval | None,
    *,
    taken: Sequence[Box] = (),
    wide: float = PLAIN,
) -> tuple[Place, Box]:
    """The first place at which a label covers least of the curve, of edges, of other labels, and stays in the axes.

    Widths of text are estimated, so that a figure is the same wherever it is drawn.

    Parameters
    ----------
    places : sequence of (share, estimate, dx, dy)
        Where the text is anchored and how far from there, points; it lies on the side to which an offset points.
    region : Interval or None
        Its edges are drawn as lines across.
    taken : sequence of box
        Of other labels, pixels.
    wide : float
        Width of a character by its height.
    """
    lines, points = label.split("\n"), ax.figure.dpi / 72
    across, high = wide * SIZE * points * max(map(len, lines)), 1.25 * SIZE * points * len(lines)
    starts, ends, levels = (
        ax.transData.transform(np.column_stack(pair))[:, axis]
        for pair, axis in (
            ((curve["from_share"], curve["estimate"]), 0),
            ((curve["to_share"], curve["estimate"]), 0),
            ((curve["to_share"], curve["estimate"]), 1),
        )
    )
    heights = [ax.transData.transform((0, edge))[1] for edge in edges(region)]
    costs, boxes = [], []
    for share, estimate, dx, dy in places:
        x, y = ax.transData.transform((share, estimate)) + np.array([dx, dy]) * points
        left, low = x - across if dx < 0 else x, y - high if dy < 0 else y
        right, top = left + across, low + high
        met = np.minimum(ends, right) - np.maximum(starts, left)
        met = met[(levels > low - GAP * points) & (levels < top + GAP * points)].clip(min=0).sum()
        crossed = across * sum(low < height < top for height in heights)
        shared = sum(max(0.0, min(right, box[2]) - max(left, box[0])) for box in taken if low < box[3] and top > box[1])
        frame = ax.bbox
        beyond = sum(max(0.0, one) for one in (frame.x0 - left, right - frame.x1, frame.y0 - low, top - frame.y1))
        costs.append(round(met + crossed + 2 * shared + 10 * beyond, 3))
        boxes.append((left, low, right, top))
    best = int(np.argmin(costs))
    return places[best], boxes[best]


def _draw_options(ax: Axes, curve: pd.DataFrame, multiverse: Multiverse, colour: str) -> None:
    table, options = multiverse.table, multiverse.options.set_index(["factor", "option"])
    left, y = -LEFT / (RIGHT - LEFT), 0
    beside = {"transform": ax.get_yaxis_transform(), "va": "center"}
    ax.text(1.02, y, "holds in", ha="left", color=PALETTE["soft"], **beside)
    for factor in multiverse.factors:
        ax.text(left, y, factor.name, fontweight="bold", color=PALETTE["ink"], **beside)
        for option in factor.options:
            y += 1
            given = curve[curve["result"].isin(table.loc[table[factor.name] == option, "result"])]
            row, main = options.loc[(factor.name, option)], option == factor.primary
            ax.axhline(y, color=PALETTE["line"], linewidth=0.6, zorder=0.1)
            for held, drawn, tick in ((False, colour, SHORT), (True, PALETTE["mark"], TALL)):
                _segments(ax, given[given["holds"] == held], y, color=drawn, linewidth=tick, zorder=2)
            label = f"◆ {factor.label(option)}" if main else factor.label(option)
            ax.text(-0.02, y, label, ha="right", color=PALETTE["ink" if main else "soft"], **beside)
            support = "–" if np.isnan(row["support"]) else _percent(row["support"])
            ax.text(1.02, y, support, ha="left", color=PALETTE["ink"], **beside)
        y += 1
    ax.set_ylim(y - 0.2, -0.8)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "25", "50", "75", f"100{SPACE}%"])
    held = "\ntall and dark: the claim holds" if curve["holds"].any() else ""
    ax.set_xlabel(f"share of specifications, options balanced{held}")


def _segments(ax: Axes, rows: pd.DataFrame, height: str | float, **style) -> None:
    """Level line from `from_share` to `to_share` of each row, all as one path; neighbours at one height are joined."""
    at = rows[height] if isinstance(height, str) else pd.Series(float(height), index=rows.index)
    start = (rows["from_share"] - rows["to_share"].shift()).abs().gt(1e-9) | at.ne(at.shift())
    runs = rows.assign(at=at).groupby(start.cumsum()).agg({"from_share": "first", "to_share": "last", "at": "first"})
    gap = np.full(len(runs), np.nan)
    x, y = np.column_stack([runs["from_share"], runs["to_share"], gap]), np.column_stack([runs["at"], runs["at"], gap])
    ax.plot(x.ravel(), y.ravel(), solid_capstyle="butt", **style)


def _linear_until(curve: pd.DataFrame, region: pd.Interval | None) -> float | None:
    return linear_until(curve["estimate"], curve["to_share"] - curve["from_share"], edges(region))


def _limits(curve: pd.DataFrame, region: pd.Interval | None, linear_until: float | None) -> tuple[float, float]:
    shown = [*curve["estimate"], *edges(region), 0.0]
    low, high = min(shown), max(shown)
    if linear_until:
        return (2 * low if low < 0 else -linear_until / 10, 3 * high if high > 0 else linear_until / 10)
    room = 0.12 * (high - low) or 1.0
    return (low - room if low < 0 else -room / 10), high + 1.5 * room


def _supports(multiverse: Multiverse) -> str:
    words = []
    for factor in multiverse.factors:
        options = multiverse.options[multiverse.options["factor"] == factor.name]
        each = [
            f"{factor.label(row.option)} {'not computable' if np.isnan(row.support) else _percent(row.support)}"
            + (
                f" (one with {factor.label(row.counted_as)})"
                if pd.notna(row.counted_as) and row.counted_as != row.option
                else ""
            )
            for row in options.itertuples()
        ]
        words.append(f"{factor.name}: {', '.join(each)}")
    return "; ".join(words)


def _distinct(multiverse: Multiverse) -> str:
    return many(multiverse.distinct, "distinct result")


def _bounds(region: pd.Interval, unit: str) -> str:
    return interval(region.left, region.right, unit)


def _percent(share: float) -> str:
    return quantity(round(100 * share, 1), "%")
