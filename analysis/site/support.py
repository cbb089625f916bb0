"""Support in words: the same on cards, in the strip of a chapter and in the note of a value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis import formats


def support_words(record: Mapping[str, Any]) -> tuple[str, list[str]]:
    """A claim's support: its share, and sentences on what it is a share of, on its range and on its pivotal factor.

    Parameters
    ----------
    record : mapping
        A ledger record that has support.

    Returns
    -------
    str
    list of str
        The first goes on after the share; a range that is a single figure is left out.

    Examples
    --------
    >>> share, more = support_words({"support": {"balanced": 0.47, "low": 0.2, "high": 0.7, "pivotal": "weights"},
    ...     "curve": {"estimate": [1.0, 2.0]}})
    >>> for words in (share, *more):
    ...     print(words.replace(formats.SPACE, " "))
    47 %
    of the weight of 2 distinct results
    With one factor at a time held at its primary option: 20 to 70 %
    Pivotal factor: weights
    """
    share, curve = record["support"], record.get("curve")
    results = formats.many(len(curve["estimate"]), "distinct result") if curve else "the specifications"
    low, high = (round(100 * share[end]) for end in ("low", "high"))
    more = [f"of the weight of {results}"]
    if low != high:
        more.append(f"With one factor at a time held at its primary option: {formats.interval(low, high, '%')}")
    more.append(f"Pivotal factor: {share.get('pivotal') or 'none'}")
    return formats.share(share["balanced"]), more
