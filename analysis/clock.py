"""Today: the one clock of the book, which can be moved."""

import os
from datetime import date


def today() -> date:
    """Date of today, or the one that the environment variable ``ANALYSIS_TODAY`` gives (ISO 8601).

    Raises
    ------
    ValueError
        If the variable holds no date.

    Examples
    --------
    >>> today() >= date(2026, 1, 22)
    True
    """
    moved = os.environ.get("ANALYSIS_TODAY")
    return date.fromisoformat(moved) if moved else date.today()
