"""A chapter is computed again when something that decides it changes, and only then."""

import json
import os
import resource
import shutil
import subprocess
import sys
from datetime import date
from importlib.metadata import packages_distributions
from pathlib import Path

import grimp
import pytest

from analysis.__main__ import main
from analysis.engine import claims
from analysis.engine.claims.package import seal
from analysis.engine.data.chapters import load_chapters
from analysis.engine.data.report import at_hand
from analysis.engine.data.sealed import DataError
from analysis.engine.ledger import ledger, provenance, store
from tests.conftest import rewrite

pytestmark = pytest.mark.slow


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of kept chapters."""
    monkeypatch.setenv("ANALYSIS_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture(scope="module")
def warm(small_data_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which everything of the small data is kept."""
    folder = tmp_path_factory.mktemp("warm")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANALYSIS_CACHE", str(folder))
        ledger.current(data_dir=small_data_once)
    return folder


@pytest.fixture
def computed(kept: Path, warm: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Chapters that are computed from now on; everything of the small folder is kept."""
    shutil.copytree(warm, kept)
    chapters: list[str] = []
    plain = ledger._assessed
    monkeypatch.setattr(ledger, "_assessed", lambda own, *rest: (chapters.append(own[0].chapter), plain(own, *rest))[1])
    return chapters


def test_nothing_is_computed_twice(computed, small_data):
    first = ledger.current(data_dir=small_data)
    assert computed == []
    assert first == ledger.assess(data_dir=small_data)
    assert store.find_all(small_data) == ledger.to_records(first)


def test_a_copy_of_the_data_is_the_same_data(computed, small_data, tmp_path):
    ledger.current(data_dir=Path(small_data).rename(tmp_path / "elsewhere"))
    assert computed == []


def test_a_changed_table_computes_its_readers(computed, small_data):
    rewrite(small_data, "token_prices", lambda t: t[t.symbol != "FET"])
    seal(small_data)
    assert store.find_all(small_data) is None
    assert ledger.current(data_dir=small_data)[0].estimate.n == 12
    assert computed == [chapter for chapter in load_chapters() if "token_prices" in ledger.tables_of(chapter)]
    assert store.find_all(small_data)[0]["estimate"]["n"] == 12


def test_a_table_that_no_chapter_reads_computes_nothing(computed, small_data):
    rewrite(small_data, "published_returns", lambda t: t.iloc[1:])
    seal(small_data)
    assert ledger.current(data_dir=small_data)
    assert computed == []


def test_an_unsealed_table_is_not_answered_from_what_was_kept(computed, small_data):
    rewrite(small_data, "token_prices", lambda t: t[t.symbol != "FET"])
    assert store.find_all(small_data) is None
    with pytest.raises(DataError, match="token_prices"):
        ledger.current(data_dir=small_data)


def test_a_changed_claim_computes_its_chapter(computed, small_data):
    file = small_data / "claims.yml"
    file.write_text(file.read_text().replace("Grass runs on more than", "Grass has more than"))
    seal(small_data)
    assert store.find_all(small_data) is None
    found = {entry.id: entry for entry in ledger.current(data_dir=small_data)}
    assert computed == ["data_marketplaces"]
    assert found["D1"].statement.startswith("Grass has")


def test_a_comment_in_the_claims_computes_nothing(computed, small_data):
    file = small_data / "claims.yml"
    file.write_text("# a comment\n" + file.read_text())
    seal(small_data)
    assert ledger.current(data_dir=small_data)
    assert computed == []


def test_changed_code_computes_what_reaches_it(computed, small_data, monkeypatch):
    plain = store.hashes
    monkeypatch.setattr(
        store,
        "hashes",
        lambda names: {n: "changed" if n == "analysis.returns.windows" else h for n, h in plain(names).items()},
    )
    assert store.find_all(small_data) is None
    ledger.current(data_dir=small_data)
    assert computed == ["returns"]


def test_another_version_of_a_library_computes_all(computed, small_data, monkeypatch):
    monkeypatch.setattr(store, "libraries", lambda: {"numpy": "0"})
    ledger.current(data_dir=small_data)
    assert computed == list(load_chapters())


def test_a_forecast_that_falls_due_is_judged_anew(computed, small_data, monkeypatch):
    monkeypatch.setenv("ANALYSIS_TODAY", "2028-12-31")
    assert store.find_all(small_data) is None
    found = {entry.id: entry.verdict for entry in ledger.current(data_dir=small_data)}
    assert (computed, found["C1"]) == (["compute"], "not-reproducible")
    monkeypatch.setenv("ANALYSIS_TODAY", "2028-12-30")
    assert store.find_all(small_data) is not None


def test_code_edited_while_it_runs_is_not_kept(kept, small_data, monkeypatch):
    monkeypatch.setattr(store, "LOADED_NS", 0)
    ledger.current("agents", small_data)
    assert list(kept.glob("*")) == []


def test_a_folder_that_cannot_be_written_to_is_no_fault(small_data, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("ANALYSIS_CACHE", str(tmp_path / "file" / "below"))
    assert ledger.current("agents", small_data)


def test_a_broken_file_among_the_kept_is_passed_over(computed, kept, small_data):
    for file in kept.glob("agents-*.json"):
        file.write_text("{")
    ledger.current(data_dir=small_data)
    assert computed == ["agents"]


def test_what_is_kept_does_not_grow_without_end(kept, small_data, monkeypatch):
    monkeypatch.setattr(store, "KEPT", 2)
    ledger.current(data_dir=small_data)
    assert len(list(kept.glob("*.json"))) == 2


def test_the_command_prints_what_was_kept(computed, small_data, capsys):
    assert main(["verdicts", "--json", "--data", str(small_data)]) == 0
    assert json.loads(capsys.readouterr().out) == store.find_all(small_data)
    assert computed == []


def test_stale_verdicts_are_listed_and_exit_with_1(computed, small_data, capsys, monkeypatch):
    expiries = sorted({r["expires"] for r in store.find_all(small_data) if r["expires"]})
    monkeypatch.setenv("ANALYSIS_TODAY", expiries[0])
    assert main(["verdicts", "--stale", "--data", str(small_data)]) == 0
    assert "no claim past expiry" in capsys.readouterr().err
    after = date.fromisoformat(expiries[0]).replace(day=date.fromisoformat(expiries[0]).day + 1)
    monkeypatch.setenv("ANALYSIS_TODAY", after.isoformat())
    assert main(["verdicts", "--stale", "--json", "--data", str(small_data)]) == 1
    found = json.loads(capsys.readouterr().out)
    assert {record["expires"] for record in found} == {expiries[0]}
    assert main(["verdicts", "--data", str(small_data)]) == 0
    assert f"look again since {expiries[0]}" in capsys.readouterr().out


def test_a_ledger_that_is_up_to_date_is_printed_at_once(kept, small_data):
    """Under 1.5 s of processor time in a cold process (wall time would measure what else the machine does)."""
    ledger.current(data_dir=small_data)
    code = "import sys; from analysis.__main__ import main; "
    code += f"main(['verdicts', '--json', '--data', {str(small_data)!r}]); print(*sys.modules, file=sys.stderr)"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert len(json.loads(done.stdout)) == len(claims.load_claims())
    assert set(done.stderr.split()).isdisjoint({"pandas", "numpy", "pydantic", "grimp"})
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 1.5


@pytest.mark.parametrize("edited", ["token_prices", "claims"])
def test_what_is_edited_while_it_is_computed_is_not_kept(kept, small_data, monkeypatch, edited):
    plain = ledger._assessed

    def edit(own, *rest):
        found = plain(own, *rest)
        if edited == "claims":
            file = small_data / "claims.yml"
            file.write_text(file.read_text().replace("Grass runs on more than", "Grass has more than"))
        else:
            rewrite(small_data, "token_prices", lambda t: t[t.symbol != "FET"])
        seal(small_data)
        return found

    monkeypatch.setattr(ledger, "_assessed", edit)
    ledger.current("returns", small_data)
    assert list(kept.glob("*.json")) == []


def test_code_edited_after_it_was_loaded_is_not_kept_even_with_its_old_date(kept, small_data, monkeypatch):
    monkeypatch.setattr(store, "files_of", lambda name: [kept.parent / "edited.py"])
    (kept.parent / "edited.py").write_text("")
    os.utime(kept.parent / "edited.py", (0, 0))
    ledger.current("agents", small_data)
    assert list(kept.glob("*")) == []


def test_a_file_of_another_form_among_the_kept_is_passed_over(computed, kept, small_data):
    for name, text in {
        "agents-0.json": "{}",
        "agents-1.json": "[]",
        "agents-2.json": '{"state": 1, "records": 2}',
    }.items():
        (kept / name).write_text(text)
    assert store.find_all(small_data) is not None
    ledger.current(data_dir=small_data)
    assert computed == []


def test_what_is_used_stays(computed, kept, small_data, monkeypatch):
    old = next(kept.glob("agents-*.json"))
    os.utime(old, (0, 0))
    store.find_all(small_data)
    assert old.stat().st_mtime > 0


def test_every_library_that_computes_is_watched():
    """All distributions that a module behind a verdict imports, but for what only reads its own code or the clock."""
    graph = grimp.build_graph("analysis", include_external_packages=True, cache_dir=None)
    behind = {m for function in at_hand().assessors.values() for m in ledger.rests_on(function)}
    behind |= provenance.closure(["analysis.engine.data", "analysis.engine.claims"])
    imported = {name for m in behind for name in graph.find_modules_directly_imported_by(m)} - graph.find_descendants(
        "analysis"
    )
    third_party = imported - set(sys.stdlib_module_names) - {"analysis"}
    distributions = packages_distributions()
    watched = {name.partition(".")[0] for name in store.LIBRARIES}
    assert {d for name in third_party for d in distributions[name]} - {"ruamel.yaml"} <= watched
