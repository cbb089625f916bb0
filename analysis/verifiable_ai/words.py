"""Words that several remarks share."""

from collections.abc import Iterable, Sequence

import pandas as pd

from analysis.engine.words.formats import SPACE, interval, number, quantity


def listed(words: Sequence[str]) -> str:
    """Words with commas and an "and".

    Examples
    --------
    >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def span(values: Iterable[float], unit: str) -> str:
    r"""The least and the most of several values, or one where both read the same; NaN is left out.

    Examples
    --------
    >>> [span(values, "s").replace("\xa0", " ") for values in ((2.0, 5.0), (2.0, 600.0), (2.0, 2.0, float("nan")), ())]
    ['2 to 5 s', '2 s to 10 min', '2 s', 'unknown']
    """
    known = pd.Series(values, dtype=float).dropna()
    if known.empty:
        return "unknown"
    least, most = quantity(known.min(), unit), quantity(known.max(), unit)
    if least == most:
        return least
    same = least.rpartition(SPACE)[2] == most.rpartition(SPACE)[2]
    return interval(known.min(), known.max(), unit) if same or not unit else f"{least} to {most}"


def beyond(doublings: float, of_family: float | None = None) -> str:
    """How far a prediction lies beyond what we proved, in whole doublings of the cells.

    Examples
    --------
    >>> beyond(7.01)
    '7 doublings beyond the largest circuit that we proved'
    >>> beyond(7.01, 9.0)
    '7 doublings beyond the largest circuit that we proved, 9 beyond the largest of its family'
    """
    said = f"{number(round(doublings))} doublings beyond the largest circuit that we proved"
    return said if of_family is None else f"{said}, {number(round(of_family))} beyond the largest of its family"
