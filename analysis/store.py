"""Chapters of the ledger as they were computed before, each with all that decided it.

Standard library only. A kept chapter counts if its modules, its tables, its claims, the versions of the libraries that
compute and the forecasts that are due are what they were, and its tables are still sealed. The folder is
``_build/cache/ledger``, or what the environment variable ``ANALYSIS_CACHE`` names.
"""

import hashlib
import json
import os
import platform
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from analysis.clock import today
from analysis.provenance import ROOT, file_of, hashes
from analysis.records import Record
from analysis.sealed import DataError, require_sealed, sha256

CLAIMS = "claims.yml"
#: Libraries whose version may change a result.
LIBRARIES = ("numpy", "pandas", "scipy", "statsmodels", "arch")
#: When this process began to read the code. What it loads of a file that is changed later is not what the file says.
STARTED_NS = time.time_ns()
#: Chapters kept at a time, the ones used last: a few data folders and states of the code.
KEPT = 60

Folder = str | os.PathLike | None


def folder() -> Path:
    """Folder of the kept chapters; it need not exist."""
    return Path(os.environ.get("ANALYSIS_CACHE") or ROOT / "_build" / "cache" / "ledger")


def keep(
    chapter: str,
    records: Sequence[Record],
    *,
    data_dir: Folder,
    modules: Mapping[str, str],
    tables: Iterable[str],
    definitions: Mapping[str, str],
    order: Sequence[str],
) -> None:
    """Keep a chapter that was just computed, unless its code changed meanwhile or the folder cannot be written to.

    Parameters
    ----------
    chapter : str
    records : sequence of dict
        Its part of the ledger.
    data_dir : path, optional
        Folder of the tables.
    modules : mapping
        SHA-256 of the file of every module that the computation could reach, by name.
    tables : iterable of str
        All tables that were read.
    definitions : mapping
        SHA-256 of each of its claims as declared, by id.
    order : sequence of str
        Ids of all claims, as ``claims.yml`` has them.
    """
    if any(file_of(module).stat().st_mtime_ns > STARTED_NS for module in modules):
        return
    kept = {
        "chapter": chapter,
        "libraries": _libraries(),
        "modules": dict(modules),
        "tables": {name: sha256(name, data_dir) for name in tables},
        "claims": sha256(CLAIMS, data_dir),
        "definitions": dict(definitions),
        "order": list(order),
        "due": _due(records, today()),
        "records": list(records),
    }
    text = json.dumps(kept)
    try:
        folder().mkdir(parents=True, exist_ok=True)
        partial = folder() / f"{chapter}.{os.getpid()}.partial"
        partial.write_text(text, encoding="utf-8")
        partial.replace(folder() / f"{chapter}-{hashlib.sha256(text.encode()).hexdigest()[:16]}.json")
        for old in _files()[KEPT:]:
            old.unlink(missing_ok=True)
    except OSError:
        return


def find(chapter: str, data_dir: Folder = None, *, definitions: Mapping[str, str]) -> list[Record] | None:
    """A kept chapter of the ledger, or None where none is up to date.

    Parameters
    ----------
    chapter : str
    data_dir : path, optional
        Folder of the tables.
    definitions : mapping
        SHA-256 of each of its claims as declared, by id.
    """
    same = (kept for kept in _kept(f"{chapter}-*.json") if kept["definitions"] == dict(definitions))
    return next((kept["records"] for kept in same if _current(kept, data_dir)), None)


def find_all(data_dir: Folder = None) -> list[Record] | None:
    """The whole ledger in the order of the claims, or None unless every chapter is kept and up to date.

    Only as long as ``claims.yml`` is the same file, since nothing here reads claims.
    """
    try:
        require_sealed(CLAIMS, data_dir)
        claims = sha256(CLAIMS, data_dir)
    except DataError:
        return None
    same = [kept for kept in _kept("*.json") if kept["claims"] == claims]
    found: dict[str, Record] = {}
    for kept in same:
        if not kept["definitions"].keys() <= found.keys() and _current(kept, data_dir):
            found |= {record["id"]: record for record in kept["records"]}
    order = same[0]["order"] if same else []
    return [found[claim] for claim in order] if order and found.keys() == set(order) else None


def _kept(pattern: str) -> Iterable[dict[str, Any]]:
    for file in _files(pattern):
        try:
            yield json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):  # another process took it away, or it was cut short
            continue


def _files(pattern: str = "*.json") -> list[Path]:
    """Files of the folder, the latest first."""
    dated = []
    for file in folder().glob(pattern):
        try:
            dated.append((file.stat().st_mtime_ns, file))
        except OSError:
            continue
    return [file for _, file in sorted(dated, reverse=True)]


def _current(kept: Mapping[str, Any], data_dir: Folder) -> bool:
    return (
        kept["libraries"] == _libraries()
        and kept["due"] == _due(kept["records"], today())
        and kept["modules"] == _hashes(kept["modules"])
        and all(_sealed(name, data_dir) == digest for name, digest in kept["tables"].items())
    )


def _hashes(modules: Iterable[str]) -> dict[str, str] | None:
    try:
        return hashes(modules)
    except FileNotFoundError:
        return None


def _sealed(table: str, data_dir: Folder) -> str | None:
    try:
        require_sealed(table, data_dir)
        return sha256(table, data_dir)
    except DataError:
        return None


def _due(records: Iterable[Record], on: date) -> dict[str, bool]:
    """Forecasts, and whether each is due."""
    return {r["id"]: date.fromisoformat(r["due"]) <= on for r in records if r["due"] is not None}


@cache
def _libraries() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "none"
    return found
