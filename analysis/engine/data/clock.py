"""Today: the one clock of the book, which can be moved."""

import os
from datetime import date

from analysis.engine.data.sealed import DataError


def today() -> date:
    """Date of today, or the one that the environment variable ``ANALYSIS_TODAY`` gives (ISO 8601).

    Raises
    ------
    DataError
        If the variable holds no date.

    Examples
    --------
    >>> today() >= date(2026, 1, 22)
    True
    """
    moved = os.environ.get("ANALYSIS_TODAY")
    try:
        return date.fromisoformat(moved) if moved else date.today()
    except ValueError as error:
        raise DataError(f"environment variable ANALYSIS_TODAY: {moved!r} is not a date such as 2027-05-23") from error
