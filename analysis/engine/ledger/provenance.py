"""Which code decides: the modules that an import reaches, their files, and one hash over them."""

import hashlib
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.engine.data.report import HOME, at_hand

if TYPE_CHECKING:
    from grimp import ImportGraph


@cache
def graph() -> "ImportGraph":
    """Import graph of engine and report, from their source files as they are when it is first asked for."""
    import grimp  # not above, since the store needs this module and no graph

    packages = dict.fromkeys((HOME, at_hand().package))
    return grimp.build_graph(*packages, exclude_type_checking_imports=True, cache_dir=None)


def closure(modules: Iterable[str]) -> frozenset[str]:
    """Modules that run when these are imported: themselves, their packages, and all that those import.

    Parameters
    ----------
    modules : iterable of str
        Full names; those that are no module of this package are passed over.

    Examples
    --------
    >>> sorted(closure(["analysis.engine.words", "numpy"]))
    ['analysis', 'analysis.engine', 'analysis.engine.words']
    """
    found, waiting = set(), list(modules)
    while waiting:
        module = waiting.pop()
        if module in found or module not in graph().modules:
            continue
        found.add(module)
        waiting += graph().find_modules_directly_imported_by(module)
        waiting += [module.rpartition(".")[0]] if "." in module else []
    return frozenset(found)


def file_of(module: str) -> Path:
    """File that holds a module of this package.

    Examples
    --------
    >>> file_of("analysis.engine.multiverse").name, file_of("analysis.engine.data.clock").name
    ('__init__.py', 'clock.py')
    """
    package, _, rest = module.partition(".")
    stem = _folder(package).joinpath(*rest.split(".")) if rest else _folder(package)
    package_file = stem / "__init__.py"  # a folder without one, such as what a moved package leaves behind, is none
    return package_file if package_file.is_file() else stem.with_suffix(".py")


def files_of(module: str) -> list[Path]:
    """File of a module, and the templates that stand beside it under its name and hold its words.

    Examples
    --------
    >>> [file.name for file in files_of("analysis.engine.data.clock")]
    ['clock.py']
    """
    file = file_of(module)
    return [file, *sorted(file.parent.glob(f"{file.stem}.*.j2"))]


@cache
def _folder(package: str) -> Path:
    return Path(find_spec(package).origin).resolve().parent


def hashes(modules: Iterable[str]) -> dict[str, str]:
    """SHA-256 of each module's file, its templates added, by module, in alphabetical order.

    Examples
    --------
    >>> {name: len(digest) for name, digest in hashes(["analysis.engine.data.clock"]).items()}
    {'analysis.engine.data.clock': 64}
    """
    read = {name: b"".join(file.read_bytes() for file in files_of(name)) for name in sorted(modules)}
    return {name: hashlib.sha256(content).hexdigest() for name, content in read.items()}


def fingerprint(modules: Iterable[str]) -> str:
    """One SHA-256 over the files of these modules and their names.

    Examples
    --------
    >>> fingerprint(["analysis", "analysis.engine"]) == fingerprint(["analysis.engine", "analysis"])
    True
    """
    lines = "".join(f"{name} {digest}\n" for name, digest in hashes(modules).items())
    return hashlib.sha256(lines.encode()).hexdigest()
