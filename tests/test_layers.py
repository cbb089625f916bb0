"""Who may import whom: one way, from the data up to the doors, and no circle; and where what decides no verdict stands.

A module of a chapter that no assessor's imports reach has one of four places:

- a folder ``beyond/``, in the folder of its question;
- code that tells what was found: a name in `TELLING`, or a figure;
- a question that decides nothing at all: the docstring of its package says that it "decides no verdict";
- the top of a chapter that has no folder for it: the module's own docstring says so.

What stands in ``beyond/``, or says that it decides no verdict, is reached by no assessor.
"""

import ast
import re
from collections.abc import Iterable
from itertools import permutations

import grimp
import pytest

from analysis.engine.data.chapters import load_chapters
from analysis.engine.ledger.ledger import chapter_of
from analysis.engine.ledger.provenance import closure, file_of
from analysis.report import REPORT

PACKAGE = "analysis"
ENGINE = f"{PACKAGE}.engine"
CHAPTERS = frozenset(load_chapters())
MOST_NAMES = 12
#: Rooms of the engine, from the ground up; those on one floor do not know one another.
FLOORS = (
    ("data",),
    ("words",),
    ("claims",),
    ("multiverse", "inference"),
    ("ledger",),
    ("diff",),
    ("site", "new_report"),
    ("cli",),
)
DOORS = ("__main__", "sphinx_extension")
#: Names of modules that say or draw what others found.
TELLING = frozenset({"remarks", "opening", "systems", "words"})
PLOTTING = frozenset({"matplotlib", "seaborn", "plotly", "altair", "IPython"})
#: ``figures.py``, ``cost_figures.py``, all in ``figures/``, and what figures share.
DRAWS = re.compile(r"\.(\w+_)?figures(\.|$)|\.(axes|figure_labels)$")
DECIDES_NOTHING = re.compile(r"\bdecides?\s+no\s+verdict\b")


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(PACKAGE, include_external_packages=True, cache_dir=None)


@pytest.fixture(scope="module")
def deciding() -> frozenset[str]:
    """Modules that an assessor's imports reach."""
    return closure(function.partition(":")[0] for function in REPORT.assessors.values())


def ours(graph: grimp.ImportGraph) -> list[str]:
    return sorted(module for module in graph.modules if module.partition(".")[0] == PACKAGE)


def top(module: str) -> str:
    """Name at the top of the package that a module belongs to."""
    return module.split(".")[1] if "." in module else ""


def arrows(graph: grimp.ImportGraph) -> list[tuple[str, str]]:
    """Importer and imported, both of this package."""
    inside = set(ours(graph))
    return sorted((m, found) for m in inside for found in graph.find_modules_directly_imported_by(m) & inside)


def floor(name: str) -> int:
    """Height of a name at the top of the package, from 0."""
    return 2 if name in CHAPTERS else {"": 0, "engine": 0, "tables": 1, "report": 3}.get(name, 4)


def said(found: Iterable[tuple[str, str]]) -> list[str]:
    return [f"{importer} imports {imported}" for importer, imported in found]


# --- the house --------------------------------------------------------------------------------------------------------


def test_the_top_of_the_package_holds_these_names_and_no_others(graph: grimp.ImportGraph) -> None:
    names = {top(module) for module in graph.find_children(PACKAGE)}
    known = {"engine", "tables", "report", *DOORS, *CHAPTERS}
    assert names <= known, f"no layer and no chapter of chapters.yml: {', '.join(names - known)}"
    assert len(names) <= MOST_NAMES


def test_every_arrow_runs_down(graph: grimp.ImportGraph) -> None:
    assert said((a, b) for a, b in arrows(graph) if floor(top(a)) < floor(top(b))) == []


def test_chapters_never_import_one_another(graph: grimp.ImportGraph) -> None:
    assert said((a, b) for a, b in arrows(graph) if top(a) != top(b) and {top(a), top(b)} <= CHAPTERS) == []


def test_every_chapter_with_a_claim_that_is_assessed_has_a_folder(graph: grimp.ImportGraph) -> None:
    assessed = {chapter_of(function) for function in REPORT.assessors.values()}
    assert assessed <= CHAPTERS & {top(child) for child in graph.find_children(PACKAGE)}


# --- the engine -------------------------------------------------------------------------------------------------------


def room(module: str) -> str:
    """Room of the engine, or question of a chapter, or module at the top of a chapter, that a module belongs to."""
    return ".".join(module.split(".")[:3])


def test_every_room_of_the_engine_has_its_floor(graph: grimp.ImportGraph) -> None:
    placed = {f"{ENGINE}.{name}" for rooms in FLOORS for name in rooms}
    assert graph.find_children(ENGINE) == placed


def test_every_arrow_of_the_engine_runs_down(graph: grimp.ImportGraph) -> None:
    height = {f"{ENGINE}.{name}": at for at, rooms in enumerate(FLOORS) for name in rooms} | {ENGINE: -1}
    inside = [(a, b) for a, b in arrows(graph) if {room(a), room(b)} <= height.keys()]
    assert said((a, b) for a, b in inside if height[room(a)] < height[room(b)]) == []
    level = [(a, b) for a, b in inside if room(a) != room(b) and height[room(a)] == height[room(b)]]
    assert said(level) == []


def test_the_engine_imports_nothing_above_it(graph: grimp.ImportGraph) -> None:
    """Not even by way of others."""
    above = [m for m in ours(graph) if m != ENGINE and not m.startswith(f"{ENGINE}.")]
    chains = [graph.find_shortest_chain(ENGINE, other, as_packages=True) for other in above if other != PACKAGE]
    assert [" imports ".join(chain) for chain in chains if chain] == []


# --- chapters ---------------------------------------------------------------------------------------------------------


def docstring(module: str) -> str:
    return ast.get_docstring(ast.parse(file_of(module).read_text("utf-8"))) or ""


def apart(module: str) -> bool:
    """Whether this module stands, or says that it stands, apart from what decides a verdict."""
    return ".beyond" in module or bool(DECIDES_NOTHING.search(docstring(room(module))))


def tells(module: str) -> bool:
    return module.rpartition(".")[2] in TELLING or bool(DRAWS.search(module))


def of_chapters(graph: grimp.ImportGraph) -> list[str]:
    return [module for module in ours(graph) if module.count(".") > 1 and top(module) in CHAPTERS]


def test_what_decides_no_verdict_stands_apart(graph: grimp.ImportGraph, deciding: frozenset[str]) -> None:
    lost = [m for m in of_chapters(graph) if not (m in deciding or apart(m) or tells(m))]
    assert lost == [], "no assessor reaches these; see the top of this file for where they belong"


def test_what_stands_apart_decides_no_verdict(graph: grimp.ImportGraph, deciding: frozenset[str]) -> None:
    beyond = [m for m in of_chapters(graph) if apart(m)]
    assert any(m.endswith(".beyond") for m in beyond)
    reached = set(beyond) & deciding
    assert said((a, b) for a, b in arrows(graph) if a in deciding and b in reached) == []
    assert sorted(reached) == []


# --- drawing, and circles ---------------------------------------------------------------------------------------------


def test_nothing_that_computes_draws(graph: grimp.ImportGraph) -> None:
    computing = [module for module in ours(graph) if not DRAWS.search(module)]
    drawn = {m: graph.find_modules_directly_imported_by(m) for m in computing}
    found = {(m, d) for m in computing for d in drawn[m] if d in PLOTTING or DRAWS.search(d)}
    assert said(sorted(found)) == []


def test_no_assessor_reaches_a_plotting_library(graph: grimp.ImportGraph, deciding: frozenset[str]) -> None:
    assert said((m, d) for m in sorted(deciding) for d in graph.find_modules_directly_imported_by(m) & PLOTTING) == []


def test_no_circle_of_modules(graph: grimp.ImportGraph) -> None:
    assert [module for module in ours(graph) if module in graph.find_upstream_modules(module)] == []


def test_no_circle_of_rooms(graph: grimp.ImportGraph) -> None:
    rooms = {m: room(m) for m in ours(graph) if m.startswith(f"{ENGINE}.")}
    direct = {(rooms[a], rooms[b]) for a, b in arrows(graph) if a in rooms and b in rooms and rooms[a] != rooms[b]}
    reached = set(direct)
    while more := {(a, d) for a, b in reached for c, d in direct if b == c} - reached:
        reached |= more
    assert sorted((a, b) for a, b in permutations(set(rooms.values()), 2) if {(a, b), (b, a)} <= reached) == []
