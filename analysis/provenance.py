"""Which code decides: the modules that an import reaches, their files, and one hash over them."""

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grimp import ImportGraph

PACKAGE = __name__.partition(".")[0]
ROOT = Path(__file__).resolve().parents[1]


@cache
def graph() -> "ImportGraph":
    """Import graph of this package, from its source files as they are when it is first asked for."""
    import grimp  # not above, since the store needs this module and no graph

    return grimp.build_graph(PACKAGE, exclude_type_checking_imports=True, cache_dir=None)


def closure(modules: Iterable[str]) -> frozenset[str]:
    """Modules that run when these are imported: themselves, their packages, and all that those import.

    Parameters
    ----------
    modules : iterable of str
        Full names; those that are no module of this package are passed over.

    Examples
    --------
    >>> sorted(closure(["analysis.sealed", "numpy"]))
    ['analysis', 'analysis.sealed']
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
    >>> file_of("analysis.multiverse").name, file_of("analysis.clock").name
    ('__init__.py', 'clock.py')
    """
    stem = ROOT.joinpath(*module.split("."))
    return stem / "__init__.py" if stem.is_dir() else stem.with_suffix(".py")


def hashes(modules: Iterable[str]) -> dict[str, str]:
    """SHA-256 of each module's file, by module, in alphabetical order.

    Examples
    --------
    >>> {name: len(digest) for name, digest in hashes(["analysis.clock"]).items()}
    {'analysis.clock': 64}
    """
    return {name: hashlib.sha256(file_of(name).read_bytes()).hexdigest() for name in sorted(modules)}


def fingerprint(modules: Iterable[str]) -> str:
    """One SHA-256 over the files of these modules and their names.

    Examples
    --------
    >>> fingerprint(closure(["analysis.sealed"])) == fingerprint(["analysis.sealed", "analysis"])
    True
    """
    lines = "".join(f"{name} {digest}\n" for name, digest in hashes(modules).items())
    return hashlib.sha256(lines.encode()).hexdigest()
