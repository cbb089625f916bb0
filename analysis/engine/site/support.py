"""Support in words: the same on cards, in the strip of a chapter and in the note of a value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from analysis.engine.words import formats


def support_words(record: Mapping[str, Any]) -> tuple[str, list[str]]:
    """A claim's support: its share, and sentences on what it is a share of, on its range and on what turns the verdict.

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
    of the definitions make it true, by weight, with 2 different results
    With one choice at a time held as in the primary definition: 20 to 70 %
    What turns the verdict: the choice of weights
    """
    share, curve = record["support"], record.get("curve")
    results = f", with {formats.many(len(curve['estimate']), 'different result')}" if curve else ""
    low, high = (round(100 * share[end]) for end in ("low", "high"))
    more = [f"of the definitions make it true, by weight{results}"]
    if low != high:
        ends = formats.interval(low, high, "%")
        more.append(f"With one choice at a time held as in the primary definition: {ends}")
    turns = f"the choice of {share['pivotal']}" if share.get("pivotal") else "no single choice"
    more.append(f"What turns the verdict: {turns}")
    return formats.share(share["balanced"]), more


def evidence_words(evidence: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    """What rows of evidence come to: how many are for and against the claim, and of how many.

    Parameters
    ----------
    evidence : sequence of mapping
        A ledger record's, at least one row.

    Examples
    --------
    >>> [text.replace(formats.SPACE, " ") for text in evidence_words([{"bearing": "supports"}, {"bearing": "neutral"}])]
    ['1 for, 0 against', 'of 2 rows of evidence; 1 is neutral']
    """
    count = Counter(row["bearing"] for row in evidence)
    neutral = formats.many(count["neutral"], "is neutral", "are neutral")
    rows = formats.many(len(evidence), "row")
    return f"{count['supports']} for, {count['contradicts']} against", f"of {rows} of evidence; {neutral}"
