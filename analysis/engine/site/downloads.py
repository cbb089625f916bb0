"""Files that travel with the site, so that every download works with the network off."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def copy_data(source: Path, site: Path, names: Iterable[str]) -> list[Path]:
    r"""Copy data files byte for byte into the site's ``data`` folder.

    Parameters
    ----------
    source : Path
        The data folder.
    site : Path
        The built site.
    names : iterable of str
        File names in the data folder.

    Returns
    -------
    list of Path
        The copies.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = (Path(folder) / "t.csv").write_text("a\n1\n")
    ...     [copy.name for copy in copy_data(Path(folder), Path(folder) / "site", ["t.csv"])]
    ['t.csv']
    """
    folder = site / "data"
    folder.mkdir(parents=True, exist_ok=True)
    return [Path(shutil.copyfile(source / name, folder / name)) for name in names]


def package(source: Path) -> dict[str, Any]:
    """Content of ``datapackage.json``.

    Parameters
    ----------
    source : Path
        The data folder.

    Returns
    -------
    dict

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = (Path(folder) / "datapackage.json").write_text('{"name": "x"}')
    ...     package(Path(folder))
    {'name': 'x'}
    """
    found: dict[str, Any] = json.loads((source / "datapackage.json").read_text("utf-8"))
    return found
