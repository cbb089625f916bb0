"""Bring the book up to date, or refresh the outputs that its notebooks carry.

Called by make; ``python book/build.py`` builds, ``python book/build.py notebooks [NAME …]`` refreshes.
"""

import os
import sys
import time
import traceback
from pathlib import Path

import actions
from actions import BOOK, HTML, ROOT
from dependencies import BookError

KINDS = {"ledger": "ledgers", "notebook": "notebooks", "site": "site"}


def explain(error: BaseException) -> str:
    """Message of an error of the book's or the data's, or the whole traceback of any other."""
    from analysis.engine.data.sealed import DataError

    if isinstance(error, BookError | DataError):
        return str(error)
    return "".join(traceback.format_exception(error)).rstrip()


def summary(reports: list, seconds: float) -> str:
    """One line: what ran, what was up to date, how long it took."""
    from pytask import TaskOutcome

    counts = []
    for kind, name in KINDS.items():
        outcomes = [report.outcome for report in reports if f"task_{kind}" in report.task.name]
        ran, same = outcomes.count(TaskOutcome.SUCCESS), outcomes.count(TaskOutcome.SKIP_UNCHANGED)
        counts.append(
            f"{name}: {ran} run, {same} up to date" if kind != "site" else f"site: {'built' if ran else 'up to date'}"
        )
    return f"{'; '.join(counts)}; {seconds:.1f} s"


def build() -> int:
    """Run the tasks whose inputs have changed, two at a time.

    Returns
    -------
    int
        Exit status.
    """
    started = time.perf_counter()
    os.environ.update(actions.ONE_THREAD)
    sys.path.insert(0, str(ROOT))
    import pytask

    pytask.console.quiet = True
    session = pytask.build(
        config=ROOT / "pyproject.toml",
        paths=BOOK / "task_book.py",
        n_workers=2,
        parallel_backend="threads",
        capture="no",
    )
    pytask.console.quiet = False
    reports = [*session.collection_reports, *session.execution_reports]
    failures = [report.exc_info[1] for report in reports if report.outcome.name == "FAIL"]
    for error in failures:
        print(f"\nFAILED {explain(error)}", file=sys.stderr)
    if failures or session.exit_code:
        print(f"\nThe book is not built: {len(failures)} failed.", file=sys.stderr)
        return 1
    print(summary(session.execution_reports, time.perf_counter() - started))
    print(f"Open {HTML.relative_to(ROOT) / 'index.html'}")
    return 0


def refresh(names: list[str]) -> int:
    """Execute notebooks in place, all or those named.

    Returns
    -------
    int
        Exit status.
    """
    for notebook in [BOOK / f"{Path(name).stem}.ipynb" for name in names] or sorted(BOOK.glob("*.ipynb")):
        try:
            actions.refresh(notebook)
        except BookError as error:
            print(f"FAILED {error}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(refresh(sys.argv[2:]) if sys.argv[1:2] == ["notebooks"] else build())
