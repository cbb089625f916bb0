"""From what the user named to a side; the inputs of a saved ledger are looked for by hash among what is at hand."""

import os
import subprocess
import tarfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from analysis.engine.claims import CLAIMS, load_claims
from analysis.engine.claims.judge import Grade, Label
from analysis.engine.data.sealed import DataError, data_dir, sha256, sha256_if_there
from analysis.engine.data.tables import schemas
from analysis.engine.diff.core import INPUTS, Input, Record, Unavailable
from analysis.engine.diff.recompute import Side, packages, records_of, running, tried
from analysis.engine.ledger.records import SCHEMA_VERSION

_checked = dataclass(config=ConfigDict(extra="ignore"))


@_checked
class _Estimate:
    value: float
    low: float
    high: float
    unit: str
    n: int | None = None
    interval_of: str | None = None
    method: str | None = None
    bound: str = "exact"


@_checked
class _Certainty:
    grade: Grade
    reasons: list[str] = field(default_factory=list)


@_checked
class _Support:
    balanced: float
    low: float | None = None
    high: float | None = None
    pivotal: str | None = None


@_checked
class _Row:
    bearing: Literal["supports", "contradicts", "neutral"]
    source_id: str
    statement: str | None = None
    observed_on: date | None = None
    vendor: bool = False
    part: str | None = None


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
    primary_verdict: Label | None = None
    reason: str | None = None
    nearest_true: str | None = None
    evidence: list[_Row] | None = None
    computed_by: str | None = None
    code_sha256: str | None = None
    definition_sha256: str | None = None
    due: date | None = None
    schema_version: int = 1


_LEDGER = TypeAdapter(list[_Saved])


def read_ledger(file: str | os.PathLike) -> list[dict[str, Any]]:
    """Records of a saved ledger.

    Parameters
    ----------
    file : path
        Written by ``verdicts --json``, by this version or another.

    Returns
    -------
    list of dict
        What a comparison reads of each record, as a ledger of this version has it; null where the file lacks it.

    Raises
    ------
    DataError
        If it is not a ledger; names the first place that is wrong.
    """
    content = Path(file).read_bytes()
    try:
        records = _LEDGER.dump_python(_LEDGER.validate_json(content), mode="json")
    except ValidationError as errors:
        first = errors.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the whole"
        raise DataError(f"{file}: not a saved ledger: {where}: {first['msg']}") from errors
    written_in = max((record["schema_version"] for record in records), default=SCHEMA_VERSION)
    if written_in > SCHEMA_VERSION:
        raise DataError(
            f"{file}: a ledger of schema version {written_in}, where this version of the book knows up to "
            f"{SCHEMA_VERSION}; compare with the version that wrote it, or a later one"
        )
    ids = [record["id"] for record in records]
    if twice := sorted({claim_id for claim_id in ids if ids.count(claim_id) > 1}):
        raise DataError(f"{file}: not a saved ledger: claim {', '.join(twice)} stands twice")
    return records


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
        what = f"neither a data folder (no {CLAIMS}) nor a checkout (no {packages()[-1]}/ and data/)"
        raise DataError(f"{path}: {what if path.is_dir() else 'no such file or folder'}")
    say(f"computing {operand}")
    return Side(str(operand), records_of(roots["data"], roots["code"], scratch), roots)


def other_tables(old: Side, new: Side) -> set[str]:
    """Tables that differ between the folders of two sides; none where a folder is not at hand.

    Parameters
    ----------
    old, new : Side
    """
    folders = [side.roots["data"] for side in (old, new)]
    if None in folders:
        return set()
    # another version's folder may lack a table
    return {name for name in schemas() if len({sha256_if_there(name, folder) for folder in folders}) > 1}


def _roots(path: Path) -> dict[Input, Path] | None:
    if (path / CLAIMS).is_file():
        return {"data": path, "code": running(), "definition": path}
    if (path / packages()[-1] / "__main__.py").is_file() and (path / "data" / CLAIMS).is_file():
        data = path / "data"
        return {"data": data, "code": path.resolve(), "definition": data}
    return None


def _found(
    records: Mapping[str, Record], beside: Iterable[str | os.PathLike], scratch: Path, say: Callable[[str], None]
) -> dict[Input, Path | None]:
    """Where each input of a saved ledger is at hand: the first candidate that has all of it."""
    found: dict[Input, Path | None] = dict.fromkeys(INPUTS)
    known: dict[Path, bool] = {}

    def fits(name: Input, roots: Mapping[Input, Path]) -> bool:
        if name == "data":
            tables = {table for record in records.values() for table in record["tables"].items()}
            return all(sha256(table, roots[name]) == digest for table, digest in tables)
        if name == "definition":
            declared = {claim.id: claim.sha256 for claim in load_claims(roots[name]).values()}
            return _agree(records, declared, "definition_sha256")
        if roots[name] not in known:
            by_code = tried(roots["data"], roots["code"], scratch / f"code-{len(known)}")
            prints = {claim_id: record.get("code_sha256") for claim_id, record in by_code.items()}
            known[roots[name]] = _agree(records, prints, "code_sha256")
        return known[roots[name]]

    for roots in _at_hand(beside, scratch, say):
        for name in INPUTS:
            try:
                if found[name] is None and fits(name, roots):
                    found[name] = roots[name]
            except (DataError, OSError, Unavailable):
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


def _repository() -> Path:
    """Folder whose commits may hold the code of a saved ledger."""
    return running()


def _commits() -> list[str]:
    """HEAD and the tags' commits of the repository that holds the running code; none where it is no repository."""
    if not (_repository() / ".git").exists():
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
        own = [name for name in packages() if (_repository() / name).is_dir()]
        _git("archive", f"--output={archive}", commit, *own, "data")
    except subprocess.CalledProcessError:
        return folder  # a commit from before there was either
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    return folder


def _git(*arguments: str) -> str:
    command = ["git", "-C", str(_repository()), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
