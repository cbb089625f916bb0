"""How far a specification curve's axis is linear: the same in a chapter's figure and in a card's picture."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

#: The estimates' axis is symmetric-logarithmic when its largest figure exceeds the median one by more than this factor.
EXTREME = 12.0
#: Share of the estimates, nearest to zero, that the linear part of a symmetric-logarithmic axis holds.
LINEAR_SHARE = 0.1
#: No figure resolves less than this share of its largest.
SMALLEST = 1e-9
#: From here on, tick labels carry their unit, scaled to words.
LARGE = 1e6


def edges(region: pd.Interval | None) -> list[float]:
    """Finite ends of a claim's acceptance region."""
    return [] if region is None else [edge for edge in (region.left, region.right) if np.isfinite(edge)]


def quantile(values: Sequence[float], weights: Sequence[float], share: float) -> float:
    """Smallest value up to which this share of the weight lies.

    Examples
    --------
    >>> quantile([3.0, 1.0, 2.0], [0.2, 0.5, 0.3], 0.5)
    1.0
    """
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(np.asarray(weights)[order])
    return float(np.asarray(values)[order][np.searchsorted(reached, (share - 1e-9) * reached[-1])])


def linear_until(estimates: Sequence[float], weights: Sequence[float], edges: Sequence[float]) -> float | None:
    """Where a symmetric-logarithmic axis stops being linear, or None where a linear axis shows all.

    Measured by weight, as the curve is, over the estimates that are not zero.

    Examples
    --------
    >>> linear_until([1.0, 2.0], [0.5, 0.5], [12.0]), linear_until([1.0, 2.0, 5000.0], [0.4, 0.4, 0.2], [])
    (None, 1.0)
    """
    sizes, weights = np.abs(estimates), np.asarray(weights)
    some = sizes > 0
    largest = max(*sizes, *map(abs, edges), 0.0)
    if not some.any() or largest <= EXTREME * quantile(sizes[some], weights[some], 0.5):
        return None
    return max(quantile(sizes[some], weights[some], LINEAR_SHARE), SMALLEST * float(largest))
