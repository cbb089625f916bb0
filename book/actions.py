"""What the tasks do: write a ledger, execute a notebook, build the site."""

import os
import re
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

from dependencies import BookError

ROOT = Path(__file__).resolve().parents[1]
BOOK = ROOT / "book"
BUILD = ROOT / "_build"
EXECUTED = BUILD / "book"
LEDGER = BUILD / "ledger"
REPORTS = BUILD / "reports"
HTML = BUILD / "html"

CELL_SECONDS = 600
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1")
NOT_COPIED = frozenset({".py", ".pyc", ".ipynb"})  # of book/; executed notebooks are put there by their tasks
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
TROUBLE = re.compile(r"WARNING|ERROR|Error:")

_ledger_lock = threading.Lock()  # assessing keeps one core busy in this process; two at once gain nothing


def say(text: str) -> None:
    """Print a line of progress, in one piece, since two threads speak."""
    sys.stdout.write(f"  {text}\n")
    sys.stdout.flush()


def data_folder() -> Path:
    """Folder of the tables: ANALYSIS_DATA, else the repository's."""
    return Path(os.environ.get("ANALYSIS_DATA") or ROOT / "data").resolve()


def environment(**more: str) -> dict[str, str]:
    """Environment of a process that runs the package of this folder on one thread."""
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return os.environ | ONE_THREAD | {"PYTHONPATH": path} | more


def built_from_ledger() -> dict[str, str]:
    """Environment in which notebooks and site are built."""
    return environment(ANALYSIS_DATA=str(data_folder()), ANALYSIS_LEDGER=str(LEDGER), ANALYSIS_FIGURES="svg")


def write_ledger(chapter: str) -> None:
    """Assess one chapter's claims."""
    from analysis.engine.ledger import ledger

    started = time.perf_counter()
    with _ledger_lock:
        ledger.write(chapter, LEDGER, data_dir=data_folder())
    say(f"ledger {chapter}: {time.perf_counter() - started:.1f} s")


def kernel_manager():
    """Manager of a kernel in the Python that runs this, whatever kernels the user has installed."""
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager

    return AsyncKernelManager(kernel_name="python3", kernel_spec_manager=KernelSpecManager(kernel_dirs=[]))


def describe(error: Exception) -> str:
    """What a notebook's failure says, without colours."""
    from nbclient.exceptions import CellExecutionError

    if isinstance(error, CellExecutionError):
        return COLOUR.sub("", f"{error.ename}: {error.evalue}\n{error.traceback}").strip()
    return f"{type(error).__name__}: {error}"


def run_cells(source: Path, env: dict[str, str]):
    """Execute a notebook in memory, with its own folder as working directory.

    Raises
    ------
    BookError
        If a cell fails; names notebook, cell and error. What had run is kept in the folder of reports.
    """
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(source, as_version=4)
    reached = [0]
    client = NotebookClient(
        notebook,
        km=kernel_manager(),
        extra_arguments=["--log-level=ERROR"],
        timeout=CELL_SECONDS,
        record_timing=False,
        on_cell_start=lambda cell, cell_index: reached.append(cell_index + 1),
    )
    try:
        client.execute(env=env, cwd=str(source.parent), cleanup_kc=True)
    except Exception as error:
        message = f"{source.name}, cell {reached[-1]}: {describe(error)}"
        REPORTS.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, REPORTS / source.name)
        (REPORTS / f"{source.stem}.txt").write_text(message + "\n", encoding="utf-8")
        raise BookError(message) from error
    return notebook


def execute(source: Path, product: Path) -> None:
    """Execute a notebook and write the copy that the site shows."""
    import nbformat

    started = time.perf_counter()
    notebook = run_cells(source, built_from_ledger())
    nbformat.write(notebook, product)
    for report in REPORTS.glob(f"{source.stem}.*"):
        report.unlink()
    say(f"{source.name}: {time.perf_counter() - started:.1f} s")


def refresh(source: Path) -> None:
    """Execute a notebook on the shipped tables and write its outputs into it, as nbval will compare them."""
    import nbformat

    env = environment(ANALYSIS_DATA=str(ROOT / "data"))
    for name in ("ANALYSIS_LEDGER", "ANALYSIS_FIGURES"):
        env.pop(name, None)
    notebook = run_cells(source, env)
    notebook.metadata.pop("language_info", None)  # it names the version of Python
    nbformat.write(notebook, source)
    say(source.name)


def copy_sources(source: Path, target: Path, notebooks: set[str]) -> None:
    """Make ``target`` hold the book's files beside the executed notebooks, and nothing else."""
    files = {path.relative_to(source) for path in book_files(source)}
    for path in sorted(target.rglob("*")):
        if path.is_file() and path.relative_to(target) not in files and path.name not in notebooks:
            path.unlink()
    for file in files:
        (target / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / file, target / file)


def book_files(folder: Path) -> list[Path]:
    """Files of the book that are copied as they are."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file()
        and path.suffix not in NOT_COPIED
        and not {"_build", "__pycache__", ".ipynb_checkpoints"} & set(path.relative_to(folder).parts)
        and path.relative_to(folder).parts[0] != "claims"  # pages that the site's extension writes
    )


def troubles(log: str) -> str:
    """Sphinx's warnings and errors, or the end of its log when it names none."""
    lines = COLOUR.sub("", log).splitlines()
    return "\n".join([line for line in lines if TROUBLE.search(line)] or lines[-30:])


def build_site(notebooks: set[str]) -> None:
    """Render the executed notebooks and the other pages.

    Always from scratch, since Sphinx does not repeat a warning that it has given.

    Raises
    ------
    BookError
        If Sphinx warns of anything; no half-built site is left.
    """
    started = time.perf_counter()
    copy_sources(BOOK, EXECUTED, notebooks)
    for folder in (HTML, BUILD / ".doctrees"):
        shutil.rmtree(folder, ignore_errors=True)
    command = [str(Path(sys.executable).with_name("jupyter-book")), "build", str(EXECUTED), "--path-output", str(ROOT)]
    command += ["--config", str(ROOT / "_config.yml"), "--warningiserror", "--keep-going", "--nitpick", "--all"]
    done = subprocess.run(command, cwd=ROOT, env=built_from_ledger(), capture_output=True, text=True, check=False)
    log = done.stdout + done.stderr
    REPORTS.mkdir(parents=True, exist_ok=True)
    (REPORTS / "site.txt").write_text(COLOUR.sub("", log), encoding="utf-8")
    if done.returncode:
        shutil.rmtree(HTML, ignore_errors=True)
        raise BookError(
            f"the site, by Sphinx:\n{troubles(log)}\nThe whole log is in {(REPORTS / 'site.txt').relative_to(ROOT)}."
        )
    say(f"site: {time.perf_counter() - started:.1f} s")
