"""The data catalogue: what each table holds, column by column, where it comes from and how it was compiled."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from analysis.engine.site.html import render


def entry(
    resource: Mapping[str, Any], *, rows: int | None = None, sources: Sequence[Mapping[str, str]] = (), prefix: str = ""
) -> Markup:
    """One file's entry in the catalogue, below its heading.

    Parameters
    ----------
    resource : mapping
        A resource of ``datapackage.json``.
    rows : int, optional
        How many rows the table has.
    sources : sequence of mappings, optional
        ``title``, ``address``, ``commit`` (may be empty) and ``licence_as_stated`` of each source of the table.
    prefix : str
        What leads from the page to the folder that holds the site's ``data``.
    """
    return render("catalogue", resource=resource, rows=rows, sources=sources, prefix=prefix)


def banner(package: Mapping[str, Any]) -> Markup | None:
    """Notice for the top of every page that its data are other than the shipped ones; None where they are not.

    Parameters
    ----------
    package : mapping
        The content of ``datapackage.json``.

    Examples
    --------
    >>> print(banner({"modified": True, "resources": [{"name": "yields", "modified": True}, {"name": "sources"}]}))
    Built on modified data: yields. Verdicts here are not the book's own.
    >>> banner({"resources": []}) is None
    True
    """
    names = [resource["name"] for resource in package.get("resources", ()) if resource.get("modified")]
    return render("banner", names=names) if names or package.get("modified") else None
