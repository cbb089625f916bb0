"""One small picture of a claim: a band for what is asserted, a dot and a line for what is found."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup

from analysis.engine import claims
from analysis.engine.words import formats

WIDTH, HEIGHT, MARGIN, MIDDLE = 176, 30, 8, 13
LOG_SPREAD = 20
"""Positive figures further apart than this factor are drawn on a logarithmic axis, and the picture says so."""
OPEN_SHARE = 0.3
"""Room for the open side of a bound, as a share of what the finite figures span."""


def axis(low: float, high: float, figures: list[float]) -> tuple[Callable[[float], float], bool]:
    """Map figures to horizontal positions so that the band and all figures fit.

    Parameters
    ----------
    low, high : float
        Ends of the asserted band; either may be infinite, and lies on the picture's edge then.
    figures : list of float
        Finite figures to fit: asserted value, estimate, ends of its interval.

    Returns
    -------
    callable
        From a figure to a position between 0 and ``WIDTH``.
    bool
        Whether the axis is logarithmic.

    Examples
    --------
    >>> at, logarithmic = axis(280.0, float("inf"), [280.0, -80.0])
    >>> at(-80.0) < at(280.0) < at(float("inf")), logarithmic
    (True, False)
    >>> axis(450.0, 750.0, [600.0, 0.5])[1]
    True
    """
    finite = [x for x in (low, high, *figures) if math.isfinite(x)]
    logarithmic = min(finite) > 0 and max(finite) > LOG_SPREAD * min(finite)
    scale = math.log10 if logarithmic else float
    left, right = scale(min(finite)), scale(max(finite))
    span = (right - left) or abs(right) or 1.0
    left -= span * OPEN_SHARE if math.isinf(low) else 0.0
    right += span * OPEN_SHARE if math.isinf(high) else 0.0

    def at(value: float) -> float:
        if math.isinf(value):
            return 0.0 if value < 0 else float(WIDTH)
        share = (scale(value) - left) / ((right - left) or 1.0)
        return round(MARGIN + share * (WIDTH - 2 * MARGIN), 1)

    return at, logarithmic


def words(record: Mapping[str, Any]) -> str:
    """What the picture shows, in words: the same numbers.

    Parameters
    ----------
    record : mapping
        A ledger record with an estimate and a band.

    Returns
    -------
    str

    Examples
    --------
    >>> words({"asserted": {"form": "over", "value": 280.0, "unit": "%"}, "estimate": {"value": -80.1, "low": -84.9,
    ...        "high": -75.2, "unit": "%"}}).replace(formats.SPACE, " ")
    'asserted over 280 %, found −80.1 %, interval −84.9 to −75.2 %'
    """
    estimate = record["estimate"]
    value = formats.quantity(estimate["value"], estimate["unit"])
    return f"asserted {asserted_words(record['asserted'])}, found {value}, interval {ends_words(estimate)}"


def estimate_words(estimate: Mapping[str, Any]) -> tuple[str, str]:
    """The ledger's ``estimate`` and the ends of its interval, as `words.formats.estimate` writes them."""
    low, value, high = (estimate[part] for part in ("low", "value", "high"))
    return formats.estimate(value, low, high, estimate["unit"], estimate.get("bound", "exact"))


def ends_words(estimate: Mapping[str, Any]) -> str:
    """The interval of the ledger's ``estimate``, with its unit."""
    low, high, bound = estimate["low"], estimate["high"], estimate.get("bound", "exact")
    return formats.interval(low, high, estimate["unit"], bound, of=estimate.get("value"))


def interval_words(estimate: Mapping[str, Any]) -> str:
    """The interval of the ledger's ``estimate``, and what it is of.

    Examples
    --------
    >>> one = {"low": 14.0, "high": 14.0, "unit": "count", "interval_of": "one published figure"}
    >>> interval_words(one), interval_words(one | {"bound": "over"}).replace(formats.SPACE, " ")
    ('no interval: one published figure', 'over 14, by one published figure')
    >>> interval_words(one | {"high": 15.0})
    '14 to 15, interval of one published figure'
    """
    if estimate.get("bound", "exact") != "exact":
        return f"{ends_words(estimate)}, by {estimate['interval_of']}"
    if estimate["low"] == estimate["high"]:
        return f"no interval: {estimate['interval_of']}"
    return f"{ends_words(estimate)}, interval of {estimate['interval_of']}"


def asserted_words(asserted: Mapping[str, Any]) -> str:
    """Asserted figure in the book's own form, else the report's words.

    Parameters
    ----------
    asserted : mapping
        The ledger's ``asserted``.

    Returns
    -------
    str
        Empty where the claim names neither.

    Examples
    --------
    >>> asserted_words({"form": "about", "value": 600.0, "unit": "s"}).replace(formats.SPACE, " ")
    'about 10 min'
    >>> asserted_words({"form": "none", "value": None, "unit": None, "words": "most mature"})
    '“most mature”'
    """
    form, unit, value = asserted["form"], asserted.get("unit") or "", asserted.get("value")
    if value is not None and unit != "share of bound":
        return f"{form.replace('_', ' ')} {formats.quantity(value, unit)}"
    if asserted.get("low") is not None and asserted.get("high") is not None:
        return formats.interval(asserted["low"], asserted["high"], unit)
    return f"“{asserted['words']}”" if asserted.get("words") else ""


def _anchor(zero: float, mark: float | None) -> str:
    """Side of zero on which its label keeps clear of the asserted figure's mark."""
    if mark is None or abs(mark - zero) > MARGIN:
        return "middle"
    return "end" if mark >= zero else "start"


def _end(x: float, is_open: bool) -> Markup:
    """An end of the band: an edge, or an arrowhead where the band goes on."""
    if not is_open:
        return Markup('<line class="edge" x1="{0}" y1="5" x2="{0}" y2="21"/>').format(x)
    inwards = 5 if x == 0 else -5
    return Markup('<path class="on" d="M{} {}L{} {}L{} {}"/>').format(
        x + inwards * 1.4, MIDDLE - 5, x + inwards * 0.4, MIDDLE, x + inwards * 1.4, MIDDLE + 5
    )


def _on(x: float) -> Markup:
    """An arrowhead where the interval goes on."""
    inwards = 6 if x == 0 else -6
    return Markup('<path class="on" d="M{0} {1}L{2} {3}L{0} {4}"/>').format(
        x + inwards, MIDDLE - 4, x, MIDDLE, x + inwards, MIDDLE + 4
    )


def picture(record: Mapping[str, Any]) -> Markup | None:
    """Draw the asserted band and the estimate with its interval.

    Parameters
    ----------
    record : mapping
        A ledger record.

    Returns
    -------
    markupsafe.Markup or None
        None where there is no estimate or no band: nothing is drawn that was not found.

    Examples
    --------
    >>> picture({"asserted": {"value": 7.0}, "T": None, "estimate": None}) is None
    True
    """
    asserted, estimate = record["asserted"], record["estimate"]
    if estimate is None or not record["T"]:
        return None
    band = claims.interval(record["T"])
    low, high = band.left, band.right
    value, reference = estimate["value"], asserted.get("value")
    figures = [value, estimate["low"], estimate["high"], *([reference] if reference is not None else [])]
    ends = claims.allowed(estimate["low"], estimate["high"], estimate.get("bound", "exact"))
    at, logarithmic = axis(low, high, figures)
    parts = [
        Markup('<line class="ax" x1="0" y1="{0}" x2="{1}" y2="{0}"/>').format(MIDDLE, WIDTH),
        Markup('<rect class="band" x="{}" y="5" width="{}" height="16"/>').format(
            at(low), round(at(high) - at(low), 1)
        ),
        *(_end(at(end), math.isinf(end)) for end in (low, high)),
    ]
    if not logarithmic and MARGIN / 2 < at(0.0) < WIDTH - MARGIN / 2 and reference != 0:
        parts.append(Markup('<line class="zero" x1="{0}" y1="10" x2="{0}" y2="16"/>').format(at(0.0)))
        parts.append(
            Markup('<text x="{}" y="{}" text-anchor="{}">0</text>').format(
                at(0.0), HEIGHT - 2, _anchor(at(0.0), None if reference is None else at(reference))
            )
        )
    if reference is not None:
        parts.append(Markup('<line class="ref" x1="{0}" y1="2" x2="{0}" y2="24"/>').format(at(reference)))
    parts.append(
        Markup('<line class="ci" x1="{}" y1="{y}" x2="{}" y2="{y}"/>').format(at(ends.left), at(ends.right), y=MIDDLE)
    )
    parts += [_on(at(end)) for end in (ends.left, ends.right) if math.isinf(end)]
    parts.append(Markup('<circle class="pt" cx="{}" cy="{}" r="3"/>').format(at(value), MIDDLE))
    label = words(record) + (" (logarithmic axis)" if logarithmic else "")
    return Markup(
        '<svg class="claim-picture" width="{w}" height="{h}" viewBox="0 0 {w} {h}" role="img" '
        'aria-label="{label}">{parts}</svg>'
    ).format(w=WIDTH, h=HEIGHT, label=label, parts=Markup("").join(parts))
