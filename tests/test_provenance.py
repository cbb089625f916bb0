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


def test_fingerprint_is_of_names_and_contents(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in {"a": "1", "b": "1"}.items():
        (tmp_path / f"{name}.py").write_text(text)
    monkeypatch.setattr(provenance, "ROOT", tmp_path)
    first, other = provenance.fingerprint(["a"]), provenance.fingerprint(["b"])
    assert first != other
    assert provenance.fingerprint(["a", "b"]) == provenance.fingerprint(["b", "a"])
    (tmp_path / "a.py").write_text("2")
    assert provenance.fingerprint(["a"]) != first
