"""Which modules an import reaches, and where they are."""

import grimp
import pytest

from analysis.engine.ledger import provenance


def test_imports_are_followed_through_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = grimp.ImportGraph()
    for module in ("a", "a.b", "a.b.c", "a.d", "a.e"):
        graph.add_module(module)
    graph.add_import(importer="a.b", imported="a.d")
    monkeypatch.setattr(provenance, "graph", lambda: graph)
    assert provenance.closure(["a.b.c", "not.here"]) == {"a", "a.b", "a.b.c", "a.d"}


def test_every_module_of_the_package_has_its_file() -> None:
    assert [module for module in provenance.graph().modules if not provenance.file_of(module).is_file()] == []


def test_a_folder_that_a_moved_package_left_behind_is_no_package(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "left/a/__pycache__").mkdir(parents=True)
    for name in ("__init__", "a"):
        (tmp_path / f"left/{name}.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    assert provenance.file_of("left.a") == tmp_path / "left/a.py"


def test_fingerprint_is_of_names_and_contents(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("__init__", "a", "b"):
        (tmp_path / "planted").mkdir(exist_ok=True)
        (tmp_path / f"planted/{name}.py").write_text("1")
    monkeypatch.syspath_prepend(tmp_path)
    first, other = provenance.fingerprint(["planted.a"]), provenance.fingerprint(["planted.b"])
    assert first != other
    both = ["planted.a", "planted.b"]
    assert provenance.fingerprint(both) == provenance.fingerprint(both[::-1])
    (tmp_path / "planted/a.py").write_text("2")
    assert provenance.fingerprint(["planted.a"]) != first
