"""The specification curve of a card: every distinct result of a claim's definitions, in ascending order.

Each result is as wide as it weighs, so that the part of the curve inside the asserted band is as wide as the balanced
support. Widths are in per cent of the picture and texts in the page's own size, so that both fit a phone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from markupsafe import Markup

from analysis.engine import claims
from analysis.engine.words import formats

#: The axis is symmetric-logarithmic where its largest figure exceeds the median one by more than this factor, and
#: linear up to the size below which this share of the weight lies: as in `analysis.engine.multiverse.figures`.
EXTREME, LINEAR_SHARE = 12.0, 0.1
#: No picture resolves less than this share of its largest figure.
SMALLEST = 1e-9
#: Pixels: head with the unit, plot, the strip that marks where the claim holds, foot with the shares.
HEAD, PLOT, STRIP, FOOT = 22, 190, 12, 18
#: From here on, tick labels carry their unit, scaled to words.
LARGE = 1e6
ACROSS = 1000
"""Width of the stretched box in which the line is drawn."""


def curve(record: Mapping[str, Any]) -> Markup | None:
    """Draw a claim's specification curve.

    Parameters
    ----------
    record : mapping
        A ledger record; its ``curve`` holds ``estimate``, ``to_share``, ``holds`` and ``primary``.

    Returns
    -------
    markupsafe.Markup or None
        None where no specifications were run.

    Examples
    --------
    >>> curve({"curve": None}) is None
    True
    >>> drawn = curve({"curve": {"estimate": [-9.0, 3.0], "to_share": [0.4, 1.0], "holds": [False, True], "primary": 0},
    ...     "T": "(0, inf)", "asserted": {"unit": "%"}})
    >>> drawn.count("<svg") > 1, "primary −9" in drawn
    (True, True)
    """
    found = record["curve"]
    if found is None or not found["estimate"]:
        return None
    unit, band = record["asserted"].get("unit") or "", _band(record)
    at, ticks, logarithmic = axis(found["estimate"], _weights(found["to_share"]), _edges(band))
    in_words = unit in ("s", "%") or max(abs(tick) for tick in ticks) >= LARGE
    labels = [formats.quantity(tick, unit) if in_words else formats.number(tick) for tick in ticks]
    name = "estimate" if in_words else f"estimate, {unit}"
    parts = [
        _text(0, 12, f"{name} (symmetric log axis)" if logarithmic else name, "unit", "start"),
        *_region(band, at),
        *(_tick(at(tick), label) for tick, label in zip(ticks, labels, strict=True)),
        *_asserted(band, at, unit),
        _line(found, at),
        *_primary(found, at, unit if in_words else ""),
        *_foot(found),
    ]
    return Markup(
        '<svg class="claim-curve" height="{}" style="padding-left:{}ch" role="img" aria-label="{}">{}</svg>'
        '<small class="curve-note">Share of specifications; {}.</small>'
    ).format(
        HEAD + PLOT + STRIP + FOOT,
        max(5, *(len(label) for label in labels)) + 1,
        words(record) + (" Symmetric log axis." if logarithmic else ""),
        Markup("").join(parts),
        "thick line and bar: the claim holds" if any(found["holds"]) else "the claim holds under none",
    )


def words(record: Mapping[str, Any]) -> str:
    """What the curve shows, in words: the same numbers.

    Parameters
    ----------
    record : mapping
        A ledger record that has a curve.

    Returns
    -------
    str

    Examples
    --------
    >>> words({"curve": {"estimate": [-9.0, 3.0], "to_share": [0.4, 1.0], "holds": [False, True], "primary": 0},
    ...     "T": "(0, inf)", "asserted": {"unit": "%"}}).replace(formats.SPACE, " ")
    'Specification curve: 2 distinct results, from −9 % to 3 %; half of the weight lies up to 3 %; the primary
    definition gives −9 %; the claim (over 0 %) holds under 60 % of specifications.'
    """
    found, unit, band = record["curve"], record["asserted"].get("unit") or "", _band(record)
    estimates, weights = found["estimate"], _weights(found["to_share"])
    low, middle, high = (
        formats.quantity(x, unit) for x in (estimates[0], _quantile(estimates, weights, 0.5), estimates[-1])
    )
    primary = found["primary"]
    given = "cannot be computed" if primary is None else f"gives {formats.quantity(estimates[primary], unit)}"
    region = "" if band is None else f" ({formats.interval(*band, unit)})"
    held = round(100 * sum(weight for weight, holds in zip(weights, found["holds"], strict=True) if holds), 1)
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
    linear_until = _linear_until(estimates, weights, edges)
    scale = (lambda x: x) if linear_until is None else (lambda x: _symlog(x, linear_until))
    low, high = scale(min(shown)), scale(max(shown))
    room = 0.09 * (high - low) or 1.0
    low, high = (low - room if low < 0 else low - room / 4), high + 1.6 * room
    ticks = _nice(low, high) if linear_until is None else _powers(min(shown), max(shown), linear_until)

    def at(value: float) -> float:
        share = (min(max(scale(value), low), high) - low) / (high - low) if math.isfinite(value) else float(value > 0)
        return round(HEAD + PLOT * (1 - share), 1)

    return at, [tick for tick in ticks if low <= scale(tick) <= high], linear_until is not None


def _band(record: Mapping[str, Any]) -> tuple[float, float] | None:
    if not record["T"]:
        return None
    band = claims.interval(record["T"])
    return band.left, band.right


def _edges(band: tuple[float, float] | None) -> list[float]:
    return [edge for edge in band or () if math.isfinite(edge)]


def _weights(to_share: Sequence[float]) -> list[float]:
    return [to - before for before, to in zip([0.0, *to_share], to_share, strict=False)]


def _quantile(values: Sequence[float], weights: Sequence[float], share: float) -> float:
    """Smallest value up to which this share of the weight lies."""
    ordered = sorted(zip(values, weights, strict=True))
    needed, reached = (share - 1e-9) * sum(weights), 0.0
    for value, weight in ordered:
        reached += weight
        if reached >= needed:
            return value
    return ordered[-1][0]


def _linear_until(estimates: Sequence[float], weights: Sequence[float], edges: Sequence[float]) -> float | None:
    sizes = [abs(estimate) for estimate in estimates]
    some = [(size, weight) for size, weight in zip(sizes, weights, strict=True) if size > 0]
    if not some:
        return None
    values, shares = zip(*some, strict=True)
    largest = max([*sizes, *map(abs, edges)])
    if largest <= EXTREME * _quantile(values, shares, 0.5):
        return None
    return max(_quantile(values, shares, LINEAR_SHARE), SMALLEST * largest)


def _symlog(value: float, linear_until: float) -> float:
    size = abs(value) / linear_until
    return math.copysign(size if size <= 1 else 1 + math.log10(size), value)


def _nice(low: float, high: float) -> list[float]:
    rough = (high - low) / 5
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
    return [round(i * step, 12) for i in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _powers(low: float, high: float, linear_until: float) -> list[float]:
    powers = range(math.ceil(math.log10(linear_until)), math.floor(math.log10(2 * max(-low, high))) + 1)
    every = max(1, math.ceil(len(powers) / 3))
    sizes = [10.0**power for power in powers][::-every]
    return sorted([*(-size for size in sizes if size <= -2 * low), 0.0, *(size for size in sizes if size <= 2 * high)])


def _text(x: float, y: float, text: str, name: str, anchor: str) -> Markup:
    return Markup('<text class="{}" x="{}%" y="{}" text-anchor="{}">{}</text>').format(name, x, y, anchor, text)


def _tick(y: float, label: str) -> Markup:
    return Markup(
        '<line class="grid" x1="0" x2="100%" y1="{0}" y2="{0}"/><text x="-8" y="{1}" text-anchor="end">{2}</text>'
    ).format(y, y + 4, label)


def _region(band: tuple[float, float] | None, at: Callable[[float], float]) -> Iterator[Markup]:
    if band is None:
        return
    low, high = band
    top, bottom = at(high), at(low)
    yield Markup('<rect class="band" x="0" y="{}" width="100%" height="{}"/>').format(top, round(bottom - top, 1))
    for edge in _edges(band):
        yield Markup('<line class="ref" x1="0" x2="100%" y1="{0}" y2="{0}"/>').format(at(edge))


def _asserted(band: tuple[float, float] | None, at: Callable[[float], float], unit: str) -> Iterator[Markup]:
    """The band's label, over the grid."""
    if band is None:
        return
    low, high = band
    top, bottom = at(high), at(low)
    inside = (bottom - top) >= 20 or top < HEAD + 20
    words = f"asserted: {formats.interval(low, high, unit)}"
    yield _text(1, top + 15 if inside else top - 6, words, "said inside" if inside else "said", "start")


def _stretched(y: float, height: float, inner: Markup) -> Markup:
    return Markup(
        '<svg x="0" y="{}" width="100%" height="{}" viewBox="0 {} {} {}" preserveAspectRatio="none">{}</svg>'
    ).format(y, height, y, ACROSS, height, inner)


def _runs(found: Mapping[str, Any]) -> Iterator[tuple[bool, float, float, list[tuple[float, float]]]]:
    """Stretches in which the claim holds, or does not: where they begin and end, their results with right ends."""
    begin = 0.0
    rows = zip(found["holds"], found["estimate"], found["to_share"], strict=True)
    for holds, run in groupby(rows, key=lambda row: row[0]):
        results = [(estimate, to) for _, estimate, to in run]
        yield holds, begin, results[-1][1], results
        begin = results[-1][1]


def _across(share: float) -> float:
    return round(ACROSS * share, 1)


def _line(found: Mapping[str, Any], at: Callable[[float], float]) -> Markup:
    paths: dict[bool, list[str]] = {False: [], True: []}
    last: float | None = None
    for holds, begin, _, results in _runs(found):
        steps = [f"M{_across(begin)} {at(results[0][0]) if last is None else last}"]
        for estimate, to in results:
            steps += [f"V{at(estimate)}"] * (at(estimate) != last) + [f"H{_across(to)}"]
            last = at(estimate)
        paths[holds].append("".join(steps))
    drawn = [
        Markup('<path class="{}" d="{}"/>').format("holds" if holds else "fails", "".join(paths[holds]))
        for holds in (False, True)
        if paths[holds]
    ]
    return _stretched(HEAD, PLOT, Markup("").join(drawn))


def _primary(found: Mapping[str, Any], at: Callable[[float], float], unit: str) -> Iterator[Markup]:
    index = found["primary"]
    if index is None:
        return
    begin, end = [0.0, *found["to_share"]][index], found["to_share"][index]
    share, estimate = (begin + end) / 2, found["estimate"][index]
    y = at(estimate)
    above = y > HEAD + PLOT / 2
    yield Markup('<line class="mark" x1="{0}%" x2="{0}%" y1="{1}" y2="{2}"/>').format(
        round(100 * share, 2), y, HEAD + PLOT
    )
    yield Markup(
        '<svg class="primary" x="{}%" y="{}"><path d="M0 -6L6 0 0 6 -6 0z"/><text x="{}" y="{}" text-anchor="{}">'
        "primary {}</text></svg>"
    ).format(
        round(100 * share, 2),
        y,
        8 if share <= 0.5 else -8,
        -12 if above else -10 if y > HEAD + 24 else 20,
        "start" if share <= 0.5 else "end",
        formats.quantity(estimate, unit),
    )


def _foot(found: Mapping[str, Any]) -> Iterator[Markup]:
    top = HEAD + PLOT + 3
    held = [
        Markup('<rect x="{}" y="{}" width="{}" height="{}"/>').format(
            _across(begin), top, max(2.0, _across(end - begin)), STRIP - 5
        )
        for holds, begin, end, _ in _runs(found)
        if holds
    ]
    yield Markup('<g class="strip">{}</g>').format(_stretched(top, STRIP - 5, Markup("").join(held)))
    yield Markup('<text x="-8" y="{}" text-anchor="end">{}</text>').format(top + 8, "holds" if held else "")
    for share in (0, 25, 50, 75, 100):
        anchor = {0: "start", 100: "end"}.get(share, "middle")
        yield _text(
            share,
            HEAD + PLOT + STRIP + 13,
            formats.quantity(share, "%") if share else "0",
            "share-of quarter" if share in (25, 75) else "share-of",
            anchor,
        )
