"""A second report in a folder of its own, beside the engine alone: neither this report's tables nor its chapters."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.engine.new_report import new_report
from analysis.report import REPORT

#: What a user writes over the skeleton; its modules are imported there, never here.
WRITTEN = Path(__file__).parent / "report"
collect_ignore = ["report"]

#: Before the forecast is due.
TODAY = "2026-06-30"

Run = Callable[..., subprocess.CompletedProcess]


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with a copy of the engine, and nothing else of the package `analysis`."""
    package = tmp_path_factory.mktemp("engine") / "analysis"
    ours = REPORT.root / "analysis"
    shutil.copytree(ours / "engine", package / "engine", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(ours / "__init__.py", package / "__init__.py")
    return package.parent


def environment(*importable: Path, **more: str) -> dict[str, str]:
    """What a command finds: modules of these folders, and nothing that these tests set for this report."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("ANALYSIS_")}
    path = os.pathsep.join((str(Path(sys.executable).parent), env["PATH"]))
    return env | {"PATH": path, "PYTHONPATH": os.pathsep.join(map(str, importable)), "ANALYSIS_TODAY": TODAY} | more


@pytest.fixture(scope="session")
def run(engine: Path) -> Run:
    """Runs a command in a folder, with the engine alone and that folder to import from."""

    def run(folder: Path, *command: str, **more: str) -> subprocess.CompletedProcess:
        env = environment(folder, engine, **more)
        return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)

    return run


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory, run: Run) -> Path:
    """The second report: a skeleton, less its example, with what its author wrote over it; sealed."""
    folder = new_report(tmp_path_factory.mktemp("second") / "libraries")
    for example in ("libraries/price.py", "data/cups.csv", "book/price.ipynb"):
        (folder / example).unlink()
    shutil.copytree(WRITTEN, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    done = run(folder, "python", "-m", "libraries", "seal", "data", "--release")
    assert done.returncode == 0, done.stderr
    return folder
