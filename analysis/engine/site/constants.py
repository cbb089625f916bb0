"""Constants of the code as they stand in prose: ``{constant}`analysis.engine.claims.judge:INDIRECT_AFTER_DAYS` ``.

A reference is a module of this package, a colon and the name of a constant that this module assigns; where the constant
holds several values, one of them in brackets, by its place from 0 or by its key; where the plain value is not what the
sentence needs, another colon and a format: ``analysis.engine.claims.judge:AMBIGUOUS_SUPPORT[0]:percent``.
"""

import ast
import importlib
import math
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from functools import cache
from numbers import Real
from pathlib import Path
from typing import Any

from markupsafe import Markup

from analysis.engine.ledger.provenance import graph
from analysis.engine.site.addresses import source_page
from analysis.engine.site.html import render
from analysis.engine.words import formats

REFERENCE = re.compile(r"(?P<module>[\w.]+):(?P<name>\w+)(?:\[(?P<item>[^\[\]]+)\])?(?::(?P<format>\w+))?")
_ORDINAL = {1: "st", 2: "nd", 3: "rd"}


def plain(found: Any) -> str:
    """A text as it is, a date by `formats.day`, a number by `formats.number`.

    Examples
    --------
    >>> plain(9_999).replace(formats.THIN, "_"), plain(date(2024, 12, 31)).replace(formats.SPACE, " "), plain("daily")
    ('9_999', '31 Dec 2024', 'daily')
    """
    if isinstance(found, str):
        return found
    return formats.day(found) if isinstance(found, date) else formats.number(found)


def power(found: float) -> str:
    """A whole power of ten with its exponent.

    Raises
    ------
    ValueError
        For any other number.

    Examples
    --------
    >>> power(1e-12)
    '10⁻¹²'
    """
    exponent = round(math.log10(found))
    if not math.isclose(found, 10.0**exponent):
        raise ValueError(f"{found} is no power of ten")
    return formats.power(10, exponent)


def percentile(found: float) -> str:
    """A share as the percentile that it is, with the ending of an ordinal number.

    Examples
    --------
    >>> [percentile(share) for share in (0.01, 0.23, 0.12, 0.95, 0.975)]
    ['1st', '23rd', '12th', '95th', '97.5th']
    """
    percent = round(100 * found, 9)
    teens = percent % 100 in (11, 12, 13)
    return f"{formats.number(percent)}{'th' if teens else _ORDINAL.get(percent % 10, 'th')}"


#: How a value can be written, by its name.
FORMATS: dict[str, Callable[[Any], str]] = {
    "plain": plain,
    "percent": lambda found: formats.quantity(100 * found, "%"),
    "complement": lambda found: formats.quantity(100 * (1 - found), "%"),
    "percentile": percentile,
    "power": power,
    "month": lambda found: f"{found:%B}{formats.SPACE}{found.year}",
    "year": lambda found: str(found.year),
}


@cache
def modules() -> tuple[str, ...]:
    """Full names of the modules of engine and report.

    Examples
    --------
    >>> "analysis.engine.claims.judge" in modules(), "os" in modules()
    (True, False)
    """
    return tuple(sorted(graph().modules))


@cache
def names(module: str) -> dict[str, int]:
    """Constants that one of `modules` assigns itself, and on which line first; what it imports belongs to another.

    Examples
    --------
    >>> list(names("analysis.engine.claims.judge"))[:3]
    ['AMBIGUOUS_SUPPORT', 'GRADES', 'START']
    """
    tree = ast.parse(Path(importlib.import_module(module).__file__).read_text("utf-8"))
    assigned = [node for node in tree.body if isinstance(node, ast.Assign | ast.AnnAssign)]
    targets = [target for node in assigned for target in getattr(node, "targets", None) or [node.target]]
    found = [name for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)]
    lines: dict[str, int] = {}
    for name in found:
        if name.id.isupper() and not name.id.startswith("_"):
            lines.setdefault(name.id, name.lineno)
    return lines


def constant(reference: str) -> tuple[str, str]:
    r"""Write a constant of the code.

    Parameters
    ----------
    reference : str
        As this module's docstring says.

    Returns
    -------
    tuple of str
        The constant's full name, and its value in words.

    Raises
    ------
    ValueError
        If there is no such module, constant, place or format, or the format does not fit; says which there are.

    Examples
    --------
    >>> constant("analysis.engine.claims.judge:INDIRECT_AFTER_DAYS")
    ('analysis.engine.claims.judge.INDIRECT_AFTER_DAYS', '180')
    >>> constant("analysis.engine.claims.judge:AMBIGUOUS_SUPPORT[0]:percent")
    ('analysis.engine.claims.judge.AMBIGUOUS_SUPPORT[0]', '20\xa0%')
    >>> constant("analysis.engine.claims.judge:WRONG")
    Traceback (most recent call last):
    ValueError: no constant 'WRONG' in analysis.engine.claims.judge; known: AMBIGUOUS_SUPPORT, GRADES, START, ...
    """
    parts = REFERENCE.fullmatch(reference)
    if parts is None:
        raise ValueError(f"{reference!r} is not of the form module:NAME, module:NAME[item] or module:NAME[item]:format")
    module, name, item, form = parts.group("module", "name", "item", "format")
    _require("module", module, modules())
    _require("constant", name, names(module), f" in {module}")
    _require("format", form or "plain", FORMATS)
    found, full = getattr(importlib.import_module(module), name), f"{module}.{name}"
    if item is not None:
        found, full = _item(found, item, full), f"{full}[{item}]"
    if not isinstance(found, str | date | Real):
        raise ValueError(f"{full} holds several values; known: {', '.join(_items(found))}")
    try:
        return full, FORMATS[form or "plain"](found)
    except (TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"{full} cannot be written as {form}: {error}") from error


def noted(reference: str, *, note_id: str, pages: Collection[str], prefix: str = "") -> Markup:
    """Write a constant of the code for a page: linked to its line, with its name as a note.

    Parameters
    ----------
    reference : str
        As for `constant`, which also says what is raised.
    note_id : str
        Id of the note, unique on the page.
    pages : collection of str
        Modules whose source has a page; a constant of another has its name as a title.
    prefix : str
        What leads from the page to the site's root.
    """
    full, text = constant(reference)
    module, name = REFERENCE.fullmatch(reference).group("module", "name")
    line = f"{source_page(module, prefix)}#L{names(module)[name]}" if module in pages else ""
    return render("constant", full=full, text=text, id=note_id, line=line)


def _items(found: Any) -> list[str]:
    """What can stand in brackets after a constant."""
    if isinstance(found, Mapping):
        return [str(key) for key in found]
    return [str(place) for place in range(len(found))] if isinstance(found, Sequence) else []


def _item(found: Any, item: str, full: str) -> Any:
    known = [] if isinstance(found, str) else _items(found)
    _require("place", item, known, f" in {full}")
    return list(found.values() if isinstance(found, Mapping) else found)[known.index(item)]


def _require(kind: str, asked: str, known: Sequence[str] | Mapping[str, Any], where: str = "") -> None:
    if asked not in known:
        raise ValueError(f"no {kind} {asked!r}{where}; known: {', '.join(known)}")
