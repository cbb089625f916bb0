"""Who may import whom: one way, from the data up to the site, and no circle."""

from itertools import permutations
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parents[1]
CHAPTERS = ("returns", "compute", "data_marketplaces", "agents", "verifiable_ai", "framework")
BELOW_CHAPTERS = ("sealed", "clock", "data", "claims", "coverage", "verdicts", "multiverse", "resampling")
ABOVE_CHAPTERS = ("entries", "ledger", "store", "records", "diff", "__main__", "site")
DRAWING = ("matplotlib", "seaborn", "plotly", "altair", "IPython")


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("analysis", include_external_packages=True, cache_dir=None)


def present(graph: grimp.ImportGraph, names: tuple[str, ...]) -> list[str]:
    return [f"analysis.{name}" for name in names if f"analysis.{name}" in graph.modules]


def chains(graph: grimp.ImportGraph, importer: str, imported: str) -> set[tuple[str, ...]]:
    return graph.find_shortest_chains(importer=importer, imported=imported, as_packages=True)


def draws(module: str) -> bool:
    """Whether this module is one of those that may import a plotting library."""
    return module.rpartition(".")[2] == "figures" or ".figures." in module


def test_no_part_is_unknown_here(graph: grimp.ImportGraph) -> None:
    known = {"figures", "formats", "package", "provenance", "refresh", *CHAPTERS, *BELOW_CHAPTERS, *ABOVE_CHAPTERS}
    assert {child.removeprefix("analysis.") for child in graph.find_children("analysis")} <= known


def test_chapters_never_import_one_another(graph: grimp.ImportGraph) -> None:
    assert [chains(graph, a, b) for a, b in permutations(present(graph, CHAPTERS), 2) if chains(graph, a, b)] == []


@pytest.mark.parametrize("low", BELOW_CHAPTERS)
def test_what_is_below_imports_nothing_above(graph: grimp.ImportGraph, low: str) -> None:
    higher = present(graph, CHAPTERS + ABOVE_CHAPTERS)
    assert [chains(graph, f, h) for f in present(graph, (low,)) for h in higher if chains(graph, f, h)] == []


def test_chapters_import_nothing_above(graph: grimp.ImportGraph) -> None:
    higher = present(graph, ABOVE_CHAPTERS)
    assert [chains(graph, c, h) for c in present(graph, CHAPTERS) for h in higher if chains(graph, c, h)] == []


def test_ledger_names_chapters_but_does_not_import_them(graph: grimp.ImportGraph) -> None:
    assert [
        chains(graph, "analysis.engine.ledger.ledger", c)
        for c in present(graph, CHAPTERS)
        if chains(graph, "analysis.engine.ledger.ledger", c)
    ] == []


def test_nothing_that_computes_draws(graph: grimp.ImportGraph) -> None:
    computing = [m for m in graph.modules if m.split(".")[0] == "analysis" and not draws(m)]
    drawing = [m for m in graph.modules if draws(m) or m in DRAWING]
    found = {(m, d) for m in computing for d in drawing if graph.direct_import_exists(importer=m, imported=d)}
    assert found == set()


def test_no_circle(graph: grimp.ImportGraph) -> None:
    inside = [m for m in graph.modules if m.split(".")[0] == "analysis"]
    circles = [m for m in inside if m in graph.find_upstream_modules(m)]
    assert circles == []
