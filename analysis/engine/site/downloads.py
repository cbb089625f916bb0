"""Files that travel with the site, so that every download works with the network off."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def copy_data(source: Path, site: Path, names: Iterable[str]) -> list[Path]:
    """Copy these files of a data folder byte for byte into the site's ``data`` folder; returns the copies."""
    folder = site / "data"
    folder.mkdir(parents=True, exist_ok=True)
    return [Path(shutil.copyfile(source / name, folder / name)) for name in names]


def package(source: Path) -> dict[str, Any]:
    """Content of a data folder's ``datapackage.json``."""
    return json.loads((source / "datapackage.json").read_text("utf-8"))
