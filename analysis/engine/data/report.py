"""What the engine is handed: one report's tables, assessors, reference and commands, and where its files stand.

The engine imports no report. A package hands over its own by `use`, or is found as the module ``report`` beside the
engine. Everything here is a string that is imported when it is needed, so that what is up to date is printed at once.

What the engine expects in the report's folder: ``data/``, sealed; ``CITATION.cff`` and ``CHANGELOG.md``; in ``book/``
the ``references.bib`` and the ledgers of ``releases/``. Pages link to others where these exist: to ``index``,
``coverage``, ``data_catalogue``, ``methods#objecting``, and to each chapter's, which is called as the chapter's id and
holds the strip of each claim.
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
        Folder of the repository.
    name, title : str
        Of its data package.
    tables : tuple of str
        Modules that hold its `analysis.engine.data.columns.Table`, in the order of ``datapackage.json``.
    assessors : mapping
        Claim id -> ``module:function`` that assesses it. The function takes the claim and, by keyword, the tables that
        its parameters name.
    reference : str
        Key of the report in ``book/references.bib``.
    units : tuple of str
        Units of its claims beside `analysis.engine.claims.claims.UNITS`.
    first_day : str
        Nothing in its tables is older: a date before it is a slip.
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
    units: tuple[str, ...] = ()
    first_day: str = "1900-01-01"
    commands: Mapping[str, tuple[str, str]] = field(default_factory=dict)


_used: list[str] = []


def use(module: str) -> None:
    """Take the report of this module, its ``REPORT``, as the one at hand in this process; it is imported when needed.

    A package does so in its ``__init__``, so that to import anything of it is enough. That it is named and not
    imported there keeps it out of the code that verdicts rest on.
    """
    _used[:] = [module]


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
    module = _used[-1] if _used else os.environ.get("ANALYSIS_REPORT") or f"{HOME}.report"
    return _of(module)


@lru_cache(maxsize=8)
def _of(module: str) -> Report:
    if find_spec(module) is None:
        raise LookupError(f"no report at hand: import its package first, or name its module in ANALYSIS_REPORT; "
                          f"there is no {module}")  # fmt: skip
    return import_module(module).REPORT


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
