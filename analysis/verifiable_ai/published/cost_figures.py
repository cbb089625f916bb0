"""V1 and V2 together: the plane of time and price, and where both hold."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.engine.claims import Claim
from analysis.engine.words.axes import DOTTED, MARK, log_axis
from analysis.engine.words.figures import PALETTE, Drawn
from analysis.engine.words.formats import interval, many, number, quantity
from analysis.verifiable_ai.figure_labels import COLOUR, drawing, label_points, time_axis, usd
from analysis.verifiable_ai.machines import SECONDS_PER_HOUR

#: Costs that a diagonal is drawn for, and prices with a tick, USD.
DIAGONALS = (0.001, 0.01, 0.1, 1.0, 100.0, 1000.0)
PRICES = {number(price): price for price in (0.1, 1, 10, 100, 1000)}
#: Of the names of diagonals, and of other words in the plane, points.
NAME_SIZE, WORD_SIZE = 8, 8.5
WORDS = {"textcoords": "offset points", "fontsize": WORD_SIZE}


def plane_figure(
    priced: pd.DataFrame,
    region: pd.DataFrame,
    machines: pd.DataFrame,
    *,
    v1: Claim,
    v2: Claim,
    model: pd.DataFrame | None = None,
) -> Drawn:
    """Time and price of a machine: the strips of V1 and V2, the region of both, machines as lines, systems as points.

    Parameters
    ----------
    priced : DataFrame
        From `analysis.verifiable_ai.published.cost.costs`; a system without a price is a vertical line.
    region, machines : DataFrame
        From `joint_region` and `machines_between` of `analysis.verifiable_ai.published.beyond.joint`.
    model : DataFrame, optional
        EZKL by the law, from `analysis.verifiable_ai.law.one_machine.ezkl_on_one_machine`.
    """
    if model is not None:
        of_claim = model.set_index("claim")
        model = of_claim.loc[v1.id].rename({"value": "seconds"})
        model["cost_usd"] = of_claim.loc[v2.id, "value"]
    known, unpriced = priced[priced["cost_usd"].notna()], priced[priced["cost_usd"].isna()]
    xs, ys = _limits(priced, region, model)
    with drawing((5.2, 4.4), (0.135, 0.145, 0.855, 0.785)) as (fig, ax):
        time_axis(ax, "x", xs)
        log_axis(ax, "y", PRICES, ys)
        ax.grid(visible=False)
        _draw_claims(ax, region, v1, v2, xs)
        _draw_machines(ax, machines["usd_per_hour"])
        for row in unpriced.itertuples():
            ax.axvline(row.seconds, color=COLOUR, linewidth=1.4, linestyle=DOTTED)
            at = {"xycoords": ax.get_xaxis_transform(), "ha": "right", "va": "bottom"}
            ax.annotate(
                f"{row.Index}, {quantity(row.seconds, 's')}:\n{row.reason}", (row.seconds, 0), (-4, 4), **at, **WORDS
            )
        _draw_points(ax, known, model)
        ax.set_xlabel("time to prove one inference, log scale")
        ax.set_title("Price of the machine, USD an hour, log scale", x=-0.15)
    data = priced.reset_index().round(dict.fromkeys(("cost_usd", "low_usd", "high_usd"), 6))
    return Drawn(fig, _in_words(priced, machines["usd_per_hour"], v1, v2, model), data)


def _in_words(priced: pd.DataFrame, prices: pd.Series, v1: Claim, v2: Claim, model: pd.Series | None) -> str:
    seconds, cost = v1.regions[0], v2.regions[0]
    rows = []
    for row in priced.itertuples():
        price = f"{number(row.usd_per_hour)} USD an hour, {usd(row.cost_usd)}" if row.reason == "" else row.reason
        rows.append(f"{row.Index} {quantity(row.seconds, 's')}, {price}")
    if model is not None:
        ends = f"{quantity(model['low'], 's')} to {quantity(model['high'], 's')}"
        price = f"{number(model['usd_per_hour'])} USD an hour, {usd(model['cost_usd'])}"
        rows.append(f"EZKL by the model {quantity(model['seconds'], 's')} ({ends}), {price}")
    sold = f" at {number(prices.min())} to {number(prices.max())} USD an hour" if len(prices) else ""
    return (
        f"Plane of proving time and price of a machine, log scales. "
        f"V1 holds from {interval(seconds.left, seconds.right, 's')}, "
        f"V2 between the diagonals of {interval(cost.left, cost.right, 'USD')}; both where these cross. "
        f"Lines of {many(len(prices), 'machine')} priced inside{sold}. Systems: {'; '.join(rows) or 'none'}."
    )


def _draw_machines(ax: Axes, usd_per_hour: pd.Series) -> None:
    """A line for each machine that both claims imply, and what they cost."""
    for price in usd_per_hour:
        ax.axhline(price, color=PALETTE["soft"], linewidth=0.5, zorder=0.8)
    if len(usd_per_hour):
        least, most = usd_per_hour.min(), usd_per_hour.max()
        text = f"{many(len(usd_per_hour), 'machine')}, {number(least)} to {number(most)} USD/h"
        ax.annotate(text, (0, least), (3, -3), xycoords=ax.get_yaxis_transform(), va="top", **WORDS)


def _draw_points(ax: Axes, known: pd.DataFrame, model: pd.Series | None) -> None:
    """Systems as dots, and EZKL by the law as a hollow diamond on its interval."""
    points = [(s, r.seconds, r.usd_per_hour, f"{s}\n{usd(r.cost_usd)}") for s, r in known.iterrows()]
    bars = []
    if model is not None:
        bars.append((model["low"], model["usd_per_hour"], model["high"], model["usd_per_hour"]))
        ax.plot([model["low"], model["high"]], [model["usd_per_hour"]] * 2, color=PALETTE["ink"], linewidth=1.4)
        points.append(("", model["seconds"], model["usd_per_hour"], f"EZKL, model\n{usd(model['cost_usd'])}"))
    for name, x, y, _ in points:
        face = COLOUR if name else PALETTE["paper"]
        ax.plot(x, y, "o" if name else "D", color=face, markeredgecolor=PALETTE["ink"], markersize=6.5, zorder=4)
    if points:
        label_points(ax, *zip(*[(x, y, label) for _, x, y, label in points], strict=True), size=8.5, avoid=bars)


def _limits(priced: pd.DataFrame, region: pd.DataFrame, model: pd.Series | None) -> tuple[tuple, tuple]:
    seconds = [*priced["seconds"], *region["seconds"]]
    hourly = [*priced["usd_per_hour"].dropna(), region["low_usd_per_hour"].min(), region["high_usd_per_hour"].max()]
    if model is not None:
        seconds, hourly = [*seconds, model["low"], model["high"]], [*hourly, model["usd_per_hour"]]
    return (min(seconds) / 3, max(seconds) * 3.5), (min(hourly) / 4, max(hourly) * 3)


def _draw_claims(ax: Axes, region: pd.DataFrame, v1: Claim, v2: Claim, xs: tuple[float, float]) -> None:
    seconds, cost = v1.regions[0], v2.regions[0]
    sweep = np.geomspace(*xs, 60)
    ax.axvspan(seconds.left, seconds.right, color=PALETTE["band"], alpha=0.55, linewidth=0, zorder=0.3)
    ends = [end * SECONDS_PER_HOUR / sweep for end in (cost.left, cost.right)]
    ax.fill_between(sweep, *ends, color=PALETTE["band"], alpha=0.55, linewidth=0, zorder=0.3)
    for amount in DIAGONALS:
        at = amount * SECONDS_PER_HOUR / sweep
        ax.plot(sweep, at, color=PALETTE["line"], linewidth=0.9, zorder=0.2)
        _name_diagonal(ax, amount, usd(amount))
    _name_band(ax, cost, f"V2: {interval(cost.left, cost.right, 'USD')}")
    outline = [*zip(region["seconds"], region["low_usd_per_hour"], strict=True)]
    outline += [*zip(region["seconds"], region["high_usd_per_hour"], strict=True)][::-1]
    ax.fill(*zip(*outline, strict=True), color=PALETTE["band"], linewidth=0, zorder=0.5)
    ax.plot(*zip(*[*outline, outline[0]], strict=True), **MARK, zorder=3)
    bottom = ax.get_ylim()[0]
    strip = f"V1: {interval(seconds.left, seconds.right, 's')}"
    ax.annotate(strip, (seconds.right, bottom), (4, 4), va="bottom", **WORDS)
    corner = (region["seconds"].min(), region["high_usd_per_hour"].max())
    look = {"textcoords": "offset points", "ha": "right", "va": "bottom", "fontweight": "bold"}
    ax.annotate("both hold", corner, (-4, 2), **look)


def _name_band(ax: Axes, cost: pd.Interval, label: str) -> None:
    """Name the band between two costs where it enters the axes: beside it at the top, or over it at the left edge.

    Width of the text is estimated, as in `label_points`.
    """
    (left, _), (_, top) = ax.get_xlim(), ax.get_ylim()
    under, over = (amount * SECONDS_PER_HOUR / (top / 1.1) for amount in (cost.left, cost.right))
    if over <= left:  # it comes in at the left edge, below the top
        ax.annotate(label, (left, cost.right * SECONDS_PER_HOUR / left), (4, 2), va="bottom", **WORDS)
        return
    room = ax.transData.transform((max(under, left), top))[0] - ax.bbox.x0
    if room > 0.54 * WORD_SIZE * ax.figure.dpi / 72 * (len(label) + 4):
        ax.annotate(label, (under, top), (-10, -3), ha="right", va="top", **WORDS)
    else:
        ax.annotate(label, (over, top), (4, -3), va="top", **WORDS)


def _name_diagonal(ax: Axes, amount: float, label: str) -> None:
    """Name a line of equal cost along it, after it enters the axes; not if it is too short inside them.

    Width of the text is estimated, as in `label_points`.
    """
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    ends = max(left, amount * SECONDS_PER_HOUR / top), min(right, amount * SECONDS_PER_HOUR / bottom)
    if ends[0] >= ends[1]:
        return
    start, stop = ax.transData.transform([(x, amount * SECONDS_PER_HOUR / x) for x in ends])
    along, dots = stop - start, ax.figure.dpi / 72
    room = float(np.hypot(*along))
    needed, gap = 0.54 * NAME_SIZE * dots * len(label), 2 * NAME_SIZE * dots
    if room < needed + 2 * gap:
        return
    at = start + along * (gap / room)
    look = {"rotation_mode": "anchor", "va": "bottom", "color": PALETTE["soft"], "fontsize": NAME_SIZE, "zorder": 1}
    turned = float(np.degrees(np.arctan2(along[1], along[0])))
    ax.text(*ax.transData.inverted().transform(at), label, rotation=turned, **look)
