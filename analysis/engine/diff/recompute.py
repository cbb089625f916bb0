"""Compute ledgers: of a data folder by any version of the code, and of mixtures of two sides."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.engine.claims import CLAIMS
from analysis.engine.claims.coverage import COVERAGE
from analysis.engine.claims.package import seal
from analysis.engine.data.chapters import CHAPTERS
from analysis.engine.data.report import HOME, at_hand
from analysis.engine.data.sealed import DataError
from analysis.engine.diff.core import INPUTS, Input, Recompute, Record, Unavailable
from analysis.engine.ledger import ledger

#: Files of a data folder that declare the claims; the others are its tables.
DECLARED = (CHAPTERS, CLAIMS, COVERAGE)
#: Runs in another version's process: seal the folder if told so, and print its ledger.
SCRIPT = """
import sys
from contextlib import redirect_stdout
from importlib import import_module
folder, to_be_sealed, main = sys.argv[1], sys.argv[2] == "seal", import_module(sys.argv[3]).main
with redirect_stdout(sys.stderr):
    status = main(["seal", folder]) if to_be_sealed else 0
sys.exit(status or main(["verdicts", "--json", "--data", folder]))
"""
#: Variables that would lead another version's code to our tables and ledgers.
OURS = ("ANALYSIS_DATA", "ANALYSIS_LEDGER", "ANALYSIS_CACHE")


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two states that are compared.

    Attributes
    ----------
    name : str
        As the user gave it.
    records : dict
        Ledger records by claim id.
    roots : dict
        Where each input is at hand: the data folder for data and for definition, the folder that holds the package for
        code; None where it is not.
    saved : bool
        Whether the records were read from a file, so that they may have been computed elsewhere.
    """

    name: str
    records: dict[str, Record]
    roots: Mapping[Input, Path | None]
    saved: bool = False


def packages() -> tuple[str, ...]:
    """Packages that hold engine and report."""
    return tuple(dict.fromkeys((HOME, at_hand().package)))


def running() -> Path:
    """Folder of the report whose code runs now."""
    return at_hand().root


def records_of(data: Path, code: Path, scratch: Path, *, to_be_sealed: bool = False) -> dict[str, Record]:
    """Ledger records of a data folder by the code in a folder, in process where that is the running one.

    Parameters
    ----------
    data : Path
        Data folder.
    code : Path
        Folder that holds the report's package; it is copied, so that running it leaves nothing there.
    scratch : Path
        Folder for the copy.
    to_be_sealed : bool
        Whether the folder has to be sealed first, which writes into it.

    Raises
    ------
    DataError
        If the code fails on the data; with the last line of what it said.
    """
    if code != running():
        return _printed_by(code, data, scratch, "seal" if to_be_sealed else "sealed")
    if to_be_sealed:
        seal(data)
    # a mixture is needed once; a side may be the one that was just shown
    found = ledger.to_records((ledger.assess if to_be_sealed else ledger.current)(data_dir=data))
    return {record["id"]: record for record in found}


def tried(data: Path, code: Path, scratch: Path, *, to_be_sealed: bool = False) -> dict[str, Record]:
    """`records_of` of what need not fit together, such as a mixture.

    Raises
    ------
    Unavailable
        If that fails in any way; with the reason.
    """
    try:
        return records_of(data, code, scratch, to_be_sealed=to_be_sealed)
    except (DataError, OSError) as error:
        raise Unavailable(" ".join(str(error).split())) from error
    except Exception as error:  # code on data or definitions that it was not written for may fail anyhow
        raise Unavailable(" ".join(f"{type(error).__name__}: {error}".split())) from error


def mixtures(old: Side, new: Side, *, scratch: Path, say: Callable[[str], None]) -> Recompute:
    """A function that gives the records of any mixture of two sides, each computed once.

    Parameters
    ----------
    old, new : Side
    scratch : Path
        Folder for the mixed data folders.
    say : callable
        Told of each recomputation.
    """
    results: dict[tuple[Path | None, ...], dict[str, Record] | Unavailable] = {}
    sides = (old, new)
    for side in sides:
        if not side.saved:
            results[tuple(side.roots[name] for name in INPUTS)] = side.records

    def recompute(switched: frozenset[Input]) -> Mapping[str, Record]:
        owner = {name: sides[name in switched] for name in INPUTS}
        key = tuple(owner[name].roots[name] for name in INPUTS)
        if missing := [f"the {name} of {owner[name].name}" for name, root in zip(INPUTS, key, strict=True) if not root]:
            raise Unavailable(f"not at hand: {', '.join(missing)}")
        if key not in results:
            say("recomputing with " + ", ".join(f"the {name} of {owner[name].name}" for name in INPUTS))
            results[key] = _computed(*key, scratch / str(len(results)))
        if isinstance(results[key], Unavailable):
            raise results[key]
        return results[key]

    return recompute


def _computed(data: Path, code: Path, definition: Path, scratch: Path) -> dict[str, Record] | Unavailable:
    folder = scratch / "data"
    try:
        shutil.copytree(data, folder, ignore=shutil.ignore_patterns(*DECLARED))
        for name in DECLARED:
            shutil.copyfile(definition / name, folder / name)
        return tried(folder, code, scratch, to_be_sealed=True)
    except OSError as error:
        return Unavailable(" ".join(str(error).split()))
    except Unavailable as reason:
        return reason


def _printed_by(code: Path, data: Path, scratch: Path, how: str) -> dict[str, Record]:
    copy = scratch / "code"
    for package in packages():
        if (code / package).is_dir():
            shutil.copytree(code / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
    env = {name: value for name, value in os.environ.items() if name not in OURS}
    env["PYTHONPATH"] = os.pathsep.join(filter(None, [str(copy), os.environ.get("PYTHONPATH")]))
    command = [sys.executable, "-c", SCRIPT, str(data.resolve()), how, f"{at_hand().package}.__main__"]
    done = subprocess.run(command, cwd=copy, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"exit status {done.returncode}"]
        raise DataError(f"the code in {code}: {said[-1].removeprefix('error: ')}")
    try:
        return {record["id"]: record for record in json.loads(done.stdout)}
    except (ValueError, TypeError, KeyError) as error:
        raise DataError(f"the code in {code} printed no ledger: {type(error).__name__}: {error}") from error
