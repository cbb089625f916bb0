"""The specification curve of a card: every distinct result of a claim's definitions, in ascending order.

Each result is as wide as it weighs, so that the part of the curve inside the asserted band is as wide as the balanced
support. Widths are in per cent of the picture and texts in the page's own size, so that both fit a phone.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any

from markupsafe import Markup

from analysis.engine.claims import Curve
from analysis.engine.ledger.entries import Entry
from analysis.engine.multiverse.scale import LARGE, edges, linear_until, quantile
from analysis.engine.site.html import render
from analysis.engine.site.phrases import region_words
from analysis.engine.words import formats

#: Pixels: head with the unit, plot, the strip that marks where the claim holds, foot with the shares.
HEAD, PLOT, STRIP, FOOT = 22, 190, 12, 18
ACROSS = 1000
"""Width of the stretched box in which the line is drawn."""


def curve(entry: Entry) -> Markup | None:
    """Draw a claim's specification curve; None where no specifications were run."""
    found, unit = entry.curve, entry.asserted.unit or ""
    if found is None or not found.estimate:
        return None
    at, ticks, logarithmic = axis(found.estimate, _weights(found.to_share), edges(entry.region))
    in_words = unit in ("s", "%") or max(abs(tick) for tick in ticks) >= LARGE
    labels = [formats.quantity(tick, unit) if in_words else formats.number(tick) for tick in ticks]
    return render(
        "curve",
        at=at,
        label=words(entry) + (" Symmetric log axis." if logarithmic else ""),
        unit=("estimate" if in_words else f"estimate, {unit}") + (" (symmetric log axis)" if logarithmic else ""),
        ticks=list(zip(map(at, ticks), labels, strict=True)),
        room=max(5, *map(len, labels)) + 1,
        band=entry.region,
        edges=edges(entry.region),
        asserted=None if entry.T is None else region_words(entry.T, unit),
        lines=_lines(found, at),
        held=[(_across(begin), max(2.0, _across(end - begin))) for holds, begin, end, _ in _runs(found) if holds],
        primary=_primary(found, at, unit if in_words else ""),
        head=HEAD,
        plot=PLOT,
        strip=STRIP,
        foot=FOOT,
        across=ACROSS,
    )


def words(entry: Entry) -> str:
    """What the curve of an entry shows, in words: the same numbers."""
    found, unit = entry.curve, entry.asserted.unit or ""
    estimates, weights = found.estimate, _weights(found.to_share)
    middle = quantile(estimates, weights, 0.5)
    low, middle, high = (formats.quantity(x, unit) for x in (estimates[0], middle, estimates[-1]))
    given = (
        "cannot be computed" if found.primary is None else f"gives {formats.quantity(estimates[found.primary], unit)}"
    )
    region = "" if entry.T is None else f" ({region_words(entry.T, unit)})"
    held = round(100 * sum(weight for weight, holds in zip(weights, found.holds, strict=True) if holds), 1)
    return (
        f"Specification curve: {formats.many(len(estimates), 'distinct result')}, from {low} to {high}; half of the "
        f"weight lies up to {middle}; the primary definition {given}; the claim{region} holds under "
        f"{formats.quantity(held, '%')} of specifications."
    )


def axis(
    estimates: Sequence[float], weights: Sequence[float], edges: Sequence[float]
) -> tuple[Callable[[float], float], list[float], bool]:
    """Map figures to heights in the plot so that the estimates, the finite edges of the band and zero fit.

    Parameters
    ----------
    estimates, weights : sequence of float
        Results and the share of specifications that each stands for.
    edges : sequence of float
        Finite edges of the asserted band.

    Returns
    -------
    callable
        From a figure to a height between ``HEAD`` (top) and ``HEAD + PLOT``; infinities lie on the edge.
    list of float
        Ticks.
    bool
        Whether the axis is symmetric-logarithmic.

    Examples
    --------
    >>> at, ticks, logarithmic = axis([-80.0, -40.0], [0.5, 0.5], [280.0])
    >>> at(-80.0) > at(280.0) > at(float("inf")), ticks, logarithmic
    (True, [-100.0, 0.0, 100.0, 200.0, 300.0], False)
    >>> axis([1.0, 2.0, 5000.0], [0.4, 0.4, 0.2], [])[2]
    True
    """
    shown = [*estimates, *edges, 0.0]
    turn = linear_until(estimates, weights, edges)
    scale = (lambda x: x) if turn is None else (lambda x: _symlog(x, turn))
    low, high = scale(min(shown)), scale(max(shown))
    room = 0.09 * (high - low) or 1.0
    low, high = (low - room if low < 0 else low - room / 4), high + 1.6 * room
    ticks = _nice(low, high) if turn is None else _powers(min(shown), max(shown), turn)

    def at(value: float) -> float:
        share = (min(max(scale(value), low), high) - low) / (high - low) if math.isfinite(value) else float(value > 0)
        return round(HEAD + PLOT * (1 - share), 1)

    return at, [tick for tick in ticks if low <= scale(tick) <= high], turn is not None


def _weights(to_share: Sequence[float]) -> list[float]:
    return [to - before for before, to in zip([0.0, *to_share], to_share, strict=False)]


def _symlog(value: float, turn: float) -> float:
    size = abs(value) / turn
    return math.copysign(size if size <= 1 else 1 + math.log10(size), value)


def _nice(low: float, high: float) -> list[float]:
    rough = (high - low) / 5
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
    return [round(i * step, 12) for i in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _powers(low: float, high: float, turn: float) -> list[float]:
    powers = range(math.ceil(math.log10(turn)), math.floor(math.log10(2 * max(-low, high))) + 1)
    every = max(1, math.ceil(len(powers) / 3))
    sizes = [10.0**power for power in powers][::-every]
    return sorted([*(-size for size in sizes if size <= -2 * low), 0.0, *(size for size in sizes if size <= 2 * high)])


def _runs(found: Curve) -> Iterator[tuple[bool, float, float, list[tuple[float, float]]]]:
    """Stretches in which the claim holds, or does not: where they begin and end, their results with right ends."""
    begin = 0.0
    rows = zip(found.holds, found.estimate, found.to_share, strict=True)
    for holds, run in groupby(rows, key=lambda row: row[0]):
        results = [(estimate, to) for _, estimate, to in run]
        yield holds, begin, results[-1][1], results
        begin = results[-1][1]


def _across(share: float) -> float:
    return round(ACROSS * share, 1)


def _lines(found: Curve, at: Callable[[float], float]) -> dict[str, str]:
    """Paths of the line where the claim fails and where it holds, by their class."""
    paths = {"fails": "", "holds": ""}
    last: float | None = None
    for holds, begin, _, results in _runs(found):
        path = f"M{_across(begin)} {at(results[0][0]) if last is None else last}"
        for estimate, to in results:
            path += f"V{at(estimate)}" * (at(estimate) != last) + f"H{_across(to)}"
            last = at(estimate)
        paths["holds" if holds else "fails"] += path
    return paths


def _primary(found: Curve, at: Callable[[float], float], unit: str) -> dict[str, Any] | None:
    """The primary definition's result: its place in per cent across and pixels down, its figure, where that stands."""
    if found.primary is None:
        return None
    share = sum([0.0, *found.to_share][found.primary : found.primary + 2]) / 2
    y = at(found.estimate[found.primary])
    return {
        "x": round(100 * share, 2),
        "y": y,
        "left": share <= 0.5,
        "up": -12 if y > HEAD + PLOT / 2 else -10 if y > HEAD + 24 else 20,
        "said": formats.quantity(found.estimate[found.primary], unit),
    }
