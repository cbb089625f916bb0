"""Sphinx extension that renders the ledger and the tables into the book.

Add ``analysis.site`` to the extensions. It brings four directives (``scoreboard``, ``verdict-strip``, ``coverage``,
``data-catalogue``), the role ``claim``, the notice for modified data, the downloads, and the theme's mended templates.
Functions that make HTML are pure and live in the modules beside this one; they escape whatever text they are given.
"""

from __future__ import annotations

from typing import Any

__all__ = ["setup"]


def setup(app: Any) -> dict[str, Any]:
    """Connect the extension to Sphinx.

    Parameters
    ----------
    app : sphinx.application.Sphinx
        The application.

    Returns
    -------
    dict
        The extension's metadata.

    Examples
    --------
    >>> from unittest.mock import MagicMock
    >>> setup(MagicMock())["parallel_read_safe"]
    True
    """
    from analysis.site import sphinx

    return sphinx.connect(app)
