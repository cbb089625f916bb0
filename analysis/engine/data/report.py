"""What the engine is handed: one report's tables, assessors, reference and commands, and where its files stand.

The engine imports no report. A package hands over its own by `use`, or is found as the module ``report`` beside the
engine. Everything here is a string that is imported when it is needed, so that what is up to date is printed at once.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

#: Package that holds the engine.
HOME = __name__.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Report:
    """One report as the engine sees it.

    Attributes
    ----------
    package : str
        Import name of the package that holds the report's tables and chapters.
    root : Path
        Folder of the repository: ``data/``, ``book/``, ``CHANGELOG.md`` and ``CITATION.cff`` stand in it.
    name, title : str
        Of its data package.
    tables : tuple of str
        Modules that hold its `analysis.engine.data.columns.Table`, in the order of ``datapackage.json``.
    assessors : mapping
        Claim id -> ``module:function`` that assesses it. The function takes the claim and, by keyword, the tables that
        its parameters name.
    reference : str
        Key of the report in ``book/references.bib``.
    commands : mapping
        Name of a command of the report's own -> module with `add_arguments` and `command`, and what it does.
    """

    package: str
    root: Path
    name: str
    title: str
    tables: tuple[str, ...]
    assessors: Mapping[str, str]
    reference: str
    commands: Mapping[str, tuple[str, str]] = field(default_factory=dict)


_used: list[Report] = []


def use(report: Report) -> None:
    """Take this report as the one at hand, in this process."""
    _used[:] = [report]


def at_hand() -> Report:
    """The report that was handed over last, else that of the module which ``ANALYSIS_REPORT`` names or `HOME` holds.

    Raises
    ------
    LookupError
        If there is none.

    Examples
    --------
    >>> at_hand().root.is_dir()
    True
    """
    if not _used:
        module = os.environ.get("ANALYSIS_REPORT") or f"{HOME}.report"
        if find_spec(module) is None:
            raise LookupError(f"no report at hand: import its package first, or name its module in ANALYSIS_REPORT; "
                              f"there is no {module}")  # fmt: skip
        use(import_module(module).REPORT)
    return _used[0]


@lru_cache(maxsize=256)
def named(reference: str) -> Any:
    """What ``module:NAME`` names.

    Examples
    --------
    >>> named("math:pi")
    3.14...
    """
    module, _, name = reference.partition(":")
    return getattr(import_module(module), name)
