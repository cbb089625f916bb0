"""Dates that are known as a span of days, in words."""

import pandas as pd

from analysis.engine.words.formats import SPACE, day


def in_words(first: pd.Timestamp, last: pd.Timestamp) -> str:
    r"""A span of days, as precisely as it is known.

    Parameters
    ----------
    first, last : Timestamp
        First and last day.

    Raises
    ------
    ValueError
        If the last day is before the first.

    Examples
    --------
    >>> spans = [("2024-11-29", "2024-11-29"), ("2025-12-01", "2025-12-31"), ("2025-07-01", "2025-09-30")]
    >>> spans += [("2025-01-01", "2025-12-31"), ("2026-01-01", "2026-11-22")]
    >>> [in_words(*map(pd.Timestamp, span)).replace("\xa0", " ") for span in spans]
    ['29 Nov 2024', 'Dec 2025', 'third quarter of 2025', '2025', '1 Jan to 22 Nov 2026']
    """
    if last < first:
        raise ValueError(f"a span ends on or after its first day, not {first:%Y-%m-%d} to {last:%Y-%m-%d}")
    if first == last:
        return day(first.date())
    if first.day == 1 and last == first + pd.offsets.MonthEnd(0):
        return day(first.date()).partition(SPACE)[2]
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year:
        return f"{first.year}"
    if first.is_quarter_start and last == first + pd.offsets.QuarterEnd(0):
        return f"{('first', 'second', 'third', 'fourth')[first.quarter - 1]} quarter of {first.year}"
    start = day(first.date())
    return f"{start.rpartition(SPACE)[0] if first.year == last.year else start} to {day(last.date())}"
