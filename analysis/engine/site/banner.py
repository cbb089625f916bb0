"""The notice that a site stands on data other than the shipped ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup


def banner(package: Mapping[str, Any]) -> Markup | None:
    """Notice for the top of every page.

    Parameters
    ----------
    package : mapping
        The content of ``datapackage.json``.

    Returns
    -------
    markupsafe.Markup or None
        None where the data are as shipped.

    Examples
    --------
    >>> print(banner({"modified": True, "resources": [{"name": "tokens", "modified": True}, {"name": "sources"}]}))
    Built on modified data: tokens. Verdicts here are not the book's own.
    >>> banner({"resources": []}) is None
    True
    """
    names = [resource["name"] for resource in package.get("resources", ()) if resource.get("modified")]
    if not names and not package.get("modified"):
        return None
    return Markup("Built on modified data{}. Verdicts here are not the book's own.").format(
        f": {', '.join(names)}" if names else ""
    )
