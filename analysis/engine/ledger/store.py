"""Chapters of the ledger as they were computed before, each with all that decided it.

Standard library only. A kept chapter counts if its functions and their modules, its tables, its claims, the versions of
the libraries that compute and the forecasts that are due are what they were, and its tables are still sealed. The
folder is ``_build/cache/ledger``, or what the environment variable ``ANALYSIS_CACHE`` names.
"""

import hashlib
import json
import os
import platform
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from datetime import date
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from analysis.engine import LOADED_NS
from analysis.engine.data.clock import today
from analysis.engine.data.report import at_hand
from analysis.engine.data.sealed import DataError, require_sealed, write_whole
from analysis.engine.ledger.provenance import files_of, hashes
from analysis.engine.ledger.records import Record

CLAIMS = "claims.yml"
#: Libraries whose version may change a result.
LIBRARIES = ("numpy", "pandas", "pandera", "pydantic", "ruamel.yaml", "scipy", "statsmodels", "arch")
#: Chapters kept at a time, the ones used last: a few data folders and states of the code.
KEPT = 60

Folder = str | os.PathLike | None


@dataclass(frozen=True, slots=True)
class State:
    """All that decides what the ledger says of one chapter."""

    chapter: str
    """name of the chapter"""
    libraries: dict[str, str]
    """versions of the libraries that compute"""
    modules: dict[str, str]
    """SHA-256 of every module that the computation can reach, by name"""
    tables: dict[str, str]
    """SHA-256 of all tables that are read, by name"""
    claims: str
    """SHA-256 of the file of claims"""
    definitions: dict[str, str]
    """SHA-256 of each of the chapter's claims as declared, by id"""
    order: list[str]
    """ids of all claims, as the file has them"""
    due: dict[str, bool]
    """whether each of the chapter's forecasts is due, by id"""


@dataclass(frozen=True, slots=True)
class Kept:
    """A chapter as it was kept, and where."""

    file: Path
    state: State
    records: list[Record]


def folder() -> Path:
    """Folder of the kept chapters; it need not exist."""
    return Path(os.environ.get("ANALYSIS_CACHE") or at_hand().root / "_build" / "cache" / "ledger")


def keep(state: State, records: Sequence[Record]) -> None:
    """Keep a chapter that was just computed, unless code has changed since it was loaded or nothing can be written.

    Parameters
    ----------
    state : State
        As it was before and after computing.
    records : sequence of dict
        The chapter's part of the ledger.
    """
    if any(_changed_ns(module) > LOADED_NS for module in state.modules):
        return
    text = json.dumps({"state": asdict(state), "records": list(records)})
    try:
        folder().mkdir(parents=True, exist_ok=True)
        write_whole(folder() / f"{state.chapter}-{hashlib.sha256(text.encode()).hexdigest()[:16]}.json", text)
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
    for kept in _kept(f"{chapter}-*.json"):
        if kept.state.definitions == dict(definitions) and _current(kept, data_dir):
            return kept.records
    return None


def find_all(data_dir: Folder = None) -> list[Record] | None:
    """The whole ledger in the order of the claims, or None unless every chapter is kept and up to date.

    Only as long as ``claims.yml`` is the same file, since nothing here reads claims.
    """
    try:
        claims = require_sealed(CLAIMS, data_dir)
    except DataError:
        return None
    same = [kept for kept in _kept("*.json") if kept.state.claims == claims]
    found: dict[str, Record] = {}
    for kept in same:
        if not kept.state.definitions.keys() <= found.keys() and _current(kept, data_dir):
            found |= {record["id"]: record for record in kept.records}
    order = same[0].state.order if same else []
    return [found[claim] for claim in order] if order and found.keys() == set(order) else None


def _kept(pattern: str) -> Iterator[Kept]:
    names = {field.name for field in fields(State)}
    for file in _files(pattern):
        try:
            found = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):  # another process took it away, or it was cut short
            continue
        # another version of this module may have kept it in another form
        state = found.get("state") if isinstance(found, dict) else None
        if isinstance(state, dict) and state.keys() == names:
            yield Kept(file, State(**state), found["records"])


def _files(pattern: str = "*.json") -> list[Path]:
    """Files of the folder, the one used last first."""
    dated = []
    for file in folder().glob(pattern):
        try:
            dated.append((file.stat().st_mtime_ns, file))
        except OSError:
            continue
    return [file for _, file in sorted(dated, reverse=True)]


def _current(kept: Kept, data_dir: Folder) -> bool:
    state = kept.state
    current = (
        state.libraries == libraries()
        and all(record["computed_by"] == at_hand().assessors.get(record["id"]) for record in kept.records)
        and state.due == {r["id"]: date.fromisoformat(r["due"]) <= today() for r in kept.records if r["due"]}
        and state.modules == _hashes(state.modules)
        and all(_sealed(name, data_dir) == digest for name, digest in state.tables.items())
    )
    if current:
        with suppress(OSError):
            os.utime(kept.file)
    return current


def _changed_ns(module: str) -> int:
    return max(max(found.st_mtime_ns, found.st_ctime_ns) for found in (file.stat() for file in files_of(module)))


def _hashes(modules: Iterable[str]) -> dict[str, str] | None:
    try:
        return hashes(modules)
    except FileNotFoundError:
        return None


def _sealed(table: str, data_dir: Folder) -> str | None:
    try:
        return require_sealed(table, data_dir)
    except DataError:
        return None


@cache
def libraries() -> dict[str, str]:
    """Version of Python and of each of `LIBRARIES`.

    Examples
    --------
    >>> sorted(libraries())[:2]
    ['arch', 'numpy']
    """
    found = {"python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "none"
    return found
