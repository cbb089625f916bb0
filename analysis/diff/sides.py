"""From what the user named to a side; the inputs of a saved ledger are looked for by hash among what is at hand."""

import json
import os
import subprocess
import tarfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from analysis.claims import CLAIMS, load_claims
from analysis.data import DataError, data_dir, sha256
from analysis.diff.core import INPUTS, Input, Record
from analysis.diff.recompute import RUNNING, Side, records_of
from analysis.verdicts import Grade, Label

#: Repository among whose commits the inputs of a saved ledger are looked for.
REPOSITORY = RUNNING

_checked = dataclass(config=ConfigDict(extra="ignore"))


@_checked
class _Estimate:
    value: float
    low: float
    high: float
    unit: str


@_checked
class _Certainty:
    grade: Grade


@_checked
class _Support:
    balanced: float


@_checked
class _Saved:
    """What a comparison reads of a record; ledgers of other versions may have more fields beside it, or lack some."""

    id: str
    chapter: str
    statement: str
    verdict: Label
    estimate: _Estimate | None
    support: _Support | None
    certainty: _Certainty | None
    level: int | None
    tables: dict[str, str]
    code_sha256: str | None = None
    definition_sha256: str | None = None
    due: date | None = None


_LEDGER = TypeAdapter(list[_Saved])


def read_ledger(file: str | os.PathLike) -> list[dict[str, Any]]:
    """Records of a saved ledger.

    Parameters
    ----------
    file : path
        Written by ``python -m analysis verdicts --json``, by this version or another.

    Raises
    ------
    DataError
        If it is not a ledger; names the first place that is wrong.
    """
    content = Path(file).read_bytes()
    try:
        ids = [record.id for record in _LEDGER.validate_json(content)]
    except ValidationError as errors:
        first = errors.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the whole"
        raise DataError(f"{file}: not a saved ledger: {where}: {first['msg']}") from errors
    if twice := sorted({claim_id for claim_id in ids if ids.count(claim_id) > 1}):
        raise DataError(f"{file}: not a saved ledger: claim {', '.join(twice)} stands twice")
    return json.loads(content)


def open_side(
    operand: str | os.PathLike, *, beside: Sequence[str | os.PathLike], scratch: Path, say: Callable[[str], None]
) -> Side:
    """A side from a path.

    Parameters
    ----------
    operand : path
        Data folder, checkout, or saved ledger.
    beside : sequence of path
        Where else the inputs of a saved ledger may be: data folders and checkouts; anything else is passed over.
    scratch : Path
        Folder for temporary copies.
    say : callable
        Told of each computation.

    Raises
    ------
    DataError
        If it is none of the three, or cannot be computed.
    """
    path = Path(operand)
    if path.is_file():
        records = {record["id"]: record for record in read_ledger(path)}
        return Side(str(operand), records, _found(records, beside, scratch, say), saved=True)
    roots = _roots(path)
    if roots is None:
        what = "neither a data folder (no claims.yml) nor a checkout (no analysis/ and data/)"
        raise DataError(f"{path}: {what if path.is_dir() else 'no such file or folder'}")
    say(f"computing {operand}")
    return Side(str(operand), records_of(roots["data"], roots["code"], scratch), roots)


def _roots(path: Path) -> dict[Input, Path] | None:
    if (path / CLAIMS).is_file():
        return {"data": path, "code": RUNNING, "definition": path}
    if (path / "analysis" / "__main__.py").is_file() and (path / "data" / CLAIMS).is_file():
        data = path / "data"
        return {"data": data, "code": path.resolve(), "definition": data}
    return None


def _found(
    records: Mapping[str, Record], beside: Iterable[str | os.PathLike], scratch: Path, say: Callable[[str], None]
) -> dict[Input, Path | None]:
    """Where each input of a saved ledger is at hand: the first candidate that has all of it."""
    found: dict[Input, Path | None] = dict.fromkeys(INPUTS)
    tried: dict[Path, bool] = {}

    def fits(name: Input, roots: Mapping[Input, Path]) -> bool:
        if name == "data":
            tables = {table for record in records.values() for table in record["tables"].items()}
            return all(sha256(table, roots[name]) == digest for table, digest in tables)
        if name == "definition":
            declared = {claim.id: claim.sha256 for claim in load_claims(roots[name]).values()}
            return _agree(records, declared, "definition_sha256")
        if roots[name] not in tried:
            by_code = records_of(roots["data"], roots["code"], scratch / f"code-{len(tried)}")
            known = {claim_id: record.get("code_sha256") for claim_id, record in by_code.items()}
            tried[roots[name]] = _agree(records, known, "code_sha256")
        return tried[roots[name]]

    for roots in _at_hand(beside, scratch, say):
        for name in INPUTS:
            try:
                if found[name] is None and fits(name, roots):
                    found[name] = roots[name]
            except (DataError, OSError):
                continue  # a candidate that cannot be read is none
        if None not in found.values():
            break
    return found


def _agree(records: Mapping[str, Record], known: Mapping[str, str | None], field: str) -> bool:
    return all(claim_id in known and known[claim_id] == record.get(field) for claim_id, record in records.items())


def _at_hand(
    beside: Iterable[str | os.PathLike], scratch: Path, say: Callable[[str], None]
) -> Iterator[dict[Input, Path]]:
    """Candidates, the cheap ones first: folders that were named, the default data, commits of the repository."""
    for path in [*map(Path, beside), data_dir()]:
        if roots := _roots(path):
            yield roots
    for commit in _commits():
        say(f"looking into commit {commit[:12]}")
        if roots := _roots(_extracted(commit, scratch / commit[:12])):
            yield roots


def _commits() -> list[str]:
    """HEAD and the tags' commits of the repository that holds the running code; none where it is no repository."""
    if not (REPOSITORY / ".git").exists():
        return []
    try:
        listed = _git("for-each-ref", "--sort=-creatordate", "--format=%(objectname)^{commit}", "refs/tags").split()
        return list(dict.fromkeys(_git("rev-parse", "HEAD", *listed).split()))
    except (OSError, subprocess.CalledProcessError):
        return []


def _extracted(commit: str, folder: Path) -> Path:
    folder.mkdir(parents=True)
    archive = folder / "archive.tar"
    try:
        _git("archive", f"--output={archive}", commit, "analysis", "data")
    except subprocess.CalledProcessError:
        return folder  # a commit from before there was either
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    return folder


def _git(*arguments: str) -> str:
    command = ["git", "-C", str(REPOSITORY), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
