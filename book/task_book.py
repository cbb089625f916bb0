"""The pipeline, as pytask's tasks: ledgers, notebooks, the site; each runs again when what it reads has changed."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import actions
import dependencies
from actions import BOOK, EXECUTED, HTML, LEDGER, ROOT
from pytask import Product, task

from analysis.engine.claims import load_claims
from analysis.engine.data import sealed
from analysis.engine.data.chapters import load_chapters
from analysis.engine.data.tables import read_with
from analysis.engine.ledger import ledger, provenance

DATA = actions.data_folder()
SITE = provenance.file_of("analysis.engine.site").parent
NOTEBOOKS = sorted(BOOK.glob("*.ipynb"))
MACHINERY = [path for path in (BOOK / "actions.py", ROOT / "requirements.txt") if path.exists()]
CHAPTERS = tuple(load_chapters(DATA))
CHAPTER_OF = {claim.id: claim.chapter for claim in load_claims(DATA).values()}


def code(modules: Iterable[str]) -> list[Path]:
    """Files of these modules and of all that they import, with their templates."""
    return [file for module in provenance.closure(modules) for file in provenance.files_of(module)]


def tables(names: Iterable[str]) -> list[Path]:
    """Files that reading these tables reads."""
    return [sealed.path(name, DATA) for name in {read for name in names for read in read_with(name)}]


def inputs(*groups: Iterable[Path]) -> list[Path]:
    """Files of all groups, each once."""
    return sorted({path for group in groups for path in group})


def ledger_inputs(chapter: str) -> list[Path]:
    """Files that decide what a chapter's ledger says."""
    modules = ["analysis.engine.ledger.ledger", *ledger.modules_of(chapter)]
    return inputs([DATA / "claims.yml", DATA / "chapters.yml"], tables(ledger.tables_of(chapter)), code(modules))


def notebook_inputs(notebook: Path) -> list[Path]:
    """Files that decide what a notebook shows, but for itself."""
    return inputs(
        [*MACHINERY, DATA / "chapters.yml"],
        tables(dependencies.tables_loaded(notebook)),
        [DATA / name for name in dependencies.files_read(notebook)],
        code(dependencies.modules_imported(notebook)),
        [LEDGER / f"{chapter}.json" for chapter in dependencies.ledgers_read(notebook, CHAPTERS, CHAPTER_OF)],
    )


def site_inputs() -> list[Path]:
    """Files that decide what the site shows; it publishes every table and quotes constants of any module."""
    return inputs(
        MACHINERY,
        [ROOT / "_config.yml", ROOT / "CHANGELOG.md"],
        actions.book_files(BOOK),
        [EXECUTED / notebook.name for notebook in NOTEBOOKS],
        [LEDGER / f"{chapter}.json" for chapter in CHAPTERS],
        [path for path in DATA.iterdir() if path.is_file()],
        [path for folder in ("theme", "templates", "static") for path in (SITE / folder).rglob("*") if path.is_file()],
        code(provenance.graph().modules),
    )


for _chapter in CHAPTERS:

    @task(id=_chapter)
    def task_ledger(
        chapter: str = _chapter,
        files: list[Path] = ledger_inputs(_chapter),  # noqa: B008
        product: Annotated[Path, Product] = LEDGER / f"{_chapter}.json",
    ) -> None:
        """Assess the chapter's claims."""
        actions.write_ledger(chapter)


for _notebook in NOTEBOOKS:

    @task(id=_notebook.stem)
    def task_notebook(
        source: Path = _notebook,
        files: list[Path] = notebook_inputs(_notebook),  # noqa: B008
        product: Annotated[Path, Product] = EXECUTED / _notebook.name,
    ) -> None:
        """Execute the notebook."""
        actions.execute(source, product)


@task
def task_site(
    files: list[Path] = site_inputs(),  # noqa: B008
    product: Annotated[Path, Product] = HTML / "index.html",
) -> None:
    """Render the site."""
    actions.build_site({notebook.name for notebook in NOTEBOOKS})
