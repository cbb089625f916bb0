"""Files of a data folder, and whether each is as it was sealed: ``datapackage.json`` holds the hash of each.

Standard library only, so that what is up to date can be told without importing pandas.
"""

import hashlib
import json
import os
from functools import lru_cache
from pathlib import Path

from analysis.engine.data import report

PACKAGE = "datapackage.json"


class DataError(ValueError):
    """A table, row, column or claim that breaks a rule; the message names them."""


def data_dir(folder: str | os.PathLike | None = None) -> Path:
    """Folder that holds the tables.

    Parameters
    ----------
    folder : path, optional
        Taken as it is when given; else the environment variable ``ANALYSIS_DATA``; else ``data/`` of the report.

    Raises
    ------
    DataError
        If the folder does not exist.

    Examples
    --------
    >>> data_dir().name
    'data'
    """
    chosen = Path(folder or os.environ.get("ANALYSIS_DATA") or report.at_hand().root / "data")
    if not chosen.is_dir():
        raise DataError(f"data folder {chosen}: no such folder")
    return chosen


def path(name: str, folder: str | os.PathLike | None = None) -> Path:
    """File of a table: ``name.csv`` or ``name.csv.gz`` (or ``name`` itself for a YAML file).

    Raises
    ------
    DataError
        If neither exists, or both do.

    Examples
    --------
    >>> path("sources").name
    'sources.csv'
    """
    root = data_dir(folder)
    candidates = [root / name] if name.endswith(".yml") else [root / f"{name}.csv", root / f"{name}.csv.gz"]
    found = [file for file in candidates if file.is_file()]
    if not found:
        raise DataError(f"table {name}: no file {' or '.join(file.name for file in candidates)} in {root}")
    if len(found) > 1:
        raise DataError(f"table {name}: both {' and '.join(file.name for file in found)} exist; keep one")
    return found[0]


def sha256(name: str, folder: str | os.PathLike | None = None) -> str:
    """Hash of a table's file as it is now, 64 hexadecimal digits.

    Examples
    --------
    >>> len(sha256("sources"))
    64
    """
    return hashlib.sha256(path(name, folder).read_bytes()).hexdigest()


def sha256_if_there(name: str, folder: str | os.PathLike | None = None) -> str | None:
    """As `sha256`; None where the file cannot be read, which is for the reader to say."""
    try:
        return sha256(name, folder)
    except (DataError, OSError):
        return None


def read_package(folder: str | os.PathLike | None = None) -> dict:
    """Content of ``datapackage.json``, shared by all who ask: not to be changed.

    Raises
    ------
    DataError
        If it is missing, or not JSON with a name and a hash for each resource.
    """
    file = data_dir(folder) / PACKAGE
    try:
        return _package(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise DataError(f"{file}: no such file; `{_command()} seal {file.parent}` makes it") from error
    except (ValueError, TypeError, KeyError) as error:
        raise DataError(f"{file}: not a data package with a hash per resource ({error})") from error


@lru_cache(maxsize=8)
def _package(text: str) -> dict:
    package = json.loads(text)
    if not all(isinstance(r["name"], str) and isinstance(r["hash"], str) for r in package["resources"]):
        raise ValueError("a resource without name or hash")
    return package


def is_modified(folder: str | os.PathLike | None = None) -> tuple[str, ...]:
    """Names of the tables and documents that differ from the shipped ones, by their seals.

    Examples
    --------
    >>> is_modified()
    ()
    """
    return tuple(r["name"] for r in read_package(folder)["resources"] if r.get("modified"))


def require_sealed(name: str, folder: str | os.PathLike | None = None) -> str:
    """Hash of a file, which is refused if it differs from its seal.

    Raises
    ------
    DataError
        Naming the command that seals an edited copy.
    """
    root = data_dir(folder)
    seals = {r["name"]: r["hash"].removeprefix("sha256:") for r in read_package(root)["resources"]}
    now = sha256(name, root)
    if seals.get(name.removesuffix(".yml")) != now:
        sealed = seals.get(name.removesuffix(".yml"), "nothing")
        raise DataError(
            f"{path(name, root).name}: sha256 {now[:12]}… where {PACKAGE} has {sealed[:12]}…: changed since it was "
            f"sealed. If that was on purpose, work on a copy of the folder and run `{_command()} seal {root}`"
        )
    return now


def _command() -> str:
    return f"python -m {report.at_hand().package}"


def write_whole(file: Path, text: str) -> Path:
    """Write a UTF-8 file whole or not at all, also beside another process that writes it; returns the file.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_whole(Path(folder) / "x.txt", "text").read_text()
    'text'
    """
    partial = file.with_name(f"{file.name}.{os.getpid()}.partial")
    partial.write_text(text, encoding="utf-8")
    return partial.replace(file)
