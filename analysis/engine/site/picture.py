"""One small picture of a claim: a band for what is asserted, a dot and a line for what is found."""

import math
from collections.abc import Callable

from markupsafe import Markup

from analysis.engine.ledger.entries import Entry
from analysis.engine.site.html import render
from analysis.engine.site.phrases import asserted_words, ends_words
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


def words(entry: Entry) -> str:
    """What the picture of an entry shows, in words: the same numbers."""
    value = formats.quantity(entry.estimate.value, entry.estimate.unit)
    return f"asserted {asserted_words(entry.asserted)}, found {value}, interval {ends_words(entry.estimate)}"


def picture(entry: Entry) -> Markup | None:
    """Draw the asserted band and the estimate with its interval; None where one of them is not there."""
    band, estimate, reference = entry.region, entry.estimate, entry.asserted.value
    if estimate is None or band is None:
        return None
    figures = [estimate.value, estimate.low, estimate.high, *([] if reference is None else [reference])]
    at, logarithmic = axis(band.left, band.right, figures)
    zero = at(0.0) if not logarithmic and reference != 0 else 0.0
    return render(
        "picture",
        at=at,
        infinite=math.isinf,
        band=band,
        interval=estimate.interval,
        value=estimate.value,
        reference=reference,
        zero=zero if MARGIN / 2 < zero < WIDTH - MARGIN / 2 else None,
        side=_side(zero, None if reference is None else at(reference)),
        label=words(entry) + (" (logarithmic axis)" if logarithmic else ""),
        width=WIDTH,
        height=HEIGHT,
        middle=MIDDLE,
    )


def _side(zero: float, mark: float | None) -> str:
    """Side of zero on which its label keeps clear of the asserted figure's mark."""
    if mark is None or abs(mark - zero) > MARGIN:
        return "middle"
    return "end" if mark >= zero else "start"
