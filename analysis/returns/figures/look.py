"""What the figures of the chapter share."""

from collections.abc import Callable

import pandas as pd


def kept_apart(values: pd.Series, above: Callable[[float], float]) -> dict[str, float]:
    """Heights for labels, in the values' order: each its value, or moved up to the least height above the one below.

    Examples
    --------
    >>> kept_apart(pd.Series({"A": 1.0, "B": 1.05}), lambda height: height + 0.1)
    {'A': 1.0, 'B': 1.1}
    """
    heights, least = {}, -float("inf")
    for name, value in values.sort_values(kind="stable").items():
        heights[name] = max(float(value), least)
        least = above(heights[name])
    return heights
