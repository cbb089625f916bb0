"""Sphinx extension: the engine's site with this report at hand."""

from typing import Any

from analysis.engine.data.report import use
from analysis.engine.site.sphinx import connect


def setup(app: Any) -> dict[str, Any]:
    """Connect the extension to Sphinx; returns its metadata."""
    use("analysis.report")
    return connect(app)
