"""What a notebook depends on, from its code alone: the tables it loads, the modules it imports, directly or not."""

import ast
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

PACKAGE = "analysis"
ENGINE = f"{PACKAGE}.engine"
TABLE_READERS = frozenset(f"{ENGINE}.data.{name}" for name in ("tables.load", "sealed.path", "sealed.sha256"))
FILE_READERS = {
    f"{ENGINE}.claims.load_claims": "claims.yml",
    f"{ENGINE}.claims.claims.load_claims": "claims.yml",
    f"{ENGINE}.claims.coverage.load_coverage": "coverage.yml",
    f"{ENGINE}.data.sealed.is_modified": "datapackage.json",
}
#: Ways to the data that leave no trace here; a notebook uses the ones above.
HIDDEN = re.compile(
    rf"{re.escape(ENGINE)}\.(data\.(tables\.(?!load$)|sealed\.(?!path$|sha256$|is_modified$)|(reading|columns|report)\b).*"
    r"|ledger\.(records|store)\b.*|ledger\.ledger\.(assess|current)|claims\.(\w+\.)?read_.*)|.*\.\*"
)
CHAPTER_READER, CLAIM_READER = f"{ENGINE}.ledger.ledger.entries", f"{ENGINE}.ledger.ledger.entry"
MAGIC = re.compile(r"^(\s*)[%!].*$", re.MULTILINE)


class BookError(Exception):
    """Something in the book that its author must mend; the message says what and where."""


def code_cells(notebook: Path) -> list[tuple[int, ast.Module]]:
    """Parse a notebook's code cells, each with its number; cells of any kind count, from 1.

    Raises
    ------
    BookError
        If a cell is not Python.
    """
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    parsed = []
    for number, cell in enumerate(cells, start=1):
        if cell["cell_type"] != "code":
            continue
        source = MAGIC.sub(r"\1pass", "".join(cell["source"]))
        try:
            parsed.append((number, ast.parse(source)))
        except SyntaxError as error:
            raise BookError(f"{notebook.name}, cell {number}: {error.msg}, line {error.lineno}") from error
    return parsed


def bound_names(tree: ast.AST) -> dict[str, str]:
    """Names that import statements bind, with what they stand for.

    Examples
    --------
    >>> bound_names(ast.parse("import analysis.engine; from analysis.engine.ledger import ledger as book"))
    {'analysis': 'analysis', 'book': 'analysis.engine.ledger.ledger'}
    """
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.partition(".")[0]
                names[alias.asname or first] = alias.name if alias.asname else first
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return names


def dotted(node: ast.AST, names: dict[str, str]) -> str | None:
    """Full name of what an expression refers to, or None where it is no imported thing.

    Examples
    --------
    >>> dotted(ast.parse("tables.load", mode="eval").body, {"tables": "analysis.engine.data.tables"})
    'analysis.engine.data.tables.load'
    """
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Attribute) and (base := dotted(node.value, names)):
        return f"{base}.{node.attr}"
    return None


def uses(notebook: Path, functions: Iterable[str]) -> Iterator[tuple[int, str, ast.Call | None]]:
    """Every mention of some functions: the cell's number, the function's full name, the call if it is one."""
    wanted, names = set(functions), {}
    for number, tree in code_cells(notebook):
        names |= bound_names(tree)
        calls = {id(node.func): node for node in ast.walk(tree) if isinstance(node, ast.Call)}
        for node in ast.walk(tree):
            if (name := dotted(node, names)) in wanted:
                yield number, name, calls.get(id(node))


def literal_argument(call: ast.Call | None) -> str | None:
    """First argument of a call where it is a string written out."""
    if call and call.args and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str):
        return call.args[0].value
    return None


def refuse_hidden_readers(notebook: Path) -> None:
    """Refuse a notebook that reads data in a way whose dependencies cannot be known.

    Raises
    ------
    BookError
        Naming the cell and what it imports or calls.
    """
    names = {}
    for number, tree in code_cells(notebook):
        names |= bound_names(tree)
        used = [*names.values(), *filter(None, (dotted(node, names) for node in ast.walk(tree)))]
        if hidden := next(filter(HIDDEN.fullmatch, used), None):
            raise BookError(
                f"{notebook.name}, cell {number}: {hidden} hides what is read; use analysis.engine.data.tables.load, "
                "analysis.engine.claims.load_claims and analysis.engine.ledger.ledger.entry"
            )


def tables_loaded(notebook: Path) -> tuple[str, ...]:
    """Names of the tables that a notebook loads.

    Raises
    ------
    BookError
        If a name is not written out, so that it cannot be known before the notebook runs.
    """
    refuse_hidden_readers(notebook)
    tables = set()
    for number, name, call in uses(notebook, TABLE_READERS):
        table = literal_argument(call)
        if table is None:
            short = ".".join(name.split(".")[-2:])
            raise BookError(
                f'{notebook.name}, cell {number}: {short} needs the table\'s name written out, like {short}("tokens")'
            )
        tables.add(table)
    return tuple(sorted(tables))


def files_read(notebook: Path) -> tuple[str, ...]:
    """Names of the data files, other than tables, that a notebook reads through a function of its own."""
    return tuple(sorted({FILE_READERS[name] for _, name, _ in uses(notebook, FILE_READERS)}))


def ledgers_read(notebook: Path, chapters: Iterable[str], chapter_of: Mapping[str, str]) -> tuple[str, ...]:
    """Chapters whose ledger a notebook reads: its own and those it asks for, by chapter or by claim.

    All of them, where it does not write out which, or is no chapter itself.

    Parameters
    ----------
    notebook
        File; its name tells the chapter.
    chapters
        All chapters.
    chapter_of
        Chapter of every claim.
    """
    chapters = tuple(chapters)
    if notebook.stem not in chapters:
        return chapters
    read = {notebook.stem}
    for _, function, call in uses(notebook, {CHAPTER_READER, CLAIM_READER}):
        asked = literal_argument(call)
        read.add(chapter_of.get(asked) if function == CLAIM_READER else asked)
    return tuple(sorted(read)) if read <= set(chapters) else chapters


def modules_imported(notebook: Path) -> tuple[str, ...]:
    """Modules of the package that a notebook's import statements may mean; ``from a import b`` may mean a or a.b."""
    modules = set()
    for _, tree in code_cells(notebook):
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                modules |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                modules |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return tuple(sorted(module for module in modules if module.partition(".")[0] == PACKAGE))
